"""Requirements: what a distribution declares, followed to the end, and the modules it allows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from prism_core.discovery.allow_list import normalized


def parsed(lines: Iterable[str]) -> Iterator[Requirement]:
    """The requirements that can be read."""
    for line in lines:
        try:
            yield Requirement(line)
        except InvalidRequirement:
            continue


def applies(requirement: Requirement, extras: Iterable[str] = ()) -> bool:
    """Whether its marker holds here, plainly or with one of the extras."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def allowed(lines: Iterable[str], extras: Iterable[str] = ()) -> frozenset[str]:
    """The top-level modules of all that the requirements bring, directly or not."""
    found: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [one for one in parsed(lines) if applies(one, extras)]
    while waiting:
        requirement = waiting.pop()
        key = (normalized(requirement.name), frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        found |= top_levels(key[0])
        more = parsed(_requires(key[0]))
        waiting += [one for one in more if applies(one, requirement.extras)]
    return frozenset(found)


def _requires(name: str) -> tuple[str, ...]:
    try:
        return tuple(distribution(name).requires or ())
    except PackageNotFoundError:
        return ()


@lru_cache(maxsize=256)
def top_levels(name: str) -> frozenset[str]:
    """The top-level modules of a distribution; by its name alone where it is not installed, or
    is installed from its folder, which lists no modules."""
    guess = {re.sub(r"[-.]", "_", name)}
    try:
        found: Any = distribution(name)
    except PackageNotFoundError:
        return frozenset(guess)
    return frozenset(guess | _listed(found) | _in_folder(found))


def _listed(found: Any) -> set[str]:
    declared = found.read_text("top_level.txt")
    if declared:
        return set(declared.split())
    parts = [file.parts for file in found.files or () if file.suffix in (".py", ".so", ".pyd")]
    return {part[0].partition(".")[0] for part in parts}


def _in_folder(found: Any) -> set[str]:
    """Of an editable installation, the modules in the folders that its .pth file names."""
    names: set[str] = set()
    for file in found.files or ():
        if file.suffix != ".pth":
            continue
        for line in file.read_text("utf-8").splitlines():
            folder = Path(line.strip())
            if line.strip() and not line.startswith("import") and folder.is_dir():
                names |= {path.parent.name for path in folder.glob("*/__init__.py")}
                names |= {path.stem for path in folder.glob("*.py")}
    return names
