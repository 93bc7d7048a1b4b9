"""Checks with damaged answers: each must end in the right typed error."""

from __future__ import annotations

from urllib.parse import urlsplit

from prism_contract_tests import damage
from prism_contract_tests.check import (
    Failed,
    changes_something,
    check,
    each_mutation,
    each_operation,
)
from prism_contract_tests.checks.outcomes import FAILED, WAITING, evidence, monies
from prism_contract_tests.optional import excusing, must_be_needed
from prism_contract_tests.replay import Desk, answers_of
from prism_contract_tests.target import Target
from prism_contract_tests.trials import Trial, try_all, wrong_error
from prism_core import (
    AuthenticationError,
    HttpResponse,
    MalformedResponse,
    NotFound,
    PrismError,
    RateLimited,
    Unavailable,
)

_HOW = (
    "Decode answers with account.decode into Structs in which the fields that decide about the "
    "status are required; it raises MalformedResponse for other answers."
)
_LACKING = (
    f"{_HOW} If the documentation says what the absence of a value means, name the value in the "
    'exchange, with a reason: `"optional": {"steps[0].response.json.captured_at": "null until it '
    'is captured"}`. It must be needed: without it, this check or the other one fails.'
)


def _damageable(target: Target) -> list[str]:
    return [one.name for one in target.exchanges if one.kind in ("success", "decline")]


@check(
    "fault-statuses",
    since="2026.11",
    cases=_damageable,
    where=each_operation,
    why="Every proxy sets the status correctly, and after a 5xx a payment may exist that nobody "
    "knows of.",
    how="Return None from parse_error for a body that is not in the processor's own format, so "
    "that the status decides; never make a success of it in a flow.",
)
def fault_statuses(target: Target, case: str) -> int:
    """Every 4xx and 5xx, with any body, ends in an error or a decline. After a request that changes
    something, the outcome is unknown for a 5xx, a 408, and an answer that is not in the processor's
    own format."""
    wanted = "the error of its status"
    return try_all(target, case, damage.statuses, _after_error_status, wanted, sampled=True)


_BY_STATUS: dict[int, type[PrismError]] = {401: AuthenticationError, 429: RateLimited}


def _after_error_status(trial: Trial) -> str | None:
    error, open_end = trial.ended.error, trial.status >= 500 or trial.status == 408
    if error is None:
        allowed = WAITING if open_end else WAITING | FAILED
        said = trial.ended.status
        return None if said in allowed else f"the call ends with a result that says {said}"
    problem = wrong_error(trial, error)
    if problem is not None:
        return problem
    if open_end and error.outcome != trial.lost:
        return f"the outcome is {error.outcome}, and {trial.lost} is true"
    wanted = Unavailable if trial.status >= 500 else _BY_STATUS.get(trial.status)
    foreign = trial.damaged.answer.body in damage.FOREIGN.values()
    if foreign and wanted is not None and not isinstance(error, wanted):
        return f"the error is a {type(error).__name__}, not {wanted.__name__}"
    changing = any(request.changes for request in trial.ended.tape.seen[trial.step :])
    if foreign and changing and error.outcome != "unknown":
        return f"the outcome is {error.outcome}, and who refused is not known: no processor's words"
    return None


def _refused(target: Target) -> list[str]:
    """The error exchanges of operations that change something, if the processor takes keys."""
    if not target.connector.info.account.honours_keys():
        return []
    found = [one for one in target.representative if one.kind == "validation_error" and one.steps]
    return [one.name for one in found if changes_something(one.operation)]


def _keyed(target: Target) -> list[str]:
    return each_mutation(target) if target.connector.info.account.honours_keys() else []


@check(
    "conflict-unknown",
    since="2026.11",
    cases=_refused,
    where=_keyed,
    wants="add an error answer of the processor: an exchange of kind validation_error with steps",
    why="A processor answers 409 if a key was used before with other parameters, or if its first "
    "request still runs: that request may have charged.",
    how="Leave ErrorAnswer.unknown at None; set it to False only for codes for which the "
    "documentation says that nothing was done.",
)
def conflict_unknown(target: Target, case: str) -> int:
    """A 409 to a request that changes something, in the processor's own format but with an unknown
    code, does not prove that nothing was done."""
    exchange = target.exchange(case)
    *before, last = answers_of(exchange)
    assert isinstance(last, HttpResponse)
    conflict = HttpResponse(409, last.headers, last.body)
    for path, word in damage.leaves(damage.json_of(last)):
        if isinstance(word, str):
            conflict = damage.edited(conflict, path, damage.UNHEARD, "another").answer
    with Desk(target, exchange.account) as desk:
        ended = desk.call(exchange.operation, exchange.build(), [*before, conflict])
    changing = ended.tape.seen[-1].changes
    if changing and (ended.error is None or ended.error.outcome != "unknown"):
        raise Failed(
            "a 409 is taken for a refusal that did nothing", evidence(conflict, ended, "unknown")
        )
    return 1


