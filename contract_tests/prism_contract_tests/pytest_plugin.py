"""`pytest --prism-connector NAME`: the contract's entries as pytest items.

Every item is an entry of the ledger, taken by the same `Run` as everywhere. At the end the ledger
is balanced, and a session that left entries out fails. Nothing of the kit is imported in a session
that asks for no connector.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from prism_contract_tests.choice import Entry
    from prism_contract_tests.report import Finding, Report
    from prism_contract_tests.runner import Run

OPTION = "--prism-connector"
PREFIX = "prism-contract"
WAITS = "prism-contract-waits-for"
"""The property of a test report that names the failure which it follows from."""
ASKING = ("help", "version", "markers", "showfixtures", "show_fixtures_per_test", "cacheshow")
"""Options that only ask pytest for something; nothing is tested."""


class Session:
    """The connectors asked for in one pytest session, their runs and, at the end, their reports."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.runs: dict[str, Run] = {}
        self.reports: dict[str, Report] = {}

    @property
    def ok(self) -> bool:
        """Whether every connector asked for is certified."""
        return all(name in self.reports and self.reports[name].ok for name in self.names)

    def start(self, name: str) -> Run:
        """The run of a connector. A connector that cannot be loaded is one line, no traceback."""
        from prism_contract_tests.runner import Run
        from prism_core import PrismError

        try:
            self.runs[name] = Run(name)
        except PrismError as error:
            raise pytest.UsageError(f"prism contract: {error.message}") from None
        return self.runs[name]

    def finish(self) -> None:
        """Balances the ledgers, once."""
        if not self.reports:
            self.reports = {name: run.report() for name, run in self.runs.items()}


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


def pytest_configure(config: pytest.Config) -> None:
    """Notes which connectors are asked for."""
    if any(getattr(config.option, name, None) for name in ASKING):
        return
    names = list(dict.fromkeys(config.option.prism_connector or _named_in(config.rootpath)))
    if names and _distributed(config):
        raise pytest.UsageError(
            "the contract runs in one process: its ledger must see every check (use -n 0)"
        )
    if names:
        config.stash[KEY] = Session(names)


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
        collector.run = contract.start(name)
        found = list(collector.collect())
        report = pytest.CollectReport(collector.nodeid, "passed", None, list(found))
        config.hook.pytest_collectreport(report=report)  # "collected 83 items"
        items.extend(found)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Says which entries are still to run, after others have deselected items."""
    contract = session.config.stash.get(KEY, None)
    for run in contract.runs.values() if contract is not None else ():
        items = [one for one in session.items if isinstance(one, Requirement) and one.run is run]
        run.expect([one.entry for one in items])


class Contract(pytest.Collector):
    """One connector's contract."""

    run: Run

    def collect(self) -> Iterator[Requirement]:
        """An item for every entry of the ledger, in order."""
        for check, case in self.run.owed:
            label = f"{check}[{case}]"
            item = Requirement.from_parent(self, name=label, nodeid=f"{self.nodeid}::{label}")
            item.run, item.entry = self.run, (check, case)
            yield item


class NotMet(Exception):
    """A requirement that does not hold."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class Requirement(pytest.Item):
    """One check on one case."""

    run: Run
    entry: Entry

    def runtest(self) -> None:
        """Takes the entry; an exception or an edition makes of a failure an expected one."""
        finding = self.run.execute(self.entry)
        if finding.waits_for is not None:
            self.user_properties.append((WAITS, finding.waits_for))
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
        if finding.waits_for is not None:
            return printable(f"waits for {finding.waits_for}")
        said = [finding.message, f"Required: {CHECKS[finding.check].requirement}"]
        return printable("\n".join([*said, evidence_text(finding.evidence)]))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says it is: there is no file, so the check and the connector."""
        check, case = self.entry
        return self.path, 0, f"{self.run.target.name}: {check} on {case}"


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """A failure that follows from another one counts as a failure, and is not told again."""
    waits = report.when == "call" and report.failed and _waits_for(report)
    return ("waiting", "w", "WAITING") if waits else None


def _waits_for(report: pytest.TestReport) -> str | None:
    return dict(report.user_properties).get(WAITS)  # type: ignore[return-value]


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
    """How many requests a plugin's own tests judged; what waits for which failure; how many of the
    required checks ran, and what is wrong with the run."""
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
        for finding, checks in report.faults:
            if checks:
                terminalreporter.line(printable(f"{checks.total()} wait for {finding.name}"))
        terminalreporter.line(printable(report.summary), green=report.ok, red=not report.ok)
        for problem in report.problems:
            terminalreporter.line(printable(f"  {problem}"))


def _summarize_judges(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [one for found in terminalreporter.stats.values() for one in found]
    named = [one for one in reports if getattr(one, "user_properties", None)]
    if named:
        from prism_contract_tests.judging import summary

        for line in summary(named):
            terminalreporter.write_line(line)
