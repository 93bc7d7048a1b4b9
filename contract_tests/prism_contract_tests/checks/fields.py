"""Checks of the request's fields: each one declared is sent, each other one is refused."""

from __future__ import annotations

from itertools import combinations
from typing import Any, get_args

import msgspec

from prism_contract_tests.check import Failed, check, each_asking, each_operation
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Ended
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import (
    ADDRESS,
    HOLDER,
    attempt,
    basis,
    choices,
    fresh,
    hint_of,
    refusal,
    same,
    sent,
    shown,
    visible,
    words,
)
from prism_core import (
    Address,
    Card,
    CustomerDetails,
    FutureUsage,
    HttpRequest,
    Money,
    Secret,
    Token,
)
from prism_core.operations import request_type
from prism_core.secrets import reveal

_OTHER_CHECKS = ("payment_method", "idempotency_key")
_MAPPED = ("country_alpha2_code",)
"""Fields that a processor may want in another form: that they matter is enough."""


def _each_field(target: Target) -> list[str]:
    sends = target.connector.info.sends
    return [
        f"{operation}.{field}"
        for operation in each_asking(target)
        for field in sends.get(operation, ())
        if field not in _OTHER_CHECKS
    ]


@check(
    "fields-sent",
    since="2026.11",
    cases=_each_field,
    why="A field dropped in silence is a receipt without a name, a parcel without an address, a "
    "payment taken that should only have been held.",
    how="Send the field, refuse what of it the processor has no place for with InvalidRequest "
    "naming it, or take it out of info.sends.",
)
def fields_sent(target: Target, case: str) -> int:
    """A request field that the connector declares is sent: its text is on the wire, and each
    choice changes the request."""
    operation, _, field = case.partition(".")
    exchange, kind = basis(target, operation), request_type(operation)
    hint = hint_of(kind, field)
    texts, values = words(kind, field, getattr(exchange.build(), field)), choices(kind, field)
    if texts is not None:
        return _text_sent(target, exchange, field, texts)
    if field == "capture_method":
        return _choices_sent(target, exchange, field, list(target.connector.info.capture_methods))
    if values is not None:
        return _choices_sent(target, exchange, field, values)
    if hint is Address:
        return _address_sent(target, exchange, field)
    if hint is CustomerDetails:
        return _details_sent(target, exchange, field)
    if hint is Money:
        return _money_sent(target, exchange, field)
    return _pairs_sent(target, exchange, field)


def _text_sent(target: Target, exchange: Exchange, field: str, tried: list[str]) -> int:
    ended = None
    for text in tried:
        ended = attempt(target, exchange, {field: text})
        if refusal(ended) is None:
            _must_show(exchange, field, text, sent(ended, f"{field} was given"))
            return 1
    assert ended is not None
    raise Failed(f"{field} is declared, and refused", Evidence(got=ended.said()))


def _must_show(exchange: Exchange, field: str, text: str, requests: list[HttpRequest]) -> None:
    if not visible(text, requests):
        evidence = Evidence(request=shown(requests, exchange), expected=f"{field}: {text}")
        raise Failed(f"{field} is declared, and not on the wire", evidence)


def _choices_sent(target: Target, exchange: Exchange, field: str, values: list[Any]) -> int:
    """Each choice makes another request; a choice may be refused if the refusal names a field."""
    made: list[tuple[Any, list[HttpRequest]]] = []
    for value in values:
        ended = attempt(target, exchange, {field: value, **_key(target, exchange)})
        if field == "capture_method" or not _refused_by_name(ended, field):
            made.append((value, sent(ended, f"{field} was {value}")))
    if not made:
        raise Failed(f"{field} is declared, and every value of it is refused")
    if len(made) == 1 and field != "capture_method":
        without = attempt(target, exchange, {field: None, **_key(target, exchange)})
        made.append((None, sent(without, f"{field} was left out")))
    pairs = list(combinations(made, 2))
    if hint_of(request_type(exchange.operation), field) is FutureUsage and len(made) > 1:
        # Some processors have one mark for both: each must differ from leaving it out.
        without = attempt(target, exchange, {field: None, **_key(target, exchange)})
        pairs = [(one, (None, sent(without, f"{field} was left out"))) for one in made]
    for (one, first), (other, second) in pairs:
        if same(first, second):
            raise Failed(
                f"{field} is declared, and {_named(one)} makes the same request as {_named(other)}",
                Evidence(request=shown(first, exchange)),
            )
    return len(made)


def _named(value: Any) -> str:
    return str(getattr(value, "value", value))


def _key(target: Target, exchange: Exchange) -> dict[str, str]:
    """An idempotency key of the kit's own, so that requests differ only where fields do."""
    keyed = "idempotency_key" in request_type(exchange.operation).__struct_fields__
    headed = target.connector.info.account.idempotency_header is not None
    return {"idempotency_key": "kit-key-4711"} if keyed and headed else {}


