"""The index of installed connectors: read from metadata only, nothing imported."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from prism_core.errors import ConnectorLoadError, ConnectorNotFound

if TYPE_CHECKING:
    from importlib_metadata import Distribution

GROUP = "prism.connectors"
CORE = "prism-payments-core"
ALLOW = "PRISM_CONNECTORS"
UNREADABLE = "(unreadable)"


class Candidate(msgspec.Struct, frozen=True):
    """One entry point found: which distribution offers which connector, from where."""

    name: str
    target: str
    distribution: str
    version: str
    path: str
    shadowed: bool
    requires: tuple[str, ...]
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
    import importlib_metadata

    found: dict[str, list[Candidate]] = {}
    for distribution in importlib_metadata.Distribution.discover(path=list(path)):
        for candidate in _offered(distribution, list(path)):
            offers = found.setdefault(candidate.name, [])
            if candidate not in offers:  # a folder may be on the path twice
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
        problem = f"its metadata cannot be read: {type(reason).__name__}: {reason}"
        place = str(getattr(distribution, "_path", distribution.locate_file("")))
        return [Candidate(UNREADABLE, "", UNREADABLE, "", place, False, (), problem)]


def _read(distribution: Distribution, path: list[str]) -> Iterator[Candidate]:
    from importlib_metadata import distributions

    metadata = distribution.metadata  # parsed anew by every property that needs it
    name, version = metadata["Name"], metadata["Version"]
    folder = distribution.locate_file("")
    first = next(iter(distributions(name=name, path=path)), distribution)
    for entry_point in distribution.entry_points.select(group=GROUP):
        yield Candidate(
            name=entry_point.name,
            target=entry_point.value,
            distribution=name,
            version=version,
            path=str(folder),
            shadowed=(first.version, first.locate_file("")) != (version, folder),
            requires=tuple(distribution.requires or ()),
        )


def normalized(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def allowed() -> frozenset[str] | None:
    """The connectors that may be imported, from PRISM_CONNECTORS; None where all may."""
    listed = os.environ.get(ALLOW)
    if listed is None:
        return None
    return frozenset(name.strip() for name in listed.split(",") if name.strip())


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
    return next(one for one in index[name] if not one.shadowed)


def _not_found(name: str, installed: list[str]) -> str:
    shown = name if re.fullmatch(r"[\w.-]{1,64}", name) else "(not a connector's name)"
    import difflib

    close = difflib.get_close_matches(name, installed, n=1)
    meant = f" Did you mean '{close[0]}'?" if close else ""
    known = f" Installed: {', '.join(installed)}." if installed else " None is installed."
    # A name from here must not become a package name that somebody else may have registered.
    install = "" if close else " Install the package that provides it."
    return f"no installed connector is called '{shown}'.{meant}{known}{install}"


def obstacle(name: str, offers: list[Candidate]) -> str | None:
    """Why a connector must not be imported, from metadata alone; None if it may."""
    permitted = allowed()
    if permitted is not None and name not in permitted:
        return f"connector '{name}' is blocked: {ALLOW} does not name it"
    rivals = [offer for offer in offers if not offer.shadowed]
    if not rivals:
        return f"only {offers[0]} offers '{name}', and another copy of it comes first on sys.path"
    if len(rivals) > 1:
        names = " and ".join(str(rival) for rival in rivals)
        return f"two distributions claim the connector '{name}': {names}. Uninstall one of them"
    return mismatch(rivals[0])


def mismatch(candidate: Candidate) -> str | None:
    """Whether its Requires-Dist excludes this core; the explanation, or None."""
    from importlib_metadata import version

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
