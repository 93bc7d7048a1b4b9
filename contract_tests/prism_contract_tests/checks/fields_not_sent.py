"""Checks of the fields that are not sent: refused, or declared to be left out and told."""

from __future__ import annotations

from typing import Any

import msgspec

from prism_contract_tests.check import Failed, check, each_operation
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import (
    ADDRESS,
    HOLDER,
    attempt,
    basis,
    choices,
    hint_of,
    own_key,
    refusal,
    same,
    sent,
    shown,
    words,
)
from prism_core import Address, CustomerDetails
from prism_core.connector.operations import request_type


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
    key = own_key(target, exchange)
    # An id that the answer names is given as it names it: another one would be another payment's.
    named = {**(exchange.result or {}), **exchange.request}.get(field)
    value = named if isinstance(named, str) else _any_value(kind, field)
    given = attempt(target, exchange, {field: value, **key})
    default = {one.name: one.default for one in msgspec.structs.fields(kind)}[field]
    empty: Any = {} if field == "returned" else default
    without = attempt(target, exchange, {field: empty, **key})
    if not same(sent(given, f"{field} was given"), sent(without, f"{field} was left out")):
        evidence = Evidence(request=shown(given.tape.seen, exchange))
        raise Failed(f"{field} is declared to be left out, and changes the request", evidence)
    if field not in getattr(given.result, "not_sent", ()):
        raise Failed(f"{field} is not in the result's not_sent", Evidence(got=given.said()))
    return 2
