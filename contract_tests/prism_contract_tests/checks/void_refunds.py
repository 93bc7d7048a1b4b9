"""Check of voids: none of them sends a refund."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec

from prism_contract_tests.check import Failed, check
from prism_contract_tests.checks.waiting import PAID
from prism_contract_tests.damage import dotted, json_of, leaves
from prism_contract_tests.exchange import Exchange, wire_request
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_contract_tests.variations import shown
from prism_core import HttpRequest
from prism_core.schema.base import Request

_MOST_SETTLED = 3


class _Sent(NamedTuple):
    """What a request asks for, whatever it is about: its method, its path without ids, and the
    texts in it that are neither from the caller nor from an answer."""

    method: str
    path: str
    said: frozenset[tuple[str, str]]

    def is_at(self, other: _Sent) -> bool:
        """Whether both go to the same address."""
        return (self.method, self.path) == (other.method, other.path)

    def is_like(self, refund: _Sent, void: frozenset[_Sent]) -> bool:
        """Whether this is such a refund, and not the void of the exchange. If there is one address
        for all, the body says which it is."""
        own = refund.said.difference(*(one.said for one in void if one.is_at(self)))
        return self.is_at(refund) and bool(own & self.said or not any(map(self.is_at, void)))


def _voids(target: Target) -> list[str]:
    both = target.success("void") is not None and target.success("refund") is not None
    return ["void"] if both else []


@check(
    "void-no-refund",
    since="2026.11",
    cases=_voids,
    why="A void of a payment that is settled is refused. One that refunds it instead gives back "
    "money that the merchant has, costs fees, and says VOIDED of a payment that was paid.",
    how="Send the processor's void or cancel alone. If it refuses because the payment is settled, "
    "let the error or the decline pass: the caller decides about a refund.",
)
def void_no_refund(target: Target, case: str) -> int:
    """A void never sends the request of a refund: neither of itself, nor for a payment that a
    lookup finds settled, nor after the processor has refused the void."""
    success, refund = target.success(case), target.success("refund")
    assert success is not None
    assert refund is not None
    tried = 0
    with Desk(target, success.account) as desk:
        refunds = _asked(desk, refund, refund.build(), answers_of(refund))[1]
        void = _asked(desk, success, success.build(), answers_of(success))[1]
        for one in void:
            if any(one.is_at(other) and one.said >= other.said for other in refunds):
                raise Failed(
                    "the void is the request that a refund sends",
                    Evidence(request=f"{one.method} {one.path}", expected="a void or a cancel"),
                )
        for exchange, request, answers in _occasions(target, success, refund):
            ended, asked = _asked(desk, exchange, request, answers)
            tried += 1
            if any(one.is_like(other, void) for one in asked for other in refunds):
                raise Failed(
                    "a void that cannot be made is made a refund",
                    Evidence(
                        request=shown(ended.tape.seen, exchange, request),
                        expected="the error of the void, or the status of the payment",
                        got=ended.said(),
                    ),
                )
    return tried + 1


def _asked(
    desk: Desk, exchange: Exchange, request: Request, answers: list[Answer]
) -> tuple[Ended, frozenset[_Sent]]:
    """The end of a call, and what its changing requests asked for."""
    ended = desk.call(exchange.operation, request, answers)
    known = _texts(msgspec.to_builtins(exchange.account))
    known |= _texts(msgspec.to_builtins(request, enc_hook=_revealed))
    for answer in answers:
        known |= _texts(json_of(answer))  # type: ignore[arg-type]
    return ended, frozenset(_sent(one, known) for one in ended.tape.seen if one.changes)


def _revealed(value: Any) -> str:
    return str(value.reveal())


def _texts(value: Any) -> set[str]:
    return {str(one) for _, one in leaves(value)}


def _sent(request: HttpRequest, known: set[str]) -> _Sent:
    segments = (unquote(one) for one in urlsplit(request.url).path.split("/"))
    path = "/".join("{}" if one in known else one for one in segments)
    read = wire_request(request)
    said = [*leaves(read.query), *leaves(read.form or {}), *leaves(read.json)]
    texts = ((dotted(place), one) for place, one in said if isinstance(one, str))
    return _Sent(request.method, path, frozenset(pair for pair in texts if pair[1] not in known))


def _occasions(
    target: Target, success: Exchange, refund: Exchange
) -> Iterator[tuple[Exchange, Request, list[Answer]]]:
    """Voids that cannot be made: of payments that are settled, and those that are refused. After
    the answers to them, a refund would succeed."""
    done, voids = answers_of(refund)[-1], target.of("void")
    refused = [one for one in voids if one.kind != "success" and one.steps]
    for exchange in refused:
        yield exchange, exchange.build(), [*answers_of(exchange), done]
    for found in _settled(target)[:_MOST_SETTLED]:
        request = _about(success, found)
        yield success, request, [answers_of(found)[-1], done]
        for exchange in refused[:_MOST_SETTLED]:
            answers = [*answers_of(exchange), answers_of(found)[-1], done]
            yield exchange, _about(exchange, found), answers


def _settled(target: Target) -> list[Exchange]:
    """The lookups that find a payment with its money captured."""
    found = target.of("get_payment")
    return [one for one in found if one.steps and (one.result or {}).get("status") in PAID]


def _about(exchange: Exchange, found: Exchange) -> Request:
    """The request of an exchange, about the payment that a lookup finds."""
    request = exchange.build()
    ids = {**found.request, **(found.result or {})}
    names = ("connector_transaction_id", "connector_order_id", "merchant_transaction_id")
    given = {name: ids[name] for name in names if getattr(request, name, None) and name in ids}
    return msgspec.structs.replace(request, **given)
