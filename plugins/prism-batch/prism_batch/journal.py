"""The journal: what a run reads from its database and writes there. A method is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select, update

from prism_batch.databases import open_engine
from prism_batch.items import CANCELLED, Chunk, Item, Job, Outcome, Verdict
from prism_batch.overlaps import refuse_doubles
from prism_batch.problems import InvalidInput
from prism_batch.schema import make_tables
from prism_batch.statements import INTEND, by_statement
from prism_batch.tables import OPEN, State, chunks, clock, is_one_of, items, jobs
from prism_core import ConfigurationError

LEASE = 30.0
"""Seconds for which a worker has a chunk without renewing it."""

_JOB = [jobs.c[name] for name in Job.__slots__]


class Journal:
    """A journal, which is made if there is none; with `is_new=False`, only an old one is opened.
    Its methods raise SQLAlchemy's `DBAPIError` if the database fails."""

    def __init__(self, url: str, *, is_new: bool = True) -> None:
        self.engine = open_engine(url, is_new=is_new)
        try:
            make_tables(self.engine)
        except ConfigurationError:
            self.close()
            raise

    def close(self) -> None:
        """Closes its connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads, and makes no writer wait."""
        with self.engine.connect().execution_options(prism_reads=True) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes."""
        with self.engine.begin() as connection:
            yield connection

    def jobs(self) -> list[Job]:
        """All jobs, the newest first."""
        with self.reading() as connection:
            found = connection.execute(select(*_JOB).order_by(jobs.c.number.desc()))
            return [Job(*row) for row in found]

    def job(self, name: str) -> Job:
        """The job whose id begins so. Raises `InvalidInput`."""
        found = [job for job in self.jobs() if job.id.startswith(name)]
        if len(found) != 1:
            known = ", ".join(job.id for job in found or self.jobs()[:5]) or "none"
            problem = "several jobs begin" if found else "no job of this journal begins"
            raise InvalidInput(f"{problem} with {name!r}; there are: {known}")
        return found[0]

    def with_id(self, name: str) -> Job | None:
        """The job with this id, if there is one."""
        with self.reading() as connection:
            row = connection.execute(select(*_JOB).where(jobs.c.id == name)).one_or_none()
            return None if row is None else Job(*row)

    def halt(self, job: Job, reason: str) -> None:
        """Says why nothing more may be sent. That it was cancelled stays."""
        this = and_(jobs.c.number == job.number, func.coalesce(jobs.c.halted, "") != CANCELLED)
        with self.writing() as connection:
            connection.execute(update(jobs).where(this).values(halted=reason))

    def release(self, job: Job) -> None:
        """Lets a job go on, unless another reason has come meanwhile."""
        this = and_(jobs.c.number == job.number, jobs.c.halted == job.halted)
        with self.writing() as connection:
            if job.halted == CANCELLED:
                refuse_doubles(connection, job.number, job.connector, job.operation)
            connection.execute(update(jobs).where(this).values(halted=None))

    def owners(self, job: Job) -> set[str]:
        """The workers that have chunks of a job."""
        with self.reading() as connection:
            found = select(chunks.c.owner).distinct().where(chunks.c.job == job.number)
            return {owner for (owner,) in connection.execute(found) if owner is not None}

    def free(self, job: Job, dead: Iterable[str] = ()) -> list[int]:
        """The chunks that have open rows and no living owner."""
        with self.reading() as connection:
            found = select(chunks.c.number).where(chunks.c.job == job.number, _is_free(dead))
            return [number for (number,) in connection.execute(found.order_by(chunks.c.number))]

    def claim(
        self,
        job: Job,
        owner: str,
        number: int | None = None,
        dead: Iterable[str] = (),
        held: Iterable[int] = (),
    ) -> Chunk | None:
        """Takes a chunk that is free: this one, or the next; None if there is none. A chunk of this
        worker that it does not hold is free: the answer to an earlier claim was lost."""
        forgotten = and_(chunks.c.owner == owner, chunks.c.number.not_in(list(held)))
        free = or_(_is_free(dead), and_(chunks.c.open > 0, forgotten))
        wanted = select(chunks.c.number).where(chunks.c.job == job.number, free)
        if number is not None:
            wanted = wanted.where(chunks.c.number == number)
        wanted = wanted.order_by(chunks.c.number).limit(1).with_for_update(skip_locked=True)
        taken = (
            update(chunks)
            .where(chunks.c.job == job.number, chunks.c.number == wanted.scalar_subquery())
            .values(owner=owner, lease=clock() + LEASE)
            .returning(chunks.c.number, chunks.c.first, chunks.c.last)
        )
        with self.writing() as connection:
            row = connection.execute(taken).one_or_none()
            return None if row is None else _with_items(connection, job, *row)

    def commit(
        self,
        job: Job,
        owner: str,
        intents: Sequence[Item],
        outcomes: Sequence[tuple[Item, Outcome]],
    ) -> Verdict:
        """Writes that rows are about to be sent, and what became of others. Of chunks that another
        worker has now, only that rows were done: what it does counts from then on. No intent is
        written if the job is halted. Outcomes come first: a row that can be sent again, and is,
        must end as sent."""
        with self.writing() as connection:
            numbers = {item.chunk.number for item in (*intents, *(item for item, _ in outcomes))}
            verdict = _verdict(connection, job, owner, numbers)
            told = [
                {"of_job": job.number, "of_row": item.row, "at": int(verdict.now)}
                for item in intents
                if item.chunk.number in verdict.owned and verdict.halted is None
            ]
            for statement, found in by_statement(job, verdict.owned, outcomes).items():
                connection.execute(statement, found)
            if told:
                connection.execute(INTEND, told)
            return verdict

    def renew(self, job: Job, owner: str) -> None:
        """Renews the leases of a worker."""
        mine = and_(chunks.c.job == job.number, chunks.c.owner == owner)
        with self.writing() as connection:
            connection.execute(update(chunks).where(mine).values(lease=clock() + LEASE))

    def finish(self, job: Job, owner: str, number: int) -> None:
        """Gives a chunk back, with the number of rows that are still open."""
        span = and_(items.c.row >= chunks.c.first, items.c.row <= chunks.c.last)
        still = select(func.count()).where(items.c.job == chunks.c.job, span, is_one_of(*OPEN))
        mine = and_(chunks.c.job == job.number, chunks.c.number == number, chunks.c.owner == owner)
        given = update(chunks).where(mine)
        with self.writing() as connection:
            # Locked before it counts: rows may be made open again at the same time.
            connection.execute(select(chunks.c.number).where(mine).with_for_update())
            connection.execute(given.values(open=still.scalar_subquery(), owner=None, lease=0.0))

    def reserve(self, job: Job, number: int) -> tuple[float, float]:
        """Reserves send slots at the job's rate: in how many seconds the first one is, and the
        seconds between two."""
        begin = case((jobs.c.next_slot > clock(), jobs.c.next_slot), else_=clock())
        taken = (
            update(jobs)
            .where(jobs.c.number == job.number)
            .values(next_slot=begin + number / jobs.c.rate)
            .returning(jobs.c.next_slot, clock(), jobs.c.rate)
        )
        with self.writing() as connection:
            after, now, rate = connection.execute(taken).one()
            return after - number / rate - now, 1 / rate

    def push(self, job: Job, seconds: float) -> None:
        """Moves the next slot: no worker sends for so long."""
        until = clock() + seconds
        later = case((jobs.c.next_slot > until, jobs.c.next_slot), else_=until)
        with self.writing() as connection:
            connection.execute(
                update(jobs).where(jobs.c.number == job.number).values(next_slot=later)
            )

    def reopen(self, job: Job, seconds: float | None) -> int:
        """Makes unknown rows open again: those whose key was first used at most so many seconds
        ago; with None, all. Returns their number."""
        unknown = and_(items.c.job == job.number, is_one_of(State.UNKNOWN))
        if seconds is not None:
            unknown = and_(unknown, items.c.first_try > clock() - seconds)
        span = and_(items.c.row >= chunks.c.first, items.c.row <= chunks.c.last)
        still = select(func.count()).where(items.c.job == chunks.c.job, span, is_one_of(*OPEN))
        # A chunk that has an owner counts its rows itself, when it is given back.
        settled = and_(chunks.c.job == job.number, chunks.c.owner.is_(None))
        of_job = select(chunks.c.number).where(chunks.c.job == job.number)
        with self.writing() as connection:
            connection.execute(of_job.with_for_update()).all()
            found = connection.execute(update(items).where(unknown).values(state=State.SENT.value))
            if found.rowcount:
                counted = update(chunks).where(settled).values(open=still.scalar_subquery())
                connection.execute(counted)
            return found.rowcount

    def now(self) -> float:
        """The time by the database's clock, in seconds since 1970."""
        with self.reading() as connection:
            return float(connection.scalar(select(clock())) or 0.0)

    def is_over(self, job: Job) -> bool:
        """Whether no chunk has open rows."""
        still = select(func.count()).where(chunks.c.job == job.number, chunks.c.open > 0)
        with self.reading() as connection:
            return not connection.scalar(still)

    def differing(self, job: Job) -> int:
        """The number of rows that are done, but not as they were asked or expected."""
        found = select(func.count()).where(
            items.c.job == job.number, is_one_of(State.DONE), items.c.error.is_not(None)
        )
        with self.reading() as connection:
            return int(connection.scalar(found) or 0)

    def counts(self, job: Job) -> dict[State, int]:
        """The number of rows in each state."""
        number = func.count()
        found = select(items.c.state, number).where(items.c.job == job.number)
        with self.reading() as connection:
            rows = connection.execute(found.group_by(items.c.state))
            return {State(state): count for state, count in rows}


