"""Reports on a terminal. Evidence is somebody else's text: never markup, no control characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from prism_contract_tests.report import Evidence, Finding, Report, printable

if TYPE_CHECKING:
    from prism_contract_tests.check import Check

STYLES = {"failed": "bold red", "excepted": "yellow", "reported": "cyan"}
HEADINGS = {
    "failed": "Failed",
    "excepted": "Failed as declared (exceptions)",
    "reported": "Reported only: newer than the edition",
}
Step = Callable[[int, int, "Finding | None"], None]
NAMED = 8
"""How many of the checks that wait for a failure are named."""


@contextmanager
def progress() -> Iterator[Callable[[str], Step]]:
    """A progress bar on a terminal, nothing elsewhere; call it with a name for its callback."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    bar = Progress(
        *columns, TimeElapsedColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    )  # fmt: skip
    with bar:
        yield lambda name: _step(bar, name)


def _step(bar: Progress, name: str) -> Step:
    task = bar.add_task(printable(name), total=None)

    def step(done: int, of: int, last: Finding | None) -> None:
        bar.update(task, completed=done, total=of)

    return step


def print_checks() -> None:
    """Every check: id, since, requirement."""
    console = _console()
    for check in _checks().values():
        console.print(Text.assemble((check.id, "bold"), f"  (since {check.since})"))
        console.print(Padding(Text(check.requirement), (0, 0, 0, 4), expand=False))


def _checks() -> dict[str, Check]:
    """Every check. They are imported late: a run begins with the process that it waits for."""
    from prism_contract_tests import checks as _all_checks  # noqa: F401 - importing registers them
    from prism_contract_tests.check import CHECKS

    return CHECKS


def print_reports(reports: list[Report], console: Console | None = None) -> None:
    """Every report in turn: what failed and why, what is excepted, what is wrong, the verdict."""
    console = console or _console()
    for report in reports:
        console.rule(Text(printable(f"{report.distribution} {report.version}")), align="left")
        for verdict, heading in HEADINGS.items():
            _print_findings(console, report, verdict, heading)
        if report.problems:
            console.print(Text("Problems of the run", "bold red"))
        for problem in report.problems:
            console.print(_line(f"- {problem}", 2))
        console.print(
            Text(printable(report.summary), "bold green" if report.is_sound else "bold red")
        )
        console.print(Text(_versions(report), "dim"))


def _console() -> Console:
    """At least 80 columns wide where it is no terminal, so that logs do not break every line."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=120)


def _versions(report: Report) -> str:
    said = f"kit {report.kit_version}, core {report.core_version}, edition {report.edition}"
    live = ", live" if report.live else ""
    return f"{said}, Python {report.python}, {report.seconds:.1f} s{live}"


def _print_findings(console: Console, report: Report, verdict: str, heading: str) -> None:
    findings = report.of(verdict)
    waiting = {one.name: checks for one, checks in report.faults}
    if findings:
        console.print(Text(heading, STYLES[verdict]))
    for finding in findings:
        if verdict != "failed" or finding.name in waiting:
            _print_finding(console, report, finding)
            _print_waiting(console, waiting.get(finding.name, Counter()))


def _print_finding(console: Console, report: Report, finding: Finding) -> None:
    console.print(_line(finding.name, 2, "bold"))
    if finding.check in _checks():
        console.print(_line(_checks()[finding.check].requirement, 4, "dim"))
    console.print(_line(finding.message, 4))
    if finding.verdict == "excepted":
        console.print(_line(f"exception: {report.reason(finding)}", 4))
    elif finding.evidence is not None:
        _print_evidence(console, finding.evidence)


def _print_waiting(console: Console, checks: Counter[str]) -> None:
    """How many failures follow from the one above, and of which checks the most."""
    if checks:
        wait = "1 check waits" if checks.total() == 1 else f"{checks.total()} checks wait"
        named = [f"{check} ({n})" if n > 1 else check for check, n in checks.most_common(NAMED)]
        more = [f"{len(checks) - NAMED} more"] if len(checks) > NAMED else []
        console.print(_line(f"{wait} for it: {', '.join([*named, *more])}", 4, "italic"))


def _print_evidence(console: Console, evidence: Evidence) -> None:
    for label, text in evidence.told():
        console.print(_line(f"{label}:", 4, "italic"))
        console.print(_line(text, 6))


def _line(text: str, indent: int, style: str = "") -> Padding:
    return Padding(Text(printable(text), style), (0, 0, 0, indent), expand=False)
