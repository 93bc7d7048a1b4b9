"""Tests of a run in two processes: it reports what one process does, in the same order."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import installed

from prism_contract_tests import halves
from prism_contract_tests.runner import Run


def told(name: str) -> list[tuple[str, str, str]]:
    run = Run(name)
    halves.execute_all(run, lambda done, of: None)
    assert run.report().problems == []
    return [(one.check, one.case, one.verdict) for one in run.findings]


def test_both_ways_report_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether there are two processors or one: the same checks, in the order of the ledger."""
    with installed(tmp_path) as name:
        monkeypatch.setattr(halves, "_has_two_processors", lambda: False)
        alone = told(name)
        monkeypatch.setattr(halves, "_has_two_processors", lambda: True)
        assert told(name) == alone
        assert len(alone) > 200


def test_a_process_that_ends_too_soon_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the second process did not report is missing, so the run is red."""
    monkeypatch.setattr(halves, "_has_two_processors", lambda: True)
    monkeypatch.setattr(halves, "_execute", lambda *given: halves.os._exit(3))
    with installed(tmp_path) as name:
        run = Run(name)
        halves.execute_all(run, lambda done, of: None)
        (problem,) = run.report().problems
    assert "did not run on" in problem
