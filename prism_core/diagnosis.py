"""Explaining every connector found, whatever is wrong with it: what `prism doctor` shows."""

from __future__ import annotations

import msgspec

from prism_core.errors import ConnectorLoadError
from prism_core.loading import load
from prism_core.registry import ALLOW, Candidate, allowed, candidates, obstacle


class Diagnosis(msgspec.Struct, frozen=True):
    """What became of one entry point: loadable, shadowed, blocked, conflict, incompatible or
    broken, and why."""

    candidate: Candidate
    state: str
    reason: str = ""


def diagnose() -> list[Diagnosis]:
    """Every entry point found, explained. Imports those that may be imported; raises nothing."""
    found = candidates()
    return [_diagnosed(offer, found[name]) for name in sorted(found) for offer in found[name]]


def _diagnosed(offer: Candidate, offers: list[Candidate]) -> Diagnosis:
    if offer.problem:
        return Diagnosis(offer, "broken", offer.problem)
    permitted = allowed()
    if permitted is not None and offer.name not in permitted:
        return Diagnosis(offer, "blocked", f"{ALLOW} does not name it")
    if offer.shadowed:
        return Diagnosis(offer, "shadowed", "the same distribution is found earlier on sys.path")
    problem = obstacle(offer.name, offers)
    if problem:
        rivals = [one for one in offers if not one.shadowed]
        return Diagnosis(offer, "conflict" if len(rivals) > 1 else "incompatible", problem)
    try:
        load(offer.name)
    except ConnectorLoadError as error:
        return Diagnosis(offer, "broken", error.message)
    return Diagnosis(offer, "loadable")
