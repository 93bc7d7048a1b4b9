"""The exchange files of this repository, those of the reference connector too."""

from __future__ import annotations

import json
from pathlib import Path

from lab import WITH_PAGES
from support import REFERENCE

import prism_contract_tests
from prism_contract_tests.formatting import formatted

ROOT = Path(__file__).parents[2]
FILES = [
    *ROOT.glob("plugins/*/prism_*/exchanges/**/*.json"),
    *REFERENCE.glob("**/exchanges/**/*.json"),
    *WITH_PAGES.glob("**/exchanges/**/*.json"),
]


def test_every_exchange_file_names_its_schema() -> None:
    """An editor finds the schema from every exchange in the repository, with no network."""
    published = (Path(prism_contract_tests.__file__).parent / "exchange.schema.json").resolve()
    assert len(FILES) > 40
    parts = {"errors.json": "/$defs/Errors", "defaults.json": "/$defs/Defaults"}
    for path in FILES:
        named, _, part = json.loads(path.read_text())["$schema"].partition("#")
        assert (path.parent / named).resolve() == published
        assert part == parts.get(path.name, "")


def test_every_exchange_file_has_the_usual_form() -> None:
    """What `prism exchanges format` would write is what is there, so that a change to a file shows
    nothing but what was changed."""
    assert [path for path in FILES if formatted(path.read_text()) != path.read_text()] == []
