"""Checks of payment methods: each kind declared is sent with all its parts, others are refused."""

from __future__ import annotations

from itertools import combinations
from typing import Any, get_args

import msgspec

from prism_contract_tests.check import Failed, check
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import (
    HOLDER,
    attempt,
    basis,
    fresh,
    hint_of,
    own_key,
    refusal,
    refused_by_name,
    same,
    sent,
    shown,
)
from prism_core import Card, HttpRequest, Secret, Token
from prism_core.connector.operations import request_type
from prism_core.schema.secrets import reveal


def _taking_cards(target: Target) -> list[str]:
    return [one for one in target.operations if "payment_method" in target.sends(one)]


@check(
    "payment-method-kinds",
    since="2026.11",
    cases=_taking_cards,
    why="A declared kind that fails loses sales; a part of a card that is not sent is a check "
    "that the issuer cannot make.",
    how="List in info.payment_methods the kinds that you send, and send or refuse each part.",
)
def payment_method_kinds(target: Target, case: str) -> int:
    """Each declared kind of payment method is sent with all its parts; every other kind is refused
    with nothing sent."""
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
    """Payment methods of a kind, each with one part changed; a token has the form of the given
    one."""
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
        ended = attempt(target, exchange, {"payment_method": method, **own_key(target, exchange)})
        if made and refused_by_name(ended, kind.__name__):
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
    """The first part in which two payment methods differ."""
    return next(
        name for name in one.__struct_fields__ if getattr(one, name) != getattr(other, name)
    )
