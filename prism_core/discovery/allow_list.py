"""PRISM_CONNECTORS: which connectors may be imported, and from which distribution."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import msgspec

ALLOW = "PRISM_CONNECTORS"
_CONNECTOR = re.compile(r"[\w.-]{1,64}")
_DISTRIBUTION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?")


class AllowList(msgspec.Struct, frozen=True):
    """The content of PRISM_CONNECTORS: by connector name, the distribution that it must come from
    (normalized by PEP 503) or None. If it cannot be read, `problem` says why, and no connector may
    be imported."""

    names: Mapping[str, str | None]
    problem: str = ""

    def refusal(self, name: str, distribution: str) -> str | None:
        """Why a distribution's connector may not be imported; None if it may."""
        if self.problem:
            return self.problem
        if name not in self.names:
            return f"{ALLOW} does not name it"
        wanted = self.names[name]
        return (
            None
            if wanted in (None, normalized(distribution))
            else f"{ALLOW} wants it from {wanted}"
        )


def allowed() -> AllowList | None:
    """The allow-list. None if the variable is not set; then all connectors may be imported."""
    listed = os.environ.get(ALLOW)
    if listed is None:
        return None
    names: dict[str, str | None] = {}
    for entry in filter(None, (one.strip() for one in listed.split(","))):
        name, pins, distribution = (part.strip() for part in entry.partition("="))
        if not _CONNECTOR.fullmatch(name) or (pins and not _DISTRIBUTION.fullmatch(distribution)):
            return AllowList({}, f"{ALLOW} cannot be read: {entry!r} is no name or {_PINNED}")
        if name in names:
            return AllowList({}, f"{ALLOW} cannot be read: it names {name!r} twice")
        names[name] = normalized(distribution) if pins else None
    return AllowList(names)


_PINNED = "name=distribution, such as adyen=prism-payments-adyen"


def normalized(name: str) -> str:
    """A distribution's name, normalized by PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()