@check(
    "fault-bodies",
    since="2026.11",
    cases=_damageable,
    where=each_operation,
    why="Proxies answer with HTML and connections break in the middle, but the payment exists all "
    "the same.",
    how=_HOW,
)
def fault_bodies(target: Target, case: str) -> int:
    """A body that is empty, HTML, cut off, deeply nested, doubled or no text ends in
    MalformedResponse or another typed error, never in a success or a failure."""
    operation = target.exchange(case).operation
    steps = (step for one in target.of(operation) for step in one.steps)
    documents_204 = any(step.response.status == 204 for step in steps)

    def judge(trial: Trial) -> str | None:
        """A 204 is a valid answer if an exchange shows it."""
        return None if documents_204 and trial.status == 204 else _after_garbage(trial)

    tried = try_all(target, case, damage.bodies, judge, sampled=True)
    return tried + try_all(target, case, damage.no_content, judge)


def _after_garbage(trial: Trial) -> str | None:
    error = trial.ended.error
    if error is not None:
        return wrong_error(trial, error)
    if trial.status >= 400 and trial.ended.status in FAILED:
        return None
    return f"the call ends with a result that says {trial.ended.status}"


def _after_damaged_field(trial: Trial) -> str | None:
    """Allowed: the same status, one that is not final and claims nothing, or a typed error."""
    error, was, now = trial.ended.error, trial.good.status, trial.ended.status
    if isinstance(error, NotFound) and isinstance(trial.damaged.path[-1], int):
        return None  # a search that found nothing
    if error is not None:
        return wrong_error(trial, error)
    if now == was or now in WAITING:
        return None
    value = trial.damaged.value  # another number is another amount, which the result must show
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    shown = is_number and monies(trial.ended.result) != monies(trial.good.result)
    return None if shown else f"{was or 'an error'} becomes {now}"


@check(
    "fault-wrong-types",
    since="2026.11",
    cases=_damageable,
    where=each_operation,
    why="The processor's next release may send a number instead of a text. A connector that "
    "guesses then reports payments as settled that are not.",
    how=_HOW,
)
def fault_wrong_types(target: Target, case: str) -> int:
    """A field with a value of another type never gives another status, or an exception without a
    type."""
    return try_all(target, case, damage.wrong_types, _after_damaged_field, sampled=True)


@check(
    "fault-missing",
    since="2026.11",
    cases=_damageable,
    where=each_operation,
    why='A missing field says nothing; read as "no" or zero, it decides about money.',
    how=_LACKING,
)
def fault_missing(target: Target, case: str) -> int:
    """A missing field, at any level, never gives another status, or an exception without a type,
    unless the exchange declares that the field is optional."""
    judge = excusing(target.exchange(case), _after_damaged_field)
    return try_all(target, case, damage.missing, judge, sampled=True)


@check(
    "fault-nulls",
    since="2026.11",
    cases=_damageable,
    where=each_operation,
    why="Many processors answer null while they do not know the value yet.",
    how=_LACKING,
)
def fault_nulls(target: Target, case: str) -> int:
    """A null, at any level, never gives another status, or an exception without a type, unless the
    exchange declares that the value is optional, which must be needed."""
    exchange = target.exchange(case)
    must_be_needed(target, exchange, _after_damaged_field)
    judge = excusing(exchange, _after_damaged_field)
    return try_all(target, case, damage.nulls, judge, sampled=True)


@check(
    "fault-redirect",
    since="2026.11",
    cases=_damageable,
    where=each_operation,
    why="An attacker who can redirect a payment gets the card number and the credentials.",
    how="Let the MalformedResponse that the core raises for a redirect pass through the flow.",
)
def fault_redirect(target: Target, case: str) -> int:
    """A redirect ends in MalformedResponse with outcome unknown, and nothing more is sent."""
    return try_all(target, case, damage.redirects, _after_redirect, "MalformedResponse (unknown)")


def _after_redirect(trial: Trial) -> str | None:
    sent = trial.ended.tape.seen
    if len(sent) != trial.step + 1:
        return f"{len(sent)} requests were sent, not {trial.step + 1}"
    if any(urlsplit(request.url).netloc in damage.ELSEWHERE for request in sent):
        return "a request was sent elsewhere"
    error = trial.ended.error
    if not isinstance(error, MalformedResponse):
        return "it does not end in MalformedResponse"
    return wrong_error(trial, error)
