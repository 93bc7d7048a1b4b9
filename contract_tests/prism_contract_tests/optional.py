"""Values that an answer may lack by the processor's documentation: `optional` of an exchange."""

from __future__ import annotations

from prism_contract_tests import damage
from prism_contract_tests.check import Failed
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, answers_of
from prism_contract_tests.target import Target
from prism_contract_tests.trials import Judge, Trial, wrong_error
from prism_contract_tests.variations import refusal


def place_of(step: int, path: damage.Path) -> str:
    """Where a value of an answer is in the exchange: `steps[0].response.json.reason`."""
    return f"steps[{step}].response.json{damage.dotted(path).removeprefix('$')}"


def excusing(exchange: Exchange, judge: Judge) -> Judge:
    """The judge of a value that is null or missing. If the value is optional, its absence may mean
    another status, or that a flow refuses the request after a lookup (nothing is captured yet); any
    other error must be the right one all the same."""

    def judged(trial: Trial) -> str | None:
        problem = judge(trial)
        place = place_of(trial.step, trial.damaged.path)
        if problem is None or place not in exchange.optional:
            hint = f' (if that is documented: "optional": {{"{place}": "why"}} in the exchange)'
            return problem and problem + hint * (trial.ended.error is None)
        error = trial.ended.error
        if error is None or refusal(trial.ended) is not None:
            return None
        return wrong_error(trial, error)

    return judged


def must_be_needed(target: Target, exchange: Exchange, judge: Judge) -> None:
    """Raises `Failed` for an optional value that needs no excuse, or has no reason. An exchange
    that was made of an error answer has those of another."""
    if exchange.error_answer is not None:
        return
    needed = {place_of(one.step, one.damaged.path) for one in _lacking(target, exchange, judge)}
    for place, reason in exchange.optional.items():
        if not reason.strip():
            raise Failed(f"optional gives no reason for {place}")
        if place not in needed:
            raise Failed(
                f"optional names {place}, and nothing fails without it: no answer has the value, "
                "or its absence changes nothing; take it out"
            )


def _lacking(target: Target, exchange: Exchange, judge: Judge) -> list[Trial]:
    """The trials of optional values that are null or missing which the judge finds wrong."""
    if not exchange.optional:
        return []
    answers, request, found = answers_of(exchange), exchange.build(), []
    with Desk(target, exchange.account) as desk:
        good = desk.call(exchange.operation, request, answers)
        for step, sent in enumerate(exchange.steps):
            answer = sent.response.answer()
            for damaged in (*damage.nulls(answer), *damage.missing(answer)):
                if place_of(step, damaged.path) in exchange.optional:
                    given = [*answers[:step], damaged.answer, *answers[step + 1 :]]
                    ended = desk.call(exchange.operation, request, given)
                    trial = Trial(exchange, step, good, damaged, ended)
                    found += [trial] if judge(trial) is not None else []
    return found
