"""The index of installed connectors and extensions: read from metadata only, nothing imported."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from prism_core.discovery.copies import copies_of, is_leftover, location_of
from prism_core.discovery.groups import CONNECTORS, GROUPS, Group
from prism_core.errors import described

if TYPE_CHECKING:
    from importlib.metadata import Distribution

CORE = "prism-payments-core"
UNREADABLE = "(unreadable)"


class Candidate(msgspec.Struct, frozen=True):
    """One entry point found: its name, its distribution and its path."""

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
    group: Group = CONNECTORS

    def __str__(self) -> str:
        return f"{self.distribution} {self.version} ({self.path})"


def candidates(group: Group = CONNECTORS) -> dict[str, list[Candidate]]:
    """Every entry point of a group, by name.

    One scan of the installed metadata per `sys.path`, for all groups; `refresh()` forgets it.
    """
    return _scan(tuple(sys.path))[group]


def refresh() -> None:
    """Forget the index, after something was installed into the running process."""
    _scan.cache_clear()


@lru_cache(maxsize=4)
def _scan(path: tuple[str, ...]) -> dict[Group, dict[str, list[Candidate]]]:
    import importlib.metadata

    found: dict[Group, dict[str, list[Candidate]]] = {group: {} for group in GROUPS}
    seen: set[str] = set()
    for distribution in importlib.metadata.Distribution.discover(path=list(path)):
        location = location_of(distribution)
        if location not in seen and not is_leftover(location):  # a folder may be on the path twice
            seen.add(location)
            for candidate in _offered(distribution, list(path)):
                offers = found[candidate.group].setdefault(candidate.name, [])
                if candidate not in offers:
                    offers.append(candidate)
    return found


def _offered(distribution: Distribution, path: list[str]) -> list[Candidate]:
    """The entry points of one distribution. Damaged metadata gives one with a `problem`, which
    `prism doctor` shows; all other distributions are found as usual."""
    groups: tuple[Group, ...] = GROUPS
    try:
        text = distribution.read_text("entry_points.txt") or ""
        groups = tuple(group for group in GROUPS if group.name in text)
        return list(_read(distribution, groups, path)) if groups else []
    except Exception as reason:  # damaged metadata can raise anything
        problem = f"its metadata cannot be read: {described(reason)}"
        where = (UNREADABLE, "", UNREADABLE, "", location_of(distribution))
        return [Candidate(*where, (), (), problem, groups[0])]


def _read(
    distribution: Distribution, groups: tuple[Group, ...], path: list[str]
) -> Iterator[Candidate]:
    metadata = distribution.metadata  # read once: each access parses it again
    if "Name" not in metadata:
        raise ValueError("no METADATA that gives its name")
    name = metadata["Name"]
    locations = copies_of(distribution, name, path)
    if location_of(distribution) not in locations:
        return  # the .egg-info of an editable installation, which has other metadata
    for group in groups:
        for entry_point in distribution.entry_points.select(group=group.name):
            yield Candidate(
                name=entry_point.name,
                target=entry_point.value,
                distribution=name,
                version=metadata["Version"],
                path=str(distribution.locate_file("")),
                requires=tuple(distribution.requires or ()),
                copies=locations if len(locations) > 1 else (),
                group=group,
            )