def _refused_by_name(ended: Ended, field: str) -> bool:
    """Whether a call was refused before it was sent; a refusal that names nothing fails."""
    refused = refusal(ended)
    if refused is not None and refused.field is None:
        raise Failed(
            f"{field} is refused, and the refusal names no field",
            Evidence(expected="InvalidRequest(..., field=...)", got=ended.said()),
        )
    return refused is not None


def _address_sent(target: Target, exchange: Exchange, field: str) -> int:
    """The address with all parts that are not refused, and each part alone."""
    parts = dict(ADDRESS)
    while True:
        ended = attempt(target, exchange, {field: Address(**parts)})
        if not _refused_by_name(ended, field):
            break
        blamed = getattr(ended.error, "field", None)
        if blamed not in parts or len(parts) == 1:
            raise Failed(f"{field} is declared, and refused", Evidence(got=ended.said()))
        del parts[blamed]
    _parts_show(target, exchange, field, parts, sent(ended, f"{field} was given"))
    for name, value in ADDRESS.items():
        alone = attempt(target, exchange, {field: Address(**{name: value})})
        if not _refused_by_name(alone, f"{field}.{name}"):
            requests = sent(alone, f"{field}.{name} was given")
            _parts_show(target, exchange, field, {name: value}, requests)
    return 1 + len(ADDRESS)


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
            changes = {field: Address(**{**parts, name: other}), **_key(target, exchange)}
            made.append(sent(attempt(target, exchange, changes), f"{field}.{name} was given"))
        if same(*made):
            raise Failed(f"{field}.{name} is declared, and changes nothing on the wire")


def _details_sent(target: Target, exchange: Exchange, field: str) -> int:
    """Each part alone is on the wire, or refused by its name."""
    shown_parts = 0
    for name in CustomerDetails.__struct_fields__:
        for text in words(CustomerDetails, name, None) or ():
            ended = attempt(target, exchange, {field: CustomerDetails(**{name: text})})
            if not _refused_by_name(ended, f"{field}.{name}"):
                _must_show(exchange, f"{field}.{name}", text, sent(ended, f"{field} was given"))
                shown_parts += 1
                break
    if not shown_parts:
        raise Failed(f"{field} is declared, and refused")
    return shown_parts


def _money_sent(target: Target, exchange: Exchange, field: str) -> int:
    now: Money = getattr(exchange.build(), field) or Money(1000, "USD")
    more = Money(now.minor_amount + 1000, now.currency)
    other = Money(now.minor_amount, "EUR" if now.currency != "EUR" else "USD")
    made = []
    for money in (now, more, other):
        ended = attempt(target, exchange, {field: money, **_key(target, exchange)})
        if money is other and _refused_by_name(ended, field):
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
        raise Failed(f"{field} is declared, and refused", Evidence(got=ended.said()))
    requests = sent(ended, f"{field} was given")
    for text in ("kit_key", "Kitvalue"):
        _must_show(exchange, field, text, requests)
    return 2


def _evidence_sent(target: Target, exchange: Exchange) -> int:
    """What came back with the customer, as far as the processor wants it."""
    given: dict[str, str] = dict(getattr(exchange.build(), "returned", {}))
    changed = {name: fresh(value) for name, value in given.items()}
    first, other = (
        sent(attempt(target, exchange, {"returned": one, **_key(target, exchange)}), "it was given")
        for one in (given, changed)
    )
    if same(first, other):
        raise Failed("returned is declared, and other values make the same request")
    return 2


@check(
    "fields-refused",
    since="2026.11",
    cases=each_operation,
    why="A caller who gives a field believes that it is sent.",
    how="Name in info.sends the fields that are sent, and nothing else.",
)
def fields_refused(target: Target, case: str) -> int:
    """A request field or capture method that the connector does not declare raises
    InvalidRequest, with nothing sent."""
    exchange, kind = basis(target, case), request_type(case)
    info = target.connector.info
    declared = [*info.sends.get(case, ()), *info.leaves_out.get(case, ()), *kind.options]
    tried = 0
    for field in kind.__struct_fields__:
        values = [] if field in declared else [_any_value(kind, field)]
        if field == "capture_method":
            values = [one for one in choices(kind, field) or () if one not in info.capture_methods]
        for value in values:
            tried += 1
            ended = attempt(target, exchange, {field: value})
            if refusal(ended) is None:
                raise Failed(f"{field} is not declared, and taken", Evidence(got=ended.said()))
    return tried


def _any_value(kind: type[Any], field: str) -> Any:
    some = words(kind, field, None) or choices(kind, field)
    if some:
        return some[0]
    some_structs = {Address: Address(**ADDRESS), CustomerDetails: CustomerDetails(name=HOLDER)}
    return some_structs.get(hint_of(kind, field), {"kit_key": "Kitvalue"})