def _is_free(dead: Iterable[str]) -> Any:
    unowned = or_(
        chunks.c.owner.is_(None), chunks.c.lease < clock(), chunks.c.owner.in_(list(dead))
    )
    return and_(chunks.c.open > 0, unowned)


def _with_items(connection: Connection, job: Job, number: int, first: int, last: int) -> Chunk:
    names = ("row", "reference", "key", "fields", "state", "first_try")
    span = items.c.row.between(first, last)
    wanted = select(*(items.c[name] for name in names)).where(
        items.c.job == job.number, span, is_one_of(*OPEN)
    )
    chunk = Chunk(number)
    rows = connection.execute(wanted.order_by(items.c.row))
    chunk.items = [
        Item(row, reference, bytes(key), bytes(fields), state == State.SENT, first_try, chunk)
        for row, reference, key, fields, state, first_try in rows
    ]
    chunk.left = len(chunk.items)
    return chunk


def _verdict(connection: Connection, job: Job, owner: str, numbers: set[int]) -> Verdict:
    """Reads whose the chunks are, and locks them until the transaction ends."""
    owned: set[int] = set()
    if numbers:
        mine = select(chunks.c.number).where(
            chunks.c.job == job.number, chunks.c.number.in_(numbers), chunks.c.owner == owner
        )
        owned = set(connection.scalars(mine.with_for_update()))
    names = (jobs.c.halted, clock(), jobs.c.next_slot, jobs.c.rate)
    facts = select(*names).where(jobs.c.number == job.number)
    # So locked, another job that takes over rows of this one waits for it (see overlaps).
    found = connection.execute(facts.with_for_update(read=True, key_share=True)).one()
    return Verdict(frozenset(owned), *found)
