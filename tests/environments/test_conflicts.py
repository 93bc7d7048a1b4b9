"""Two offers of one name: two distributions that claim a connector, and one distribution that is
installed twice. Environments are layers over shared dependencies."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from .conftest import Layer
from .environment import Environment, Wheels
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
    rows = [row for row in contested.doctor() if row["name"] == "stripe"]
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


@pytest.mark.parametrize("allowed", ["", "stripe", "stripe=prism-payments-stripe"])
def test_two_copies_are_an_error_that_names_both(
    layer: Layer, tmp_path: Path, allowed: str
) -> None:
    """A copy earlier on `sys.path` does not run in silence, whatever the allow-list says: both are
    named, and neither is imported."""
    content = files(STRIPE, "9.9", {"prism_stripe": CONNECTOR}, connector("stripe", "prism_stripe"))
    first = laid_out(tmp_path / "first", content)
    environment = layer()
    path = {"PYTHONPATH": str(first), **({"PRISM_CONNECTORS": allowed} if allowed else {})}
    rows = [row for row in environment.doctor(path) if row["name"] == "stripe"]
    assert [(row["state"], row["path"]) for row in rows] == [
        ("conflict", str(first)),
        ("conflict", str(environment.site)),
    ]
    said = environment.opened("stripe", path)
    assert said.startswith("ConnectorLoadError ")
    for place in (first, environment.site):
        assert str(place) in said
        assert all(str(place) in row["reason"] for row in rows)
    assert not (first / "prism_stripe.imported").exists()


def test_what_an_interrupted_upgrade_leaves_is_a_conflict(layer: Layer) -> None:
    """Two folders of metadata of one project beside each other: which code is there, nobody
    knows."""
    environment = layer()
    (old,) = environment.site.glob("prism_payments_stripe-*.dist-info")
    shutil.copytree(old, environment.site / "prism_payments_stripe-9.9.dist-info")
    said = environment.opened("stripe")
    assert "installed more than once" in said
    assert "9.9.dist-info" in said
    assert environment.opened("sandbox") == "opened"
    done = environment.prism("doctor", "--strict", code=1)
    assert "stripe is conflict" in done.stderr


def test_the_systems_copy_beside_the_environments_own(
    layer: Layer, wheels: Wheels, tmp_path: Path
) -> None:
    """With the system's packages behind it, an environment has two copies: an error, too. The
    same folder by another name is none."""
    environment = layer()
    (tmp_path / "link").symlink_to(environment.site)
    assert environment.opened("stripe", {"PYTHONPATH": str(tmp_path / "link")}) == "opened"
    with zipfile.ZipFile(wheels["stripe"]) as archive:
        archive.extractall(tmp_path / "system")
    (environment.site / "system.pth").write_text(f"{tmp_path / 'system'}\n")
    assert str(tmp_path / "system") in environment.opened("stripe")


def test_a_pin_decides_between_two_distributions(contested: Environment) -> None:
    """PRISM_CONNECTORS says which distribution a connector comes from; the other one's code is
    not imported."""
    ours = {"PRISM_CONNECTORS": f"sandbox,stripe={STRIPE}"}
    assert contested.opened("stripe", ours) == "opened"
    assert not (contested.site / "rival.imported").exists()
    rows = {row["distribution"].split()[0]: row for row in contested.doctor(ours)}
    assert (rows[STRIPE]["state"], rows[RIVAL]["state"]) == ("loadable", "blocked")
    assert contested.prism("doctor", "--strict", variables=ours).stderr == ""