def _leaving_out(target: Target) -> list[str]:
    left = target.connector.info.leaves_out
    return [f"{name}.{field}" for name in target.operations for field in left.get(name, ())]


@check(
    "fields-left-out",
    since="2026.11",
    cases=_leaving_out,
    why="A field that the processor has no place for must not stop a switch of processors, nor "
    "vanish unsaid.",
    how="Do not send what info.leaves_out names; the core reports it. What is sent after all "
    "belongs in info.sends.",
)
def fields_left_out(target: Target, case: str) -> int:
    """A descriptive field that the connector declares to leave out changes nothing on the wire,
    and the result's `not_sent` names it."""
    operation, _, field = case.partition(".")
    exchange, kind = basis(target, operation), request_type(operation)
    key = _key(target, exchange)
    given = attempt(target, exchange, {field: _any_value(kind, field), **key})
    default = {one.name: one.default for one in msgspec.structs.fields(kind)}[field]
    empty: Any = {} if field == "returned" else default
    without = attempt(target, exchange, {field: empty, **key})
    if not same(sent(given, f"{field} was given"), sent(without, f"{field} was left out")):
        evidence = Evidence(request=shown(given.tape.seen, exchange))
        raise Failed(f"{field} is declared to be left out, and changes the request", evidence)
    if field not in getattr(given.result, "not_sent", ()):
        raise Failed(f"{field} is not in the result's not_sent", Evidence(got=given.said()))
    return 2


def _taking_cards(target: Target) -> list[str]:
    sends = target.connector.info.sends
    return [one for one in target.operations if "payment_method" in sends.get(one, ())]


@check(
    "payment-method-kinds",
    since="2026.11",
    cases=_taking_cards,
    why="A kind that is declared and fails loses sales; a part of a card that is dropped is a "
    "check that the issuer cannot make.",
    how="List in info.payment_methods the kinds that are sent, and send each part or refuse it.",
)
def payment_method_kinds(target: Target, case: str) -> int:
    """Each kind of payment method declared is sent with all its parts, and each other kind is
    refused with nothing sent."""
    tried = 0
    hint = hint_of(request_type(case), "payment_method")
    for kind in get_args(hint) or (hint,):
        if kind not in target.connector.info.payment_methods:
            one = {"payment_method": _payment_methods(kind)[0]}
            if refusal(attempt(target, basis(target, case), one)) is None:
                raise Failed(f"{kind.__name__} is not declared, and taken")
            tried += 1
            continue
        tried += _kind_sent(target, _exchange_with(target, case, kind), kind)
    return tried


def _exchange_with(target: Target, operation: str, kind: type) -> Exchange:
    """A success with that kind of payment method, or any success."""
    for one in target.of(operation, "success"):
        if type(getattr(one.build(), "payment_method", None)) is kind:
            return one
    return basis(target, operation)


def _payment_methods(kind: type, given: object = None) -> list[Card | Token]:
    """Payment methods of a kind, each with one part other than the first has; a token in the form
    of the one given."""
    if kind is Token:
        own = reveal(given.token) if isinstance(given, Token) else "tok_kit"
        return [Token(fresh(own)), Token(fresh(fresh(own)))]
    first = Card("4242424242424242", exp_month=11, exp_year=2088, cvc="737", holder_name=HOLDER)
    changes: list[dict[str, Any]] = [
        {"number": Secret("5555555555554444")},
        {"exp_month": 10},
        {"exp_year": 2087},
        {"cvc": Secret("838")},
        {"cvc": None},
        {"holder_name": None},
        {"holder_name": "Kitholder"},
    ]
    return [first, *(msgspec.structs.replace(first, **one) for one in changes)]


def _kind_sent(target: Target, exchange: Exchange, kind: type) -> int:
    made: list[tuple[Card | Token, list[HttpRequest]]] = []
    for method in _payment_methods(kind, getattr(exchange.build(), "payment_method", None)):
        ended = attempt(target, exchange, {"payment_method": method, **_key(target, exchange)})
        if made and _refused_by_name(ended, kind.__name__):
            continue
        made.append((method, sent(ended, f"a {kind.__name__} was given, which is declared")))
    for (first, one), (second, other) in combinations(made, 2):
        if same(one, other):
            raise Failed(
                f"{_differing(first, second)} of the {kind.__name__} is on no wire: "
                "two that differ in it make the same request",
                Evidence(request=shown(one, exchange)),
            )
    return len(made)


def _differing(one: Card | Token, other: Card | Token) -> str:
    """The part in which two payment methods differ; the first, where several do."""
    return next(
        name for name in one.__struct_fields__ if getattr(one, name) != getattr(other, name)
    )
