"""The values that the parts of a run share: a job, its chunks and rows, and what became of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from prism_batch.tables import State

CANCELLED = "it was cancelled; prism batch cancel --undo lets it go on"
"""Why a cancelled job is halted."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job, as the journal has it."""

    number: int
    id: str
    connector: str
    operation: str
    account: str
    source: str
    rows: int
    rate: float | None
    key_hours: float | None
    created: float
    halted: str | None


@dataclass(slots=True, eq=False)
class Item:
    """A row that is not settled."""

    row: int
    reference: str
    key: bytes
    fields: bytes = field(repr=False)  # personal data
    may_be_done: bool
    """Whether a call of which nobody knows was sent for it, in this run or before."""
    first_try: float | None
    """When its key was first used, if it may be done."""
    chunk: Chunk
    tries: int = 0
    """How many calls of this run had no usable answer."""
    refused: int | None = None
    """The answers to other rows when the credentials were first refused to this one."""
    said: Outcome | None = None
    """What the last call without a usable answer said."""


@dataclass(slots=True, eq=False)
class Chunk:
    """A chunk that this worker owns."""

    number: int
    items: list[Item] = field(default_factory=list)
    left: int = 0
    """How many of its rows this worker has not finished."""
    lost: bool = False
    """Whether another worker has it now."""
    finished: asyncio.Future[None] | None = None
    """Done when it is given back."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row. NEW says that nothing was done and it can be sent again."""

    state: State
    result: str | None = None
    """The processor's id of what was made."""
    status: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the journal says when intents are committed."""

    owned: frozenset[int]
    """The chunks that this worker still owns."""
    halted: str | None
    now: float
    next_slot: float
    rate: float | None


def key_text(key: bytes) -> str:
    """An idempotency key as it is sent: in the form of a UUID."""
    digits = key.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
