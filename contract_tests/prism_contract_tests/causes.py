"""Causes: which failure follows from another one, so that a report tells each fault once.

A check starts from exchanges. If one of them cannot be read, is missing, or ends otherwise than its
file says, the check has nothing sound to start from: its failure waits for the failure that says
so. And what was told of one exchange is not told again of the next, or of the other client.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from prism_contract_tests.check import ABSENT, Failed
from prism_contract_tests.checks.exchanges import exchanges_complete, same_end, same_number
from prism_contract_tests.choice import Entry, operation_of
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.ledger import verdict_of_failure
from prism_contract_tests.replay import replay
from prism_contract_tests.target import Target

READABLE: Entry = ("exchanges-readable", "connector")
COMPLETE = "exchanges-complete"


class Causes:
    """The causes of one run's failures, in the order in which they are found."""

    def __init__(self, target: Target, entries: Iterable[Entry]) -> None:
        self._target, self._entries = target, set(entries)
        self._broken: dict[str, Entry | None] = {}
        self._told: dict[tuple[str | None, ...], Entry] = {}

    def of(self, entry: Entry, failure: Failed) -> Entry | None:
        """The entry whose failure this one waits for, if any: the failure of the check that the
        target has just been used for."""
        for cause in self._foundations(entry, list(self._target.asked), self._target.called):
            if cause != entry and self._counts(cause):
                return cause
        return self._same(entry, failure)

    def _counts(self, cause: Entry) -> bool:
        """Whether an entry is tried in this run, and its failure counts."""
        return cause in self._entries and verdict_of_failure(self._target, cause) == "failed"

    def _foundations(self, entry: Entry, asked: list[str], called: bool) -> Iterator[Entry]:
        """What is broken of what the check started from."""
        is_absent = entry[1].endswith(ABSENT)
        derived = asked or entry[0] == COMPLETE or is_absent
        if self._target.unreadable is not None and derived:
            yield READABLE
        if is_absent and self._lacks_exchanges(operation_of(entry[1])):
            yield COMPLETE, str(operation_of(entry[1]))
        known = {one.name: one for one in self._target.exchanges}
        for name in asked:
            operation = operation_of(name) or ""
            exchange, success = known.get(name), self._target.success(operation)
            if exchange is None:
                yield COMPLETE, operation
            elif called or is_absent:  # a flow that does nothing gives a check no case
                if exchange.error_answer is not None and success is not None:
                    yield from self._wrong(success)
                yield from self._wrong(exchange)

    def _wrong(self, exchange: Exchange) -> Iterator[Entry]:
        if exchange.name not in self._broken:
            check = _wrong_by(self._target, exchange)
            if check is not None and exchange.error_answer is not None:
                check = "error-answers"
            self._broken[exchange.name] = None if check is None else (check, exchange.name)
        found = self._broken[exchange.name]
        if found is not None:
            yield found

    def _lacks_exchanges(self, operation: str | None) -> bool:
        """Whether an operation has not all the exchanges that it must have."""
        try:
            if operation is not None:
                exchanges_complete(self._target, operation)
        except Failed:
            return True
        return False

    def _same(self, entry: Entry, failure: Failed) -> Entry | None:
        """The first entry that failed in the same way."""
        ways = list(_ways(entry, failure))
        told = [self._told.get(way) for way in ways]
        for way in ways:
            self._told.setdefault(way, entry)
        return told[0] if told and None not in told else None


def _wrong_by(target: Target, exchange: Exchange) -> str | None:
    """The check of the exchange that says that its replay goes wrong, so that nothing can be
    derived from it. One that only sends something else still ends well."""
    check = "exchange-request"
    try:
        ended = replay(target, exchange)
        same_number(exchange, ended)
        check = "exchange-result"
        same_end(exchange, ended)
    except Exception:  # a connector may raise anything
        return check
    return None


_PLACE = re.compile(r"^(steps|grants)\[\d+\]\.request\.")
_ONE_SIDED = re.compile(r"^(.*): (missing|not expected), .*", re.DOTALL)


def _ways(entry: Entry, failure: Failed) -> Iterator[tuple[str | None, ...]]:
    """What a failure says, in a form that is equal where the same is wrong: of each difference the
    path, and the values if both sides have one."""
    evidence = failure.evidence
    if evidence is not None and evidence.differences:
        for line in evidence.differences.splitlines():
            yield (_ONE_SIDED.sub(r"\1: \2", _PLACE.sub("", line)),)
    else:
        got = None if evidence is None else evidence.got
        yield operation_of(entry[1]), failure.message, got
