"""What a person may do to a payment on the live page: by the rules that hold for the API, with the
same events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prism_core import InvalidRequest, Money
from prism_sandbox.server.accounts import DEBITS, DECLINED_THERE
from prism_sandbox.server.api import capture, refund, void
from prism_sandbox.server.errors import ApiError, invalid, not_found
from prism_sandbox.server.filling import money
from prism_sandbox.server.idempotency import Answer
from prism_sandbox.server.keeping import happen, keep
from prism_sandbox.server.objects import Document
from prism_sandbox.server.payments import after_action, after_processing
from prism_sandbox.server.rules import DO_NOT_HONOR
from prism_sandbox.server.store import Store

_Left = Callable[[Document], int]


@dataclass(frozen=True)
class Move:
    """One thing to do: its button, what was done in a word, who does it, and how much of the
    payment is left for it. `parts` if it can be done to a part of that."""

    label: str
    done: str
    do: Callable[[str, Store, Any], Answer]
    left: _Left
    parts: bool = True


def _happen(what: str) -> Callable[[str, Store, Any], Answer]:
    def move(payment_id: str, store: Store, body: Any) -> Answer:
        return Answer(200, happen(store, payment_id, what))

    return move


def _decline(payment_id: str, store: Store, body: Any) -> Answer:
    payment = _found(store, payment_id)
    if payment["method"]["type"] in DEBITS:
        return Answer(200, happen(store, payment_id, "bounce"))
    return Answer(200, keep(store, after_processing(payment, decline=DO_NOT_HONOR)))


def _refuse(payment_id: str, store: Store, body: Any) -> Answer:
    moved = after_action(_found(store, payment_id), approved=False, decline=DECLINED_THERE)
    return Answer(200, keep(store, moved))


def _found(store: Store, payment_id: str) -> Document:
    payment = store.payment(payment_id)
    if payment is None:
        raise not_found("payment")
    return payment


def _capturable(payment: Document) -> int:
    left: int = payment["amount_capturable"]
    return left


def _refundable(payment: Document) -> int:
    left: int = payment["amount_captured"] - payment["amount_refunded"]
    return left


def _processing(payment: Document) -> int:
    amount: int = payment["amount"]
    # A verification is of nothing, and is settled all the same.
    return max(amount, 1) if payment["status"] == "processing" else 0


def _in_the_app(payment: Document) -> int:
    """What waits for the customer's app, where there is no page to open."""
    action = payment["next_action"]
    amount: int = payment["amount"]
    return max(amount, 1) if action and action["url"] is None else 0


def _returnable(payment: Document) -> int:
    method = payment["method"]
    settled = method is not None and method["type"] in DEBITS and not payment["amount_charged_back"]
    left: int = payment["amount_captured"] if settled else 0
    return left


MOVES = {
    "capture": Move("Capture", "Captured", capture, _capturable),
    "void": Move("Void", "Voided", void, _capturable, parts=False),
    "refund": Move("Refund", "Refunded", refund, _refundable),
    "settle": Move("Settle", "Settled", _happen("settle"), _processing, parts=False),
    "decline": Move("Decline", "Declined", _decline, _processing, parts=False),
    "confirm": Move("Confirm", "Confirmed", _happen("confirm"), _in_the_app, parts=False),
    "refuse": Move("Refuse", "Refused", _refuse, _in_the_app, parts=False),
    "return": Move("Return", "Returned", _happen("return"), _returnable, parts=False),
}


def legal(payment: Document) -> dict[str, Move]:
    """What can be done to a payment as it stands."""
    return {name: move for name, move in MOVES.items() if move.left(payment) > 0}


def make(store: Store, payment_id: str, name: str, amount: str) -> str:
    """Do it, to this amount (a decimal; empty means all that is left); says what was done.

    Raises `ApiError`, whose message a person can read, and then nothing has happened.
    """
    if name not in MOVES:
        raise invalid("move", "There is no such move.")
    move = MOVES[name]
    with store.transaction():
        payment = _found(store, payment_id)
        body = _body(payment, move, amount.strip())
        try:
            answer = move.do(payment_id, store, body)
        except ApiError as error:
            raise _readable(error, payment, move) from None
    return _said(payment, move, body, answer.body)


def _body(payment: Document, move: Move, amount: str) -> Document:
    if not amount:
        return {}
    if not move.parts:
        raise invalid("amount", f"{move.label} takes no amount: leave the field empty.")
    try:
        asked = Money.from_decimal(amount, payment["currency"])
    except InvalidRequest:
        raise _readable(invalid("amount", ""), payment, move) from None
    return {"amount": asked.minor_amount, "currency": asked.currency}


def _readable(error: ApiError, payment: Document, move: Move) -> ApiError:
    """The same refusal, with the amount as people write it."""
    if error.param != "amount":
        return error
    most = money(move.left(payment), payment["currency"])
    return invalid("amount", f"Write an amount up to {most}, or nothing for all of it.")


def _said(payment: Document, move: Move, body: Document, now: Document) -> str:
    name = payment["reference"] or payment["id"]
    if now["object"] == "refund" and now["status"] == "failed":
        return f"The refund of {name} failed: {now['failure']['message']}"
    whole = move.left(payment) if move.parts or move.do is void else payment["amount"]
    return f"{move.done} {money(body.get('amount') or whole, payment['currency'])} of {name}."
