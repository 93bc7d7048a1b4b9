"""Files that the contract kit reads: damaged exchanges and settings end in a clear error."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from prism_contract_tests.reading import BadExchange, load
from prism_contract_tests.target import read_settings
from prism_core import InvalidRequest

from .damaging import damaged
from .findings import EXCHANGES, SETTINGS
from .fuzzing import Tally, fuzz
from .targets import CONNECTORS, opened

_SETTINGS = b"""[project]
name = "prism-payments-acme"
[tool.prism.contract]
connector = "acme"
edition = "2026.11"
[[tool.prism.contract.exceptions]]
check = "x"
reason = "y"
link = "https://example.com"
"""


class File(NamedTuple):
    """An exchange's operation, and what its file holds."""

    operation: str
    content: bytes


def test_damaged_exchanges(tmp_path: Path, tally: Callable[[str], Tally]) -> None:
    """A file that is no exchange is named in a BadExchange that says why; one that can be read
    makes a request or says which field of it is wrong."""
    files = _files()

    def drawn(chance: random.Random) -> File:
        operation, path = chance.choice(files)
        others = [chance.choice(files)[1].read_bytes()]
        return File(operation, damaged(chance, path.read_bytes(), others))

    def attempt(case: File) -> str | None:
        folder = tmp_path / "exchanges" / case.operation
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "success.json").write_bytes(case.content)
        try:
            return _read(tmp_path)
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:80]}"
        finally:
            (folder / "success.json").unlink()

    findings = [File(*found) for found in EXCHANGES]
    fuzz(tally("exchange files"), drawn, attempt, inputs=200, findings=findings)


def _files() -> list[tuple[str, Path]]:
    packages = [opened(name).package for name in CONNECTORS]
    found = [path for package in packages for path in sorted(package.glob("exchanges/*/*.json"))]
    return [(path.parent.name, path) for path in found]


def _read(package: Path) -> str | None:
    try:
        (found,) = load(package)
    except BadExchange as reason:
        said = str(reason)
        return None if "success.json" in said and "\n" not in said else f"unclear: {said!r}"
    try:
        found.build()
    except (InvalidRequest, msgspec.ValidationError):
        return None
    for step in (*found.steps, *found.grants):
        step.response.answer()
    return None


def test_damaged_settings(tmp_path: Path, tally: Callable[[str], Tally]) -> None:
    """A pyproject.toml that cannot be read, or holds other things than settings, is an error that
    says so."""

    def attempt(content: bytes) -> str | None:
        (tmp_path / "pyproject.toml").write_bytes(content)
        try:
            read_settings(tmp_path)
        except (msgspec.ValidationError, tomllib.TOMLDecodeError):
            return None
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:80]}"
        return None

    fuzz(
        tally("settings of the contract"),
        lambda chance: damaged(chance, _SETTINGS),
        attempt,
        inputs=100,
        findings=SETTINGS,
    )
