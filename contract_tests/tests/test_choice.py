"""A part of a contract: by operation, by check, and what failed last time."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from click.testing import CliRunner
from small import DEFECT, small

from prism_contract_tests.commands.contract import contract
from prism_contract_tests.runner import Run

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the command is run."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def run(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(contract, args)
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("options", "checks"),
    [
        (["--check", "exchange-result"], {"exchange-result"}),
        (["--check", "exchange-result", "--check", "requires-core"],
         {"exchange-result", "requires-core"}),
        (["--only", "create_customer", "--check", "requires-core", "--check", "fields-sent"],
         {"fields-sent"}),
    ],
)  # fmt: skip
def test_a_part_certifies_nothing(
    tmp_path: Path, project: Path, options: list[str], checks: set[str]
) -> None:
    """It runs what was asked for, says how much it left out, and exits 0 as nothing failed; no
    report calls the connector certified, and none is shipped."""
    files = [f"--{kind}={project / kind}" for kind in ("json", "junit", "html")]
    with small(tmp_path) as name:
        code, output = run(name, *options, *files, "--ship")
        owed = Run(name).owed
    assert code == 0, output
    found = json.loads((project / "json").read_bytes())
    assert {one["check"] for one in found["findings"]} == checks
    assert (found["ok"], found["required"]) == (False, len(owed))
    ran = found["executed"]
    assert found["left_out"] == len(owed) - ran > 0
    said = f"a part of the contract, nothing failed; {ran} of {len(owed)} required checks ran"
    assert f"acme: {said}, {len(owed) - ran} left out" in output
    assert "certified" not in output.replace("no report shipped, it is not certified", "")
    assert "✓ certified" not in (project / "html").read_text("utf-8")
    assert Xml.parse(project / "junit").getroot().find(".//failure") is None


def test_an_operation_has_all_of_its_checks(tmp_path: Path) -> None:
    """`--only` runs whatever has a case of the operation, and nothing of the connector as such."""
    with small(tmp_path) as name:
        code, output = run(name, "--only", "create_customer")
        owed = Run(name).owed
    about = [case for _, case in owed if case.startswith("create_customer")]
    assert code == 0, output
    assert f"{len(about)} of {len(owed)} required checks ran" in output


def test_a_failure_in_a_part_is_red(tmp_path: Path) -> None:
    with small(tmp_path, DEFECT) as name:
        code, output = run(name, "--check", "exchange-result")
        assert code == 1
        assert "acme: a part of the contract; 1 of " in output
        assert "1 failed" in output
        assert run(name, "--check", "requires-core")[0] == 0


def test_what_failed_last_is_run_again(tmp_path: Path, project: Path) -> None:
    """All of it, until it passes; then everything is run. A part forgets nothing that it left
    out. Git does not see where it is kept."""
    with small(tmp_path, DEFECT) as name:
        assert run(name, "--check", "exchange-result", "--check", "exchange-async")[0] == 1
        assert run(name, "--check", "requires-core")[0] == 0
        code, output = run(name, "--last-failed")
        assert (code, "2 of " in output, "2 failed" in output) == (1, True, True)
        assert (project / ".prism_cache" / ".gitignore").read_text() == "*\n"
    with small(tmp_path) as name:
        code, output = run(name, "--last-failed")
        assert (code, "2 of " in output, "nothing failed" in output) == (0, True, True)
        code, output = run(name, "--last-failed", "--check", "requires-core")
        assert code == 0
        assert "no failure is known" in output


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    """An operation or a check that does not exist, and a choice that leaves nothing."""
    with small(tmp_path) as name:
        assert run(name, "--only", "captur")[0] == 2
        code, output = run(name, "--check", "exchange-resutl")
        assert (code, "did you mean exchange-result" in output) == (1, True)
        code, output = run(name, "--only", "capture")
        assert (code, f"'{name}' has no operation capture" in output) == (1, True)
        code, output = run(name, "--only", "create_customer", "--check", "events-forged")
        assert (code, "has no check of what was asked for" in output) == (1, True)


def test_a_cache_that_cannot_be_used_is_no_matter(tmp_path: Path, project: Path) -> None:
    """It is not needed, so what stands in its place does no harm."""
    (project / ".prism_cache").write_text("a file")
    with small(tmp_path, DEFECT) as name:
        assert run(name, "--check", "exchange-result")[0] == 1
