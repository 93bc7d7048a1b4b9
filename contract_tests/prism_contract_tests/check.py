"""Check: one requirement of the contract, and the register of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_core.connector.operations import request_type

Cases = Callable[[Target], Iterable[str]]
Run = Callable[[Target, str], int]


class Failed(Exception):
    """A requirement that does not hold, in one sentence, with the evidence."""

    def __init__(self, message: str, evidence: Evidence | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.evidence = evidence


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check. `requirement` (one sentence), `why` and `how` make its documentation page.

    `cases` gives what it must run on for a target: the ledger is made of these. `run` returns how
    many things it tried, or raises `Failed`.
    """

    id: str
    requirement: str
    since: str
    why: str
    how: str
    cases: Cases
    run: Run


CHECKS: dict[str, Check] = {}
"""Every check by id, in the order in which they run."""


def check(id: str, *, since: str, cases: Cases, why: str, how: str) -> Callable[[Run], Run]:
    """Registers a function as a check; its docstring is the requirement, in one sentence."""

    def register(run: Run) -> Run:
        assert id not in CHECKS, id
        requirement = " ".join((run.__doc__ or "").split())
        assert requirement.endswith("."), id
        CHECKS[id] = Check(
            id=id, requirement=requirement, since=since, why=why, how=how, cases=cases, run=run
        )
        return run

    return register


def once(target: Target) -> list[str]:
    """For a check of the connector as a whole."""
    return ["connector"]


def each_operation(target: Target) -> list[str]:
    """For a check that runs on every operation implemented."""
    return target.operations


def each_mutation(target: Target) -> list[str]:
    """For a check that runs on every operation that changes something at the processor."""
    return [name for name in target.operations if changes_something(name)]


def each_asking(target: Target) -> list[str]:
    """For a check of what is asked of the processor: every operation but reading its events."""
    return [name for name in target.operations if name != "handle_event"]


def changes_something(operation: str) -> bool:
    """Whether an operation is no lookup: only what changes something takes a key."""
    return "idempotency_key" in request_type(operation).__struct_fields__


def each_exchange(target: Target) -> list[str]:
    """For a check that runs on every exchange, and on some made of each error answer."""
    return [exchange.name for exchange in target.representative]


def each_written(target: Target) -> list[str]:
    """For a check that runs on every exchange in a file of its own."""
    return [exchange.name for exchange in target.exchanges if exchange.error_answer is None]
