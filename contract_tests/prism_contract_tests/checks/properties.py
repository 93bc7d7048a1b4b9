"""Checks with random requests: any valid request is sent completely or refused."""

from __future__ import annotations

from typing import Any

import msgspec

from prism_contract_tests.check import Failed, check, each_mutation
from prism_contract_tests.damage import edited, json_of, leaves
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.methods import PAID_KINDS, taken
from prism_contract_tests.on_wire import texts
from prism_contract_tests.random_requests import Chance, requests
from prism_contract_tests.replay import Ended, answers_of, call
from prism_contract_tests.report import Evidence
from prism_contract_tests.showing import masked
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_core import ConnectorBug, InvalidRequest
from prism_core.connector.operations import request_type

EXAMPLES, THOROUGH_EXAMPLES = 40, 400
"""The number of requests tried for an operation; the same ones each time."""
_CHOSEN = ("capture_method", "setup_future_usage", "reason")
_METHOD_PARTS = ("type", "payment_method_type")


@check(
    "property-requests",
    since="2026.11",
    cases=each_mutation,
    why="People enter names, ids and amounts: the first apostrophe, emoji or long id in "
    "production must not be what finds the mistake.",
    how="The evidence is the smallest request that shows the mistake. Refuse with InvalidRequest, "
    "before the first yield, what the processor cannot accept.",
)
def property_requests(target: Target, case: str) -> int:
    """Any request that the schema allows ends in a result, a PrismError, or a refusal with nothing
    changed; what is sent has the caller's id unchanged."""
    if target.success(case) is None:
        raise Failed(f"{case} has no success to derive requests from")
    has_method = "payment_method" in request_type(case).__struct_fields__
    methods = taken(target, case) if has_method else ()
    make, chance = requests(request_type(case), target.sends(case), methods), Chance()
    examples = THOROUGH_EXAMPLES if target.thorough else EXAMPLES
    for _ in range(examples):
        request = make(chance)
        failure = _failure(target, case, request)
        if failure is not None:
            raise _smaller(target, case, request, failure)
    return examples


def _failure(target: Target, operation: str, request: Any) -> Failed | None:
    """What is wrong with how this request ends, with the answers of the exchange that fits it. If
    the call takes other steps than that exchange, those of another may be the answers to it."""
    first = None
    for exchange in _most_alike(target, operation, request):
        try:
            answers = _fitting(exchange, request)
            ended = call(target, operation, request, answers, exchange.account)
        except Failed as failure:
            return failure
        problem = _problem(ended, request, request.reference_field in target.sends(operation))
        if problem is None:
            return None
        evidence = Evidence(request=shown(request), got=ended.said())
        first = first or Failed(problem, evidence)
        if isinstance(ended.error, ConnectorBug) or _takes_steps_of(ended, exchange):
            break
    return first


def _most_alike(target: Target, operation: str, request: Any) -> list[Exchange]:
    """The exchanges that are no failures, those first that have the same class and type of payment
    method, and then those that give the same fields and choices."""
    found = [one for kind in PAID_KINDS for one in target.of(operation, kind)]
    now = _shape(masked(request))
    plain = target.success(operation)

    def unlike(exchange: Exchange) -> tuple[int, int, bool]:
        differs = _shape(exchange.request) ^ now
        method = [one for one in differs if one[0] == "payment_method"]
        return len(method), len(differs), exchange is not plain

    return sorted(found, key=unlike)


def _shape(request: dict[str, Any]) -> set[tuple[str, object]]:
    """The fields that are given, with what was chosen where there is a choice."""
    method = request.get("payment_method") or {}
    chosen = {
        name: one for name, one in request.items() if isinstance(one, bool) or name in _CHOSEN
    }
    return {
        *((name, None) for name, one in request.items() if one is not None),
        *((name, str(one)) for name, one in chosen.items()),
        *(("payment_method", f"{part}={method.get(part)}") for part in _METHOD_PARTS),
    }


def _takes_steps_of(ended: Ended, exchange: Exchange) -> bool:
    """Whether a call sent as many requests as the exchange has, to paths of the same form."""
    sent = [(one.method, one.path.count("/")) for one in ended.tape.wire]
    steps = [(one.request.method, one.request.path.count("/")) for one in exchange.steps]
    return sent == steps


def _fitting(exchange: Exchange, request: Any) -> list[Answer]:
    """The exchange's answers. Those before the last (a lookup before the change) are about what
    this request is about, and not about what the exchange's was."""
    then, now = exchange.request, masked(request)
    other = {then[name]: now[name] for name in then if name in now and name.endswith("_id")}
    if "amount" in then and "amount" in now:
        old, new = then["amount"]["currency"], now["amount"]["currency"]
        other |= {old: new, old.lower(): new.lower()}
    answers: list[Answer] = []
    for step in exchange.steps[:-1]:
        answer = step.response.answer()
        for path, value in leaves(json_of(answer)):
            if isinstance(value, str) and value in other:
                answer = edited(answer, path, other[value], "fitting").answer
        answers.append(answer)
    return [*answers, *answers_of(exchange)[-1:]]


def _problem(ended: Ended, request: Any, sends_own_id: bool) -> str | None:
    sent = bool(ended.tape.seen)
    if isinstance(ended.error, ConnectorBug):
        return "a request that the schema allows makes the connector itself fail"
    if isinstance(ended.error, InvalidRequest) and any(one.changes for one in ended.tape.seen):
        return "it was refused after something had been changed"
    if ended.error is None and not sent:
        return "it came to a result with nothing sent"
    own_id = request.reference if sends_own_id else None  # else `not_sent` names it
    if sent and not (_has_only_looked(ended) or _carries(ended, own_id)):
        return "what was sent does not carry the caller's id as it was given"
    return None


def _has_only_looked(ended: Ended) -> bool:
    """Whether the call ended with a lookup: its answer is the exchange's, and so about another
    payment or customer than this request."""
    return ended.error is not None and not any(one.changes for one in ended.tape.seen)


def _smaller(target: Target, operation: str, request: Any, failure: Failed) -> Failed:
    """The failure with every field left out that it does not need."""
    for field in msgspec.structs.fields(request):
        has_default = field.default is not msgspec.NODEFAULT
        if has_default and getattr(request, field.name) != field.default:
            without = msgspec.structs.replace(request, **{field.name: field.default})
            still = _failure(target, operation, without)
            if still is not None and still.message == failure.message:
                request, failure = without, still
    return failure


def _carries(ended: Ended, reference: str | None) -> bool:
    return reference is None or any(reference in text for text in texts(ended.tape.seen))


def shown(request: Any) -> str:
    """A made-up request as it is: nothing in it is anybody's, but secrets stay masked."""
    return "\n".join(f"{name} = {value!r}" for name, value in masked(request).items())
