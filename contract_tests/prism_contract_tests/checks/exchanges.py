"""Checks of the exchanges: complete, and equal to what the connector sends and returns."""

from __future__ import annotations

from typing import Any

import msgspec

from prism_contract_tests.check import Failed, asks_nobody, check, each_operation, each_written
from prism_contract_tests.differences import differences
from prism_contract_tests.exchange import (
    CORE_FIELDS,
    Exchange,
    ExpectedDecline,
    ExpectedError,
    WireRequest,
    wire_request,
)
from prism_contract_tests.methods import PAID_KINDS, paying_with, taken
from prism_contract_tests.replay import Ended, replay, replay_async
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import attempt, basis, refusal

_PAYMENT_KINDS = ("decline", "pending", "authentication_required")


def shown(value: Any) -> str:
    """A value as indented JSON, for evidence."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


@check(
    "exchanges-complete",
    since="2026.11",
    cases=each_operation,
    why="The kit derives its checks from the exchanges: what none of them shows is not checked.",
    how="Add the missing file in exchanges/<operation>/ (`prism exchanges record` helps), or an "
    "error answer in exchanges/errors.json.",
)
def exchanges_complete(target: Target, case: str) -> int:
    """Every operation has a success, a validation error and an authentication error, as exchanges
    or in the error answers; authorize also has an exchange for each of decline, pending and
    authentication that the connector declares."""
    kinds = {"success"}
    if not asks_nobody(target, case):
        kinds |= {"validation_error", "authentication_error"}
    if case == "authorize":
        kinds |= set(_PAYMENT_KINDS) & set(target.connector.info.outcomes)
    found = target.of(case)
    missing = sorted(kinds - {one.kind for one in found} - {one.shows for one in found})
    if "success" in missing:
        missing = ["success"]  # what the error answers make of it is missing with it
    if missing:
        waits = "success" in missing and any(one.kind in _PAYMENT_KINDS[1:] for one in found)
        hint = "; if nothing better can come, the one that waits is the success" * waits
        raise Failed(f"{case} has no exchange of kind {', '.join(missing)}{hint}")
    shown_methods = _missing_methods(target, case)
    if shown_methods:
        raise Failed(f"{case} has no exchange {', none '.join(shown_methods)}")
    return len(kinds)


def _missing_methods(target: Target, operation: str) -> list[str]:
    """The ways to pay that no exchange of an operation shows, which is no failure."""
    missing: list[str] = []
    if operation == "create_order":
        order = basis(target, operation)
        for hosted in (True, False):
            takes = refusal(attempt(target, order, {"hosted": hosted})) is None
            have = (one.request.get("hosted", True) for one in target.of(operation, "success"))
            if takes and hosted not in have:
                missing.append(f"with hosted={hosted}, which is taken")
    if "payment_method" not in target.sends(operation):
        return missing
    for kind in taken(target, operation):
        if next(paying_with(target, operation, kind), None) is None:
            missing.append(f"that pays with {kind.__name__}")
    if operation == "authorize":
        types = target.connector.info.payment_method_types
        named = {_type_of(one) for one in target.exchanges if one.kind in PAID_KINDS}
        missing += (f"with Redirect({one})" for one in types if one not in named)
    if operation == "setup_recurring" and "payment_method" not in (
        target.connector.info.needs.get(operation, ())
    ):
        known = target.of(operation)
        if all(one.request.get("payment_method") for one in known if one.kind in PAID_KINDS):
            missing.append("without a payment method: say so in info.needs if there is no page")
    return missing


def _type_of(exchange: Exchange) -> str | None:
    method = exchange.request.get("payment_method") or {}
    return method.get("payment_method_type") if method.get("type") == "redirect" else None


@check(
    "exchange-request",
    since="2026.11",
    cases=each_written,
    where=each_operation,
    why="A wrong HTTP request moves the wrong money, or is refused when it matters most.",
    how="The evidence names each path that differs. Correct the connector, or the exchange if the "
    "documentation says so.",
)
def exchange_request(target: Target, case: str) -> int:
    """For an exchange's request, the connector sends exactly the HTTP requests of the exchange."""
    exchange = target.exchange(case)
    ended = replay(target, exchange)
    _same_requests(exchange, ended)
    return len(exchange.steps) + len(exchange.grants)


def _same_requests(exchange: Exchange, ended: Ended) -> None:
    got = same_number(exchange, ended)
    steps = [*exchange.grants, *exchange.steps]
    for place, step, request in zip(_places(exchange), steps, got, strict=True):
        asked = [name for name in step.request.headers if name in request.headers]
        headers = {name: request.headers[name] for name in asked}
        seen = msgspec.structs.replace(request, headers=headers)
        found = differences(_given(step.request), _given(seen), place)
        if found:
            raise Failed(
                "the wire request is another than the exchange's",
                Evidence(expected=shown(step.request), got=shown(seen), differences=found),
            )


def same_number(exchange: Exchange, ended: Ended) -> list[WireRequest]:
    """The requests that were made; raises unless they are as many as the exchange has."""
    granted = [wire_request(one) for one in ended.tape.granted] if exchange.grants else []
    got: list[WireRequest] = [*granted, *ended.tape.wire]
    wanted = len(exchange.grants) + len(exchange.steps)
    if len(got) != wanted:
        said = f"{len(got)} requests were made, and the exchange has {wanted}"
        raise Failed(said, Evidence(got=ended.said()))
    return got


def _places(exchange: Exchange) -> list[str]:
    """The place of each request in the exchange's file; empty if there is only one."""
    lists = {"grants": exchange.grants, "steps": exchange.steps}
    found = [f"{name}[{at}].request" for name, steps in lists.items() for at in range(len(steps))]
    return [""] if len(found) == 1 else found


