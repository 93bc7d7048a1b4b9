"""Attempts to get a green run without a right connector; each of them is red."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lab import Mutant, installed
from small import DEFECT, EDITION, Change, after, environment, small

from prism_contract_tests.commands.contract import certify_apart
from prism_contract_tests.report import Report
from prism_core import ConfigurationError

pytestmark = pytest.mark.once


def certified(folder: Path, *changes: Change, settings: str = EDITION) -> Report:
    """What `prism contract` comes to."""
    with small(folder, *changes, settings=settings) as name:
        return certify_apart(name, None, False, lambda done, of, last: None)


def run_pytest(
    folder: Path, *args: str, conftest: str = "", changes: tuple[Change, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """`pytest --prism-connector honest` in a folder of its own, with a conftest."""
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
    """The honest connector passes both ways, so that what is red below is so for the attempt."""
    assert certified(tmp_path).problems == []
    done = run_pytest(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "honest: certified" in done.stdout


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
    assert "honest: not certified" in done.stdout
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
        ["--deselect", "prism-contract::honest"],
    ],
    ids=" ".join,
)
def test_an_option_that_leaves_checks_out_is_red(tmp_path: Path, args: list[str]) -> None:
    """Even the honest connector is not certified by a run that left something out, and the
    summary says how much ran."""
    done = run_pytest(tmp_path, *args)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "honest: not certified" in done.stdout
    assert "did not run on" in done.stdout


@pytest.mark.parametrize("option", ["-x", "--maxfail=1"])
def test_stopping_early_is_red(tmp_path: Path, option: str) -> None:
    """A run that stops at the first failure is not whole, and says so."""
    done = run_pytest(tmp_path, option, changes=(DEFECT,))
    assert done.returncode != 0
    assert "did not run on" in done.stdout


def test_prism_contract_loads_no_conftest(tmp_path: Path) -> None:
    """The conftest of the folder is none of the certification's business."""
    (tmp_path / "conftest.py").write_text("raise SystemExit('loaded')")
    (tmp_path / "prism_contract_tests").mkdir()
    (tmp_path / "prism_contract_tests" / "__init__.py").write_text("raise SystemExit('loaded')")
    with small(tmp_path) as name:
        done = subprocess.run(
            [Path(sys.executable).with_name("prism"), "contract", name],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout + done.stderr


PATCHES = {
    "removes a check": "check.CHECKS.pop('exchange-result')",
    "replaces a check": "check.CHECKS['exchange-result'] = check.CHECKS['exchange-request']",
    "replaces what a check runs": (
        "msgspec.structs.force_setattr(check.CHECKS['exchange-result'], 'run', lambda t, c: 1)"
    ),
    "replaces the code of a check": (
        "checks.exchanges.exchange_result.__code__ = (lambda target, case: 1).__code__"
    ),
    "replaces a helper": "checks.exchanges.same_end = lambda exchange, ended: None",
    "replaces the failure": "checks.exchanges.Failed = check.Failed = lambda *a: GeneratorExit()",
    "adds to a constant": "checks.exchanges._CORE_FIELDS.add('status')",
    "replaces the balance": "ledger.balance = lambda target, owed, findings: []",
    "shortens the ledger": "ledger.required = lambda target: [('import-quiet', 'connector')]",
    "excepts everything": "ledger.verdict_of_failure = lambda target, entry: 'excepted'",
    "replaces the run": "runner.Run.execute = lambda self, entry: None",
    "replaces the report": "report.Report.ok = property(lambda self: True)",
    "replaces the digests": "runner.files_of = lambda target: {}",
    "breaks the seal": "runner.Seal.broken = lambda self: []",
    "shadows a builtin in the kit": "ledger.Counter = ledger.set = lambda *a: []",
    "replaces a builtin": "import builtins; builtins.zip = lambda *a, **k: []",
    "replaces the core": "import prism_core.driver; prism_core.driver.run = lambda call: iter(())",
}


@pytest.mark.parametrize("attempt", PATCHES)
def test_a_plugin_that_changes_the_kit_is_red(tmp_path: Path, attempt: str) -> None:
    """What a plugin changes in the kit at its import is noticed, even where the connector itself
    is right."""
    patch = (
        "import msgspec\n"
        "from prism_contract_tests import check, checks, ledger, report, runner\n"
        f"{PATCHES[attempt]}\n"
    )
    try:
        report = certified(tmp_path, after(patch))
    except ConfigurationError:
        return  # it broke the process, which is red, too
    assert not report.ok
    assert report.problems


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os\nos._exit(0)\n", "without a report"),
        ("raise SystemExit(0)\n", "cannot be loaded"),
        ("raise KeyboardInterrupt\n", "without a report"),
        ("import os\nos.write(1, b'{\"report\": {}}')\nos._exit(0)\n", "without a report"),
    ],
)
def test_a_plugin_that_ends_the_process_is_red(tmp_path: Path, code: str, words: str) -> None:
    """Ending the process with status 0 is no certificate."""
    with pytest.raises(ConfigurationError, match=words):
        certified(tmp_path, after(code))


