"""The tutorials work: followed to the letter, red where they say so, and at last certified."""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tutorial import (
    DOCS,
    PAGE,
    REDIRECT,
    Command,
    Edit,
    extended,
    imported,
    lay_out,
    merged,
    steps,
)

pytestmark = pytest.mark.once

LONGEST = {PAGE: 120, REDIRECT: 140}
"""By page: the most lines of code that its connector may have."""
code = runpy.run_path(str(DOCS.parent / "benchmarks" / "lines.py"))["code"]
"""How many lines of code a source has."""
ELSEWHERE = ("pip ", "twine ")
"""What tests/environments does with the same connector: build, install, certify from a wheel."""


@dataclass
class Said:
    """A command of the tutorial, how it ended, and the report if it was the contract's."""

    command: Command
    code: int
    output: str
    report: dict[str, Any] | None


@dataclass
class Reader:
    """Somebody who follows a tutorial in an empty folder."""

    page: Path
    folder: Path

    def follow(self) -> list[Said]:
        """Every step in order; what each command said."""
        said: list[Said] = []
        for step in steps(self.page):
            if isinstance(step, Edit):
                if "only where" not in step.how:
                    step.apply(self.folder)
            elif step.line.startswith("cd "):
                self.folder /= step.line[3:]
            elif step.line == "pip install -e .":
                lay_out(self.folder)
            elif step.line.startswith("rm -r "):
                shutil.rmtree(self.folder / step.line[6:])
            elif not step.line.startswith(ELSEWHERE):
                said.append(self.type(step))
        return said

    def type(self, command: Command) -> Said:
        """Runs a command as a shell in that folder would."""
        program, *arguments = shlex.split(command.line)
        modules = {"prism": ["-m", "prism_core.cli"], "pytest": ["-m", "pytest"], "python": []}
        report = self.folder.parent / "report.json" if "contract" in arguments else None
        if report is not None:
            arguments += ["--json", str(report)]
        path = [str(self.folder), *filter(None, [os.environ.get("PYTHONPATH")])]
        done = subprocess.run(
            [sys.executable, *modules[program], *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "COLUMNS": "200"},
            capture_output=True,
            text=True,
        )
        output = done.stdout + done.stderr
        if report is None:
            return Said(command, done.returncode, output, None)
        assert report.exists(), output
        return Said(command, done.returncode, output, json.loads(report.read_text("utf-8")))


@pytest.fixture(scope="module", params=LONGEST, ids=lambda page: page.stem)
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Reader(request.param, tmp_path_factory.mktemp(request.param.stem))


@pytest.fixture(scope="module")
def followed(reader: Reader) -> list[Said]:
    return reader.follow()


@pytest.fixture(scope="module")
def runs(followed: list[Said]) -> list[Said]:
    """The runs of the contract among them."""
    return [one for one in followed if one.report is not None]


def test_each_command_ends_as_the_tutorial_shows(followed: list[Said]) -> None:
    """A run that is shown not certified fails, and everything else works."""
    for said in followed:
        is_red = any("not certified" in line for line in said.command.shown)
        assert said.code == int(is_red), f"{said.command.line}\n{said.output}"


def test_each_command_says_what_the_tutorial_shows(followed: list[Said]) -> None:
    """Every word shown is said, whatever the layout."""
    for said in followed:
        words = set(re.findall(r"[\w/-]+", said.output))
        for line in said.command.shown:
            missing = set(re.findall(r"[\w/-]+", line)) - words
            assert not missing, f"{said.command.line} does not say {missing}\n{said.output}"


def test_what_was_just_made_names_all_that_is_to_write(runs: list[Said]) -> None:
    """The first run is red on every operation, and says that it is still to write."""
    first = runs[0].report
    assert first is not None
    assert not first["ok"]
    for operation in ("create_customer", "authorize", "get_payment"):
        seen = [f["evidence"] for f in _failed(first) if f["case"] == f"{operation}/success"]
        assert any(f"{operation} is still to write" in json.dumps(one) for one in seen)


