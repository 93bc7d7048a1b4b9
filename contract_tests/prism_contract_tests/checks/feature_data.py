"""Checks of connector_feature_data: the caller's own fields for the processor's request."""

from __future__ import annotations

from typing import Any

import msgspec

from prism_contract_tests.check import Failed, check
from prism_contract_tests.exchange import Exchange, wire_request
from prism_contract_tests.replay import Ended
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import attempt, basis, own_key, same, sent, shown
from prism_core import HttpRequest, InvalidRequest, Money
from prism_core.connector.operations import request_type

_FIELD = "connector_feature_data"
_GIVEN = {"kit_field": "Kitvalue"}


def _taking(target: Target) -> list[str]:
    return [one for one in target.operations if _FIELD in request_type(one).__struct_fields__]


@check(
    "feature-data",
    since="2026.11",
    cases=_taking,
    why="Where the schema ends, users add the processor's own fields. A field that lands in "
    "another request, or replaces what the connector sends, changes what is paid.",
    how="Let the first request of the flow that changes something make the payment, with a form or "
    "a JSON object as its body; where that cannot be, set takes_feature_data = False in the "
    "account.",
)
def feature_data(target: Target, case: str) -> int:
    """connector_feature_data is in the body of the request that makes the payment, and replaces
    nothing; or it is refused, if the account does not take it."""
    exchange = basis(target, case)
    ended = _asked(target, exchange, _GIVEN)
    if not target.connector.info.account.takes_feature_data:
        _must_refuse(ended, "the account does not take it, and it is not refused")
        return 1
    requests = sent(ended, f"{_FIELD} was given")
    holding = [index for index, one in enumerate(requests) if _GIVEN.items() <= _body(one).items()]
    paying = _paying(target, exchange, requests)
    if not set(holding) & paying:
        raise Failed(
            f"{_FIELD} is not in the body of the request that makes the payment",
            Evidence(request=shown(requests, exchange)),
        )
    tried = 1
    for name in _body(requests[holding[0]]):
        if name not in _GIVEN and "[" not in name:
            replacing = _asked(target, exchange, {name: "Kitvalue"})
            _must_refuse(replacing, f"{name}, which the connector sends, is replaced by {_FIELD}")
            tried += 1
    return tried


def _asked(target: Target, exchange: Exchange, data: dict[str, Any]) -> Ended:
    return attempt(target, exchange, {_FIELD: data, **own_key(target, exchange)})


def _must_refuse(ended: Ended, problem: str) -> None:
    changed = any(one.changes for one in ended.tape.seen)  # a lookup may come first
    refused = ended.error if isinstance(ended.error, InvalidRequest) else None
    if changed or refused is None or refused.field != _FIELD:
        raise Failed(problem, Evidence(expected=f"InvalidRequest({_FIELD})", got=ended.said()))


def _body(request: HttpRequest) -> dict[str, Any]:
    wire = wire_request(request)
    return wire.json if isinstance(wire.json, dict) else wire.form or {}


def _paying(target: Target, exchange: Exchange, requests: list[HttpRequest]) -> set[int]:
    """Which requests make the payment: those that another amount changes; without an amount, those
    that change something."""
    amount: Money | None = getattr(exchange.build(), "amount", None)
    if amount is None:
        return {index for index, one in enumerate(requests) if one.changes}
    more = msgspec.structs.replace(amount, minor_amount=amount.minor_amount + 100)
    given = {_FIELD: _GIVEN, "amount": more, **own_key(target, exchange)}
    others = sent(attempt(target, exchange, given), "another amount was given")
    pairs = enumerate(zip(requests, others, strict=False))
    return {index for index, (one, other) in pairs if not same([one], [other])}
