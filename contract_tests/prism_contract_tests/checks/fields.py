"""Checks that each request field that a flow reads is sent, and changes what is sent."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import msgspec

from prism_contract_tests.check import Failed, check, each_asking
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.on_wire import texts
from prism_contract_tests.parts_sent import (
    address_sent,
    details_sent,
    lines_sent,
    must_show,
    structure_sent,
    with_part,
)
from prism_contract_tests.replay import Ended
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.values import STRUCTURES, choices, fresh, hint_of, words
from prism_contract_tests.variations import (
    attempt,
    carried,
    own_key,
    reading,
    refusal,
    refused_by_name,
    same,
    shown,
)
from prism_core import (
    Address,
    CustomerDetails,
    FutureUsage,
    HttpRequest,
    MalformedResponse,
    Money,
    NotFound,
)
from prism_core.connector.operations import request_type

_OTHER_CHECKS = ("payment_method", "idempotency_key")
_LOCALES = ["de-DE", "en-GB", "sv-SE", "pt-BR", "ja-JP"]
"""Locales to try until two are taken: a processor may have few."""
_MORE = (1000, -1000, 100, -100, 1)
"""Changes of an amount to try until one is taken: a processor may have limits."""
METADATA_KEYS = ("kit_key", "kitkey", "KITKEY", "kit-key", "kit.key")
"""Names to try in a mapping, whose characters a processor may limit."""


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
    changes the request. An id of something that exists may be compared with the answer instead."""
    operation, _, field = case.partition(".")
    exchange, kind = reading(target, operation, field), request_type(operation)
    hint = hint_of(kind, field)
    tried, values = words(kind, field, getattr(exchange.build(), field)), choices(kind, field)
    if tried is not None and field != "locale":
        return _text_sent(target, exchange, field, tried)
    if field == "capture_method":
        return _choices_sent(target, exchange, field, list(target.connector.info.capture_methods))
    if field == "locale":
        return _choices_sent(target, exchange, field, _LOCALES)
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
            requests = carried(ended, f"{field} was given")
            if not _is_compared(exchange, ended):
                must_show(exchange, field, text, requests)
            return 1
    assert ended is not None
    raise Failed(f"{field} is read, and refused", Evidence(got=ended.said()))


def _is_compared(exchange: Exchange, ended: Ended) -> bool:
    """Whether another id was compared with the answer in place of being sent: it was not in the
    list that a lookup answers, or not what the evidence of the return URL leads to."""
    if exchange.operation.startswith("get_"):
        return isinstance(ended.error, NotFound)
    evidence = {*exchange.request.get("returned", {}).values()}
    is_sent = not evidence.isdisjoint(texts(ended.tape.seen))
    return is_sent and isinstance(ended.error, MalformedResponse)


def _choices_sent(target: Target, exchange: Exchange, field: str, values: list[Any]) -> int:
    """Each choice gives another request, or is refused with the name of a field. If the payment
    exists already, it may say what the answer means, and give another status."""
    made: list[tuple[Any, list[HttpRequest]]] = []
    statuses = []
    for value in values:
        ended = attempt(target, exchange, {field: value, **own_key(target, exchange)})
        if field == "capture_method" or not refused_by_name(ended, field):
            made.append((value, carried(ended, f"{field} was {value}")))
            statuses.append(ended.status)
        if field == "locale" and len(made) == 2:
            break
    if not made:
        raise Failed(f"{field} is read, and every value of it that was tried is refused")
    if exchange.operation == "complete" and len({*statuses}) == len(made) > 1:
        return len(made)
    pairs = list(combinations(made, 2))
    default = {one.name: one.default for one in msgspec.structs.fields(type(exchange.build()))}
    # Some processors have one value for both usages: each must differ from leaving it out.
    is_usage = hint_of(request_type(exchange.operation), field) is FutureUsage
    if default[field] is None and (is_usage or not pairs):
        without = attempt(target, exchange, {field: None, **own_key(target, exchange)})
        left_out = (None, carried(without, f"{field} was left out"))
        pairs = [(one, left_out) for one in made]
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
            made.append((carried(ended, f"hosted was {hosted}"), data))
    if not made:
        raise Failed("hosted is read, and every value of it is refused")
    if len(made) > 1 and same(made[0][0], made[1][0]) and made[0][1] == made[1][1]:
        raise Failed("hosted is read, and True makes and returns the same as False")
    return len(made)


def _named(value: Any) -> str:
    return str(getattr(value, "value", value))


def _money_sent(target: Target, exchange: Exchange, field: str) -> int:
    now: Money = getattr(exchange.build(), field) or Money(1000, "USD")
    made = [_with_money(target, exchange, field, now), _other_amount(target, exchange, field, now)]
    if exchange.operation == "authorize":  # later, the payment's currency is known
        other = Money(now.minor_amount, "EUR" if now.currency != "EUR" else "USD")
        ended = _with_money(target, exchange, field, other)
        made += [] if refused_by_name(ended, field) else [ended]
    requests = [carried(one, f"{field} was given") for one in made]
    if any(same(*pair) for pair in combinations(requests, 2)):
        raise Failed(f"another {field} makes the same request")
    return len(made)


def _with_money(target: Target, exchange: Exchange, field: str, money: Money) -> Ended:
    return attempt(target, exchange, {field: money, **own_key(target, exchange)})


def _other_amount(target: Target, exchange: Exchange, field: str, now: Money) -> Ended:
    """The end with another number, the first that is not refused."""
    refused = []
    for more in _MORE:
        if now.minor_amount + more > 0:
            other = Money(now.minor_amount + more, now.currency)
            ended = _with_money(target, exchange, field, other)
            if not refused_by_name(ended, field):
                return ended
            refused.append(f"{other}: {ended.said()}")
    raise Failed(f"every other {field} that was tried is refused", Evidence(got="\n".join(refused)))


def _pairs_sent(target: Target, exchange: Exchange, field: str) -> int:
    if field == "returned":
        return _evidence_sent(target, exchange)
    for key in METADATA_KEYS:
        ended = attempt(target, exchange, {field: {key: "Kitvalue"}})
        if not refused_by_name(ended, field):
            requests = carried(ended, f"{field} was given")
            for text in (key, "Kitvalue"):
                must_show(exchange, field, text, requests)
            return 2
    raise Failed(f"{field} is read, and all of {', '.join(METADATA_KEYS)} are refused as its keys")


def _evidence_sent(target: Target, exchange: Exchange) -> int:
    """The values that the return URL received, if the processor needs them."""
    given: dict[str, str] = dict(getattr(exchange.build(), "returned", {}))
    changed = {name: fresh(value) for name, value in given.items()}
    first, other = (
        carried(
            attempt(target, exchange, {"returned": one, **own_key(target, exchange)}),
            "it was given",
        )
        for one in (given, changed)
    )
    if same(first, other):
        raise Failed("returned is read, and other values make the same request")
    return 2
