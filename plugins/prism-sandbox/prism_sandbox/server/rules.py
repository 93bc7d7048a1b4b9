"""What this processor does: the test cards and tokens, one table, and how a payment is decided;
`accounts` has the bank accounts and the methods that redirect.

Pure: no I/O, no clock. The index page shows the same table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal[
    "approve", "decline", "challenge", "processing", "limit", "debit", "redirect", "app"
]
Fault = Literal["none", "error", "hang", "unlinked"]
Start = Literal["authorized", "captured", "declined", "requires_action", "processing"]
Status = Literal[
    Start,
    "failed",
    "partially_captured",
    "voided",
    "partially_voided",
    "requires_payment_method",
    "bounced",
    "canceled",
    "expired",
]
RefundStatus = Literal["succeeded", "pending", "failed"]


@dataclass(frozen=True)
class Decline:
    """Why an issuer said no, in our words and in the card network's codes."""

    code: str
    message: str
    network_code: str | None = None
    network_advice_code: str | None = None


@dataclass(frozen=True)
class Rule:
    """One test card, bank account or redirect: its outcome, what goes wrong after that outcome was
    recorded, and what its refunds and renewals come to. `token` stands for it, and is kept in its
    place. A debit that does not `bounce` settles, unless it `waits` for a person; afterwards it may
    be `returned`."""

    number: str
    token: str
    effect: str
    outcome: Outcome
    decline: Decline | None = None
    fault: Fault = "none"
    refunds: RefundStatus = "succeeded"
    renewals: Decline | None = None
    bounce: Decline | None = None
    returned: Decline | None = None
    waits: bool = False


@dataclass(frozen=True)
class Decision:
    """How a new payment starts, and the page that the customer must open."""

    status: Start
    decline: Decline | None = None
    page: Literal["challenge", "bank"] | None = None


DO_NOT_HONOR = Decline("do_not_honor", "The issuer declined the payment.", "05")
INSUFFICIENT_FUNDS = Decline("insufficient_funds", "The card has too little money.", "51", "02")
EXPIRED_CARD = Decline("expired_card", "The card has expired.", "54")
AUTHENTICATION_REQUIRED = Decline(
    "authentication_required", "The issuer wants the customer to authenticate.", "1A"
)
AUTHENTICATION_FAILED = Decline(
    "authentication_failed", "The customer did not pass the 3-D Secure challenge."
)
FRAUDULENT = Decline("fraudulent", "The cardholder says that they did not make the payment.")
NOT_A_TEST_CARD = Decline(
    "not_a_test_card", "The sandbox knows only its own test cards; its index page lists them."
)

TEST_CARDS = (
    Rule("4242424242424242", "tok_approve", "Approves (Visa).", "approve"),
    Rule("5555555555554444", "tok_mastercard", "Approves (Mastercard).", "approve"),
    Rule("4000000000000002", "tok_decline", "Declines: do_not_honor.", "decline", DO_NOT_HONOR),
    Rule(
        *("4000000000009995", "tok_insufficient_funds", "Declines: insufficient_funds."),
        *("decline", INSUFFICIENT_FUNDS),
    ),
    Rule("4000002500003155", "tok_challenge", "Asks for a 3-D Secure challenge.", "challenge"),
    Rule(
        *("4000000000000101", "tok_processing", "Stays processing until settled on this page."),
        "processing",
    ),
    Rule("4000000000000119", "tok_error", "Approves, then answers 500.", "approve", fault="error"),
    Rule(
        "4000000000000127", "tok_hang", "Approves, then hangs, then 504.", "approve", fault="hang"
    ),
    Rule(
        *("4000000000007726", "tok_refund_pending", "Approves; refunds are pending at first."),
        "approve",
        refunds="pending",
    ),
    Rule(
        *("4000000000005126", "tok_refund_fails", "Approves; refunds fail.", "approve"),
        refunds="failed",
    ),
    Rule(
        *("4000000000000341", "tok_renewal_declines"),
        *("Approves; later charges by a mandate decline: insufficient_funds.", "approve"),
        renewals=INSUFFICIENT_FUNDS,
    ),
    Rule(
        *("4000000000000200", "tok_unlinked", "Approves, and forgets the customer."),
        "approve",
        fault="unlinked",
    ),
    Rule(
        *("4000000000000259", "tok_disputed"),
        *("Approves; seconds later the bank takes all of it back: a dispute.", "approve"),
        returned=FRAUDULENT,
    ),
    Rule("4000000000000069", "tok_limit", "Answers 429; records nothing.", "limit"),
)
TOKENS = {card.token: card for card in TEST_CARDS}
_BY_NUMBER = {card.number: card for card in TEST_CARDS}


def rule_for(number: str) -> Rule:
    """The rule of a card; every card that is not in the table declines."""
    return _BY_NUMBER.get(number) or Rule(number, "", "", "decline", NOT_A_TEST_CARD)


def decide_renewal(rule: Rule) -> Decision:
    """How a payment by a mandate starts: nobody is there, and nobody needs to be, because the
    customer authenticated when the mandate was given."""
    decline = rule.decline or rule.renewals
    if decline:
        return Decision("declined", decline)
    return Decision("processing" if rule.outcome in ("processing", "debit") else "captured")


def decide(
    rule: Rule,
    *,
    challenge: bool = False,
    authenticated: bool | None = None,
    off_session: bool = False,
    manual: bool = False,
) -> Decision:
    """How a payment with this card, account or method starts.

    `challenge` is the merchant's own demand for 3-D Secure; `authenticated` is what came of it
    elsewhere. With `off_session` nobody is there to answer, so the issuer declines instead.
    """
    if rule.outcome == "decline":
        return Decision("declined", rule.decline)
    if rule.outcome in ("processing", "debit"):
        return Decision("processing")
    away = rule.outcome in ("redirect", "app")
    if not away and authenticated is False:
        return Decision("declined", AUTHENTICATION_FAILED)
    if away or (not authenticated and (rule.outcome == "challenge" or challenge)):
        if off_session:
            return Decision("declined", AUTHENTICATION_REQUIRED)
        page: Literal["challenge", "bank"] = "bank" if away else "challenge"
        return Decision("requires_action", page=None if rule.outcome == "app" else page)
    return Decision("authorized" if manual else "captured")


def decide_increment(authorized: int, total: int) -> Decline | None:
    """Why the issuer does not raise an authorization to `total`: it goes to twice what it is."""
    return INSUFFICIENT_FUNDS if total > 2 * authorized else None


def passes_luhn(number: str) -> bool:
    """Whether the check digit of a card number is right."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def brand_of(number: str) -> str:
    """The card network that issued this range of numbers."""
    if number.startswith("4"):
        return "visa"
    if 51 <= int(number[:2]) <= 55 or 2221 <= int(number[:4]) <= 2720:
        return "mastercard"
    return "amex" if number[:2] in ("34", "37") else "unknown"
