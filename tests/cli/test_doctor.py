"""`prism connectors` and `prism doctor`: what they find, what they say of it, and when a build must
stop."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from support import Install


def test_connectors_are_listed(run: Callable[..., Result]) -> None:
    """`prism connectors` shows each installed connector with its distribution."""
    assert "prism-payments-acme" in run("connectors").output
    listed = json.loads(run("connectors", "--json").output)
    (row,) = (row for row in listed if row["connector"] == "acme")
    assert (row["distribution"], row["version"]) == ("prism-payments-acme", "1.0")


def test_the_doctor_explains_each(run: Callable[..., Result], plugin: Install) -> None:
    """`prism doctor` says what is loadable and why the rest is not."""
    plugin("bad", "raise RuntimeError('half-installed')")
    shown = run("doctor").output
    assert "acme: loadable" in shown
    assert "bad: broken" in shown
    assert "half-installed" in shown
    found = {row["name"]: row["state"] for row in json.loads(run("doctor", "--json").output)}
    assert found["bad"] == "broken"


def test_a_strict_doctor_passes_where_all_is_well(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`prism doctor --strict` exits with 0 where each connector is loadable or is blocked by the
    allow-list, and prints what it prints otherwise."""
    monkeypatch.setenv("PRISM_CONNECTORS", "acme")
    done = run("doctor", "--strict")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "acme: loadable" in done.output
    assert "stripe: blocked" in done.output


