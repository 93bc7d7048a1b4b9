"""Honest connectors: the reference connector for processors of another shape. Every check must pass
for each of them, as every mutant must be found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab import REFERENCE, WITH_PAGES, installed


@dataclass(frozen=True)
class Honest:
    """A connector: in every file whose path ends so, each text is replaced wherever it stands.
    `new` are files of its own. With `pages`, it is made of the reference connector with pages."""

    name: str
    edits: tuple[tuple[str, str, str], ...] = ()
    new: tuple[tuple[str, str], ...] = ()
    pages: bool = False


def _sources(pages: bool) -> dict[str, str]:
    roots = (REFERENCE, WITH_PAGES) if pages else (REFERENCE,)
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for root in roots
        for path in root.rglob("*.*")
        if path.suffix in (".py", ".json")
    }


def files_of(honest: Honest) -> dict[str, str | None]:
    """The files in which it differs from the reference connector."""
    before = _sources(honest.pages)
    after = dict(before)
    for end, old, new in honest.edits:
        found = [path for path, text in after.items() if path.endswith(end) and old in text]
        assert found, f"{honest.name}: no file {end} says {old}"
        after |= {path: after[path].replace(old, new) for path in found}
    changed = {path: text for path, text in after.items() if text != before[path]}
    return {**changed, **dict(honest.new)}


@contextmanager
def honestly(folder: Path, honest: Honest) -> Iterator[str]:
    """It installed for a block."""
    with installed(folder, files=files_of(honest), pages=honest.pages) as name:
        yield name
