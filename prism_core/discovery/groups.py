"""The groups of entry points, by which connectors and extensions are found."""

from __future__ import annotations

import msgspec


class Group(msgspec.Struct, frozen=True):
    """A group of entry points: its name, what one of them is called in a sentence, and the
    environment variable that says which of them may be imported."""

    name: str
    word: str
    variable: str


CONNECTORS = Group("prism.connectors", "connector", "PRISM_CONNECTORS")
EXTENSIONS = Group("prism.extensions", "extension", "PRISM_EXTENSIONS")
GROUPS = (CONNECTORS, EXTENSIONS)
