"""The check of the amount with which a payment is completed."""

from __future__ import annotations

from prism_contract_tests.check import Failed, check
from prism_contract_tests.damage import json_of, leaves
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import replaced, shown
from prism_core import InvalidRequest, MalformedResponse, Money


def _completing(target: Target) -> list[str]:
    return ["complete"] if target.success("complete") is not None else []


def _told(exchange: Exchange) -> Money | None:
    """The payment's amount, if the processor tells it."""
    found = (exchange.result or {}).get("amount")
    return None if found is None else Money(found["minor_amount"], found["currency"])


@check(
    "complete-amount",
    since="2026.11",
    cases=_completing,
    why="A customer can come back with the id of another, cheaper order. If it is completed, the "
    "shop ships the expensive one.",
    how="Put the amount of the answer into the Payment: the core compares it. If `complete` moves "
    "the money, look the payment up first, and before the change call "
    'expect_same("amount", str(request.amount), str(found.amount)) if request.amount is given.',
)
def complete_amount(target: Target, case: str) -> int:
    """If `complete` is given another amount than the payment's, the result has a discrepancy or the
    call is refused; nothing is changed after a lookup that told the amount."""
    told = [(one, _told(one)) for one in target.of(case, "success")]
    return sum(_tried(target, one, amount) for one, amount in told if amount is not None) or 1


def _tried(target: Target, exchange: Exchange, told: Money) -> int:
    others = (
        Money(told.minor_amount + 1000, told.currency),
        Money(told.minor_amount, "EUR" if told.currency != "EUR" else "USD"),
    )
    with Desk(target, exchange.account) as desk:
        right = _completed(desk, exchange, told)
        if right.result is None or _differs(right):
            raise Failed(
                f"{exchange.name}: with its own amount, {told}, it is not completed",
                Evidence(got=right.said()),
            )
        knows = _knows_before(exchange, right, told)
        for other in others:
            _must_refuse(exchange, _completed(desk, exchange, other), f"{told}, not {other}", knows)
    return len(others)


def _must_refuse(exchange: Exchange, ended: Ended, what: str, knows: bool) -> None:
    changed = [one for one in ended.tape.seen if one.changes]
    evidence = Evidence(request=shown(ended.tape.seen, exchange), got=ended.said())
    if knows and changed:
        sent = f"{changed[0].method} {changed[0].path} is sent all the same"
        raise Failed(
            f"{exchange.name}: the payment that was looked up is of {what}; {sent}", evidence
        )
    refused = isinstance(ended.error, (MalformedResponse, InvalidRequest))
    if not (refused if ended.result is None else _differs(ended)):
        raise Failed(f"{exchange.name}: the payment is of {what}, and nothing says so", evidence)


def _differs(ended: Ended) -> bool:
    return any("amount" in one.field for one in ended.result.discrepancies)


def _completed(desk: Desk, exchange: Exchange, amount: Money) -> Ended:
    request = replaced(exchange.build(), amount=amount)
    return desk.call(exchange.operation, request, answers_of(exchange))


def _knows_before(exchange: Exchange, ended: Ended, told: Money) -> bool:
    """Whether an answer before the first change told the amount."""
    first = next((at for at, one in enumerate(ended.tape.seen) if one.changes), 0)
    written = {str(told.minor_amount), str(told.to_decimal())}
    before = (step.response.answer() for step in exchange.steps[:first])
    return any(str(value) in written for one in before for _, value in leaves(json_of(one)))
