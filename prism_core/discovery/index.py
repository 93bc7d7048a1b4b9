"""The index of installed connectors: read from metadata only, nothing imported."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from prism_core.discovery.allow_list import ALLOW, allowed, normalized
from prism_core.discovery.copies import copies_of, is_debris, place_of
from prism_core.errors import ConnectorLoadError, ConnectorNotFound, described

if TYPE_CHECKING:
    from importlib.metadata import Distribution

GROUP = "prism.connectors"
CORE = "prism-payments-core"
UNREADABLE = "(unreadable)"


class Candidate(msgspec.Struct, frozen=True):
    """One entry point found: which distribution offers which connector, from where."""

    name: str
    target: str
    distribution: str
    version: str
    path: str
    requires: tuple[str, ...]
    copies: tuple[str, ...] = ()
    """Where the metadata of its distribution lies, if that is in more than one place."""
    problem: str = ""
    """Why its metadata cannot be read, if it cannot."""

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
        place = place_of(distribution)
        if place not in seen and not is_debris(place):  # a folder may be on the path twice
            seen.add(place)
            for candidate in _offered(distribution, list(path)):
                offers = found.setdefault(candidate.name, [])
                if candidate not in offers:
                    offers.append(candidate)
    return found


def _offered(distribution: Distribution, path: list[str]) -> list[Candidate]:
    """The connectors of one distribution. Damaged metadata is an offer with a problem, which the
    doctor explains, and keeps no other distribution from being found."""
    try:
        if GROUP not in (distribution.read_text("entry_points.txt") or ""):
            return []
        return list(_read(distribution, path))
    except Exception as reason:  # whatever damaged metadata raises
        problem = f"its metadata cannot be read: {described(reason)}"
        return [Candidate(UNREADABLE, "", UNREADABLE, "", place_of(distribution), (), (), problem)]


def _read(distribution: Distribution, path: list[str]) -> Iterator[Candidate]:
    metadata = distribution.metadata  # parsed anew by every property that needs it
    name = metadata["Name"]
    places = copies_of(distribution, name, path)
    if place_of(distribution) not in places:
        return  # a copy that is described elsewhere
    for entry_point in distribution.entry_points.select(group=GROUP):
        yield Candidate(
            name=entry_point.name,
            target=entry_point.value,
            distribution=name,
            version=metadata["Version"],
            path=str(distribution.locate_file("")),
            requires=tuple(distribution.requires or ()),
            copies=places if len(places) > 1 else (),
        )


def find(name: str) -> Candidate:
    """The one entry point that provides the connector.

    Raises `ConnectorNotFound` (with what is installed, and what to install) or
    `ConnectorLoadError` where it is blocked, ambiguous or made for another core.
    """
    if not isinstance(name, str):
        raise ConnectorNotFound(f"connector must be a name, not {type(name).__name__}")
    index = candidates()
    if name not in index:
        raise ConnectorNotFound(_not_found(name, sorted(set(index) - {UNREADABLE})))
    problem = obstacle(name, index[name])
    if problem:
        raise ConnectorLoadError(problem)
    (found,) = eligible(name, index[name])
    return found


def _not_found(name: str, installed: list[str]) -> str:
    # What has many digits, or is long, may be a key that was given in the name's place.
    is_name = re.fullmatch(r"[\w.-]{1,32}", name) and sum(map(str.isdigit, name)) <= 3
    shown = name if is_name else "(not a connector's name)"
    import difflib

    close = difflib.get_close_matches(name, installed, n=1)
    meant = f" Did you mean '{close[0]}'?" if close else ""
    known = f" Installed: {', '.join(installed)}." if installed else " None is installed."
    # A name from here must not become a package name that somebody else may have registered.
    install = "" if close else " Install the package that provides it."
    return f"no installed connector is called '{shown}'.{meant}{known}{install}"


def eligible(name: str, offers: list[Candidate]) -> list[Candidate]:
    """The offers of a connector that come from where PRISM_CONNECTORS wants it."""
    listed = allowed()
    pinned = listed.names.get(name) if listed is not None else None
    return [one for one in offers if pinned in (None, normalized(one.distribution))]


def obstacle(name: str, offers: list[Candidate]) -> str | None:
    """Why a connector must not be imported, from metadata alone; None if it may."""
    listed = allowed()
    refusal = listed.refusal(name) if listed is not None else None
    if refusal is not None:
        return f"connector '{name}' is blocked: {refusal}"
    rivals = eligible(name, offers)
    if not rivals:
        return f"connector '{name}' is blocked: {elsewhere(name)}, and {_all(offers)} offers it"
    if len({normalized(rival.distribution) for rival in rivals}) > 1:
        return (
            f"two distributions claim the connector '{name}': {_all(rivals)}. Uninstall one of "
            f"them, or say which one it must come from: {ALLOW}={name}=distribution"
        )
    places = {place for one in rivals for place in one.copies or (one.path,)}
    if len(places) > 1:
        return (
            f"{rivals[0].distribution} is installed more than once: "
            f"{' and '.join(sorted(places))}. Remove all but one: which copy runs would depend on "
            "the order of sys.path"
        )
    if len(rivals) > 1:
        return f"{rivals[0]} has two entry points called '{name}'"
    return mismatch(rivals[0])


def elsewhere(name: str) -> str:
    """That a connector must come from another distribution, which PRISM_CONNECTORS names."""
    listed = allowed()
    return f"{ALLOW} wants it from {listed.names[name] if listed is not None else None}"


def _all(offers: list[Candidate]) -> str:
    return " and ".join(map(str, offers))


def mismatch(candidate: Candidate) -> str | None:
    """Whether its Requires-Dist excludes this core; the explanation, or None."""
    from importlib.metadata import version

    try:
        core = version(CORE)
    except Exception:  # not installed, or whatever damaged metadata raises
        return None
    return _excluded(candidate, core)


def _excluded(candidate: Candidate, core: str) -> str | None:
    for line in candidate.requires:
        wanted = _wanted(line, core)
        if wanted is not None:
            return (
                f"connector '{candidate.name}' of {candidate} works with "
                f"{CORE}{wanted}, and {core} is installed"
            )
    return None


def _wanted(line: str, core: str) -> str | None:
    """The versions that a requirement asks for, where it is one of the core and excludes this
    one. One that cannot be read excludes nothing."""
    from packaging.requirements import Requirement

    try:
        requirement = Requirement(line)
        marker = requirement.marker
        applies = marker is None or marker.evaluate({"extra": ""})
        if normalized(requirement.name) != CORE or not applies:
            return None
        fits = requirement.specifier.contains(core, prereleases=True)
    except ValueError:  # the base of all that packaging raises
        return None
    return None if fits else str(requirement.specifier)
