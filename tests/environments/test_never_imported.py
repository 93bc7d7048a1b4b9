"""Plugins that must not be imported: made for another core, or not on the allow-list. The proof is
a file that the plugin would leave behind. Environments are layers over shared dependencies."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Layer
from .environment import Environment
from .fakes import CONNECTOR, connector, fake

pytestmark = pytest.mark.once


@pytest.fixture
def environment(layer: Layer, tmp_path: Path) -> Environment:
    """An environment of the test's own with two fakes: `future` wants core 99, `fitting` any."""
    return layer(
        fake(
            tmp_path,
            "x-future",
            {"x_future": CONNECTOR},
            connector("future", "x_future"),
            ["prism-payments-core>=99"],
        ),
        fake(
            tmp_path,
            "x-fitting",
            {"x_fitting": CONNECTOR},
            connector("fitting", "x_fitting"),
            ["Prism_Payments.Core[cli] >= 0.1", 'prism-payments-core>=99; extra == "next"'],
        ),
    )


def _imported(environment: Environment) -> set[str]:
    """The fakes that left their file, as they do when imported."""
    return {path.stem for path in environment.site.glob("*.imported")}


def test_a_plugin_for_another_core_is_explained_unimported(environment: Environment) -> None:
    """A plugin whose Requires-Dist excludes this core is refused with both versions named, and
    none of its code runs."""
    said = environment.opened("future")
    assert said.startswith("ConnectorLoadError ")
    assert "x-future 1.0" in said
    assert "prism-payments-core>=99" in said
    assert "0.1" in said.rpartition("and ")[2]
    assert _imported(environment) == set()
    assert environment.opened("fitting") == "opened"
    assert _imported(environment) == {"x_fitting"}


def test_the_doctor_calls_it_incompatible(environment: Environment) -> None:
    """`prism doctor` says incompatible, and imports the others only; a requirement of an extra
    that was not asked for excludes nothing."""
    (row,) = (row for row in environment.doctor() if row["name"] == "future")
    assert (row["state"], row["path"]) == ("incompatible", str(environment.site))
    assert "prism-payments-core>=99" in row["reason"]
    assert environment.states()["fitting"] == "loadable"
    assert _imported(environment) == {"x_fitting"}


def test_the_allow_list_keeps_the_others_from_being_imported(environment: Environment) -> None:
    """With PRISM_CONNECTORS=stripe no other connector's code runs, whatever asks for it."""
    only = {"PRISM_CONNECTORS": "stripe"}
    assert environment.states(only) == {
        "fitting": "blocked",
        "future": "blocked",
        "sandbox": "blocked",
        "stripe": "loadable",
    }
    assert environment.opened("stripe", only) == "opened"
    said = environment.opened("fitting", only)
    assert said.startswith("ConnectorLoadError ")
    assert "PRISM_CONNECTORS" in said
    assert "fitting" in environment.prism("connectors", variables=only).stdout
    assert _imported(environment) == set()
    assert environment.opened("fitting", {"PRISM_CONNECTORS": "stripe, fitting"}) == "opened"
    assert _imported(environment) == {"x_fitting"}


def test_an_empty_allow_list_allows_nothing(environment: Environment) -> None:
    """PRISM_CONNECTORS set to nothing blocks every connector: it fails closed."""
    assert set(environment.states({"PRISM_CONNECTORS": ""}).values()) == {"blocked"}
    assert _imported(environment) == set()
