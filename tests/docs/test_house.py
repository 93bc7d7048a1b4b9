"""What the repository says of itself in several places is the same everywhere: versions, Pythons,
pinned tools, made pages, sessions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docs.made import MADE
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT, ROOT / "contract_tests", *sorted(ROOT.glob("plugins/*"))]
FILES = {
    str(folder.relative_to(ROOT)): tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    for folder in FOLDERS
    if (folder / "pyproject.toml").exists()
}
CORE = FILES["."]["project"]
PINNED = (ROOT / "constraints.txt").read_text("utf-8").splitlines()

every_distribution = pytest.mark.parametrize("folder", FILES)


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_from_declarations_is_current(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == MADE[name](), "run: nox -s pages"


@every_distribution
def test_all_have_the_version_of_the_core(folder: str) -> None:
    """The root's pyproject.toml says which; a plugin's own names the core of that series."""
    project, version = FILES[folder]["project"], Version(CORE["version"])
    again = f"run: nox -s version -- {version}"
    assert project["version"] == str(version), again
    core = [one for one in map(Requirement, project["dependencies"]) if one.name == CORE["name"]]
    assert len(core) == (folder != ".")
    for one in core:
        series = f">={version.major}.{version.minor},<{version.major}.{version.minor + 1}"
        assert one.specifier == SpecifierSet(series), again


@every_distribution
def test_all_need_the_same_python(folder: str) -> None:
    assert FILES[folder]["project"]["requires-python"] == CORE["requires-python"]


def test_the_oldest_python_is_the_same_everywhere() -> None:
    """In the classifiers, the scaffold, the README, and for the tools that judge the code."""
    needed = CORE["requires-python"]
    oldest = needed.removeprefix(">=")
    classifiers = [one.rpartition(" ")[2] for one in CORE["classifiers"] if "Python :: 3." in one]
    tools = FILES["."]["tool"]
    assert min(classifiers, key=Version) == oldest
    assert tools["mypy"]["python_version"] == tools["pyright"]["pythonVersion"] == oldest
    assert tools["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    (template,) = ROOT.glob("contract_tests/prism_contract_tests/**/pyproject.toml.jinja")
    assert f'requires-python = "{needed}"' in template.read_text("utf-8")
    assert f"Python {oldest} or newer" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("path", FILES["."]["tool"]["pyright"]["include"])
def test_pyright_reads_what_is_there(path: str) -> None:
    assert [*(ROOT / path).rglob("*.py")]


def _required() -> Iterator[Requirement]:
    """All that the sessions install by name."""
    for settings in FILES.values():
        project = settings["project"]
        groups: dict[str, list[Any]] = {
            **project.get("optional-dependencies", {}),
            **settings.get("dependency-groups", {}),
            "dependencies": project["dependencies"],
        }
        for group in groups.values():
            yield from (Requirement(line) for line in group if isinstance(line, str))


def test_every_tool_is_pinned() -> None:
    """A new release of a tool or of a dependency turns no green tree red."""
    pins: dict[str, list[SpecifierSet]] = {}
    for line in PINNED:
        if not line.startswith("#"):
            pins.setdefault((pin := Requirement(line)).name, []).append(pin.specifier)
    assert {one.operator for found in pins.values() for pin in found for one in pin} == {"=="}
    ours = {settings["project"]["name"] for settings in FILES.values()}
    required = [one for one in _required() if one.name not in ours]
    assert len(required) > 40
    for one in required:
        assert one.name in pins, f"{one.name} is not pinned; run: nox -s lock"
        for pin in pins[one.name]:
            fits = all(one.specifier.contains(exact.version) for exact in pin)
            assert fits, f"{one}, and {pin} is pinned; run: nox -s lock"


def test_the_pins_name_no_index() -> None:
    """Whoever installs with them does so from the index that is set up there."""
    assert [line for line in PINNED if "://" in line or line.startswith("-")] == []


def test_every_session_is_explained() -> None:
    """CONTRIBUTING.md names each session of the noxfile."""
    source = (ROOT / "noxfile.py").read_text("utf-8")
    sessions = re.findall(r"^@nox\.session.*\ndef (\w+)", source, re.MULTILINE)
    assert {"tests", "lock", "build", "pages"} <= set(sessions)
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = {name for name in sessions if re.search(rf"`(nox -s )?{name}[`\- ]", text)}
    assert named == set(sessions)


def test_the_map_names_files_that_there_are() -> None:
    """A newcomer finds every file that CONTRIBUTING.md names."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rooms = ("prism_core", "contract_tests", "plugins", "tests", "examples", "benchmarks")
    there = {path.name for room in rooms for path in (ROOT / room).rglob("*.py")}
    there.add("noxfile.py")
    named = set(re.findall(r"\b\w+\.py\b", text))
    assert len(named) > 50
    assert named <= there