def test_each_run_has_less_to_say_than_the_one_before(runs: list[Said]) -> None:
    """Every step that the reader takes is visible in what the contract says next."""
    counts = [len(_failed(run.report or {})) for run in runs]
    assert counts == sorted(set(counts), reverse=True)


def test_the_end_is_certified(runs: list[Said]) -> None:
    """The last run of the contract finds nothing, owes nothing and needs no exception."""
    last = runs[-1].report
    assert last is not None
    assert _failed(last) == []
    assert last["problems"] == []
    assert last["exceptions"] == {}
    assert last["ok"]
    assert last["executed"] == last["required"] > 100


def test_the_connector_is_as_small_as_promised(followed: list[Said], reader: Reader) -> None:
    """So many lines of code, imports included, and the page says how many there are."""
    count = sum(code(path.read_text("utf-8")) for path in reader.folder.glob("prism_*/**/*.py"))
    assert count <= LONGEST[reader.page]
    assert f"one Python file of {count} lines" in reader.page.read_text("utf-8")


@pytest.mark.parametrize("reader", [PAGE], indirect=True)
def test_the_exception_shown_is_one_and_strict(followed: list[Said], reader: Reader) -> None:
    """The shape shown for exceptions is right, and one that is not needed turns the run red."""
    (shown,) = (s for s in steps(reader.page) if isinstance(s, Edit) and "only where" in s.how)
    settings = reader.folder / shown.path
    before = settings.read_text()
    shown.apply(reader.folder)
    try:
        said = reader.type(Command("prism contract borealis"))
    finally:
        settings.write_text(before)
    assert said.code == 1
    assert said.report is not None
    (problem,) = said.report["problems"]
    assert "stale" in problem


BREAKS = {
    "believes an answer about another payment": (
        "events-asked",
        'expect_same("connector_transaction_id", named, body.id)',
        "",
    ),
    "tells every error by its status": (
        "error-answers",
        "KINDS.get(body.error, ErrorKind.OTHER)",
        "ErrorKind.OTHER",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.parametrize("reader", [REDIRECT], indirect=True)
def test_broken_where_the_page_warns_it_is_named(
    followed: list[Said], reader: Reader, name: str
) -> None:
    """A trap of the second page that an author overlooks is found by the check for it."""
    check, right, wrong = BREAKS[name]
    source = reader.folder / "prism_pagar" / "__init__.py"
    before = source.read_text()
    assert before.count(right) == 1
    source.write_text(before.replace(right, wrong))
    try:
        said = reader.type(Command("prism contract pagar"))
    finally:
        source.write_text(before)
    assert said.report is not None
    assert check in {one["check"] for one in _failed(said.report)}


@pytest.mark.parametrize(
    ("source", "block", "result"),
    [
        ("import a\n\n\ndef f():\n    pass\n", "def f():\n    return 1\n", "return 1"),
        ("from a import b\n", "from a import c\n", "from a import c\n"),
        (
            "class A:\n    info = 1\n\n    @x\n    def f(self):\n        pass\n",
            "    @x\n    def f(self):\n        return 2\n",
            "class A:\n    info = 1\n\n    @x\n    def f(self):\n        return 2\n",
        ),
    ],
)
def test_a_block_replaces_what_has_its_name(source: str, block: str, result: str) -> None:
    """The test's reader edits as a person would."""
    assert result in merged(source, block)


def test_a_block_replaces_the_imports() -> None:
    source = '"""A."""\n\nfrom a import b\n\nfrom c import (\n    d,\n)\n\n\ne = 1\n'
    assert imported(source, "from f import g\n") == '"""A."""\n\nfrom f import g\n\n\ne = 1\n'


def test_a_block_goes_to_the_end_of_a_class() -> None:
    source = "class A:\n    b = 1\n\n\nc = A()\n"
    made = extended(source, "A", "    d = 2\n")
    assert made == "class A:\n    b = 1\n\n    d = 2\n\n\nc = A()\n"


def _failed(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [finding for finding in report["findings"] if finding["verdict"] == "failed"]
