"""What the wheels hold: whatever users and type checkers need, and nothing of the repository."""

from __future__ import annotations

import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement

from .environment import PROJECTS, Wheels

pytestmark = pytest.mark.once

every_wheel = pytest.mark.parametrize("name", PROJECTS)


def _held(wheel: Path) -> list[PurePosixPath]:
    with zipfile.ZipFile(wheel) as archive:
        return [PurePosixPath(name) for name in archive.namelist()]


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(path).decode())


def _packages(wheel: Path) -> set[str]:
    return {path.parts[0] for path in _held(wheel) if not path.parts[0].endswith(".dist-info")}


def _required(wheel: Path) -> dict[str, str]:
    """The names of what a wheel depends on, with the marker where there is one."""
    lines = _metadata(wheel).get_all("Requires-Dist", [])
    return {(one := Requirement(line)).name: str(one.marker or "") for line in lines}


@every_wheel
def test_a_wheel_installs_one_package_of_its_own(wheels: Wheels, name: str) -> None:
    """Installing a distribution puts the package with its name into site-packages, and at most
    one more: fixtures, which pytest imports in every run, without the package."""
    package = f"prism_{name.replace('-', '_')}"
    assert _packages(wheels[name]) - {f"{package}_pytest"} == {package}


@every_wheel
def test_a_wheel_says_that_it_is_typed(wheels: Wheels, name: str) -> None:
    """mypy sees the types of every installed package of ours."""
    wanted = {PurePosixPath(package, "py.typed") for package in _packages(wheels[name])}
    assert wanted
    assert wanted <= set(_held(wheels[name]))


@every_wheel
def test_a_wheel_names_its_licence_in_its_metadata(wheels: Wheels, name: str) -> None:
    """A licence scanner reads the licence of every distribution as an SPDX expression."""
    assert _metadata(wheels[name])["License-Expression"] == "Apache-2.0"


@every_wheel
def test_a_wheel_carries_the_licence_text(wheels: Wheels, name: str) -> None:
    """The text of the licence comes with every distribution, where its metadata says it is."""
    (named,) = _metadata(wheels[name]).get_all("License-File", [])
    (info,) = {path.parts[0] for path in _held(wheels[name]) if "dist-info" in path.parts[0]}
    assert PurePosixPath(info, "licenses", named) in _held(wheels[name])


@every_wheel
def test_a_wheel_holds_nothing_of_the_tests(wheels: Wheels, name: str) -> None:
    """No test, fixture, benchmark or document of the repository is installed at a user's."""
    unwanted = {"tests", "docs", "benchmarks", "noxfile.py", "conftest.py", "__pycache__"}
    found = [
        path
        for path in _held(wheels[name])
        if unwanted & set(path.parts) or path.name.startswith(("test_", "."))
    ]
    assert found == []


@every_wheel
def test_a_wheel_holds_every_file_of_its_package(wheels: Wheels, name: str) -> None:
    """Whatever lies in a package's folder, templates and data too, reaches the user."""
    folder = PROJECTS[name]
    wanted = {
        PurePosixPath(path.relative_to(folder).as_posix())
        for package in _packages(wheels[name])
        for path in (folder / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name[0] != "."
    }
    assert wanted
    assert wanted - set(_held(wheels[name])) == set()


def test_the_sandbox_brings_its_pages(wheels: Wheels) -> None:
    """An installed sandbox can show its index and its challenge."""
    templates = {path.name for path in _held(wheels["sandbox"]) if "templates" in path.parts}
    assert {"index.html", "challenge.html", "layout.html"} <= templates


def test_the_core_depends_on_known_packages_only(wheels: Wheels) -> None:
    """Installing the core pulls in seven known packages; the command line is an extra,
    and so is Babel, for amounts in a language."""
    required = _required(wheels["core"])
    always = {name for name, marker in required.items() if not marker}
    own = {"msgspec", "packaging", "pluggy"}
    assert always == {*own, "anyio", "h11", "httpcore", "certifi"}
    assert {name: required[name] for name in required.keys() - always} == {
        "babel": 'extra == "babel"',
        "click": 'extra == "cli"',
        "rich": 'extra == "cli"',
    }


@every_wheel
def test_no_distribution_has_or_wants_the_name_of_somebody_else(wheels: Wheels, name: str) -> None:
    """`prism-core` is a stranger's on the public index, so nothing of ours can pull it in."""
    assert _metadata(wheels[name])["Name"] == f"prism-payments-{name}"
    assert "prism-core" not in {one.replace("_", "-") for one in _required(wheels[name])}


@pytest.mark.parametrize("name", [name for name in PROJECTS if name != "core"])
def test_a_plugin_says_which_core_it_works_with(wheels: Wheels, name: str) -> None:
    """pip refuses to put a plugin beside a core of another series."""
    lines = _metadata(wheels[name]).get_all("Requires-Dist", [])
    always = [one for one in map(Requirement, lines) if one.marker is None]
    (core,) = (one for one in always if one.name == "prism-payments-core")
    assert core.specifier.contains(str(_metadata(wheels["core"])["Version"]))
    assert not core.specifier.contains("99.0")
