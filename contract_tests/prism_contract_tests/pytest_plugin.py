"""`pytest --prism-connector NAME`: the contract's entries as pytest items.

Every item is an entry of the ledger, taken by the same `Run` as everywhere. What pytest thinks of
the items decides nothing: at the end the ledger is balanced, and unless all is well the exit
status says so. Nothing of the kit is imported in a session that asks for no connector.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from prism_contract_tests.ledger import Entry
    from prism_contract_tests.report import Finding, Report
    from prism_contract_tests.runner import Run, Seal

    Execute = Callable[[Run, Entry], Finding]

OPTION = "--prism-connector"
PREFIX = "prism-contract"
ASKING = ("help", "version", "markers", "showfixtures", "show_fixtures_per_test", "cacheshow")
"""Options that only ask pytest for something; nothing is tested."""


class Session:
    """The connectors asked for in one pytest session, their runs and, at the end, their reports."""

    def __init__(self, names: list[str], seal: Seal) -> None:
        from prism_contract_tests.runner import Run

        self.names, self.seal = names, seal
        self.execute, self.report = Run.execute, Run.report  # before any conftest
        self.runs: dict[str, Run] = {}
        self.reports: dict[str, Report] = {}
        self.finished = False

    @property
    def ok(self) -> bool:
        """Whether every connector asked for is certified."""
        return all(name in self.reports and _fine(self.reports[name]) for name in self.names)

    def start(self, name: str) -> Run:
        """The run of a connector. A connector that cannot be loaded is one line, no traceback."""
        from prism_contract_tests.runner import Run
        from prism_core import PrismError

        try:
            self.runs[name] = Run(name, sealed=self.seal)
        except PrismError as error:
            raise pytest.UsageError(f"prism contract: {error.message}") from None
        return self.runs[name]

    def finish(self) -> None:
        """Balances the ledgers, once."""
        if not self.finished:
            self.finished = True
            self.reports = {name: self.report(run) for name, run in self.runs.items()}


def _fine(report: Report) -> bool:
    """As `Report.ok`, which a conftest may have replaced: what was seen counts."""
    return not report.problems and all(one.verdict != "failed" for one in report.findings)


KEY = pytest.StashKey[Session]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option; what is in the plugin's pyproject.toml is the default."""
    group = parser.getgroup("prism", "Prism payment connectors")
    group.addoption(
        OPTION,
        action="append",
        default=[],
        metavar="NAME",
        help="run the whole Prism contract on an installed connector (may be repeated); the "
        "default is `connector` in [tool.prism.contract] of pyproject.toml",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Seals the kit before any conftest is imported."""
    given = early_config.known_args_namespace
    if any(getattr(given, name, None) for name in ASKING):
        return
    names = list(dict.fromkeys(given.prism_connector or _named_in(early_config.rootpath)))
    if names:
        from prism_contract_tests.runner import Seal

        early_config.stash[KEY] = Session(names, Seal())


def _named_in(folder: Path) -> list[str]:
    """The connector that the folder's pyproject.toml names."""
    path = folder / "pyproject.toml"
    text = path.read_text("utf-8") if path.is_file() else ""
    if "[tool.prism.contract]" not in text:
        return []
    import tomllib

    try:
        name = tomllib.loads(text)["tool"]["prism"]["contract"].get("connector")
    except tomllib.TOMLDecodeError as reason:
        raise pytest.UsageError(f"{path}: {reason}") from None
    return [name] if isinstance(name, str) else []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """Holds the exit status: whatever happened within, a ledger that is not whole is a failure."""
    session = config.stash.get(KEY, None)
    if session is not None and _distributed(config):
        raise pytest.UsageError(
            "the contract runs in one process: its ledger must see every check (use -n 0)"
        )
    status = yield
    if session is None:
        return status
    session.finish()
    return status if session.ok else status or pytest.ExitCode.TESTS_FAILED


def _distributed(config: pytest.Config) -> bool:
    option = config.option
    return bool(getattr(option, "numprocesses", None) or getattr(option, "tx", None))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Adds the contract's items to those that were found in files."""
    contract = config.stash.get(KEY, None)
    for name in contract.names if contract is not None else ():
        assert contract is not None
        collector = Contract.from_parent(session, name=name, nodeid=f"{PREFIX}::{name}")
        collector.run, collector.execute = contract.start(name), contract.execute
        found = list(collector.collect())
        report = pytest.CollectReport(collector.nodeid, "passed", None, list(found))
        config.hook.pytest_collectreport(report=report)  # "collected 83 items"
        items.extend(found)


class Contract(pytest.Collector):
    """One connector's contract."""

    run: Run
    execute: Execute

    def collect(self) -> Iterator[Requirement]:
        """An item for every entry of the ledger, in order."""
        for check, case in self.run.owed:
            label = f"{check}[{case}]"
            item = Requirement.from_parent(self, name=label, nodeid=f"{self.nodeid}::{label}")
            item.run, item.execute, item.entry = self.run, self.execute, (check, case)
            yield item


class NotMet(Exception):
    """A requirement that does not hold."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class Requirement(pytest.Item):
    """One check on one case."""

    run: Run
    execute: Execute
    entry: Entry

    def runtest(self) -> None:
        """Takes the entry; an exception or an edition makes of a failure an expected one."""
        finding = self.execute(self.run, self.entry)
        if finding.verdict == "failed":
            raise NotMet(finding)
        if finding.verdict == "excepted":
            pytest.xfail(f"declared exception: {finding.message}")
        if finding.verdict == "reported":
            pytest.xfail(f"newer than the plugin's edition: {finding.message}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The requirement, what was wrong, and the evidence, in place of a traceback of the kit."""
        if not isinstance(excinfo.value, NotMet):
            return super().repr_failure(excinfo, style)
        from prism_contract_tests.check import CHECKS
        from prism_contract_tests.render.junit import evidence_text
        from prism_contract_tests.report import printable

        finding = excinfo.value.finding
        said = [finding.message, f"Required: {CHECKS[finding.check].requirement}"]
        return printable("\n".join([*said, evidence_text(finding.evidence)]))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says it is: there is no file, so the check and the connector."""
        check, case = self.entry
        return self.path, 0, f"{self.run.target.name}: {check} on {case}"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Balances the ledger: what did not run, for whatever reason, fails the session."""
    contract = session.config.stash.get(KEY, None)
    if contract is None:
        return
    contract.finish()
    if not contract.ok and session.exitstatus in (
        pytest.ExitCode.OK,
        pytest.ExitCode.NO_TESTS_COLLECTED,
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """How many requests a plugin's own tests judged; how many of the required checks ran, and
    what is wrong with the run."""
    _summarize_judges(terminalreporter)
    contract = config.stash.get(KEY, None)
    if contract is None:
        return
    from prism_contract_tests.report import printable

    contract.finish()
    terminalreporter.section("prism contract")
    for name in contract.names:
        report = contract.reports.get(name)
        if report is None:
            terminalreporter.line(f"{name}: not certified; the contract was not run", red=True)
            continue
        terminalreporter.line(printable(report.summary), green=report.ok, red=not report.ok)
        for problem in report.problems[:SHOWN]:
            terminalreporter.line(printable(f"  {problem}"))
        if len(report.problems) > SHOWN:
            terminalreporter.line(f"  and {len(report.problems) - SHOWN} problems more")


def _summarize_judges(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [one for found in terminalreporter.stats.values() for one in found]
    named = [one for one in reports if getattr(one, "user_properties", None)]
    if named:
        from prism_contract_tests.judging import summary

        for line in summary(named):
            terminalreporter.write_line(line)


SHOWN = 20
