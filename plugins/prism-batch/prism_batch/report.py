"""What became of a job, as values: why rows were declined, what differs, the course over time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from prism_batch.items import Job, key_text
from prism_batch.journal import Journal
from prism_batch.tables import OPEN, State, is_one_of, items
from prism_core.errors.details import TryAgain, UnifiedCode, unified_error

_SHOWN, _KINDS = 50, 1000
"""The reasons that are shown, and of which the rows are counted."""
_STATUS = re.compile(r"HTTP \d+$")
_OWN = re.compile(r"""(?<!\w)'[^']*'|"[^"]*"|\S*\d\S*""")
"""What is of one row in a text: what is quoted, and words with a digit."""
_BARS = 60
"""Parts of the time of a job, in its chart."""


@dataclass(frozen=True)
class Reason:
    """Why rows were declined or rejected, or what differs: the code or text, and what to do."""

    state: State
    text: str
    """Of texts that differ only in an id or a number, the most frequent one."""
    texts: int
    """How many these are."""
    count: int
    advice: str


@dataclass(frozen=True)
class Bar:
    """The rows that were first sent in one part of the job's time, by state."""

    seconds: int
    """Since the first row was sent."""
    counts: dict[State, int]


_AGAIN = {
    TryAgain.NEVER: "do not charge this payment method again",
    TryAgain.SOON: "try again in some minutes",
    TryAgain.LATER: "try again in some days",
    TryAgain.WITH_CUSTOMER: "the customer must correct or confirm it first",
}


def reasons(journal: Journal, job: Job) -> tuple[list[Reason], int]:
    """Why rows are not simply done, the most frequent reason first; and the number of rows whose
    reasons are left out, as there are too many."""
    number = func.count()
    found = (
        select(items.c.state, items.c.error, number)
        .where(items.c.job == job.number, ~is_one_of(*OPEN), items.c.error.is_not(None))
        .group_by(items.c.state, items.c.error)
        .order_by(number.desc(), items.c.error)
    )
    made: dict[tuple[str, str], Reason] = {}
    left_out = 0
    with journal.reading() as connection:
        for state, error, count in connection.execution_options(yield_per=1000).execute(found):
            kind = (state, _kind(error))
            if (known := made.get(kind)) is not None:
                texts, together = known.texts + 1, known.count + count
                made[kind] = replace(known, texts=texts, count=together)
            elif len(made) < _KINDS:
                made[kind] = Reason(State(state), error, 1, count, _advice(error))
            else:
                left_out += count
    ordered = sorted(made.values(), key=lambda one: -one.count)
    return ordered[:_SHOWN], left_out + sum(one.count for one in ordered[_SHOWN:])


def _kind(error: str) -> str:
    """An error without the ids and numbers of its last sentence: its class, status and code stay,
    which stand before it."""
    parts = error.split(": ")
    for place, part in enumerate(parts):
        if " " in part and not _STATUS.search(part):
            return ": ".join([*parts[:place], _OWN.sub("*", ": ".join(parts[place:]))])
    return error


def _advice(error: str) -> str:
    if error not in UnifiedCode.__members__:
        return ""
    code = UnifiedCode(error)
    return f"{unified_error(code).user_guidance_message} Dunning: {_AGAIN[code.try_again]}."


def statuses(journal: Journal, job: Job) -> dict[str, int]:
    """The number of rows by the status that the processor reported."""
    number = func.count()
    found = select(items.c.status, number).where(
        items.c.job == job.number, items.c.status.is_not(None)
    )
    with journal.reading() as connection:
        rows = connection.execute(found.group_by(items.c.status).order_by(number.desc()))
        return {str(status): int(count) for status, count in rows}


def course(journal: Journal, job: Job) -> list[Bar]:
    """When the rows were first sent, in at most 60 parts of the time."""
    tried = items.c.first_try.is_not(None)
    span = select(func.min(items.c.first_try), func.max(items.c.first_try))
    with journal.reading() as connection:
        first, last = connection.execute(span.where(items.c.job == job.number, tried)).one()
        if first is None:
            return []
        step = (last - first) // _BARS + 1
        part = (items.c.first_try - first) / step  # whole numbers: both databases cut
        rows = connection.execute(
            select(func.floor(part).label("part"), items.c.state, func.count())
            .where(items.c.job == job.number, tried)
            .group_by("part", items.c.state)
        )
        parts: dict[int, dict[State, int]] = {}
        for number, state, count in rows:
            parts.setdefault(int(number), {})[State(state)] = count
    return [Bar(number * step, parts.get(number, {})) for number in range(max(parts) + 1)]


@dataclass(frozen=True)
class Line:
    """A row of the report: your reference, and the processor's id of what was made."""

    row: int
    reference: str
    state: str
    result: str | None
    status: str | None
    error: str | None
    idempotency_key: str


def lines(journal: Journal, job: Job, *states: State, differing: bool = False) -> Iterator[Line]:
    """The rows of a job in these states (without any, all), read a thousand at a time;
    `differing`: those that are not as they were asked or expected."""
    names = ("row", "reference", "state", "result", "status", "error", "key")
    found = select(*(items.c[name] for name in names)).where(items.c.job == job.number)
    if states:
        found = found.where(is_one_of(*states))
    if differing:
        found = found.where(items.c.error.is_not(None))
    with journal.reading() as connection:
        rows = connection.execution_options(yield_per=1000).execute(found.order_by(items.c.row))
        for row, reference, state, result, status, error, key in rows:
            yield Line(row, reference, state, result, status, error, key_text(bytes(key)))
