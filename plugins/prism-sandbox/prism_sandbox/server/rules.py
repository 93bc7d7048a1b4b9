"""What this processor does: the test cards and tokens, one table, and how a payment is decided.

Pure: no I/O, no clock. The index page shows the same table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["approve", "decline", "challenge", "processing", "limit"]
Fault = Literal["none", "error", "hang", "unlinked"]
Start = Literal["authorized", "captured", "declined", "requires_action", "processing"]
Status = Literal[Start, "failed", "partially_captured", "voided", "partially_voided"]
RefundStatus = Literal["succeeded", "pending", "failed"]


@dataclass(frozen=True)
class Decline:
    """Why an issuer said no, in our words and in the card network's codes."""

    code: str
    message: str
    network_code: str | None = None
    network_advice_code: str | None = None


@dataclass(frozen=True)
class CardRule:
    """One test card: its outcome, what goes wrong after that outcome was recorded, and what its
    refunds and renewals come to. `token` stands for it, and is kept in its place."""

    number: str
    token: str
    effect: str
    outcome: Outcome
    decline: Decline | None = None
    fault: Fault = "none"
    refunds: RefundStatus = "succeeded"
    renewals: Decline | None = None


@dataclass(frozen=True)
class Decision:
    """How a new payment starts."""

    status: Start
    decline: Decline | None = None


DO_NOT_HONOR = Decline("do_not_honor", "The issuer declined the payment.", "05")
INSUFFICIENT_FUNDS = Decline("insufficient_funds", "The card has too little money.", "51", "02")
EXPIRED_CARD = Decline("expired_card", "The card has expired.", "54")
AUTHENTICATION_REQUIRED = Decline(
    "authentication_required", "The issuer wants the customer to authenticate.", "1A"
)
AUTHENTICATION_FAILED = Decline(
    "authentication_failed", "The customer did not pass the 3-D Secure challenge."
)
NOT_A_TEST_CARD = Decline(
    "not_a_test_card", "The sandbox knows only its own test cards; its index page lists them."
)

TEST_CARDS = (
    CardRule("4242424242424242", "tok_approve", "Approves (Visa).", "approve"),
    CardRule("5555555555554444", "tok_mastercard", "Approves (Mastercard).", "approve"),
    CardRule("4000000000000002", "tok_decline", "Declines: do_not_honor.", "decline", DO_NOT_HONOR),
    CardRule(
        *("4000000000009995", "tok_insufficient_funds", "Declines: insufficient_funds."),
        *("decline", INSUFFICIENT_FUNDS),
    ),
    CardRule("4000002500003155", "tok_challenge", "Asks for a 3-D Secure challenge.", "challenge"),
    CardRule(
        *("4000000000000101", "tok_processing", "Stays processing until settled on this page."),
        "processing",
    ),
    CardRule(
        "4000000000000119", "tok_error", "Approves, then answers 500.", "approve", fault="error"
    ),
    CardRule(
        "4000000000000127", "tok_hang", "Approves, then hangs, then 504.", "approve", fault="hang"
    ),
    CardRule(
        *("4000000000007726", "tok_refund_pending", "Approves; refunds are pending at first."),
        "approve",
        refunds="pending",
    ),
    CardRule(
        *("4000000000005126", "tok_refund_fails", "Approves; refunds fail.", "approve"),
        refunds="failed",
    ),
    CardRule(
        *("4000000000000341", "tok_renewal_declines"),
        *("Approves; later charges by a mandate decline: insufficient_funds.", "approve"),
        renewals=INSUFFICIENT_FUNDS,
    ),
    CardRule(
        *("4000000000000200", "tok_unlinked", "Approves, and forgets the customer."),
        "approve",
        fault="unlinked",
    ),
    CardRule("4000000000000069", "tok_limit", "Answers 429; records nothing.", "limit"),
)
TOKENS = {card.token: card for card in TEST_CARDS}
_BY_NUMBER = {card.number: card for card in TEST_CARDS}
_BY_LAST4 = {card.number[-4:]: card for card in TEST_CARDS}


def rule_for(number: str) -> CardRule:
    """The rule of a card; every card that is not in the table declines."""
    return _BY_NUMBER.get(number) or CardRule(number, "", "", "decline", NOT_A_TEST_CARD)


def decide_renewal(rule: CardRule) -> Decision:
    """How a payment by a mandate starts: nobody is there, and nobody needs to be, because the
    customer authenticated when the mandate was given."""
    decline = rule.decline or rule.renewals
    if decline:
        return Decision("declined", decline)
    return Decision("processing" if rule.outcome == "processing" else "captured")


def decide(rule: CardRule, *, challenge: bool, off_session: bool, manual: bool) -> Decision:
    """How a payment with this card starts.

    `challenge` is the merchant's own demand for 3-D Secure; with `off_session` nobody is there to
    answer one, so the issuer declines instead.
    """
    if rule.outcome == "decline":
        return Decision("declined", rule.decline)
    if rule.outcome == "processing":
        return Decision("processing")
    if rule.outcome == "challenge" or challenge:
        if off_session:
            return Decision("declined", AUTHENTICATION_REQUIRED)
        return Decision("requires_action")
    return Decision("authorized" if manual else "captured")


def decide_increment(authorized: int, total: int) -> Decline | None:
    """Why the issuer does not raise an authorization to `total`: it goes to twice what it is."""
    return INSUFFICIENT_FUNDS if total > 2 * authorized else None


def decide_refund(last4: str) -> RefundStatus:
    """What a refund comes to, by what is kept of its card; only test cards are ever charged."""
    return _BY_LAST4[last4].refunds


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
