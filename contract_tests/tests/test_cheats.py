"""Careless runs of pytest that leave checks out; each of them is red."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from small import DEFECT, Change, certified, environment, small

pytestmark = pytest.mark.once


def run_pytest(
    folder: Path, *args: str, conftest: str = "", changes: tuple[Change, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """`pytest --prism-connector acme` in a folder of its own, with a conftest."""
    project = folder / "project"
    project.mkdir()
    (project / "conftest.py").write_text(conftest)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:asyncio"]
    with small(folder, *changes) as name:
        return subprocess.run(
            [*command, "--prism-connector", name, *args],
            cwd=project,
            env=environment(),
            capture_output=True,
            text=True,
        )


def test_without_a_cheat_it_is_green(tmp_path: Path) -> None:
    """The reference connector passes both ways, so that what is red below is so for the attempt."""
    assert certified(tmp_path).problems == []
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "acme: certified" in done.stdout


def test_the_defect_is_red_by_itself(tmp_path: Path) -> None:
    """What the attempts below try to hide is seen where nobody hides it."""
    report = certified(tmp_path, DEFECT)
    assert "exchange-result" in {finding.check for finding in report.failed}
    assert run_pytest(tmp_path, changes=(DEFECT,)).returncode == 1


HIDE = "'exchange-result' in item.nodeid"
CONFTESTS = {
    "deselects items": f"""
import pytest
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if not ({HIDE})]
""",
    "empties the session at the end of collection": """
def pytest_collection_finish(session):
    session.items.clear()
""",
    "adds a skip marker": f"""
import pytest
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if {HIDE}:
            item.add_marker(pytest.mark.skip(reason="not today"))
""",
    "skips at setup": f"""
import pytest
def pytest_runtest_setup(item):
    if {HIDE}:
        pytest.skip("not today")
""",
}  # fmt: skip


@pytest.mark.parametrize("attempt", CONFTESTS)
def test_a_conftest_that_leaves_checks_out_is_red(tmp_path: Path, attempt: str) -> None:
    """Whatever a conftest leaves out, the session of a broken connector fails."""
    done = run_pytest(tmp_path, conftest=CONFTESTS[attempt], changes=(DEFECT,))
    failed, none_collected = 1, 5
    assert done.returncode in (failed, none_collected), done.stdout + done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["-k", "not exchange-result"],
        ["-k", "nothing-has-this-name"],
        ["-m", "slow"],
        ["--co"],
        ["--setup-only"],
        ["--setup-plan"],
        ["--deselect", "prism-contract::acme"],
    ],
    ids=" ".join,
)
def test_an_option_that_leaves_checks_out_is_red(tmp_path: Path, args: list[str]) -> None:
    """Even the reference connector is not certified by a run that left something out, and the
    summary says how much ran."""
    done = run_pytest(tmp_path, *args)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "acme: not certified" in done.stdout
    assert "did not run on" in done.stdout


@pytest.mark.parametrize("option", ["-x", "--maxfail=1"])
def test_stopping_early_is_red(tmp_path: Path, option: str) -> None:
    """A run that stops at the first failure is not whole, and says so."""
    done = run_pytest(tmp_path, option, changes=(DEFECT,))
    assert done.returncode != 0
    assert "did not run on" in done.stdout
