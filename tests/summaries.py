"""The lines that a run ends with: what the fault tests and the fuzz tests measured.

What a test measures travels with its report, so that the lines are the same under pytest-xdist.
"""

from __future__ import annotations

from typing import Any

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Shows what was measured, where such tests ran."""
    _fuzz(terminalreporter)
    _faults(terminalreporter)


def _fuzz(terminalreporter: pytest.TerminalReporter) -> None:
    """Shows how many inputs the fuzz tests tried, and how many of them crashed something."""
    reports = [one for found in terminalreporter.stats.values() for one in found]
    told = [getattr(report, "user_properties", ()) for report in reports]
    rows = [value for properties in told for name, value in properties if name == "fuzz"]
    if rows:
        terminalreporter.section("fuzz")
    for target, tried, crashes in sorted({tuple(row) for row in rows}):
        terminalreporter.write_line(f"{target}: {tried:,} inputs, {crashes} crashes")


def _faults(terminalreporter: pytest.TerminalReporter) -> None:
    """One line about the table, one about memory; with -v, the whole table."""
    rows = _measured(terminalreporter, "fault row")
    if rows:
        good = sum(row["passed"] for row in rows)
        longest = max(row["seconds"] - row["timeout"] for row in rows)
        terminalreporter.write_line(
            f"faults: {good} of {len(rows)} rows x clients end as the table says; "
            f"longest overrun of a timeout {max(longest, 0):.3f} s"
        )
    if rows and terminalreporter.verbosity > 0:
        for row in rows:
            mark = "as expected" if row["passed"] else "NOT AS EXPECTED"
            terminalreporter.write_line(
                f"  {row['fault']:42} {row['method']:9} {row['client']:7} {row['end']:60} "
                f"{row['seconds']:.3f} s  {mark}"
            )
    memory = _measured(terminalreporter, "fault memory")
    if memory:
        worst: dict[str, float] = {}
        for one in memory:
            worst[one["fault"]] = max(worst.get(one["fault"], 0.0), one["grown"])
        shown = ", ".join(f"{fault} {grown:.1f} MB" for fault, grown in worst.items())
        terminalreporter.write_line(f"faults: memory's high-water mark rose at most by: {shown}")
    figures = {one["what"]: one["value"] for one in _measured(terminalreporter, "fault figure")}
    for what, value in sorted(figures.items()):
        terminalreporter.write_line(f"faults: {what}: {value}")


def _measured(terminalreporter: pytest.TerminalReporter, kind: str) -> list[dict[str, Any]]:
    found = []
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            if report.when == "call":
                for name, values in report.user_properties:
                    if name == kind:
                        found.append({**values, "passed": report.passed})
    return found
