"""The installed copies of one distribution, by the location of their metadata."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec


class _Directory(msgspec.Struct, frozen=True):
    editable: bool = False


class _Origin(msgspec.Struct, frozen=True):
    """https://packaging.python.org/en/latest/specifications/direct-url-data-structure/"""

    url: str
    dir_info: _Directory = _Directory()


def copies_of(distribution: Any, name: str, path: list[str]) -> tuple[str, ...]:
    """The locations of the metadata of a distribution's project. The .egg-info in a source tree
    does not count beside an editable installation of that tree: both describe the same code."""
    from importlib.metadata import distributions

    found = {location_of(one): one for one in (distribution, *distributions(name=name, path=path))}
    trees = [tree for tree in map(_source_of, found.values()) if tree is not None]
    return tuple(
        location for location in found if not (is_leftover(location) or _describes(location, trees))
    )


def location_of(distribution: Any) -> str:
    """The folder of its metadata, links resolved; its name if the metadata is in no folder."""
    path = getattr(distribution, "_path", None)
    if path is not None:
        return os.path.realpath(str(path))
    try:
        return f"({distribution.metadata['Name']} {distribution.version})"
    except Exception:  # damaged metadata can raise anything
        return "(unreadable)"


def is_leftover(location: str) -> bool:
    """Whether an interrupted pip left it behind; pip itself ignores these folders."""
    return os.path.basename(location).startswith("~")


def _source_of(distribution: Any) -> str | None:
    """The source tree of an editable installation."""
    try:
        origin = msgspec.json.decode(distribution.read_text("direct_url.json") or "", type=_Origin)
        is_editable = origin.dir_info.editable
        return os.path.realpath(unquote(urlsplit(origin.url).path)) if is_editable else None
    except Exception:  # there is no such file, or damaged metadata raises anything
        return None


def _describes(location: str, trees: list[str]) -> bool:
    is_inside = any(location.startswith(tree + os.sep) for tree in trees)
    return is_inside and location.endswith(".egg-info")
