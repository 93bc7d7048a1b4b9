"""Check of statuses that no connector knows: they are not final."""

from __future__ import annotations

import re

from prism_contract_tests.check import Failed, changes_something, check
from prism_contract_tests.checks.exchanges import shown
from prism_contract_tests.checks.outcomes import (
    UNKNOWN,
    evidence,
    found_nothing,
    has_status,
    monies,
)
from prism_contract_tests.damage import Damaged, Path, dotted, edited, json_of, leaves, unheard
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.unread import damaged_calls
from prism_core import (
    Mandate,
)
from prism_core.connector.operations import result_type
from prism_core.schema.money import EXPONENTS


def _says_something(exchange: Exchange) -> bool:
    """Whether the last answer has a body: a 204 has none. A lookup before it decides nothing."""
    return any(step.response.body() not in (b"", b"null") for step in exchange.steps[-1:])


def _successes(target: Target) -> list[str]:
    return [
        one.name
        for one in target.exchanges
        if one.kind == "success" and has_status(one.operation) and _says_something(one)
    ]


def _telling(target: Target) -> list[str]:
    """The operations whose answers always have a status; others may only acknowledge."""
    known = ("authorize", "get_payment", "get_refund", "get_mandate")
    return [name for name in target.operations if name in known]


@check(
    "unknown-status",
    since="2026.11",
    cases=_successes,
    where=_telling,
    wants="add a success whose answer has a body",
    why="Processors add statuses without notice. Read as a success, a new one ships goods without "
    "payment; read as a failure, it charges twice.",
    how="Look the status up in a table, with PaymentStatus.UNRESOLVED for all others. If by "
    "the documentation the answer to a change has no status (an acknowledgement with an id), say "
    'so in the exchange: `"no_status": "why"`. Where a word decides, that is red.',
)
def unknown_status(target: Target, case: str) -> int:
    """An unknown status (a text or a number) becomes UNRESOLVED (for a refund REFUND_MANUAL_REVIEW,
    for a mandate MANDATE_PENDING) or a MalformedResponse, never another status; some word decides,
    unless the exchange declares that the answers have no status."""
    exchange = target.exchange(case)
    tried, deciding = 0, set()
    with Desk(target, exchange.account, keeps_token=True) as desk:
        good = desk.call(exchange.operation, exchange.build(), answers_of(exchange))
        for step, damaged, ended in damaged_calls(target, desk, exchange, good, unheard):
            tried += 1
            _not_taken(exchange.operation, good, damaged, ended)
            if (step, damaged.path) in deciding and ended.status == good.status:
                raise Failed(
                    f"with {damaged.label}, it stays {good.status}: another word is taken for it",
                    evidence(damaged.answer, ended, "UNRESOLVED, or MalformedResponse"),
                )
            if _reads_status(exchange, good, damaged, ended):
                deciding.add((step, damaged.path))
    if exchange.no_status is not None:
        _must_have_none(exchange, [path for _, path in deciding])
    elif not deciding and not _decided_by_boolean(target, exchange, good):
        raise Failed(
            "no word of the answer decides the status: replaced by an unknown one, each leaves "
            f"it at {good.status}; if the documentation has none here, say no_status",
            Evidence(response=shown(exchange.steps[-1].response), got=good.said()),
        )
    return tried


def _decided_by_boolean(target: Target, exchange: Exchange, good: Ended) -> bool:
    """Whether a boolean of the answers decides the status: it has no unknown value."""
    answers = answers_of(exchange)
    with Desk(target, exchange.account) as desk:
        for index, step in enumerate(exchange.steps):
            answer = step.response.answer()
            for path, value in leaves(json_of(answer)):
                if isinstance(value, bool):
                    other = edited(answer, path, not value, str(not value)).answer
                    given = [*answers[:index], other, *answers[index + 1 :]]
                    ended = desk.call(exchange.operation, exchange.build(), given)
                    if ended.error is None and ended.status != good.status:
                        return True
    return False


def _must_have_none(exchange: Exchange, deciding: list[Path]) -> None:
    """Raises `Failed` for a declaration that the answers have no status if it is not true."""
    if not (exchange.no_status or "").strip():
        raise Failed("no_status gives no reason")
    is_mandate = result_type(exchange.operation) is Mandate  # one that is found may be active
    if not (is_mandate or changes_something(exchange.operation)):
        raise Failed(f"{exchange.operation} asks for the status, and no_status says there is none")
    if deciding:
        raise Failed(f"no_status is given, and {dotted(deciding[0])} decides the status")


def _not_taken(operation: str, good: Ended, damaged: Damaged, ended: Ended) -> None:
    if found_nothing(ended) and any(isinstance(part, int) for part in damaged.path):
        return
    true = ended.lost(operation)
    wanted = f"UNRESOLVED, or MalformedResponse with outcome {true}"
    if ended.error is not None and ended.error.outcome != true:
        raise Failed(
            f"with {damaged.label}, the call says that nothing was done",
            evidence(damaged.answer, ended, wanted),
        )
    by_amount = isinstance(damaged.value, int) and monies(ended.result) != monies(good.result)
    if ended.error is None and ended.status not in (good.status, *UNKNOWN) and not by_amount:
        raise Failed(
            f"with {damaged.label}, {good.status} becomes {ended.status}",
            evidence(damaged.answer, ended, wanted),
        )


_DATE = re.compile(r"\d{4}-\d\d.*")


def _reads_status(exchange: Exchange, good: Ended, damaged: Damaged, ended: Ended) -> bool:
    """Whether this value is a status: not a currency, a date or an id of the request, which are
    refused for other reasons."""
    if ended.error is None:
        return ended.status in UNKNOWN and good.status not in UNKNOWN
    found = [
        value
        for step in exchange.steps
        for path, value in leaves(json_of(step.response.answer()))
        if path == damaged.path
    ]
    words = [one for one in found if isinstance(one, str)]
    asked = [*exchange.request.values()]
    return not any(
        _DATE.fullmatch(word) or word.upper() in EXPONENTS or word in asked for word in words
    )
