"""PRISM_CONNECTORS and PRISM_EXTENSIONS: which of them may be imported, and from which
distribution."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import msgspec

from prism_core.discovery.groups import CONNECTORS, Group

_NAME = re.compile(r"[\w.-]{1,64}")
_DISTRIBUTION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?")


class AllowList(msgspec.Struct, frozen=True):
    """The content of a group's variable: by name, the distribution that it must come from
    (normalized by PEP 503) or None. If it cannot be read, `problem` says why, and none may be
    imported."""

    group: Group
    names: Mapping[str, str | None] = {}
    problem: str = ""

    def refusal(self, name: str, distribution: str) -> str | None:
        """Why a distribution's entry point may not be imported; None if it may."""
        if self.problem:
            return self.problem
        if name not in self.names:
            return f"{self.group.variable} does not name it"
        wanted = self.names[name]
        return (
            None
            if wanted in (None, normalized(distribution))
            else f"{self.group.variable} wants it from {wanted}"
        )


def allowed(group: Group = CONNECTORS) -> AllowList | None:
    """The allow-list of a group. None if its variable is not set; then all may be imported. But
    where PRISM_CONNECTORS is set, nothing else is imported that no list names."""
    listed = os.environ.get(group.variable)
    if listed is None:
        return AllowList(group) if CONNECTORS.variable in os.environ else None
    names: dict[str, str | None] = {}
    unreadable = f"{group.variable} cannot be read: "
    for entry in filter(None, (one.strip() for one in listed.split(","))):
        name, pins, distribution = (part.strip() for part in entry.partition("="))
        if not _NAME.fullmatch(name) or (pins and not _DISTRIBUTION.fullmatch(distribution)):
            return AllowList(group, problem=f"{unreadable}{entry!r} is no name or {_PINNED}")
        if name in names:
            return AllowList(group, problem=f"{unreadable}it names {name!r} twice")
        names[name] = normalized(distribution) if pins else None
    return AllowList(group, names)


_PINNED = "name=distribution, such as adyen=prism-payments-adyen"


def normalized(name: str) -> str:
    """A distribution's name, normalized by PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()
