"""Choice: the entries of a ledger by name, and the part of them that a run is asked to try.

Imports next to nothing: the process of `prism contract` that waits for the other starts with it.
"""

from __future__ import annotations

import re

import msgspec

from prism_core.connector.operations import OPERATIONS

Entry = tuple[str, str]
"""A check's id and one of its cases."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a ledger that a run is asked to try: the entries that fit all of what is given;
    all of them, if nothing is."""

    operation: str | None = None
    checks: frozenset[str] = frozenset()
    entries: frozenset[Entry] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self == Choice()

    def takes(self, entry: Entry) -> bool:
        """Whether an entry is tried."""
        return (
            self.operation in (None, operation_of(entry[1]))
            and (not self.checks or entry[0] in self.checks)
            and (not self.entries or entry in self.entries)
        )


def operation_of(case: str) -> str | None:
    """The operation that a check's case is about: a field of it, one of its exchanges, itself."""
    found = re.split(r"[/.]", case)[0]
    return found if found in OPERATIONS else None