def test_a_plugin_that_ends_the_process_late_is_red(tmp_path: Path) -> None:
    """Neither is ending it with status 0 once the report is made, or printing another."""
    code = "import atexit, os\natexit.register(os._exit, 0)\nprint('{\"report\": {}}')\n"
    report = certified(tmp_path, DEFECT, after(code))
    assert report.failed


CAPABILITIES = {
    "hides an outcome that it has": Mutant(
        "", "", "exponents=EXPONENTS,\n", "exponents=EXPONENTS,\n        outcomes=('decline',),\n"
    ),
    "promises an outcome without an exchange": Mutant(
        "", "", file="prism_honest/exchanges/authorize/pending.json", new=None
    ),
    "lists a field less than it sends": Mutant("", "", '"name", "email"', '"email"'),
    "lists a field more than it sends": Mutant("", "", '"name", "email"', '"name", "phone"'),
    "has no success": Mutant(
        "", "", file="prism_honest/exchanges/authorize/success.json", new=None
    ),
    "hides an operation": Mutant(
        "", "", "    @hookimpl\n    def get_payment(", "    def _get_payment("
    ),
    "has an exchange of another operation": Mutant(
        "",
        "",
        file="prism_honest/exchanges/refund/success.json",
        new='{"operation": "refund", "kind": "success", "documentation": "https://a.example", '
        '"account": {}, "request": {}, "steps": [], "result": {}}',
    ),
}  # fmt: skip


@pytest.mark.parametrize("attempt", CAPABILITIES)
def test_a_false_capability_is_red(tmp_path: Path, attempt: str) -> None:
    """Declaring less than there is does not shorten the ledger; declaring more lengthens it."""
    try:
        with installed(tmp_path, CAPABILITIES[attempt]) as name:
            report = certify_apart(name, None, False, lambda done, of, last: None)
    except ConfigurationError:
        return  # the core refuses to load it
    assert not report.ok


GOOD_LINK = 'link = "https://honest.example/issues/1"'
SETTINGS = {
    "an empty reason": f'check = "exchange-result"\nreason = " "\n{GOOD_LINK}',
    "no reason": f'check = "exchange-result"\n{GOOD_LINK}',
    "a link that is not https": 'check = "exchange-result"\nreason = "r"\nlink = "http://a.b"',
    "an unknown check": f'check = "exchange-resutl"\nreason = "r"\n{GOOD_LINK}',
    "an unknown case": f'check = "exchange-result"\ncase = "x/y"\nreason = "r"\n{GOOD_LINK}',
    "a stale one": f'check = "requires-core"\ncase = "connector"\nreason = "r"\n{GOOD_LINK}',
    "one that is too wide": f'check = "exchange-result"\nreason = "r"\n{GOOD_LINK}',
    "a wrong only": f'check = "exchange-result"\nonly = "ci"\nreason = "r"\n{GOOD_LINK}',
    "an unknown key": f'check = "exchange-result"\nreason = "r"\n{GOOD_LINK}\nuntil = "2027"',
}  # fmt: skip


@pytest.mark.parametrize("attempt", SETTINGS)
def test_a_wrong_exception_is_red(tmp_path: Path, attempt: str) -> None:
    """Exceptions are strict: reason, https link, a check and case that exist and fail."""
    text = f"{EDITION}[[tool.prism.contract.exceptions]]\n{SETTINGS[attempt]}\n"
    report = certified(tmp_path, settings=text)
    assert not report.ok
    assert any("exception" in problem for problem in report.problems)


@pytest.mark.parametrize(
    "settings", ["editon = '2026.11'", "edition = 3", "edition = '1999.01'", "edition = '2099.01'"]
)
def test_wrong_settings_are_red(tmp_path: Path, settings: str) -> None:
    """A mistyped key, and an edition from before or after every check, is a problem."""
    report = certified(tmp_path, settings=f"{settings}\n")
    assert not report.ok
    assert any("edition" in problem or "editon" in problem for problem in report.problems)
