"""What the test bank accounts and the methods that redirect do, as `rules` says it of the cards."""

from __future__ import annotations

from prism_sandbox.server.rules import INSUFFICIENT_FUNDS, TOKENS, Decline, Rule

NO_MONEY = Decline(INSUFFICIENT_FUNDS.code, "The account has too little money.")
CLOSED = Decline("account_closed", "The account is closed.")
NOT_AGREED = Decline("debit_not_agreed", "The account's holder did not agree to the debit.")
DECLINED_THERE = Decline("declined_by_customer", "The customer declined the payment at the bank.")
WRONG_CODE = Decline("wrong_code", "The code is wrong, or was used before.")

SETTLES = Rule("", "debit_settles", "Is processing, then settles after seconds.", "debit")
ACCOUNTS = (
    SETTLES,
    Rule("0002", "debit_bounces", "Bounces: insufficient_funds.", "debit", bounce=NO_MONEY),
    Rule(
        *("0003", "debit_returned", "Settles; seconds later the bank takes all of it back."),
        "debit",
        returned=NOT_AGREED,
    ),
    Rule(
        "0004", "debit_waits", "Stays processing until settled on this page.", "debit", waits=True
    ),
    Rule("0005", "debit_closed", "Declines: account_closed.", "decline", CLOSED),
    Rule("0006", "debit_refund_fails", "Settles; refunds fail.", "debit", refunds="failed"),
)
"""By the last four digits of the account number or IBAN; every other one settles."""

BLIK_CODE = "777123"
REDIRECTS = {
    name: Rule(name, f"redirect_{name}", "Opens the bank's page.", "redirect")
    for name in ("ideal", "eps", "bancontact_card", "blik", "pay_pal")
}
_APP = Rule(BLIK_CODE, "blik_app", "Is confirmed in the app after seconds.", "app")
_WRONG = Rule("", "blik_wrong", "Declines: wrong_code.", "decline", WRONG_CODE)

RULES = {
    rule.token: rule for rule in (*TOKENS.values(), *ACCOUNTS, *REDIRECTS.values(), _APP, _WRONG)
}
"""All rules by their tokens, by which they are kept."""

DEBITS = ("sepa", "ach", "bacs", "becs")
_LEAVES_SEPA = ("ideal", "bancontact_card")
_KEPT_ACCOUNT = {"type": "sepa", "last4": "3000", "country": "NL", "bank": "Sandbox Bank"}


def rule_for_account(number: str) -> Rule:
    """The rule of a bank account."""
    return next((rule for rule in ACCOUNTS if rule.number == number[-4:]), SETTLES)


def rule_for_redirect(name: str, code: str | None) -> Rule:
    """The rule of a method that redirects; BLIK with a code is confirmed in the customer's app."""
    if name == "blik" and code is not None:
        return _APP if code == BLIK_CODE else _WRONG
    return REDIRECTS[name]


def at_once(method: str) -> bool:
    """Whether a method is always captured at once."""
    return method in DEBITS or (method in REDIRECTS and method != "pay_pal")


def storable(method: str) -> bool:
    """Whether a method can be used again later."""
    return method not in ("eps", "blik")


def kept_as(method: dict[str, object], outcome: str) -> tuple[dict[str, object], str]:
    """What is kept of a method for later, and its outcome: a payment by iDEAL or Bancontact leaves
    a bank account to debit; what was approved at PayPal needs no page again."""
    if method["type"] in _LEAVES_SEPA:
        return dict(_KEPT_ACCOUNT), SETTLES.token
    return method, "tok_approve" if method["type"] == "pay_pal" else outcome
