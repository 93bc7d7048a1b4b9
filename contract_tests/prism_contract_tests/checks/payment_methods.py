"""Checks of payment methods: each class declared is sent with all its parts, others are refused."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import msgspec

from prism_contract_tests.check import Failed, check
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.methods import (
    OPAQUE,
    classes,
    differing,
    first_of,
    method_of,
    paying_with,
    taken,
    variations,
)
from prism_contract_tests.replay import Ended
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import (
    attempt,
    basis,
    own_key,
    refusal,
    refused_by_name,
    same,
    sent,
    shown,
)
from prism_core import HttpRequest, PaymentMethodType, Redirect
from prism_core.schema.base import Schema


class _Made(NamedTuple):
    """A payment method, the requests that were made with it, and the parts that were told to be
    left out."""

    method: Schema
    requests: list[HttpRequest]
    told: frozenset[str]


def _taking_methods(target: Target) -> list[str]:
    return [one for one in target.operations if "payment_method" in target.sends(one)]


@check(
    "payment-method-kinds",
    since="2026.11",
    cases=_taking_methods,
    why="A declared class that fails loses sales; a part of a card that is not sent is a check "
    "that the issuer cannot make.",
    how="List in info.payment_methods the classes that you send, and send or refuse each part.",
)
def payment_method_kinds(target: Target, case: str) -> int:
    """Each declared class of payment methods is sent with all its parts; every other class, and
    every type of a Redirect that is not declared, is refused with nothing sent."""
    tried = 0
    for kind in classes(case):
        if kind not in taken(target, case):
            _refused(target, case, first_of(target, kind, None), f"{kind.__name__} is not declared")
            tried += 1
        elif kind is Redirect:
            tried += _types_sent(target, case)
        else:
            exchange = next(paying_with(target, case, kind), None) or basis(target, case)
            tried += len(_kind_sent(target, exchange, first_of(target, kind, method_of(exchange))))
    return tried


def _refused(target: Target, case: str, method: Schema, what: str) -> None:
    if refusal(attempt(target, basis(target, case), {"payment_method": method})) is None:
        raise Failed(f"{what}, and taken")


def _types_sent(target: Target, case: str) -> int:
    """Each declared type of a `Redirect` is sent and differs from the others, or is refused here if
    another operation has its exchange."""
    declared = target.connector.info.payment_method_types
    made: list[_Made] = []
    for one in declared:
        exchange = next(paying_with(target, case, Redirect, one), None)
        if exchange is not None:
            first = method_of(exchange)
            assert first is not None
            made.append(_kind_sent(target, exchange, first)[0])
            _types_differ(target, exchange, made[-1])
        else:
            made += _tried(target, basis(target, case), Redirect(one))
    _all_differ(made, basis(target, case))
    other = next(one for one in PaymentMethodType if one not in declared)
    _refused(target, case, Redirect(other), f"Redirect({other}) is not declared")
    return len(made) + 1


def _types_differ(target: Target, exchange: Exchange, one: _Made) -> None:
    """Another declared type makes another request with all else the same, or is refused."""
    for other in target.connector.info.payment_method_types:
        method = msgspec.structs.replace(one.method, payment_method_type=other)
        if method != one.method:
            _all_differ([one, *_tried(target, exchange, method)], exchange)


def _kind_sent(target: Target, exchange: Exchange, first: Schema) -> list[_Made]:
    kind = type(first).__name__
    ended = _asked(target, exchange, first)
    made = [_made(first, ended, sent(ended, f"a {kind} was given, which is declared"))]
    for method in variations(first):
        made += _tried(target, exchange, method)
    part = OPAQUE.get(type(first))
    if part is not None and len({getattr(one.method, part) for one in made}) == 1:
        raise Failed(f"each other {part} of a {kind} than the first is refused")
    _all_differ(made, exchange)
    return made


def _tried(target: Target, exchange: Exchange, method: Schema) -> list[_Made]:
    """What was sent with a payment method; nothing if it was refused by its name."""
    ended, kind = _asked(target, exchange, method), type(method).__name__
    if refused_by_name(ended, kind):
        return []
    return [_made(method, ended, sent(ended, f"a {kind} was given, which is declared"))]


def _asked(target: Target, exchange: Exchange, method: Schema) -> Ended:
    return attempt(target, exchange, {"payment_method": method, **own_key(target, exchange)})


def _made(method: Schema, ended: Ended, requests: list[HttpRequest]) -> _Made:
    told = getattr(ended.result, "not_sent", ())
    begin = "payment_method."
    parts = frozenset(one.removeprefix(begin) for one in told if one.startswith(begin))
    return _Made(method, requests, parts)


def _all_differ(made: list[_Made], exchange: Exchange) -> None:
    for one, other in combinations(made, 2):
        told = one.told | other.told
        parts = [name for name in differing(one.method, other.method) if name not in told]
        if parts and same(one.requests, other.requests):
            raise Failed(
                f"{parts[0]} of the {type(one.method).__name__} is on no wire: "
                "two that differ in it make the same request",
                Evidence(request=shown(one.requests, exchange)),
            )
