"""Checks of captured, refunded and raised amounts: their currency, and that they are read."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from prism_contract_tests.check import Failed, changes_something, check, each_with_amount
from prism_contract_tests.damage import edited, json_of, leaves
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.pricing import priced
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_contract_tests.variations import same, shown
from prism_core import HttpResponse, Money

_MOVED = {
    "capture": "captured_amount",
    "refund": "amount",
    "increment_authorization": "authorized_amount",
}
"""By operation: the field of the result with the amount that was moved."""


def _told_amounts(target: Target) -> list[str]:
    """Successes of operations that change something and have an amount in the request."""
    return [
        one.name
        for one in target.exchanges
        if one.kind == "success"
        and changes_something(one.operation)
        and one.request.get("amount") is not None
    ]


def _moving(target: Target) -> list[str]:
    return [name for name in _told_amounts(target) if name.partition("/")[0] in _MOVED]


def _must_move(target: Target) -> list[str]:
    return [name for name in each_with_amount(target) if name in _MOVED]


@check(
    "money-currency",
    since="2026.11",
    cases=_told_amounts,
    where=each_with_amount,
    wants="add a success whose request has an amount",
    why="If only a number is sent, 400 yen become 4.00 dollars for a payment in dollars.",
    how="Send the currency. If the processor takes none, look the payment up first and call "
    "expect_currency(request.amount, found).",
)
def money_currency(target: Target, case: str) -> int:
    """The same number in another currency gives another request, or is refused before anything is
    changed."""
    exchange = target.exchange(case)
    request = exchange.build()
    amount: Money = getattr(request, "amount")  # noqa: B009 - not every request has one
    other = Money(amount.minor_amount, "EUR" if amount.currency != "EUR" else "USD")
    changed = priced(request, other)
    with Desk(target, exchange.account) as desk:
        one, two = (
            desk.call(exchange.operation, asked, answers_of(exchange)).tape.seen
            for asked in (request, changed)
        )
    if any(sent.changes for sent in two) and same(one, two):
        raise Failed(
            f"{other} is sent as {amount} is: the currency is nowhere in the request",
            Evidence(request=shown(two, exchange), expected="another request, or InvalidRequest"),
        )
    return 1


@check(
    "money-moved",
    since="2026.11",
    cases=_moving,
    where=_must_move,
    wants="add a success whose request has an amount",
    why="The processor decides how much was captured or refunded. A copy of the request's amount "
    "can never show a difference.",
    how="Read the amount from the answer; leave it out if the answer has none.",
)
def money_moved(target: Target, case: str) -> int:
    """The amount in a result that was captured, refunded or authorized is read from the answer."""
    exchange = target.exchange(case)
    field, tried = _MOVED[exchange.operation], 0
    with Desk(target, exchange.account) as desk:
        good = desk.call(exchange.operation, exchange.build(), answers_of(exchange))
        said = getattr(good.result, field, None)
        if said is None:
            return 1
        for answers in _altered(exchange):
            tried += 1
            ended = desk.call(exchange.operation, exchange.build(), answers)
            if _differs(ended, field, said):
                return tried
    raise Failed(
        f"no number of the answers changes {field}: it is what was asked, or made up",
        Evidence(got=f"{field}: {said}", expected="what the answer says, or nothing"),
    )


def _differs(ended: Ended, field: str, said: Money) -> bool:
    """Whether a number of the answer was read: it gave another amount, or no result."""
    if ended.error is not None:
        return ended.error.outcome == "unknown"
    return bool(getattr(ended.result, field) != said)


def _altered(exchange: Exchange) -> Iterator[list[Answer]]:
    """The answers, each with one number increased that can be an amount."""
    answers = answers_of(exchange)
    for index, step in enumerate(exchange.steps):
        answer: HttpResponse = step.response.answer()
        for path, value in leaves(json_of(answer)):
            larger = _larger(value)
            if larger is not None:
                damaged = edited(answer, path, larger, "larger").answer
                yield [*answers[:index], damaged, *answers[index + 1 :]]


def _larger(value: object) -> object:
    """The number with its first digit increased, in the same form; None for other values."""
    text = str(value)
    if isinstance(value, bool) or not text[:1].isdigit() or not text.replace(".", "", 1).isdigit():
        return None
    changed = f"{int(text[0]) + 1}{text[1:]}"
    return changed if isinstance(value, str) else msgspec.json.decode(changed)
