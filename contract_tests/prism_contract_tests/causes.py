"""Causes: which failure follows from another one, so that a report tells each fault once.

A check starts from exchanges. If one of them cannot be read, is missing, or ends otherwise than its
file says, the check has nothing sound to start from: its failure waits for the failure that says
so. And what was told of one exchange is not told again of the next, or of the other client.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from prism_contract_tests.check import ABSENT, Failed
from prism_contract_tests.checks.exchanges import exchanges_complete, same_end, same_number
from prism_contract_tests.choice import Entry, operation_of
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.ledger import verdict_of_failure
from prism_contract_tests.replay import replay
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target

READABLE: Entry = ("exchanges-readable", "connector")
COMPLETE = "exchanges-complete"
ERROR = "/errors:"
"""What stands in the name of an exchange between its operation and its error answer."""


class Causes:
    """The causes of one run's failures, in the order in which they are found."""

    def __init__(self, target: Target, entries: Iterable[Entry]) -> None:
        self._target, self._entries = target, set(entries)
        self._broken: dict[str, Entry | None] = {}
        self._told: dict[_Way, Entry] = {}

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
        things = list(_things(entry, failure))
        told = [
            next((self._told[one] for one in ways if one in self._told), None) for ways in things
        ]
        for way in chain.from_iterable(things):
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
_LONG = re.compile(r": from character \d+ on,")
_URL_PATH = re.compile(r'^path: expected "(.*)", got "(.*)"$')
_EXCHANGE = re.compile(r" \([^() ]*/[^() ]*\)$")
_DESCRIBED = ("openapi-", "graphql-")
"""The checks by a processor's own description, which say what is wrong and not where."""
_Way = tuple[str | None, ...]


def _things(entry: Entry, failure: Failed) -> Iterator[list[_Way]]:
    """The things that a failure says, each in the forms that are equal where the same is wrong: of
    a difference its path, with the values if both sides have one; else the same words of another
    check with the same end, of another case of the operation, or of the same error answer."""
    evidence, operation = failure.evidence or Evidence(), operation_of(entry[1])
    if evidence.differences:
        for line in evidence.differences.splitlines():
            yield [_difference(_PLACE.sub("", line))]
    elif entry[0].startswith(_DESCRIBED):
        for said in failure.message.split("; "):
            yield [(entry[0], _EXCHANGE.sub("", said))]
    else:
        ways: list[_Way] = [(operation, failure.message, evidence.got)]
        ways += [(entry[0], f"{operation}/", failure.message)]
        _, _, answer = entry[1].partition(ERROR)
        yield [*ways, (entry[0], answer, failure.message)] if answer else ways


def _difference(line: str) -> _Way:
    """Of a path of a URL only the parts that differ: the ids beside them are the exchange's."""
    found = _URL_PATH.match(line)
    sides = [one.split("/") for one in found.groups()] if found else [[], [""]]
    if len(sides[0]) != len(sides[1]):
        return (_LONG.sub(":", _ONE_SIDED.sub(r"\1: \2", line)),)
    return ("path", *(f"{one} {other}" for one, other in zip(*sides, strict=True) if one != other))
