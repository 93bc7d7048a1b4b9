"""Explaining every connector found, whatever is wrong with it: what `prism doctor` shows."""

from __future__ import annotations

import msgspec

from prism_core.discovery import index
from prism_core.discovery.allow_list import allowed
from prism_core.discovery.index import Candidate
from prism_core.discovery.loading import load
from prism_core.errors import ConnectorLoadError


class Diagnosis(msgspec.Struct, frozen=True):
    """What became of one entry point: loadable, blocked, conflict, incompatible or broken, and
    why."""

    candidate: Candidate
    state: str
    reason: str = ""


def diagnose() -> list[Diagnosis]:
    """Every entry point found, explained. Imports those that may be imported; raises nothing."""
    found = index.candidates()
    return [_diagnosed(offer, found[name]) for name in sorted(found) for offer in found[name]]


def _diagnosed(offer: Candidate, offers: list[Candidate]) -> Diagnosis:
    if offer.problem:
        return Diagnosis(offer, "broken", offer.problem)
    listed = allowed()
    refusal = listed.refusal(offer.name) if listed is not None else None
    eligible = [] if refusal else index.eligible(offer.name, offers)
    if offer not in eligible:
        return Diagnosis(offer, "blocked", refusal or index.elsewhere(offer.name))
    problem = index.obstacle(offer.name, offers)
    if problem:
        is_conflict = len(eligible) > 1 or offer.copies
        return Diagnosis(offer, "conflict" if is_conflict else "incompatible", problem)
    try:
        load(offer.name)
    except ConnectorLoadError as error:
        return Diagnosis(offer, "broken", error.message)
    return Diagnosis(offer, "loadable")
