"""PRISM_CONNECTORS: what may be imported, from which distribution, and what cannot be read."""

from __future__ import annotations

import pytest
from support import Install, acme_source

from prism_core import ConnectorLoadError
from prism_core.discovery.loading import diagnose, load

SOURCE = acme_source()
BROKEN = "raise RuntimeError('imported')"


def told() -> dict[str, tuple[str, str]]:
    """What the doctor says of each offer of the test connector, by distribution."""
    found = [one for one in diagnose() if one.candidate.name == "acme"]
    return {one.candidate.distribution: (one.state, one.reason) for one in found}


@pytest.fixture
def rivals(plugin: Install) -> None:
    """Two distributions that offer the test connector; the second one cannot be imported."""
    plugin("acme", SOURCE, folder="one")
    plugin("acme", BROKEN, folder="two", distribution="other-acme")


def test_the_list_keeps_everything_else_out(acme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for listed in ("stripe, adyen", "", ",", " , "):
        monkeypatch.setenv("PRISM_CONNECTORS", listed)
        with pytest.raises(ConnectorLoadError, match="blocked: PRISM_CONNECTORS does not name it"):
            load(acme)
        state, reason = told()["prism-payments-acme"]
        assert (state, reason) == ("blocked", "PRISM_CONNECTORS does not name it")
    monkeypatch.setenv("PRISM_CONNECTORS", "stripe, acme ,")
    assert load(acme)


@pytest.mark.parametrize("allowed", [None, "acme"])
def test_two_distributions_that_claim_a_name_are_both_named(
    rivals: None, monkeypatch: pytest.MonkeyPatch, allowed: str | None
) -> None:
    """Neither is loaded; the error and the doctor name both, and say how to choose."""
    if allowed is not None:
        monkeypatch.setenv("PRISM_CONNECTORS", allowed)
    with pytest.raises(ConnectorLoadError, match="two distributions claim") as caught:
        load("acme")
    for word in ("prism-payments-acme 1.0", "other-acme 1.0", "PRISM_CONNECTORS=acme=distribution"):
        assert word in caught.value.message
    assert {state for state, _ in told().values()} == {"conflict"}


@pytest.mark.parametrize(
    "pinned", ["prism-payments-acme", "Prism_Payments.Acme", " prism--payments_acme"]
)
def test_a_pin_decides_between_two(
    rivals: None, monkeypatch: pytest.MonkeyPatch, pinned: str
) -> None:
    """name=distribution, compared as package names are; the other is blocked, not imported."""
    monkeypatch.setenv("PRISM_CONNECTORS", f"stripe, acme={pinned}")
    assert load("acme").candidate.distribution == "prism-payments-acme"
    assert told() == {
        "prism-payments-acme": ("loadable", ""),
        "other-acme": ("blocked", "PRISM_CONNECTORS wants it from prism-payments-acme"),
    }


def test_a_pin_to_what_is_not_installed(rivals: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else is taken in its place."""
    monkeypatch.setenv("PRISM_CONNECTORS", "acme=acme-official")
    with pytest.raises(ConnectorLoadError, match=r"wants it from acme-official\. It is offered by"):
        load("acme")
    wanted = ("blocked", "PRISM_CONNECTORS wants it from acme-official")
    assert told() == {"prism-payments-acme": wanted, "other-acme": wanted}


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ("=x", "'=x' is no name or name=distribution"),
        ("acme=", "'acme=' is no name"),
        ("=", "'=' is no name"),
        ("acme==1.0", "is no name"),
        ("acme=prism-payments-acme==1.0", "is no name"),
        ("acme=prism-payments-acme>=1", "is no name"),
        ("acme=-x", "is no name"),
        ("acme=https://evil.example/x.whl", "is no name"),
        ("acme stripe", "'acme stripe' is no name"),
        ("acme;stripe", "is no name"),
        ("acme,acme", "it names 'acme' twice"),
        ("acme=x,stripe,acme=y", "it names 'acme' twice"),
        ("acme,\x1b[2J", r"'\\x1b\[2J' is no name"),
    ],
)
def test_a_list_that_cannot_be_read_allows_nothing(
    acme: str, monkeypatch: pytest.MonkeyPatch, listed: str, words: str
) -> None:
    """A slip of the pen fails closed, and says where it is, to the client and in the doctor."""
    monkeypatch.setenv("PRISM_CONNECTORS", listed)
    with pytest.raises(ConnectorLoadError, match=f"PRISM_CONNECTORS cannot be read: .*{words}"):
        load(acme)
    state, reason = told()["prism-payments-acme"]
    assert state == "blocked"
    assert "cannot be read" in reason
