"""Decides from metadata whether an entry point may be used, and why not. Imports nothing."""

from __future__ import annotations

import re

import msgspec

from prism_core.discovery.allow_list import AllowList, allowed, normalized
from prism_core.discovery.index import CORE, UNREADABLE, Candidate, candidates
from prism_core.errors import ConnectorLoadError, ConnectorNotFound

LOADABLE = "loadable"


class Diagnosis(msgspec.Struct, frozen=True):
    """The state of one entry point (loadable, blocked, conflict, incompatible or broken), and the
    reason."""

    candidate: Candidate
    state: str = LOADABLE
    reason: str = ""


def judge(offers: list[Candidate]) -> list[Diagnosis]:
    """The state of each entry point that offers the same connector or extension."""
    listed = allowed(offers[0].group)
    kept_out = {offer: reason for offer in offers if (reason := _own_problem(offer, listed))}
    verdict = _judged([offer for offer in offers if offer not in kept_out])
    return [Diagnosis(offer, *kept_out.get(offer, verdict)) for offer in offers]


def _own_problem(offer: Candidate, listed: AllowList | None) -> tuple[str, str] | None:
    """State and reason if an entry point cannot be used, independent of all others."""
    if offer.problem:
        return "broken", offer.problem
    refusal = listed.refusal(offer.name, offer.distribution) if listed is not None else None
    return None if refusal is None else ("blocked", refusal)


def _judged(rivals: list[Candidate]) -> tuple[str, str]:
    """The state of all remaining entry points of a name, and the reason."""
    if len({normalized(rival.distribution) for rival in rivals}) > 1:
        name, group = rivals[0].name, rivals[0].group
        return "conflict", (
            f"two distributions claim the {group.word} '{name}': {_all(rivals)}. Uninstall one of "
            f"them, or say which one it must come from: {group.variable}={name}=distribution"
        )
    locations = {location for one in rivals for location in one.copies or (one.path,)}
    if len(locations) > 1:
        return "conflict", (
            f"{rivals[0].distribution} is installed more than once: "
            f"{' and '.join(sorted(locations))}. Remove all but one: which copy runs would depend "
            "on the order of sys.path"
        )
    if len(rivals) > 1:
        return "conflict", f"{rivals[0]} has two entry points called '{rivals[0].name}'"
    problem = _mismatch(rivals[0]) if rivals else None
    return ("incompatible", problem) if problem else (LOADABLE, "")


def _all(offers: list[Candidate]) -> str:
    return " and ".join(map(str, offers))


def find(name: str) -> Candidate:
    """The one entry point that provides the connector.

    Raises `ConnectorNotFound` (with what is installed, and what to install) or
    `ConnectorLoadError` if it is blocked, ambiguous or made for another version of the core.
    """
    if not isinstance(name, str):
        raise ConnectorNotFound(f"connector must be a name, not {type(name).__name__}")
    index = candidates()
    if name not in index:
        raise ConnectorNotFound(_not_found(name, sorted(set(index) - {UNREADABLE})))
    judged = judge(index[name])
    found = next((one for one in judged if one.state != "blocked"), judged[0])
    if found.state == LOADABLE:
        return found.candidate
    if found.state == "blocked":
        offered = f"It is offered by {_all(index[name])}"
        raise ConnectorLoadError(f"connector '{name}' is blocked: {found.reason}. {offered}")
    raise ConnectorLoadError(found.reason)


def _not_found(name: str, installed: list[str]) -> str:
    # A long text, or one with many digits, may be an API key that was given instead of a name.
    is_name = re.fullmatch(r"[\w.-]{1,32}", name) and sum(map(str.isdigit, name)) <= 3
    shown = name if is_name else "(not a connector's name)"
    import difflib

    close = difflib.get_close_matches(name, installed, n=1)
    meant = f" Did you mean '{close[0]}'?" if close else ""
    known = f" Installed: {', '.join(installed)}." if installed else " None is installed."
    # Never suggest a package name made of the given name: somebody else may have registered it.
    install = "" if close else " Install the package that provides it."
    return f"no installed connector is called '{shown}'.{meant}{known}{install}"


def _mismatch(candidate: Candidate) -> str | None:
    """The explanation if its Requires-Dist excludes this version of the core, else None."""
    from importlib.metadata import version

    try:
        core = version(CORE)
    except Exception:  # not installed, or damaged metadata raises anything
        return None
    wanted = next(filter(None, (_wanted(line, core) for line in candidate.requires)), None)
    if wanted is None:
        return None
    offer = f"{candidate.group.word} '{candidate.name}' of {candidate}"
    return f"{offer} works with {CORE}{wanted}, and {core} is installed"


def _wanted(line: str, core: str) -> str | None:
    """The versions of the core that a requirement asks for, if this version is not among them. A
    requirement that cannot be read excludes nothing."""
    from packaging.requirements import Requirement

    try:
        requirement = Requirement(line)
        marker = requirement.marker
        applies = marker is None or marker.evaluate({"extra": ""})
        if normalized(requirement.name) != CORE or not applies:
            return None
        fits = requirement.specifier.contains(core, prereleases=True)
    except ValueError:  # the base class of packaging's exceptions
        return None
    return None if fits else str(requirement.specifier)
