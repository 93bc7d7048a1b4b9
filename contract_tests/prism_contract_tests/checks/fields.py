"""Checks that each request field that a flow reads is sent, and changes what is sent."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import msgspec

from prism_contract_tests.check import Failed, check, each_asking
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Ended
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.values import ADDRESS, STRUCTURES
from prism_contract_tests.variations import (
    attempt,
    choices,
    fresh,
    hint_of,
    own_key,
    reading,
    refusal,
    refused_by_name,
    same,
    sent,
    shown,
    visible,
    words,
)
from prism_core import (
    Address,
    BrowserInfo,
    CustomerDetails,
    FutureUsage,
    HttpRequest,
    Money,
    OrderLine,
)
from prism_core.connector.operations import request_type

_OTHER_CHECKS = ("payment_method", "idempotency_key")
_MAPPED = ("country_alpha2_code",)
"""Parts that a processor may need in another form: they only have to change the request."""


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
        return _address_sent(target, exchange, field)
    if hint is CustomerDetails:
        return _details_sent(target, exchange, field)
    if isinstance(hint, type) and hint in STRUCTURES:
        return _structure_sent(target, exchange, field, hint)
    if hint is Money:
        return _money_sent(target, exchange, field)
    if field == "order_details":
        return _lines_sent(target, exchange)
    return _pairs_sent(target, exchange, field)


def _text_sent(target: Target, exchange: Exchange, field: str, tried: list[str]) -> int:
    ended = None
    for text in tried:
        ended = attempt(target, exchange, {field: text})
        if refusal(ended) is None:
            _must_show(exchange, field, text, sent(ended, f"{field} was given"))
            return 1
    assert ended is not None
    raise Failed(f"{field} is read, and refused", Evidence(got=ended.said()))


def _must_show(exchange: Exchange, field: str, text: str, requests: list[HttpRequest]) -> None:
    if not visible(text, requests):
        evidence = Evidence(request=shown(requests, exchange), expected=f"{field}: {text}")
        raise Failed(f"{field} is read, and not on the wire", evidence)


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
        ended = _with_part(target, exchange, "hosted", hosted)
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


def _address_sent(target: Target, exchange: Exchange, field: str) -> int:
    """The address with all parts that are read and not refused, and each of them alone: alone, it
    may be told in `not_sent` (a name without a place)."""
    read = target.parts(exchange.operation, field)
    parts = {name: value for name, value in ADDRESS.items() if name in read}
    each = dict(parts)
    while True:
        ended = attempt(target, exchange, {field: Address(**parts)})
        if not refused_by_name(ended, field):
            break
        blamed = getattr(ended.error, "field", None)
        if blamed not in parts or len(parts) == 1:
            raise Failed(f"{field} is read, and refused", Evidence(got=ended.said()))
        del parts[blamed]
    _parts_show(target, exchange, field, parts, sent(ended, f"{field} was given"))
    for name, value in each.items():
        alone = attempt(target, exchange, {field: Address(**{name: value})})
        told = f"{field}.{name}" in getattr(alone.result, "not_sent", ())
        if not told and not refused_by_name(alone, f"{field}.{name}"):
            requests = sent(alone, f"{field}.{name} was given")
            _parts_show(target, exchange, field, {name: value}, requests)
    return 1 + len(each)


def _parts_show(
    target: Target,
    exchange: Exchange,
    field: str,
    parts: dict[str, str],
    requests: list[HttpRequest],
) -> None:
    for name, value in parts.items():
        if name not in _MAPPED:
            _must_show(exchange, f"{field}.{name}", value, requests)
            continue
        made = []
        for other in (value, "DE"):
            changes = {field: Address(**{**parts, name: other}), **own_key(target, exchange)}
            made.append(sent(attempt(target, exchange, changes), f"{field}.{name} was given"))
        if same(*made):
            raise Failed(f"{field}.{name} is read, and changes nothing on the wire")


def _details_sent(target: Target, exchange: Exchange, field: str) -> int:
    """Each part that is read is alone on the wire, or refused by its name."""
    shown_parts = 0
    for name in sorted(target.parts(exchange.operation, field)):
        for text in words(CustomerDetails, name, None) or ():
            ended = attempt(target, exchange, {field: CustomerDetails(**{name: text})})
            if not refused_by_name(ended, f"{field}.{name}"):
                _must_show(exchange, f"{field}.{name}", text, sent(ended, f"{field} was given"))
                shown_parts += 1
                break
    if not shown_parts:
        raise Failed(f"{field} is read, and refused")
    return shown_parts


def _structure_sent(target: Target, exchange: Exchange, field: str, kind: type[BrowserInfo]) -> int:
    """Each part that is read changes the request, alone or beside all others, or is refused."""
    read = target.parts(exchange.operation, field)
    whole = {name: STRUCTURES[kind][name] for name in kind.__struct_fields__ if name in read}
    tried = 0
    for name, values in whole.items():
        others = {one: first for one, (first, _) in whole.items() if one != name}
        is_silent = False
        for beside in ({}, others):
            ends = [
                _with_part(target, exchange, field, kind(**{**beside, name: one})) for one in values
            ]
            if any(refused_by_name(one, f"{field}.{name}") for one in ends):
                continue
            first, other = (sent(one, f"{field}.{name} was given") for one in ends)
            is_silent = same(first, other)
            if not is_silent:
                tried += 1
                break
        if is_silent:
            raise Failed(f"{field}.{name} is read, and changes nothing on the wire")
    if not tried:
        raise Failed(f"{field} is read, and refused")
    return tried


def _with_part(target: Target, exchange: Exchange, field: str, value: object) -> Ended:
    return attempt(target, exchange, {field: value, **own_key(target, exchange)})


def _lines_sent(target: Target, exchange: Exchange) -> int:
    """The name, the number and the price of each line are on the wire."""
    now: Money = getattr(exchange.build(), "amount", None) or Money(1000, "USD")
    one = OrderLine(product_name="Kitword", quantity=3, amount=Money(100, now.currency))
    changes: list[dict[str, Any]] = [
        {},
        {"product_name": "Kitthing"},
        {"quantity": 4},
        {"amount": Money(200, now.currency)},
    ]
    made = []
    for change in changes:
        lines = (msgspec.structs.replace(one, **change),)
        ended = _with_part(target, exchange, "order_details", lines)
        made.append(sent(ended, "order_details were given"))
    _must_show(exchange, "order_details", "Kitword", made[0])
    for change, other in zip(changes[1:], made[1:], strict=True):
        if same(made[0], other):
            raise Failed(f"the {next(iter(change))} of an order's line changes nothing on the wire")
    return len(made)


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
        _must_show(exchange, field, text, requests)
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
