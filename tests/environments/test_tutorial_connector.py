"""A connector made outside this repository, as docs/tutorial.md makes one: scaffolded, built,
certified beside built wheels of the core and the kit, then broken by hand."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tutorial import Edit, steps

from .environment import Environment, Wheels, create, once

pytestmark = pytest.mark.once

PACKAGE = "prism_borealis"


@pytest.fixture(scope="module")
def kitted(shared: Path, pip: Environment, wheels: Wheels) -> Environment:
    """An empty environment into which pip installed the core, the kit and what they depend on."""

    def make(folder: Path) -> None:
        made = create(folder / "env", "--without-pip")
        install(pip, made, f"{wheels['core']}[cli]", wheels["contract-tests"])

    return Environment(once(shared / "kitted", make) / "env")


@pytest.fixture(scope="module")
def plugin(shared: Path, kitted: Environment) -> Path:
    """The plugin as its author has it: made by `prism new` and finished by the tutorial."""

    def make(folder: Path) -> None:
        kitted.prism("new", "borealis", "--into", str(folder))
        for step in steps():
            if isinstance(step, Edit) and "only where" not in step.how:
                step.apply(folder / "prism-borealis")

    return once(shared / "tutorial", make) / "prism-borealis"


@pytest.fixture(scope="module")
def wheel(shared: Path, pip: Environment, plugin: Path) -> Path:
    """Its wheel, built as the tutorial says."""

    def make(folder: Path) -> None:
        pip.run(pip.interpreter, "-m", "pip", "wheel", "--no-deps", "-w", folder, plugin)

    return next(once(shared / "borealis", make).glob("*.whl"))


@pytest.fixture
def empty(pip: Environment, wheels: Wheels, kitted: Environment, tmp_path: Path) -> Environment:
    """The core and the kit from their wheels, and nothing else of ours; a test's own. What they
    depend on is shared."""
    made = create(tmp_path / "env", "--without-pip")
    (made.site / "dependencies.pth").write_text(f"{kitted.site}\n")
    offline = ["--no-deps", "--no-index", "--ignore-installed"]
    install(pip, made, *offline, wheels["core"], wheels["contract-tests"])
    return made


@pytest.fixture
def environment(pip: Environment, empty: Environment, wheel: Path) -> Environment:
    """The same with the connector, from its wheel."""
    install(pip, empty, "--no-deps", "--no-index", wheel)
    return empty


def install(pip: Environment, target: Environment, *arguments: object) -> None:
    python = ["--python", str(target.interpreter)]
    pip.run(pip.interpreter, "-m", "pip", *python, "install", *map(str, arguments))


def contract(environment: Environment, code: int) -> dict[str, Any]:
    """The report of `prism contract borealis`."""
    path = environment.folder / "report.json"
    environment.prism("contract", "borealis", "--json", str(path), code=code)
    report: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return report


def failed(report: dict[str, Any]) -> set[str]:
    """The checks that found something."""
    return {one["check"] for one in report["findings"] if one["verdict"] == "failed"}


@contextmanager
def changed(path: Path, old: str, new: str) -> Iterator[None]:
    """A file of the installed connector, edited by hand."""
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new), "utf-8")
    try:
        yield
    finally:
        path.write_text(before, "utf-8")


def test_the_wheel_carries_what_the_contract_reads(wheel: Path) -> None:
    """Exchanges, settings and types reach whoever installs it; the schema for editors does not."""
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert {f"{PACKAGE}/py.typed", f"{PACKAGE}/pyproject.toml"} <= held
    assert sum(name.endswith(".json") for name in held) == 7
    assert not any("schema" in name for name in held)


def test_it_is_discovered(environment: Environment) -> None:
    """After one `pip install` the connector is found, loadable, and the only one."""
    assert environment.states() == {"borealis": "loadable"}
    assert environment.opened("borealis") == "opened"


def test_it_is_certified(environment: Environment) -> None:
    """`prism contract borealis` ends with 0, and its report is of the installed files."""
    report = contract(environment, 0)
    assert report["ok"]
    assert (report["distribution"], report["version"]) == ("prism-payments-borealis", "0.1.0")
    assert f"{PACKAGE}/__init__.py".rpartition("/")[2] in report["files"]


def test_a_program_can_certify_it(environment: Environment) -> None:
    source = "from prism_contract_tests import certify; print(certify('borealis').ok)"
    assert environment.python(source).strip() == "True"


BREAKS = {
    "drops the customer": (
        "customer-linked",
        '"customer": request.connector_customer_id,',
        '"customer": request.connector_customer_id and None,',
    ),
    "takes an unknown status for money": (
        "unknown-status",
        "PaymentStatus.UNRESOLVED",
        "PaymentStatus.CHARGED",
    ),
    "names no header for the key that its exchanges have": (
        "exchange-request",
        'idempotency_header = "Idempotency-Key"',
        "idempotency_header = None",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_broken_by_hand_it_is_named(environment: Environment, name: str) -> None:
    """One edit of an installed file, and the contract is red with the check that it is about."""
    check, old, new = BREAKS[name]
    with changed(environment.site / PACKAGE / "__init__.py", old, new):
        assert check in failed(contract(environment, 1))


def test_installed_editable_it_says_what_is_to_write(
    pip: Environment, empty: Environment, tmp_path: Path
) -> None:
    """`prism new`, `pip install -e .`, `prism contract`: the first three lines of an author."""
    empty.prism("new", "borealis", "--into", str(tmp_path))
    install(pip, empty, "--no-deps", "-e", tmp_path / "prism-borealis")
    assert empty.states() == {"borealis": "loadable"}
    report = contract(empty, 1)
    assert {"exchanges-documented", "exchange-result", "error-answers"} <= failed(report)
    assert "authorize is still to write" in json.dumps(report)
