"""Attempts to get a green pytest run without a right connector; each of them is red."""

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
    "runs the protocol itself": """
import pytest
@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for when in ("setup", "call", "teardown"):
        report = pytest.TestReport(item.nodeid, item.location, {}, "passed", None, when)
        item.ihook.pytest_runtest_logreport(report=report)
    return True
""",
    "replaces the test of the items": """
import pytest
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    for item in items:
        item.runtest = lambda: None
""",
    "reports everything as passed": """
import pytest
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    report = yield
    report.outcome, report.longrepr = "passed", None
    return report
""",
    "sets the exit status": """
import pytest
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session):
    yield
    session.exitstatus = 0
def pytest_unconfigure(config):
    config.pluginmanager.get_plugin("session").exitstatus = 0
""",
    "throws the plugin out": """
def pytest_configure(config):
    config.pluginmanager.unregister(name="prism_contract")
""",
    "collects by itself": """
def pytest_collection(session):
    return True
""",
    "overrides fixtures": """
import pytest
from prism_contract_tests.checks import exchanges
@pytest.fixture(autouse=True)
def prism_connector(monkeypatch):
    monkeypatch.setattr(exchanges, "same_end", lambda exchange, ended: None)
@pytest.fixture(autouse=True, scope="session")
def target(request):
    request.session.testsfailed = 0
""",
    "replaces a helper of the checks": """
from prism_contract_tests.checks import exchanges
exchanges.same_end = lambda exchange, ended: None
""",
    "replaces the ledger": """
from prism_contract_tests import ledger
ledger.balance = lambda target, owed, findings: []
ledger.required = lambda target: [("exchanges-complete", "create_customer")]
""",
    "replaces the verdict": """
from prism_contract_tests.report import Report
Report.ok = property(lambda self: True)
def pytest_configure(config):
    from prism_contract_tests.runner import Run
    Run.execute = lambda self, entry: None
""",
}  # fmt: skip


@pytest.mark.parametrize("attempt", CONFTESTS)
def test_a_conftest_turns_nothing_green(tmp_path: Path, attempt: str) -> None:
    """Whatever a conftest does to items, reports and the kit, the session of a broken connector
    fails."""
    done = run_pytest(tmp_path, conftest=CONFTESTS[attempt], changes=(DEFECT,))
    failed, none_collected = 1, 5
    assert done.returncode in (failed, none_collected), done.stdout + done.stderr


def test_what_pytest_cannot_defend_against(tmp_path: Path) -> None:
    """A conftest is code in the same process, so one that wraps the whole command has the last
    word on pytest's exit status, not on the summary; `prism contract` does not load it."""
    wraps = "import pytest\n@pytest.hookimpl(wrapper=True, tryfirst=True)\n"
    wraps += "def pytest_cmdline_main(config):\n    yield\n    return 0\n"
    done = run_pytest(tmp_path, conftest=wraps, changes=(DEFECT,))
    assert done.returncode == 0
    assert "acme: not certified" in done.stdout
    assert not certified(tmp_path, DEFECT).ok


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
