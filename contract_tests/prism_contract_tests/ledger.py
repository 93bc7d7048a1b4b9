"""The ledger: exactly which checks must run for a target, and what a run owes at its end.

A check that was skipped, deselected, overridden or lost is missing here, so no run that left one
out can be green. Exceptions are strict: one that is not needed, or names nothing, is a problem.
"""

from __future__ import annotations

from collections.abc import Iterable

from prism_contract_tests import check as register
from prism_contract_tests.report import Finding
from prism_contract_tests.target import DeclaredException, Target

Entry = tuple[str, str]
"""A check's id and one of its cases."""


def required(target: Target) -> list[Entry]:
    """Every check and case that must run, in order."""
    return [(check.id, case) for check in register.CHECKS.values() for case in check.cases(target)]


def exception_for(target: Target, entry: Entry) -> DeclaredException | None:
    """The declared exception of an entry, if there is one."""
    for declared in _applicable(target):
        if declared.check == entry[0] and declared.case in ("*", entry[1]):
            return declared
    return None


def _applicable(target: Target) -> list[DeclaredException]:
    live = target.live is not None
    return [one for one in target.settings.exceptions if one.only == "always" or live]


def balance(target: Target, owed: list[Entry], findings: Iterable[Finding]) -> list[str]:
    """What is wrong with the run as a whole, a sentence each."""
    found = list(findings)
    done = [(finding.check, finding.case) for finding in found]
    missing = [entry for entry in owed if entry not in done]
    problems = [f"{check} did not run on {case}" for check, case in missing]
    for check, case in dict.fromkeys(done):
        if (check, case) not in owed:
            problems.append(f"{check} ran on {case} unasked")
        if done.count((check, case)) > 1:
            problems.append(f"{check} ran twice on {case}")
    return problems + list(_stale(target, owed, found))


def _stale(target: Target, owed: list[Entry], found: list[Finding]) -> Iterable[str]:
    for declared in _applicable(target):
        label = f"the exception for {declared.check} on {declared.case}"
        if not declared.reason.strip():
            yield f"{label} gives no reason"
        if not declared.link.startswith("https://"):
            yield f"{label} gives no https link"
        entries = [e for e in owed if e[0] == declared.check and declared.case in ("*", e[1])]
        if not entries:
            yield f"{label} names no check that runs"
        elif not any(f.verdict == "excepted" and (f.check, f.case) in entries for f in found):
            yield f"{label} is stale: nothing fails there any more; remove it"
