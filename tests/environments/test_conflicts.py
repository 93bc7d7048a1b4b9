"""Two offers of one name: two distributions that claim a connector, and one distribution that is
on `sys.path` twice. Environments are layers over shared dependencies."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Layer
from .environment import Environment
from .fakes import CONNECTOR, connector, fake, files, laid_out

pytestmark = pytest.mark.once

RIVAL = "someones-stripe-for-prism"
STRIPE = "prism-payments-stripe"


@pytest.fixture(scope="module")
def contested(layer: Layer, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment where a second distribution claims `stripe`. Tests must not change it."""
    folder = tmp_path_factory.mktemp("rival")
    return layer(fake(folder, RIVAL, {"rival": CONNECTOR}, connector("stripe", "rival")))


def test_two_claims_to_a_name_are_an_error_that_names_both(contested: Environment) -> None:
    """A payment never goes to whichever of two connectors was found first; neither is imported."""
    said = contested.opened("stripe")
    assert said.startswith("ConnectorLoadError ")
    assert RIVAL in said
    assert STRIPE in said
    assert not (contested.site / "rival.imported").exists()


def test_the_doctor_shows_both_sides_of_a_conflict(contested: Environment) -> None:
    """`prism doctor` says conflict for both distributions, each with the other's name."""
    rows = [row for row in contested.doctor() if row["connector"] == "stripe"]
    assert [row["state"] for row in rows] == ["conflict", "conflict"]
    assert {row["distribution"].split()[0] for row in rows} == {RIVAL, STRIPE}
    assert all(RIVAL in row["reason"] and STRIPE in row["reason"] for row in rows)
    assert {row["path"] for row in rows} == {str(contested.site)}


def test_a_conflict_leaves_other_connectors_alone(contested: Environment) -> None:
    """Two claims to `stripe` do not keep the sandbox from working."""
    assert contested.opened("sandbox") == "opened"
    assert contested.states()["sandbox"] == "loadable"


def test_state_and_reason_tell_the_same_story(layer: Layer, tmp_path: Path) -> None:
    """Where a rival is also made for another core, its row's reason is about its state."""
    needs = ["prism-payments-core>=99"]
    entry = connector("stripe", "rival")
    environment = layer(fake(tmp_path, RIVAL, {"rival": CONNECTOR}, entry, needs))
    (row,) = (row for row in environment.doctor() if row["distribution"].startswith(RIVAL))
    said = {"conflict": "two distributions", "incompatible": ">=99"}
    assert said[row["state"]] in row["reason"]


def test_the_first_of_two_copies_works_and_the_second_is_shadowed(
    layer: Layer, tmp_path: Path
) -> None:
    """A copy earlier on `sys.path` is the one that runs, as Python imports it; the doctor shows
    the other as shadowed, with the path of each."""
    content = files(STRIPE, "9.9", {"prism_stripe": CONNECTOR}, connector("stripe", "prism_stripe"))
    first = laid_out(tmp_path / "first", content)
    environment = layer()
    path = {"PYTHONPATH": str(first)}
    rows = environment.doctor(path)
    assert [(row["state"], row["path"]) for row in rows if row["connector"] == "stripe"] == [
        ("loadable", str(first)),
        ("shadowed", str(environment.site)),
    ]
    (first / "prism_stripe.imported").unlink()
    assert environment.opened("stripe", path) == "opened"
    assert (first / "prism_stripe.imported").exists()


def test_a_connector_that_only_the_shadowed_copy_offers_is_explained(
    layer: Layer, tmp_path: Path
) -> None:
    """A name that only a shadowed copy offers is a readable error: its code is not reachable."""
    content = files(STRIPE, "9.9", {"newer": CONNECTOR}, connector("other", "newer"))
    environment = layer()
    said = environment.opened("stripe", {"PYTHONPATH": str(laid_out(tmp_path / "first", content))})
    assert said.startswith(("ConnectorLoadError ", "ConnectorNotFound "))


def test_a_copy_without_the_connector_shadows_too(layer: Layer, tmp_path: Path) -> None:
    """The copy that Python imports decides, also where it has lost its entry point."""
    content = files(STRIPE, "9.9", {"newer": ""}, {"console_scripts": {"newer": "newer:main"}})
    rows = layer().doctor({"PYTHONPATH": str(laid_out(tmp_path / "first", content))})
    assert [row["state"] for row in rows if row["connector"] == "stripe"] == ["shadowed"]