def _given(value: msgspec.Struct) -> dict[str, Any]:
    """The value as a file has it: without a body or code that is None."""
    return {name: one for name, one in msgspec.to_builtins(value).items() if one is not None}


@check(
    "exchange-result",
    since="2026.11",
    cases=each_written,
    where=each_operation,
    why="An application acts on the result: with a wrong status it ships goods without payment.",
    how="The evidence names each field that differs.",
)
def exchange_result(target: Target, case: str) -> int:
    """For an exchange's answers, the connector returns exactly its result or raises exactly its
    error."""
    exchange = target.exchange(case)
    ended = replay(target, exchange)
    same_end(exchange, ended)
    return 1


def same_end(exchange: Exchange, ended: Ended) -> None:
    """Raises unless the call ended as in the exchange: same fields, or same error and outcome."""
    evidence = Evidence(response=shown([step.response for step in exchange.steps]))
    if exchange.error is not None:
        evidence.expected, evidence.got = shown(exchange.error), ended.said()
        if ended.error is not None:
            evidence.differences = differences(_given(exchange.error), _given(_facts(ended)))
        if ended.error is None or evidence.differences:
            raise Failed(
                f"the call ended otherwise than the exchange says{_error_of(ended)}", evidence
            )
        return
    if exchange.decline is not None:
        _same_decline(exchange.decline, ended, evidence)
        return
    if ended.result is None:
        evidence.got = ended.said()
        raise Failed("the exchange has a result, and the call raised an error", evidence)
    got, wanted = plain(ended.result.to_dict()), plain(exchange.result)
    named = {name: one for name, one in got.items() if name in wanted or not _may_lack(name, one)}
    evidence.differences = differences(wanted, named)
    if evidence.differences:
        evidence.expected, evidence.got = shown(exchange.result), shown(got)
        raise Failed("the result is another than the exchange's", evidence)


def _may_lack(name: str, value: Any) -> bool:
    """Whether an exchange need not say it: nothing, or the id that the core makes for an event."""
    made = name == "connector_event_id" and str(value).startswith("prism-")
    return made or value in ([], False)


def _same_decline(wanted: ExpectedDecline, ended: Ended, evidence: Evidence) -> None:
    about = getattr(ended.result, "payment", None) or ended.result  # an event is about a payment
    error = getattr(about, "error", None)
    unified = error.unified.code.value if error is not None and error.unified is not None else ""
    code = error.connector.code if error is not None and error.connector is not None else ""
    got = ExpectedDecline(unified=unified, code=code or "")
    evidence.expected, evidence.got = shown(wanted), ended.said()
    evidence.differences = differences(_given(wanted), _given(got))
    if evidence.differences:
        raise Failed(f"the call ended otherwise than as that decline{_error_of(ended)}", evidence)


def _error_of(ended: Ended) -> str:
    """The error of a call, as the end of a message."""
    return "" if ended.error is None else f": {ended.said()}"


def plain(value: Any) -> Any:
    """A result as JSON, without None and without the core's own fields, at every level (an event
    holds a payment)."""
    if isinstance(value, dict):
        kept = {name: one for name, one in value.items() if name not in CORE_FIELDS}
        return {name: plain(one) for name, one in kept.items() if one is not None}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _facts(ended: Ended) -> ExpectedError:
    details = getattr(ended.error, "details", None)
    code = details.connector.code if details is not None and details.connector else None
    outcome: Any = str(getattr(ended.error, "outcome", ""))
    return ExpectedError(type=type(ended.error).__name__, outcome=outcome, code=code)


@check(
    "exchange-async",
    since="2026.11",
    cases=each_written,
    where=each_operation,
    why="Both clients run the same generator. If the results differ, the flow depends on the "
    "client that runs it.",
    how="Keep the flow free of I/O, threads and event loops.",
)
def exchange_async(target: Target, case: str) -> int:
    """The async client sends the same requests and has the same result."""
    exchange = target.exchange(case)
    ended = replay_async(target, exchange)
    _same_requests(exchange, ended)
    same_end(exchange, ended)
    return 1


def _error_cases(target: Target) -> list[str]:
    return [one.name for one in target.exchanges if one.error_answer is not None]


@check(
    "error-answers",
    since="2026.11",
    cases=_error_cases,
    why="A processor gives the same error answer for many operations. If one operation reads it "
    "wrongly, the caller is told that nothing was done, or that all went well.",
    how="Read errors only in parse_error, and let them pass through every flow. If an answer "
    "cannot occur for every operation, list its operations in exchanges/errors.json.",
)
def error_answers(target: Target, case: str) -> int:
    """Each answer of exchanges/errors.json, given in place of the success of each operation where
    it can occur, ends in the error or decline that it declares, with both clients; after a change,
    the outcome of an error is unknown."""
    exchange = target.exchange(case)
    for ended in (replay(target, exchange), replay_async(target, exchange)):
        _same_requests(exchange, ended)
        same_end(_after_change(exchange, ended), ended)
    return 2


def _after_change(exchange: Exchange, ended: Ended) -> Exchange:
    """The exchange with the outcome unknown if something was changed before the refused request."""
    last, error = ended.tape.everything[-1], exchange.error
    done = [one for one in ended.tape.seen if one.changes and one.url != last.url]
    if error is None or error.outcome != "rejected" or not done:
        return exchange
    unknown = msgspec.structs.replace(error, outcome="unknown")
    return msgspec.structs.replace(exchange, error=unknown)
