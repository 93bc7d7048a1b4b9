"""May an entry point be used, and if not, why: from metadata alone, nothing imported."""

from __future__ import annotations

import re

import msgspec

from prism_core.discovery.allow_list import ALLOW, AllowList, allowed, normalized
from prism_core.discovery.index import CORE, UNREADABLE, Candidate, candidates
from prism_core.errors import ConnectorLoadError, ConnectorNotFound

LOADABLE = "loadable"


class Diagnosis(msgspec.Struct, frozen=True):
    """What becomes of one entry point: loadable, blocked, conflict, incompatible or broken, and
    why."""

    candidate: Candidate
    state: str = LOADABLE
    reason: str = ""


def judge(offers: list[Candidate]) -> list[Diagnosis]:
    """What becomes of each entry point that offers one connector."""
    listed = allowed()
    kept_out = {offer: reason for offer in offers if (reason := _own_problem(offer, listed))}
    verdict = _judged([offer for offer in offers if offer not in kept_out])
    return [Diagnosis(offer, *kept_out.get(offer, verdict)) for offer in offers]


def _own_problem(offer: Candidate, listed: AllowList | None) -> tuple[str, str] | None:
    """What keeps an entry point out, whatever else is installed: the state and the reason."""
    if offer.problem:
        return "broken", offer.problem
    refusal = listed.refusal(offer.name, offer.distribution) if listed is not None else None
    return None if refusal is None else ("blocked", refusal)


def _judged(rivals: list[Candidate]) -> tuple[str, str]:
    """The state that all others share, and the reason."""
    if len({normalized(rival.distribution) for rival in rivals}) > 1:
        name = rivals[0].name
        return "conflict", (
            f"two distributions claim the connector '{name}': {_all(rivals)}. Uninstall one of "
            f"them, or say which one it must come from: {ALLOW}={name}=distribution"
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
    `ConnectorLoadError` where it is blocked, ambiguous or made for another core.
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


def _mismatch(candidate: Candidate) -> str | None:
    """Whether its Requires-Dist excludes this core; the explanation, or None."""
    from importlib.metadata import version

    try:
        core = version(CORE)
    except Exception:  # not installed, or whatever damaged metadata raises
        return None
    wanted = next(filter(None, (_wanted(line, core) for line in candidate.requires)), None)
    if wanted is None:
        return None
    offer = f"connector '{candidate.name}' of {candidate}"
    return f"{offer} works with {CORE}{wanted}, and {core} is installed"


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
