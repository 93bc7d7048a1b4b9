"""Checks of the exchanges: complete, and true both ways."""

from __future__ import annotations

from typing import Any

import msgspec

from prism_contract_tests.check import Failed, check, each_exchange, each_operation
from prism_contract_tests.exchange import CORE_FIELDS, Exchange, WireRequest, wire_request
from prism_contract_tests.replay import Ended, replay, replay_async
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target

_PAYMENT_KINDS = ("decline", "pending", "authentication_required")


def shown(value: Any) -> str:
    """A value as indented JSON, for evidence."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


@check(
    "exchanges-complete",
    since="2026.11",
    cases=each_operation,
    why="What no exchange shows, no check can derive anything from.",
    how="Add the missing file under exchanges/<operation>/; `prism exchanges record` helps.",
)
def exchanges_complete(target: Target, case: str) -> int:
    """Every operation has a success, a validation error and an authentication error;
    authorizing also has each of decline, pending and authentication that the connector
    declares."""
    kinds = {"success", "validation_error", "authentication_error"}
    if case == "authorize":
        kinds |= set(_PAYMENT_KINDS) & set(target.connector.info.outcomes)
    missing = sorted(kinds - {exchange.kind for exchange in target.of(case)})
    if missing:
        raise Failed(f"{case} has no exchange of kind {', '.join(missing)}")
    return len(kinds)


@check(
    "exchange-request",
    since="2026.11",
    cases=each_exchange,
    why="A wrong wire request is money moved wrongly, or a refusal at the worst moment.",
    how="Compare expected and got in the evidence; mend the connector, or the exchange if the "
    "documentation says so.",
)
def exchange_request(target: Target, case: str) -> int:
    """The connector turns an exchange's request into exactly its wire requests."""
    exchange = target.exchange(case)
    ended = replay(target, exchange)
    _same_requests(exchange, ended)
    return len(exchange.steps) + len(exchange.grants)


def _same_requests(exchange: Exchange, ended: Ended) -> None:
    granted = [wire_request(one) for one in ended.tape.granted] if exchange.grants else []
    got: list[WireRequest] = [*granted, *ended.tape.wire]
    steps = [*exchange.grants, *exchange.steps]
    if len(got) != len(steps):
        raise Failed(
            f"{len(got)} requests were made, and the exchange has {len(steps)}: {ended.said()}",
            Evidence(got=ended.said()),
        )
    for step, request in zip(steps, got, strict=True):
        headers = {name: request.headers.get(name) for name in step.request.headers}
        seen = msgspec.structs.replace(request, headers=headers)
        if seen != step.request:
            raise Failed(
                "the wire request is another than the exchange's",
                Evidence(expected=shown(step.request), got=shown(seen)),
            )


@check(
    "exchange-result",
    since="2026.11",
    cases=each_exchange,
    why="An application acts on the result; a status mapped wrongly ships goods for no money.",
    how="Compare expected and got in the evidence.",
)
def exchange_result(target: Target, case: str) -> int:
    """The connector turns an exchange's answers into exactly its result or error."""
    exchange = target.exchange(case)
    ended = replay(target, exchange)
    same_end(exchange, ended)
    return 1


def same_end(exchange: Exchange, ended: Ended) -> None:
    """The end is the exchange's: each field that it lists, or the error's type and outcome."""
    evidence = Evidence(response=shown([step.response for step in exchange.steps]))
    if exchange.error is not None:
        evidence.expected, evidence.got = shown(exchange.error), ended.said()
        if ended.error is None or _facts(ended) != _wanted(exchange):
            raise Failed("the call ended otherwise than the exchange says", evidence)
        return
    if ended.result is None:
        evidence.expected, evidence.got = shown(exchange.result), ended.said()
        raise Failed(f"the exchange has a result, and the call raised {ended.said()}", evidence)
    got, wanted = plain(ended.result.to_dict()), plain(exchange.result)
    listed = {name: got.get(name) for name in wanted}
    extra = set(got) - set(wanted)
    if listed != wanted or any(got[name] not in ([], False) for name in extra):
        seen = {name: value for name, value in got.items() if name not in CORE_FIELDS}
        evidence.expected, evidence.got = shown(exchange.result), shown(seen)
        raise Failed("the result is another than the exchange's", evidence)


def plain(value: Any) -> Any:
    """A result as JSON has it, without what is None and without the core's own fields, at every
    level: an event holds a payment."""
    if isinstance(value, dict):
        kept = {name: one for name, one in value.items() if name not in CORE_FIELDS}
        return {name: plain(one) for name, one in kept.items() if one is not None}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _facts(ended: Ended) -> tuple[str, str, str | None]:
    details = getattr(ended.error, "details", None)
    code = details.connector.code if details is not None and details.connector else None
    return type(ended.error).__name__, str(getattr(ended.error, "outcome", "")), code


def _wanted(exchange: Exchange) -> tuple[str, str, str | None]:
    error = exchange.error
    assert error is not None
    return error.type, error.outcome, error.code


@check(
    "exchange-async",
    since="2026.11",
    cases=each_exchange,
    why="Both clients drive the same generator; one that depends on who drives it is wrong.",
    how="Keep the flow free of I/O, threads and event loops.",
)
def exchange_async(target: Target, case: str) -> int:
    """The async client sends the same requests and ends the same way."""
    exchange = target.exchange(case)
    ended = replay_async(target, exchange)
    _same_requests(exchange, ended)
    same_end(exchange, ended)
    return 1
