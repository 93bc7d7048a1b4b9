"""What is counted of exchanges, and which of them the costly checks take."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from lab import installed

from prism_contract_tests.pairs import lines, pairs
from prism_contract_tests.target import open_target


def test_an_answer_counts_once_per_operation(tmp_path: Path) -> None:
    """Status and body tell answers apart; headers and the order of members do not."""
    with installed(tmp_path) as name:
        before = pairs(open_target(name))
        file = open_target(name).package / "exchanges" / "authorize" / "pending.json"
        made = json.loads(file.read_text())
        answer = made["steps"][-1]["response"]
        answer["json"] = dict(reversed(answer["json"].items()))
        answer["headers"] = {"x-request-id": "req_2"}
        file.with_name("again.json").write_text(json.dumps(made))
        assert pairs(open_target(name)) == before
        answer["status"] = 200
        file.with_name("again.json").write_text(json.dumps(made))
        added = pairs(open_target(name)) - before
    assert [(operation, status) for operation, status, _ in added] == [("authorize", 200)]
    assert ("capture", 401) in {pair[:2] for pair in before}  # an error answer counts as well


def test_the_costly_checks_take_each_answer_and_each_refusal_of_an_operation(
    tmp_path: Path,
) -> None:
    """Of what is made of error answers: the rest shows nothing that these do not."""
    with installed(tmp_path) as name:
        target = open_target(name)
        every = [one for one in target.exchanges if one.error_answer]
        taken = [one for one in target.representative if one.error_answer]
        assert {one.error_answer for one in taken} == {one.error_answer for one in every}
        refused = {(one.operation, one.kind) for one in every if one.kind != "other"}
        assert {(one.operation, one.kind) for one in taken} >= refused
        assert "capture/errors:key-invalid#1" in {one.name for one in every}
        assert "capture/errors:key-invalid#1" not in {one.name for one in taken}
        assert [one for one in target.exchanges if not one.error_answer] == [
            one for one in target.representative if not one.error_answer
        ]


@pytest.mark.once
def test_the_command_prints_a_row_each_and_the_sum() -> None:
    """`python -m prism_contract_tests.pairs NAME...`"""
    command = [sys.executable, "-m", "prism_contract_tests.pairs", "sandbox", "sandbox"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    head, *rows, total = [line.split() for line in done.stdout.splitlines()]
    target = open_target("sandbox")
    numbers = [len(pairs(target)), lines(target)]
    assert head == ["connector", "pairs", "lines"]
    assert rows == [["sandbox", *map(str, numbers)]] * 2
    assert total == ["all", *(str(2 * number) for number in numbers)]
