"""Choice: what a run is asked for: the part of a ledger that it tries, and what it judges by.

Imports next to nothing: the process of `prism contract` that waits for the other starts with it.
"""

from __future__ import annotations

import re
from typing import Any

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


class Descriptions(msgspec.Struct, kw_only=True, frozen=True):
    """What the user gave: the OpenAPI document, and the text of the GraphQL schema."""

    openapi: dict[str, Any] | None = None
    graphql: str | None = None


def operation_of(case: str) -> str | None:
    """The operation that a check's case is about: a field of it, one of its exchanges, itself."""
    found = re.split(r"[/.]", case)[0]
    return found if found in OPERATIONS else None
