"""The index of installed connectors: read from metadata only, nothing imported."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from prism_core.discovery.copies import copies_of, is_leftover, location_of
from prism_core.errors import described

if TYPE_CHECKING:
    from importlib.metadata import Distribution

GROUP = "prism.connectors"
CORE = "prism-payments-core"
UNREADABLE = "(unreadable)"


class Candidate(msgspec.Struct, frozen=True):
    """One entry point found: the connector's name, its distribution and its path."""

    name: str
    target: str
    distribution: str
    version: str
    path: str
    requires: tuple[str, ...]
    copies: tuple[str, ...] = ()
    """The locations of its distribution's metadata, if there are more than one."""
    problem: str = ""
    """Why its metadata cannot be read; empty if it can."""

    def __str__(self) -> str:
        return f"{self.distribution} {self.version} ({self.path})"


def candidates() -> dict[str, list[Candidate]]:
    """Every entry point of the group `prism.connectors`, by connector name.

    One scan of the installed metadata per `sys.path`; `refresh()` forgets it.
    """
    return _scan(tuple(sys.path))


def refresh() -> None:
    """Forget the index, after something was installed into the running process."""
    _scan.cache_clear()


@lru_cache(maxsize=4)
def _scan(path: tuple[str, ...]) -> dict[str, list[Candidate]]:
    import importlib.metadata

    found: dict[str, list[Candidate]] = {}
    seen: set[str] = set()
    for distribution in importlib.metadata.Distribution.discover(path=list(path)):
        location = location_of(distribution)
        if location not in seen and not is_leftover(location):  # a folder may be on the path twice
            seen.add(location)
            for candidate in _offered(distribution, list(path)):
                offers = found.setdefault(candidate.name, [])
                if candidate not in offers:
                    offers.append(candidate)
    return found


def _offered(distribution: Distribution, path: list[str]) -> list[Candidate]:
    """The connectors of one distribution. Damaged metadata gives one with a `problem`, which
    `prism doctor` shows; all other distributions are found as usual."""
    try:
        if GROUP not in (distribution.read_text("entry_points.txt") or ""):
            return []
        return list(_read(distribution, path))
    except Exception as reason:  # damaged metadata can raise anything
        problem = f"its metadata cannot be read: {described(reason)}"
        return [
            Candidate(UNREADABLE, "", UNREADABLE, "", location_of(distribution), (), (), problem)
        ]


def _read(distribution: Distribution, path: list[str]) -> Iterator[Candidate]:
    metadata = distribution.metadata  # read once: each access parses it again
    if "Name" not in metadata:
        raise ValueError("no METADATA that gives its name")
    name = metadata["Name"]
    locations = copies_of(distribution, name, path)
    if location_of(distribution) not in locations:
        return  # the .egg-info of an editable installation, which has other metadata
    for entry_point in distribution.entry_points.select(group=GROUP):
        yield Candidate(
            name=entry_point.name,
            target=entry_point.value,
            distribution=name,
            version=metadata["Version"],
            path=str(distribution.locate_file("")),
            requires=tuple(distribution.requires or ()),
            copies=locations if len(locations) > 1 else (),
        )
