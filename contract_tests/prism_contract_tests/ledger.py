"""The ledger: exactly which checks must run for a target, and what a run owes at its end.

A check that was skipped, deselected, overridden or lost is missing here, so no run that left one
out can be green. Exceptions are strict: one that is not needed, or names nothing, is a problem.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress

from prism_contract_tests import check as register
from prism_contract_tests.choice import Choice, Entry
from prism_contract_tests.report import Finding, Report, Verdict
from prism_contract_tests.target import EDITION, DeclaredException, Target

OPTIONS = ("live", "openapi", "graphql")
"""The options of a run to which an exception can belong."""


def required(target: Target) -> list[Entry]:
    """Every check and case that must run, in order."""
    return [(check.id, case) for check in register.CHECKS.values() for case in check.owed(target)]


def exception_for(target: Target, entry: Entry) -> DeclaredException | None:
    """The declared exception of an entry, if there is one."""
    for declared in _applicable(target):
        if declared.check == entry[0] and declared.case in ("*", entry[1]):
            return declared
    return None


def verdict_of_failure(target: Target, entry: Entry) -> Verdict:
    """What a failure counts as: excepted, reported where the edition is older, or failed."""
    if exception_for(target, entry) is not None:
        return "excepted"
    newer = register.CHECKS[entry[0]].since > target.settings.edition
    return "reported" if newer else "failed"


def _applicable(target: Target) -> list[DeclaredException]:
    given = {name for name in OPTIONS if getattr(target, name) is not None}
    return [one for one in target.settings.exceptions if one.only in {"always", *given}]


def balance(
    target: Target, owed: list[Entry], chosen: list[Entry], findings: Iterable[Finding]
) -> list[str]:
    """What is wrong with the run as a whole, a sentence each. `chosen` are the entries owed that
    the run was asked to try."""
    found = list(findings)
    done = Counter((finding.check, finding.case) for finding in found)
    expected = set(chosen)
    problems = list(_missing("did not run on", [one for one in chosen if not done[one]]))
    for (check, case), times in done.items():
        if (check, case) not in expected:
            problems.append(f"{check} ran on {case} unasked")
        if times > 1:
            problems.append(f"{check} ran twice on {case}")
    if not owed:
        problems.append("no check is required, so nothing is proven")
    return [*problems, *_edition(target), *_undeclared(target), *_exceptions(target, owed, found)]


def _missing(verb: str, entries: list[Entry]) -> Iterable[str]:
    """The first of the entries that are missing, and how many more there are."""
    for check, case in entries[:1]:
        more = f", nor did {len(entries) - 1} more checks" if len(entries) > 1 else ""
        yield f"{check} {verb} {case}{more}"


def _edition(target: Target) -> Iterable[str]:
    known = sorted({EDITION, *(check.since for check in register.CHECKS.values())})
    if target.settings.edition not in known:
        yield f"edition {target.settings.edition} is unknown; this kit has {', '.join(known)}"


def _undeclared(target: Target) -> Iterable[str]:
    """What the exchanges show and the connector does not declare: it would go unchecked."""
    outcomes = getattr(target.connector.info, "outcomes", None)
    for exchange in target.exchanges:
        if exchange.operation not in target.operations:
            yield f"{exchange.name}.json is about {exchange.operation}, which is not implemented"
        elif exchange.operation != "authorize" or outcomes is None:
            continue
        elif exchange.shows in _OUTCOMES - set(outcomes):
            yield f"{exchange.name}.json shows {exchange.shows}, which info.outcomes leaves out"


_OUTCOMES = frozenset({"decline", "pending", "authentication_required"})


def _exceptions(target: Target, owed: list[Entry], found: list[Finding]) -> Iterable[str]:
    applicable = _applicable(target)
    for declared in target.settings.exceptions:
        label = f"the exception for {declared.check} on {declared.case}"
        yield from (f"{label} {what}" for what in _misdeclared(declared))
        if declared.check in register.CHECKS and declared in applicable:
            yield from (f"{label} {what}" for what in _stale(declared, owed, found))


def _misdeclared(declared: DeclaredException) -> Iterable[str]:
    if not declared.reason.strip():
        yield "gives no reason"
    if not declared.link.startswith("https://"):
        yield "gives no https link"
    if declared.check not in register.CHECKS:
        yield "names a check that does not exist"
    if declared.only not in ("always", *OPTIONS):
        yield f"says only = {declared.only!r}; it is {', '.join(OPTIONS)} or always"


def _stale(declared: DeclaredException, owed: list[Entry], found: list[Finding]) -> Iterable[str]:
    entries = [e for e in owed if e[0] == declared.check and declared.case in ("*", e[1])]
    if not entries:
        yield "names no case that runs"
    passed = {(one.check, one.case) for one in found if one.verdict == "passed"}
    fine = [case for check, case in entries if (check, case) in passed]
    if entries and len(fine) == len(entries):
        yield "is stale: nothing fails there any more; remove it"
    elif fine:
        yield f"is too wide: {', '.join(fine)} passes; name the cases that fail"


def _by_the_files(check: register.Check, target: Target) -> Iterator[str]:
    """What a check must run on, as far as that follows from the files."""
    for owed in (check.cases, check.absent):
        with suppress(AttributeError):  # it follows from the info, which is not imported
            yield from owed(target)


def audit(target: Target, report: Report, choice: Choice) -> list[str]:
    """What does not fit in a report from another process, by the files alone.

    `target` is read without importing the connector; its operations and hooks are those the report
    claims.
    Checks whose cases need the connector itself are taken at their word.
    """
    done = {(finding.check, finding.case) for finding in report.findings}
    missing: list[Entry] = []
    for check in register.CHECKS.values():
        owed = [(check.id, case) for case in _by_the_files(check, target)]
        missing += [entry for entry in owed if choice.takes(entry) and entry not in done]
    problems = list(_missing("is not in the report for", missing))
    for one in report.findings:
        entry = (one.check, one.case)
        if one.check not in register.CHECKS:
            problems.append(f"{one.check} is no check of this kit")
        elif one.verdict not in ("passed", verdict_of_failure(target, entry)):
            problems.append(f"{one.check} on {one.case} cannot be {one.verdict}")
        elif not choice.takes(entry):
            problems.append(f"{one.check} ran on {one.case} unasked")
    stated = [*_edition(target), *_undeclared(target)]
    if choice.is_whole:
        stated += _exceptions(target, list(done), report.findings)
    return [*problems, *(problem for problem in stated if problem not in report.problems)]
