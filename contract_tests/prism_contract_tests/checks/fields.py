"""Checks that each request field that a flow reads is sent, and changes what is sent."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import msgspec

from prism_contract_tests.check import Failed, check, each_asking
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.parts_sent import (
    address_sent,
    details_sent,
    lines_sent,
    must_show,
    structure_sent,
    with_part,
)
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.values import STRUCTURES, choices, fresh, hint_of, words
from prism_contract_tests.variations import (
    attempt,
    own_key,
    reading,
    refusal,
    refused_by_name,
    same,
    sent,
    shown,
)
from prism_core import (
    Address,
    CustomerDetails,
    FutureUsage,
    HttpRequest,
    Money,
)
from prism_core.connector.operations import request_type

_OTHER_CHECKS = ("payment_method", "idempotency_key")


def _each_field(target: Target) -> list[str]:
    return [
        f"{operation}.{field}"
        for operation in each_asking(target)
        for field in target.sends(operation)
        if field not in _OTHER_CHECKS
    ]


@check(
    "fields-sent",
    since="2026.11",
    cases=_each_field,
    why="If a field is dropped silently, a receipt has no name, a parcel no address, or money is "
    "charged that should only be authorized.",
    how="Send what you read of the request, or do not read it: the core refuses a field that was "
    "given and not read, or names it in not_sent if it is descriptive.",
)
def fields_sent(target: Target, case: str) -> int:
    """A request field that the flow reads is sent: its text is in an HTTP request, and each choice
    changes the request."""
    operation, _, field = case.partition(".")
    exchange, kind = reading(target, operation, field), request_type(operation)
    hint = hint_of(kind, field)
    texts, values = words(kind, field, getattr(exchange.build(), field)), choices(kind, field)
    if texts is not None and field != "locale":
        return _text_sent(target, exchange, field, texts)
    if field == "capture_method":
        return _choices_sent(target, exchange, field, list(target.connector.info.capture_methods))
    if field == "locale":
        return _choices_sent(target, exchange, field, ["de-DE", "en-GB"])
    if field == "payment_method_types":
        others = [one for one in target.connector.info.payment_method_types if one != "CARD"]
        return _choices_sent(target, exchange, field, [("CARD",), *((one,) for one in others)])
    if field == "hosted":
        return _hosted_sent(target, exchange)
    if values is not None:
        return _choices_sent(target, exchange, field, values)
    if hint is Address:
        return address_sent(target, exchange, field)
    if hint is CustomerDetails:
        return details_sent(target, exchange, field)
    if isinstance(hint, type) and hint in STRUCTURES:
        return structure_sent(target, exchange, field, hint)
    if hint is Money:
        return _money_sent(target, exchange, field)
    if field == "order_details":
        return lines_sent(target, exchange)
    return _pairs_sent(target, exchange, field)


def _text_sent(target: Target, exchange: Exchange, field: str, tried: list[str]) -> int:
    ended = None
    for text in tried:
        ended = attempt(target, exchange, {field: text})
        if refusal(ended) is None:
            must_show(exchange, field, text, sent(ended, f"{field} was given"))
            return 1
    assert ended is not None
    raise Failed(f"{field} is read, and refused", Evidence(got=ended.said()))


def _choices_sent(target: Target, exchange: Exchange, field: str, values: list[Any]) -> int:
    """Each choice gives another request, or is refused with the name of a field."""
    made: list[tuple[Any, list[HttpRequest]]] = []
    for value in values:
        ended = attempt(target, exchange, {field: value, **own_key(target, exchange)})
        if field == "capture_method" or not refused_by_name(ended, field):
            made.append((value, sent(ended, f"{field} was {value}")))
    if not made:
        raise Failed(f"{field} is read, and every value of it is refused")
    default = {one.name: one.default for one in msgspec.structs.fields(type(exchange.build()))}
    if len(made) == 1 and default[field] is None:
        without = attempt(target, exchange, {field: None, **own_key(target, exchange)})
        made.append((None, sent(without, f"{field} was left out")))
    pairs = list(combinations(made, 2))
    if hint_of(request_type(exchange.operation), field) is FutureUsage and len(made) > 1:
        # Some processors have one value for both: each must differ from leaving it out.
        without = attempt(target, exchange, {field: None, **own_key(target, exchange)})
        pairs = [(one, (None, sent(without, f"{field} was left out"))) for one in made]
    for (one, first), (other, second) in pairs:
        if same(first, second):
            raise Failed(
                f"{field} is read, and {_named(one)} makes the same request as {_named(other)}",
                Evidence(request=shown(first, exchange)),
            )
    return len(made)


def _hosted_sent(target: Target, exchange: Exchange) -> int:
    """The page of the processor and the shop's own differ in the request, or in what is returned
    for them; one of them may be refused."""
    made = []
    for hosted in (True, False):
        ended = with_part(target, exchange, "hosted", hosted)
        if not refused_by_name(ended, "hosted"):
            data = getattr(ended.result, "redirection_data", None)
            made.append((sent(ended, f"hosted was {hosted}"), data))
    if not made:
        raise Failed("hosted is read, and every value of it is refused")
    if len(made) > 1 and same(made[0][0], made[1][0]) and made[0][1] == made[1][1]:
        raise Failed("hosted is read, and True makes and returns the same as False")
    return len(made)


def _named(value: Any) -> str:
    return str(getattr(value, "value", value))


def _money_sent(target: Target, exchange: Exchange, field: str) -> int:
    now: Money = getattr(exchange.build(), field) or Money(1000, "USD")
    more = Money(now.minor_amount + 1000, now.currency)
    other = Money(now.minor_amount, "EUR" if now.currency != "EUR" else "USD")
    made = []
    for money in (now, more, other):
        ended = attempt(target, exchange, {field: money, **own_key(target, exchange)})
        if money is other and refused_by_name(ended, field):
            continue
        made.append(sent(ended, f"{field} was {money}"))
    if exchange.operation != "authorize":  # the payment's currency is the processor's to know
        made = made[:2]
    if any(same(*pair) for pair in combinations(made, 2)):
        raise Failed(f"another {field} makes the same request")
    return len(made)


def _pairs_sent(target: Target, exchange: Exchange, field: str) -> int:
    if field == "returned":
        return _evidence_sent(target, exchange)
    ended = attempt(target, exchange, {field: {"kit_key": "Kitvalue"}})
    if refusal(ended) is not None:
        raise Failed(f"{field} is read, and refused", Evidence(got=ended.said()))
    requests = sent(ended, f"{field} was given")
    for text in ("kit_key", "Kitvalue"):
        must_show(exchange, field, text, requests)
    return 2


def _evidence_sent(target: Target, exchange: Exchange) -> int:
    """The values that the return URL received, if the processor needs them."""
    given: dict[str, str] = dict(getattr(exchange.build(), "returned", {}))
    changed = {name: fresh(value) for name, value in given.items()}
    first, other = (
        sent(
            attempt(target, exchange, {"returned": one, **own_key(target, exchange)}),
            "it was given",
        )
        for one in (given, changed)
    )
    if same(first, other):
        raise Failed("returned is read, and other values make the same request")
    return 2
