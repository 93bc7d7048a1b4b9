"""PRISM_CONNECTORS is honoured before anything is imported, whoever asks. The proof is a file that
the connector leaves when its code runs; each program has an interpreter of its own."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .environment import UNWANTED, Done
from .fakes import CONNECTOR, connector, files, laid_out

pytestmark = pytest.mark.once

MARK = "from pathlib import Path\nPath(__file__).with_suffix('.imported').touch()\n"
CLIENTS = """
import prism_core
names = [name for name in prism_core.__all__ if name.endswith(("Client", "Prism"))]
for name in names:
    kind = getattr(prism_core, name)
    for ask in (lambda: kind("marked", api_key="k"), lambda: kind.from_env("marked")):
        try:
            ask()
        except prism_core.ConnectorLoadError as error:
            assert "PRISM_CONNECTORS does not name it" in str(error)
        else:
            raise SystemExit(f"{name} opened it")
print(len(names))
"""
Run = Callable[..., Done]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with the connector `marked`, in a package that ships a report."""
    modules = {"x_marked/__init__": MARK, "x_marked/inner": CONNECTOR}
    folder = laid_out(
        tmp_path / "site", files("x-marked", "1.0", modules, connector("marked", "x_marked.inner"))
    )
    (folder / "x_marked" / "contract-report.json").write_text("{}")
    return folder


@pytest.fixture
def run(site: Path, tmp_path: Path) -> Run:
    """Runs Python with that folder on its path, and PRISM_CONNECTORS naming another."""

    def start(*arguments: str, allowed: str | None = "stripe") -> Done:
        kept = {name: text for name, text in os.environ.items() if not name.startswith(UNWANTED)}
        only = {} if allowed is None else {"PRISM_CONNECTORS": allowed}
        path = {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "300"}
        return subprocess.run(
            [sys.executable, *arguments],
            env={**kept, **path, **only},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return start


def imported(site: Path) -> list[str]:
    return sorted(path.stem for path in site.rglob("*.imported"))


def test_without_the_list_the_connector_is_imported(run: Run, site: Path) -> None:
    """The mark is left by a program that may import the connector: its absence proves something."""
    assert run("-m", "prism_core.cli", "doctor", allowed=None).returncode == 0
    assert imported(site) == ["__init__", "inner"]


def test_no_client_imports_what_is_not_allowed(run: Run, site: Path) -> None:
    """Every client, sync and async, with credentials or from the environment, refuses it."""
    done = run("-c", CLIENTS)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 14
    assert imported(site) == []


@pytest.mark.parametrize(
    "command",
    [
        "customers create -c marked --merchant-customer-id u1",
        "checkout -c marked --merchant-customer-id u1 --merchant-transaction-id o1"
        " --amount '1.00 USD' --token t",
        "contract marked",
        "contract marked --live --ship",
        "exchanges check marked",
        "exchanges show marked",
        "exchanges record marked authorize --kind success --as one",
    ],
)
def test_no_command_imports_what_is_not_allowed(run: Run, site: Path, command: str) -> None:
    """A command that needs the connector ends with one line that names PRISM_CONNECTORS."""
    done = run("-m", "prism_core.cli", *shlex.split(command))
    assert done.returncode != 0
    assert imported(site) == []
    assert "PRISM_CONNECTORS does not name it" in done.stderr, done.stderr + done.stdout


def test_lists_and_reports_import_nothing(run: Run, site: Path) -> None:
    """The lists show a blocked connector and the state of its report, and run none of its code."""
    listed = json.loads(run("-m", "prism_core.cli", "connectors", "--json").stdout)
    explained = json.loads(run("-m", "prism_core.cli", "doctor", "--json").stdout)
    for rows in (listed, explained):
        (row,) = (row for row in rows if "marked" in row.values())
        assert row["contract"] == "report cannot be read"
    assert row["state"] == "blocked"
    assert imported(site) == []


def test_pytest_imports_nothing_that_is_not_allowed(run: Run, site: Path) -> None:
    """`pytest --prism-connector` honours the list, too."""
    done = run("-m", "pytest", "-p", "no:cacheprovider", "--prism-connector", "marked")
    assert done.returncode != 0
    assert imported(site) == []
    assert "PRISM_CONNECTORS does not name it" in done.stdout + done.stderr
