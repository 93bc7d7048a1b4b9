"""Discovery: found by metadata, one imported, everything wrong explained."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support import Install, acme_source

from prism_core import ConnectorLoadError, ConnectorNotFound, CustomerClient
from prism_core.cli.added import added
from prism_core.connector.operations import OPERATIONS
from prism_core.discovery import diagnosis, index
from prism_core.discovery.loading import diagnose, load

SOURCE = acme_source()
BROKEN = "raise RuntimeError('half-installed')"


def states() -> dict[str, str]:
    return {f"{d.candidate.name}/{d.candidate.distribution}": d.state for d in diagnose()}


def test_importing_prism_imports_no_httpx_and_no_plugin() -> None:
    """`import prism_core` costs no HTTP library, no scan and no connector."""
    code = (
        "import sys, prism_core; "
        "print([m for m in sys.modules if m.split('.')[0] in "
        "('httpx', 'httpcore', 'importlib.metadata', 'prism_stripe', 'prism_sandbox', 'click')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_connector_is_found_by_its_metadata(acme: str) -> None:
    """An installed connector is listed without being imported, and loaded once when asked for."""
    (candidate,) = index.candidates()[acme]
    assert candidate.distribution == "prism-payments-acme"
    assert candidate.target.split(":")[0] not in sys.modules
    connector = load(acme)
    assert connector is load(acme)
    assert connector.operations == set(OPERATIONS)


def test_one_scan_serves_later_clients(acme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The metadata is read once; a second client scans nothing."""
    CustomerClient(connector=acme, api_key="k")
    monkeypatch.setattr("importlib.metadata.distributions", None)
    CustomerClient(connector=acme, api_key="k")
    assert index.candidates() is index.candidates()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("acmee", "Did you mean 'acme'?"),
        ("nothing_like_it", "Install the package that provides it."),
        ("../../evil; rm -rf", "(not a connector's name)"),
        ("sk_test_4eC39HqLyjWDarjtT1zdp7dc", "(not a connector's name)"),
        ("2checkout_v2", "2checkout_v2"),
        (None, "must be a name, not NoneType"),
    ],
)
def test_an_unknown_connector_says_what_to_do(acme: str, name: str, words: str) -> None:
    """An unknown name lists what is installed and the likely meaning, and never names a package
    that somebody else may have registered. A key given in its place is not repeated."""
    with pytest.raises(ConnectorNotFound) as caught:
        load(name)
    assert words in str(caught.value)
    assert "pip install" not in str(caught.value)


def test_no_connector_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where nothing is installed, the error says so."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(ConnectorNotFound, match="None is installed"):
        load("stripe")


def test_two_distributions_claiming_one_name_are_both_named(plugin: Install) -> None:
    """Neither of two rivals is loaded; the error and the doctor name both."""
    plugin("acme", SOURCE, folder="one")
    plugin("acme", SOURCE, folder="two", distribution="other-acme")
    with pytest.raises(ConnectorLoadError) as caught:
        load("acme")
    assert "prism-payments-acme" in str(caught.value)
    assert "other-acme" in str(caught.value)
    assert states()["acme/other-acme"] == states()["acme/prism-payments-acme"] == "conflict"


@pytest.mark.parametrize("group", ["prism.connectors", "prism.commands"])
def test_damaged_metadata_hides_nothing_else(plugin: Install, acme: str, group: str) -> None:
    """A distribution whose metadata cannot be read keeps no other one from being found."""
    folder = plugin("lost", SOURCE, folder="lost", group=group)
    (folder / "prism_payments_lost-1.0.dist-info" / "METADATA").unlink()
    (folder / "prism_payments_lost-1.0.dist-info" / "entry_points.txt").write_bytes(
        f"[{group}]\nlost".encode()
    )
    index.refresh()
    assert load(acme)
    assert "lost" not in index.candidates()
    if group == "prism.connectors":
        assert "broken" in states().values()
    assert "sandbox" in added()


def test_a_distribution_without_a_name_is_explained(plugin: Install, acme: str) -> None:
    """Entry points beside no METADATA: the doctor says so, and another connector loads."""
    folder = plugin("nameless", SOURCE, folder="nameless")
    (folder / "prism_payments_nameless-1.0.dist-info" / "METADATA").unlink()
    index.refresh()
    assert load(acme)
    reasons = [one.reason for one in diagnose() if one.state == "broken"]
    assert any("gives its name" in reason for reason in reasons)


def test_a_broken_plugin_breaks_nothing_else(plugin: Install, acme: str) -> None:
    """A plugin that cannot be imported is explained; another one goes on working."""
    plugin("bad", BROKEN)
    with pytest.raises(ConnectorLoadError, match="RuntimeError: half-installed") as caught:
        load("bad")
    assert caught.value.__cause__ is None
    assert load(acme)
    assert states()["bad/prism-payments-bad"] == "broken"
    assert states()["acme/prism-payments-acme"] == "loadable"


@pytest.mark.parametrize(
    ("requires", "state"),
    [
        ("prism-payments-core>=99", "incompatible"),
        ("prism_payments.core <0.1", "incompatible"),
        ("prism-payments-core>=0.1", "loadable"),
        ("prism-payments-core>=99; extra == 'x'", "loadable"),
        ("not a requirement", "loadable"),
        ("prism-payments-core; os_name ~= 'x'", "loadable"),
        ("httpx", "loadable"),
    ],
)
def test_a_core_that_does_not_fit_is_explained(plugin: Install, requires: str, state: str) -> None:
    """A plugin made for another core is never imported, and the error names both versions."""
    plugin("acme", SOURCE if state == "loadable" else BROKEN, requires=requires)
    assert states()["acme/prism-payments-acme"] == state
    if state == "incompatible":
        with pytest.raises(ConnectorLoadError, match=r"and 0\.1\.0 is installed"):
            load("acme")


def test_without_an_installed_core_nothing_is_held_against_a_plugin(
    plugin: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run from a source folder with no metadata, the version check has nothing to compare."""
    plugin("acme", SOURCE, requires="prism-payments-core>=99")
    monkeypatch.setattr(diagnosis, "CORE", "prism-payments-not-there")
    assert load("acme")


def test_damaged_metadata_of_the_core_is_held_against_no_plugin(plugin: Install) -> None:
    """A copy of the core that was left behind half-removed does not keep a connector away."""
    folder = plugin("core", "", distribution="prism-payments-core")
    (folder / "prism_payments_core-1.0.dist-info" / "METADATA").write_bytes(b"\xff\xfe")
    plugin("acme", SOURCE, requires="prism-payments-core>=0.1")
    assert load("acme")