def test_the_doctor_explains_extensions(
    run: Callable[..., Result], plugin: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As connectors, and by a list of their own."""
    plugin("bad", "raise RuntimeError('half-installed')", group="prism.extensions")
    monkeypatch.setenv("PRISM_CONNECTORS", "acme")
    monkeypatch.setenv("PRISM_EXTENSIONS", "bad,absent")
    done = run("doctor", "--strict")
    assert "bad (extension): broken" in done.output
    problem = "bad is broken; absent is named in PRISM_EXTENSIONS and not installed"
    assert done.stderr == f"prism: not well: {problem}\n"
    rows = json.loads(run("doctor", "--json").stdout)
    states = {(row["kind"], row["name"]): row["state"] for row in rows}
    assert states["extension", "bad"] == "broken"
    assert states["connector", "acme"] == "loadable"


@pytest.mark.parametrize(
    ("allowed", "problem"),
    [
        ("acme,bad", "bad is broken"),
        ("acme,absent", "absent is named in PRISM_CONNECTORS and not installed"),
        ("acme,twin", "twin is conflict; twin is conflict"),
        ("acme,twin=someone-elses", "twin is broken"),
        ("acme,twin=nobodys", "twin=nobodys is named in PRISM_CONNECTORS and not installed"),
        ("acme=prism.payments_acme", ""),
        (
            "acme,=x",
            "PRISM_CONNECTORS cannot be read: '=x' is no name or name=distribution, such as "
            "adyen=prism-payments-adyen",
        ),
    ],
)
def test_a_strict_doctor_stops_a_build(
    run: Callable[..., Result],
    plugin: Install,
    monkeypatch: pytest.MonkeyPatch,
    allowed: str,
    problem: str,
) -> None:
    """A connector that is broken, claimed twice, or allowed and not installed: exit code 1 and
    one line on standard error, with --json too."""
    plugin("bad", "raise RuntimeError('half-installed')")
    plugin("twin", "")
    plugin("twin", "", distribution="someone-elses")
    monkeypatch.setenv("PRISM_CONNECTORS", allowed)
    for options in ([], ["--json"]):
        done = run("doctor", "--strict", *options)
        assert done.exit_code == (1 if problem else 0)
        assert done.stderr == (f"prism: not well: {problem}\n" if problem else "")
    assert "acme" in {row["name"] for row in json.loads(done.stdout)}
    assert run("doctor").exit_code == 0


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"files": {}}, "acme: report is stale: files changed since"),
        ({"files": []}, "acme: report cannot be read"),
        ({"ok": False}, "acme: not certified 2026-11-23, kit 0.1.0, 83 of 83"),
    ],
)
def test_a_strict_doctor_reads_the_report(
    run: Callable[..., Result],
    reported: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
    problem: str | None,
) -> None:
    """A connector whose files are not those of the contract report that it ships with is not
    well; one with no report is."""
    reported(**changes)
    monkeypatch.setenv("PRISM_CONNECTORS", "acme")
    done = run("doctor", "--strict")
    assert (done.exit_code, problem or "") == (int(problem is not None), done.stderr[17:-1])


def test_what_a_package_says_is_printed_harmlessly(
    run: Callable[..., Result], plugin: Install
) -> None:
    """No name, path or message of another package is obeyed by the terminal, read as markup, or
    keeps the command from printing."""
    folder = plugin("loud", "raise RuntimeError('\\x1b[2J \\udce9 \\u202e')", distribution="x")
    (folder / "x-1.0.dist-info" / "METADATA").write_text("Name: x\x1b[2J\nVersion: [/x]\n")
    for command in ("doctor", "connectors"):
        done = run(command)
        assert done.exit_code == 0
        assert "loud" in done.output
        assert "[/x]" in done.output
        assert not {"\x1b", "\udce9", "\u202e"} & {*done.output}


def shown(run: Callable[..., Result]) -> str:
    listed = json.loads(run("connectors", "--json").output)
    return str(next(row["contract"] for row in listed if row["connector"] == "acme"))


def test_a_shipped_contract_report_is_shown(
    run: Callable[..., Result], reported: Callable[..., Path]
) -> None:
    """Both commands show the last report that ships with a connector; listing imports nothing."""
    reported()
    assert shown(run) == "certified 2026-11-23, kit 0.1.0, 83 of 83"
    assert "plugin_reported" not in sys.modules
    assert "  certified 2026-11-23, kit 0.1.0, 83 of 83\n" in run("doctor").output
    assert "certified" in run("connectors").output
    reported(ok=False, executed=80)
    assert shown(run) == "not certified 2026-11-23, kit 0.1.0, 80 of 83"


def test_a_report_of_other_files_is_stale(
    run: Callable[..., Result], reported: Callable[..., Path]
) -> None:
    """A file that changed, came or went since makes the report say nothing more."""
    folder = reported()
    (folder / "more.py").write_text("")
    assert shown(run) == "report is stale: files changed since"
    (folder / "__pycache__").mkdir()
    (folder / "more.py").rename(folder / "__pycache__" / "more.py")
    assert shown(run).startswith("certified")


@pytest.mark.parametrize(
    "changes", [{"kit_version": "[red]1"}, {"started": "today"}, {"files": []}, {"ok": "yes"}]
)
def test_a_report_that_is_none_is_not_repeated(
    run: Callable[..., Result], reported: Callable[..., Path], changes: dict[str, Any]
) -> None:
    """What a package puts into the file is not printed unless it is a report."""
    reported(**changes)
    assert shown(run) == "report cannot be read"
    assert run("connectors").exit_code == 0


@pytest.mark.parametrize("target", ["no_such_package:connector", "json:connector", ".:x", "sys:x"])
def test_a_package_without_a_report(
    run: Callable[..., Result], reported: Callable[..., Path], target: str
) -> None:
    """A module that is missing, or has no report, is no problem: people read that there is none."""
    reported(target=target)
    assert shown(run) == ""
    assert "no report" in run("connectors").output


def test_a_connector_in_two_copies_has_no_report(
    run: Callable[..., Result], reported: Callable[..., Path], plugin: Install
) -> None:
    """A report belongs to the copy that is imported, and here none is."""
    reported()
    plugin("acme", "", target="plugin_reported.connector:connector", folder="second")
    rows = json.loads(run("connectors", "--json").output)
    assert [row["contract"] for row in rows if row["connector"] == "acme"] == ["", ""]


def test_nothing_installed(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where no connector is installed, both say what to install."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    for command in ("connectors", "doctor"):
        assert "pip install prism-payments-stripe" in run(command).output
    assert run("doctor", "--strict").stderr == "prism: not well: no connector is installed\n"
