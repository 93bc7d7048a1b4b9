"""Check: one requirement of the contract, and the register of all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import msgspec

from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_core.connector.operations import request_type

Cases = Callable[[Target], Iterable[str]]
Where = Callable[[Target], Iterable[str]]
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

    Cases that follow from exchanges are none if the exchanges show too little. `where` names the
    operations for which there must be a case (or `WHOLE`: one of any operation): for each of them
    without a case the check fails, and says what to add, `wants`.
    """

    id: str
    requirement: str
    since: str
    why: str
    how: str
    cases: Cases
    run: Run
    where: Where = lambda _: ()
    wants: str = "add an exchange of kind success"

    def owed(self, target: Target) -> list[str]:
        """All that it must run on."""
        return [*self.cases(target), *self.absent(target)]

    def absent(self, target: Target) -> list[str]:
        """A case for each operation that must have one and has none: it fails."""
        cases = list(self.cases(target))
        covered = {WHOLE, *(re.split(r"[/.]", case)[0] for case in cases)} if cases else set()
        return [f"{one}{ABSENT}" for one in self.where(target) if one not in covered]

    def perform(self, target: Target, case: str) -> int:
        """Runs it on one case that is owed."""
        if not case.endswith(ABSENT):
            return self.run(target, case)
        operation = case.removesuffix(ABSENT)
        if operation != WHOLE and target.success(operation) is None:
            raise Failed(f"{operation} has no exchange of kind success to derive requests from")
        about = "no exchange" if operation == WHOLE else f"no exchange of {operation}"
        raise Failed(f"{about} can be checked: {self.wants}")


WHOLE = "connector"
"""In `where`: a case of any operation will do."""
ABSENT = "/(no case)"
"""How the case ends of a check that has none where it must have one."""

CHECKS: dict[str, Check] = {}
"""Every check by id, in the order in which they run."""


def check(
    id: str,
    *,
    since: str,
    cases: Cases,
    why: str,
    how: str,
    where: Where = lambda _: (),
    wants: str = "add an exchange of kind success",
) -> Callable[[Run], Run]:
    """Registers a function as a check; its docstring is the requirement, in one sentence."""

    def register(run: Run) -> Run:
        assert id not in CHECKS, id
        requirement = " ".join((run.__doc__ or "").split())
        assert requirement.endswith("."), id
        CHECKS[id] = Check(
            id=id,
            requirement=requirement,
            since=since,
            why=why,
            how=how,
            cases=cases,
            run=run,
            where=where,
            wants=wants,
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
    """For a check of what is asked of the processor: every operation but reading its events, and
    what gives a page nothing but the account's public key."""
    return [n for n in target.operations if n != "handle_event" and not asks_nobody(target, n)]


def asks_nobody(target: Target, operation: str) -> bool:
    """Whether a page is given what the account has, as all the operation's exchanges show."""
    shown = target.of(operation) if operation == "create_client_token" else []
    return bool(shown) and not any(one.steps for one in shown)


def changes_something(operation: str) -> bool:
    """Whether an operation is no lookup: only what changes something takes a key."""
    return "idempotency_key" in request_type(operation).__struct_fields__


def each_exchange(target: Target) -> list[str]:
    """For a check that runs on every exchange, and on some made of each error answer."""
    return [exchange.name for exchange in target.representative]


def each_written(target: Target) -> list[str]:
    """For a check that runs on every exchange in a file of its own."""
    return [exchange.name for exchange in target.exchanges if exchange.error_answer is None]


def each_sending(target: Target) -> list[str]:
    """The operations that must ask the processor: a client token may be made without a request."""
    return [name for name in each_asking(target) if name != "create_client_token"]


def each_lookup(target: Target) -> list[str]:
    """The operations that look one object up: what they answer is about what was asked for."""
    return [name for name in target.operations if name.startswith("get_")]


def each_with_amount(target: Target) -> list[str]:
    """The operations that send an amount."""
    return [name for name in each_mutation(target) if "amount" in target.sends(name)]


def only(*operations: str) -> Where:
    """These operations, where the connector implements them all."""
    return lambda target: operations[:1] if set(operations) <= set(target.operations) else ()
