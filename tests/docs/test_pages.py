"""The documentation's code runs: every Python block and every `prism` line, page by page."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

from prism_sandbox import SandboxAccount
from prism_sandbox.server import running

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES.remove(ROOT / "docs" / "testing.md")  # `test_testing_page` runs its tests with pytest
# These serve or demonstrate; the sandbox's own tests run them.
ELSEWHERE = ("prism sandbox", "prism demo")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    with running(hang_seconds=5) as url:
        yield url


def run_line(line: str) -> None:
    command = [sys.executable, "-m", "prism_core.cli", *shlex.split(line)[1:]]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def run_shell(example: Example) -> None:
    for line in example.parsed.splitlines():
        if line.startswith("prism ") and line not in ELSEWHERE:
            run_line(line)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_of_a_page_runs(
    page: Path, sandbox: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reader who copies a page's blocks in order gets what the page says."""
    monkeypatch.setitem(SandboxAccount.urls, "SANDBOX", sandbox)  # type: ignore[arg-type]
    monkeypatch.setitem(os.environ, "PRISM_SANDBOX_BASE_URL", sandbox)
    monkeypatch.setitem(os.environ, "PRISM_SANDBOX_API_KEY", "sandbox_docs")
    monkeypatch.setitem(os.environ, "PRISM_CONNECTOR", "sandbox")
    parsers = [PythonCodeBlockParser(), CodeBlockParser("bash", run_shell)]
    document = Sybil(parsers, encoding="utf-8").parse(page)
    for example in document.examples():
        example.evaluate()
    close_clients(document.namespace)


def close_clients(namespace: dict[str, object]) -> None:
    for value in namespace.values():
        if hasattr(value, "_engine"):
            value._engine.close()


def test_the_readme_has_exactly_two_lines_to_copy() -> None:
    """One line runs the demo and one the tests; each makes its own environment."""
    lines = [line for line in PAGES[0].read_text().splitlines() if "nox -s" in line]
    commands = [line for line in lines if not line.startswith("- ")]
    assert [command.rsplit(" ", 1)[1] for command in commands] == ["demo", "tests"]
    for command in commands:
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install -q 'nox[uv]' && ")


def test_ci_runs_the_readmes_command() -> None:
    """What lands is decided by the very line that the README shows."""
    assert "grep -m1 'nox -s tests' README.md" in (ROOT / ".ci" / "run").read_text()
