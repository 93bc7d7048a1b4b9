"""What is written of rows: the intent to send one, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, update

from prism_batch.items import Item, Job, Outcome
from prism_batch.tables import OPEN, State, is_one_of, items
from prism_core.cli.show import harmless

INTEND = (
    update(items)
    .where(
        items.c.job == bindparam("of_job"),
        items.c.row == bindparam("of_row"),
        is_one_of(*OPEN),
    )
    .values(
        state=State.SENT.value,
        tries=items.c.tries + 1,
        first_try=func.coalesce(items.c.first_try, bindparam("at")),
    )
)
_WRITE = (
    update(items)
    .where(items.c.job == bindparam("of_job"), items.c.row == bindparam("of_row"))
    .values(
        state=bindparam("to"),
        result=bindparam("id"),
        status=bindparam("as_status"),
        error=bindparam("why"),
    )
)
_RETURN = _WRITE.where(is_one_of(*OPEN, State.UNKNOWN))
_FORGET = _WRITE.where(is_one_of(*OPEN)).values(first_try=None)
"""Nothing was done: the age of its key begins with the next call."""
_SETTLE = _RETURN.values(fields=None)
_DO = _WRITE.where(items.c.state != State.DONE.value).values(fields=None)
"""Nothing is truer than that a row was done, whoever says it."""
_STATEMENTS = {
    State.NEW: _FORGET,
    State.UNKNOWN: _RETURN,
    State.DONE: _DO,
    State.DECLINED: _SETTLE,
    State.REJECTED: _SETTLE,
}


def by_statement(
    job: Job, owned: frozenset[int], outcomes: Sequence[tuple[Item, Outcome]]
) -> dict[Any, list[dict[str, Any]]]:
    """The values of the outcomes that may be written, by the statement that writes them."""
    found: dict[Any, list[dict[str, Any]]] = {}
    for item, outcome in outcomes:
        if outcome.state is not State.DONE and item.chunk.number not in owned:
            continue
        found.setdefault(_STATEMENTS[outcome.state], []).append(
            {
                "of_job": job.number,
                "of_row": item.row,
                "to": outcome.state.value,
                "id": outcome.result,
                "as_status": outcome.status,
                "why": None if outcome.error is None else harmless(outcome.error),
            }
        )
    return found
