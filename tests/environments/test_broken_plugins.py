"""One broken plugin never breaks another, nor the command line. All of these are installed into
one layer over shared dependencies, beside Stripe and the sandbox, which go on working."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import Layer
from .environment import Environment
from .fakes import COMMANDS, CONNECTOR, CONNECTORS, command, connector, fake

pytestmark = pytest.mark.once

BROKEN = {
    "raises": ("raise RuntimeError('no licence file')", "RuntimeError: no licence file"),
    "needs": ("import a_package_that_is_missing", "a_package_that_is_missing"),
    "typo": ("connector = = 1", "SyntaxError"),
    "empty": ("", "has no attribute 'connector'"),
    "unnamed": ("class connector: pass", "the class connector"),
    "plain": ("connector = object()", "ConnectorInfo"),
}
"""Modules that cannot be a connector, and what must be said about them."""


@pytest.fixture(scope="module")
def crowd(layer: Layer, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with every broken connector. Tests must not change it."""
    folder = tmp_path_factory.mktemp("broken")
    return layer(
        *(
            fake(folder, f"x-{name}", {f"x_{name}": source}, connector(name, f"x_{name}"))
            for name, (source, _) in BROKEN.items()
        )
    )


@pytest.fixture(scope="module")
def diagnoses(crowd: Environment) -> dict[str, dict[str, Any]]:
    """What the doctor says there, by connector."""
    return {row["name"]: row for row in crowd.doctor()}


@pytest.mark.parametrize("name", BROKEN)
def test_the_doctor_explains_a_broken_plugin(
    crowd: Environment, diagnoses: dict[str, dict[str, Any]], name: str
) -> None:
    """Each broken plugin has a row with its distribution, its path and the reason."""
    row = diagnoses[name]
    assert (row["state"], row["distribution"]) == ("broken", f"x-{name} 1.0")
    assert row["path"] == str(crowd.site)
    assert BROKEN[name][1] in row["reason"]


def test_good_connectors_work_beside_broken_ones(
    crowd: Environment, diagnoses: dict[str, dict[str, Any]]
) -> None:
    """Six broken plugins keep neither Stripe nor the sandbox from opening."""
    assert diagnoses["stripe"]["state"] == diagnoses["sandbox"]["state"] == "loadable"
    assert crowd.opened("stripe") == "opened"
    assert crowd.opened("sandbox") == "opened"


def test_the_commands_work_beside_broken_connectors(crowd: Environment) -> None:
    """`prism --help` and `prism connectors` import nothing, so nothing can break them."""
    assert "connectors" in crowd.prism("--help").stdout
    listed = crowd.prism("connectors").stdout
    assert all(f"x-{name}" in listed for name in BROKEN)


def test_asking_for_a_broken_connector_is_a_readable_error(crowd: Environment) -> None:
    """A program gets a ConnectorLoadError that names the distribution and the cause; the
    command line prints it as one line."""
    said = crowd.opened("raises")
    assert said.startswith("ConnectorLoadError ")
    assert "x-raises 1.0" in said
    assert "no licence file" in said
    done = crowd.prism(
        "customers", "create", "-c", "raises", "--merchant-customer-id", "u1", code=5
    )
    assert len(done.stderr.splitlines()) == 1
    assert "no licence file" in done.stderr


def test_a_plugin_that_exits_ends_nothing_but_itself(layer: Layer, tmp_path: Path) -> None:
    """A module that calls sys.exit when imported is broken; the doctor goes on to the others."""
    source = "raise SystemExit('usage: x-exits FILE')"
    broken = fake(tmp_path, "x-exits", {"x_exits": source}, connector("exits", "x_exits"))
    states = layer(broken).states()
    assert states == {"exits": "broken", "sandbox": "loadable", "stripe": "loadable"}


def test_a_plugin_that_fails_while_it_is_checked_is_broken(layer: Layer, tmp_path: Path) -> None:
    """A connector whose facts raise when they are read is broken, too, and breaks nothing."""
    source = CONNECTOR + "\nFake.info = property(lambda self: 1 / 0)\n"
    broken = fake(tmp_path, "x-facts", {"x_facts": source}, connector("facts", "x_facts"))
    states = layer(broken).states()
    assert states == {"facts": "broken", "sandbox": "loadable", "stripe": "loadable"}


DAMAGE: dict[str, dict[str, bytes | None]] = {
    "without-metadata": {"METADATA": None},
    "without-a-value": {"entry_points.txt": b"[prism.connectors]\nlost\n"},
    "without-a-group": {"entry_points.txt": b"lost = x_lost:connector\n[prism.connectors]\n"},
    "in-latin-1": {"entry_points.txt": b"[prism.connectors]\nlost = caf\xe9:connector\n"},
}
"""What becomes of a distribution's metadata when an installation stops half-way, or its author
wrote it by hand."""


@pytest.mark.parametrize(
    "damage",
    [
        "without-metadata",
        "without-a-value",
        "in-latin-1",
        "without-a-group",
    ],
)
def test_damaged_metadata_leaves_the_others_alone(
    layer: Layer, tmp_path: Path, damage: str
) -> None:
    """A damaged dist-info folder of one distribution keeps no other connector from opening,
    and breaks no command."""
    environment = layer(
        fake(tmp_path, "x-lost", {"x_lost": CONNECTOR}, connector("lost", "x_lost"))
    )
    for name, content in DAMAGE[damage].items():
        path = environment.site / "x_lost-1.0.dist-info" / name
        path.unlink() if content is None else path.write_bytes(content)
    assert environment.opened("stripe") == "opened"
    states = environment.states()
    assert states["stripe"] == states["sandbox"] == "loadable"
    assert "doctor" in environment.prism("--help").stdout


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit", "SystemExit"),
    ],
)
def test_a_broken_command_breaks_only_itself(
    layer: Layer, tmp_path: Path, source: str, said: str
) -> None:
    """A `prism.commands` entry point that cannot be imported is still listed; calling it is one
    readable line, and every other command works."""
    broken = fake(tmp_path, "x-report", {"x_report": source}, command("report", "x_report:report"))
    environment = layer(broken)
    assert "report" in environment.prism("--help").stdout
    assert "stripe" in environment.prism("connectors").stdout
    assert "Usage" in environment.prism("sandbox", "--help").stdout
    done = environment.prism("report", code=5)
    assert len(done.stderr.splitlines()) == 1
    assert "'report' of x-report" in done.stderr
    assert said in done.stderr


def test_a_command_that_is_no_command_is_named(layer: Layer, tmp_path: Path) -> None:
    """An entry point that names something else than a click command is one readable line."""
    entry_points = {COMMANDS: {"report": "x_odd:main"}, CONNECTORS: {"odd": "x_odd:connector"}}
    source = CONNECTOR + "\ndef main(): pass\n"
    environment = layer(fake(tmp_path, "x-odd", {"x_odd": source}, entry_points))
    done = environment.prism("report", code=5)
    assert "x_odd:main is not a click command" in done.stderr
    assert environment.opened("odd") == "opened"
