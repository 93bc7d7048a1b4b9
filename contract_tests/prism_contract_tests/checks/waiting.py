"""Checks of payments that wait: for the customer on a page, or for a bank."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prism_contract_tests.check import Failed, check
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.methods import taken
from prism_contract_tests.replay import Ended, replay
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_core import Ach, Bacs, Becs, PaymentStatus, Redirect, Sepa

_LATER = ("get_payment", "complete", "handle_event")
"""The operations that tell how a payment went on."""
_TYPES: dict[type, str] = {Sepa: "SEPA", Ach: "ACH", Bacs: "BACS", Becs: "BECS"}
"""The bank debits, by class: the type that a result tells."""
_AWAITED = PaymentStatus.PAYMENT_METHOD_AWAITED.value
_ENDED = frozenset({_AWAITED, PaymentStatus.EXPIRED.value, PaymentStatus.VOIDED.value})
PAID = frozenset(one.value for one in PaymentStatus if one.is_paid)
"""The statuses of a payment that has brought money."""
_FAILED = frozenset(one.value for one in PaymentStatus if one.is_failed)


def expected(exchange: Exchange) -> dict[str, Any]:
    """The payment that an exchange results in, an event's as well."""
    result = exchange.result or {}
    return result.get("payment") or result


def told(ended: Ended) -> Any:
    """The payment that a call ended with; None if there is none."""
    return getattr(ended.result, "payment", None) or ended.result


def _orders(target: Target) -> list[str]:
    return ["create_order"] if "create_order" in target.operations else []


@check(
    "order-stays-open",
    since="2026.11",
    cases=_orders,
    why="On the page, the customer tries another card after a declined one. A shop that was told "
    "that the payment failed cancels an order that is paid a minute later.",
    how="Return PAYMENT_METHOD_AWAITED with `error` and connector_order_id from get_payment, "
    "complete and handle_event, as long as the order can be paid. Add such an exchange.",
)
def order_stays_open(target: Target, case: str) -> int:
    """After a failed try, an order has the status PAYMENT_METHOD_AWAITED and an error, unless the
    order itself has expired or was cancelled, or a bank has refused its debit; if declines are
    declared and orders can be followed, an exchange shows one."""
    tried = _failed_tries(target)
    open_ones = 0
    for exchange in tried:
        ended = replay(target, exchange)
        status = str(getattr(told(ended), "status", None))
        if status not in _ENDED and _told_type(exchange) not in _TYPES.values():
            raise Failed(
                f"{exchange.name}: an order's try failed, and the order is {status}",
                Evidence(expected=_AWAITED, got=ended.said()),
            )
        open_ones += status == _AWAITED
    if not open_ones and _tells(target) and "decline" in target.connector.info.outcomes:
        raise Failed(
            f"no exchange of {', '.join(_LATER)} shows an order after a declined try: a result "
            "with connector_order_id and error"
        )
    return max(len(tried), 1)


def _tells(target: Target) -> bool:
    """Whether an operation or an event tells what became of an order."""
    if any("connector_order_id" in target.sends(one) for one in ("get_payment", "complete")):
        return True
    later = (one for one in target.exchanges if one.operation in _LATER)
    return any(expected(one).get("connector_order_id") for one in later)


def _failed_tries(target: Target) -> list[Exchange]:
    """The exchanges that tell of an order that somebody tried to pay."""
    return [
        one
        for one in target.exchanges
        if one.operation in ("create_order", *_LATER)
        and expected(one).get("connector_order_id")
        and expected(one).get("error")
    ]


def _redirecting(target: Target) -> list[str]:
    return [one.name for one in target.exchanges if expected(one).get("redirection_data")]


def _to_pages(target: Target) -> list[str]:
    is_taken = "authorize" in target.operations and Redirect in taken(target, "authorize")
    return ["authorize"] if is_taken else []


