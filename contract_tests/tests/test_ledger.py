"""The ledger: what must run, what a run owes, editions, exceptions, and the audit."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from small import EDITION, small

from prism_contract_tests import ledger
from prism_contract_tests.check import CHECKS, Check, Failed, once
from prism_contract_tests.choice import Choice
from prism_contract_tests.report import Finding, Report
from prism_contract_tests.runner import Run, certify
from prism_contract_tests.target import Target

EXCEPTION = (
    '[[tool.prism.contract.exceptions]]\ncheck = "{check}"\ncase = "{case}"\n'
    'reason = "said so"\nlink = "https://a.example/1"\n'
)


def add(monkeypatch: pytest.MonkeyPatch, id: str, since: str, *, fails: bool) -> None:
    """A check of the test's own."""

    def run(target: Target, case: str) -> int:
        if fails:
            raise Failed("it fails")
        return 1

    check = Check(id=id, requirement="R.", since=since, why="w", how="h", cases=once, run=run)
    monkeypatch.setitem(CHECKS, id, check)


def test_every_required_check_is_counted(tmp_path: Path) -> None:
    """A whole run is balanced; one entry left out, run twice or run unasked is named."""
    with small(tmp_path) as name:
        run = Run(name)
        passed = [Finding(check=c, case=k, verdict="passed") for c, k in run.owed]
        assert ledger.balance(run.target, run.owed, run.owed, passed) == []
        check, case = run.owed[-1]
        (missing,) = ledger.balance(run.target, run.owed, run.owed, passed[:-1])
        assert missing == f"{check} did not run on {case}"
        (twice,) = ledger.balance(run.target, run.owed, run.owed, [*passed, passed[0]])
        assert "ran twice" in twice
        (extra,) = ledger.balance(run.target, run.owed, run.owed[:-1], passed)
        assert "unasked" in extra
        (nothing,) = ledger.balance(run.target, [], [], [])
        assert "no check is required" in nothing


@pytest.mark.parametrize(
    ("since", "verdict", "ok"), [("2026.11", "failed", False), ("2027.04", "reported", True)]
)
def test_a_new_check_reports_before_it_enforces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, since: str, verdict: str, ok: bool
) -> None:
    """A check newer than the plugin's edition is shown and does not count."""
    add(monkeypatch, "added", since, fails=True)
    with small(tmp_path) as name:
        report = certify(name)
    assert [one.verdict for one in report.findings if one.check == "added"] == [verdict]
    assert (report.failed == []) is ok
    assert report.problems == []


def test_an_edition_is_opted_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Naming the newer edition makes its checks count."""
    add(monkeypatch, "added", "2027.04", fails=True)
    with small(tmp_path, settings='edition = "2027.04"\n') as name:
        report = certify(name)
    assert [one.check for one in report.failed] == ["added"]


@pytest.mark.parametrize("edition", ["1999.01", "2099.01", ""])
def test_an_unknown_edition_is_a_problem(tmp_path: Path, edition: str) -> None:
    """An edition from before every check would make them all advisory; there is none such."""
    with small(tmp_path, settings=f'edition = "{edition}"\n') as name:
        report = certify(name)
    assert any("is unknown; this kit has 2026.11" in problem for problem in report.problems)
    assert not report.ok


def test_a_declared_exception_covers_its_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With reason and link, a known failure does not count, and the report says why."""
    add(monkeypatch, "added", "2026.11", fails=True)
    text = EDITION + EXCEPTION.format(check="added", case="*")
    with small(tmp_path, settings=text) as name:
        report = certify(name)
    (finding,) = report.of("excepted")
    assert report.reason(finding) == "said so (https://a.example/1)"
    assert report.failed == []
    assert report.problems == []


def test_an_exception_that_is_not_needed_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An expected failure that passes is stale, as is one of a case that does not run."""
    add(monkeypatch, "added", "2026.11", fails=False)
    text = EDITION + EXCEPTION.format(check="added", case="*")
    text += EXCEPTION.format(check="added", case="nowhere")
    with small(tmp_path, settings=text) as name:
        problems = certify(name).problems
    assert len(problems) == 2
    assert "is stale" in problems[0]
    assert "names no case that runs" in problems[1]


@pytest.mark.parametrize(
    ("option", "given"),
    [("live", {"api_key": "key"}), ("openapi", {"paths": {}}), ("graphql", "type Query")],
)
def test_an_exception_of_an_option_counts_only_with_it(
    tmp_path: Path, option: str, given: object
) -> None:
    """`only = "openapi"` says nothing about a run without a document: nothing is excused there,
    and nothing is stale."""
    text = EDITION + EXCEPTION.format(check="openapi-requests", case="create_customer/success")
    with small(tmp_path, settings=f'{text}only = "{option}"\n') as name:
        run = Run(name)
        entry = ("openapi-requests", "create_customer/success")
        assert ledger.exception_for(run.target, entry) is None
        passed = Finding(check=entry[0], case=entry[1], verdict="passed")
        assert ledger.balance(run.target, [entry], [entry], [passed]) == []
        setattr(run.target, option, given)
        assert ledger.exception_for(run.target, entry) is not None


def test_the_audit_knows_what_must_be_there(tmp_path: Path) -> None:
    """A report from another process that leaves out, invents or excuses is found out."""
    with small(tmp_path) as name:
        run = Run(name)
        for entry in run.owed:
            run.findings.append(Finding(check=entry[0], case=entry[1], verdict="passed"))
        report = run.report()
        assert ledger.audit(run.target, report, Choice()) == []

        def audited(*findings: Finding) -> list[str]:
            changed: Report = msgspec.structs.replace(report, findings=list(findings))
            return ledger.audit(run.target, changed, Choice())

        first, *rest = report.findings
        assert audited(*rest) == [f"{first.check} is not in the report for {first.case}"]
        excused = msgspec.structs.replace(first, verdict="excepted")
        assert audited(excused, *rest) == [f"{first.check} on {first.case} cannot be excepted"]
        invented = Finding(check="invented", case="x", verdict="passed")
        assert audited(*report.findings, invented) == ["invented is no check of this kit"]