@check(
    "redirect-not-paid",
    since="2026.11",
    cases=_redirecting,
    where=_to_pages,
    wants="add an exchange whose result has redirection_data",
    why="A customer who is still to be sent to a page has not paid. If the status says paid, the "
    "goods leave without payment.",
    how="Return AUTHENTICATION_PENDING or PAYMENT_METHOD_AWAITED while redirection_data says where "
    "to send the customer, and MANDATE_PENDING for a mandate.",
)
def redirect_not_paid(target: Target, case: str) -> int:
    """A payment with redirection_data is neither paid nor authorized nor failed, and a mandate
    with it is not active."""
    ended = replay(target, target.exchange(case))
    found = told(ended)
    status = str(getattr(found, "status", None))
    done = {*PAID, *_FAILED, "AUTHORIZED", "PARTIALLY_AUTHORIZED", "ACTIVE"}
    if getattr(found, "redirection_data", None) is None or status in done:
        raise Failed(
            f"the customer is to be sent to a page, and the status is {status}",
            Evidence(expected="AUTHENTICATION_PENDING, with redirection_data", got=ended.said()),
        )
    return 1


def _debits(target: Target) -> list[str]:
    return [kind.__name__ for kind in taken(target, "authorize") if kind in _TYPES]


@check(
    "delayed-not-paid",
    since="2026.11",
    cases=_debits,
    why="A bank answers a debit after days, and may refuse it. A shop that ships on the first "
    "answer gives its goods away.",
    how="Map the first answer to PENDING. Add exchanges of events or lookups in which the debit "
    "ends as CHARGED and as FAILURE; put payment_method into their results.",
)
def delayed_not_paid(target: Target, case: str) -> int:
    """The first answer to a bank debit is never a paid status; if there are events or lookups,
    their exchanges show the debit paid and failed."""
    word = next(word for kind, word in _TYPES.items() if kind.__name__ == case)
    answers = list(_first_answers(target))
    firsts = [one for one in answers if _is_of(one, word)]
    for exchange in firsts:
        ended = replay(target, exchange)
        if ended.status in PAID:
            raise Failed(
                f"{exchange.name}: the bank has not answered yet, and the status is {ended.status}",
                Evidence(expected="PENDING", got=ended.said()),
            )
    later = [one for one in _LATER if one in target.operations]
    others = [one for one in answers if one not in firsts]
    ids = _ids(firsts) - _ids(others) - {None}
    ends = [one for one in target.exchanges if one.operation in later and _ends(one, word, ids)]
    reached = {str(getattr(told(replay(target, one)), "status", None)) for one in ends}
    for wanted, statuses in (("CHARGED", PAID), ("FAILURE", _FAILED)):
        if later and not reached & statuses:
            raise Failed(
                f"no exchange of {', '.join(later)} shows a {case} debit that ends as {wanted}",
                Evidence(expected=wanted, got=", ".join(sorted(reached)) or "none"),
            )
    return len(firsts) + len(ends)


def _first_answers(target: Target) -> Iterator[Exchange]:
    for operation in ("authorize", "charge_recurring"):
        yield from (one for one in target.of(operation) if one.result is not None)


def _ids(exchanges: list[Exchange]) -> set[Any]:
    return {expected(one).get("connector_transaction_id") for one in exchanges}


def _is_of(exchange: Exchange, word: str) -> bool:
    """Whether an exchange pays by this debit."""
    method = exchange.request.get("payment_method") or {}
    return method.get("type") == word.lower() or _told_type(exchange) == word


def _ends(exchange: Exchange, word: str, ids: set[Any]) -> bool:
    """Whether an exchange tells how such a debit went on: by the type that its result tells, or by
    the payment's id if it tells none."""
    type_told = _told_type(exchange)
    if type_told is not None:
        return type_told == word
    return expected(exchange).get("connector_transaction_id") in ids


def _told_type(exchange: Exchange) -> str | None:
    found: str | None = (expected(exchange).get("payment_method") or {}).get("payment_method_type")
    return found
