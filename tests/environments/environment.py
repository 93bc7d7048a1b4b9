"""Environments as users have them: a folder made by `python -m venv`, what pip installs into it,
and the commands run in it, in processes of their own. Shared by the tests of this folder."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROJECTS = {
    "core": ROOT,
    "contract-tests": ROOT / "contract_tests",
    **{
        found.parent.name.removeprefix("prism-"): found.parent
        for found in sorted(ROOT.glob("plugins/*/pyproject.toml"))
    },
}
"""The folders that become wheels, by a short name."""

UNWANTED = ("PYTHON", "PRISM_", "COV", "VIRTUAL_ENV", "FORCE_COLOR")
"""Variables of the test run that must not reach the environments under test."""

Done = subprocess.CompletedProcess[str]
Wheels = Mapping[str, Path]
Variables = Mapping[str, str]
NONE: Variables = {}


@dataclass(frozen=True)
class Environment:
    """One virtual environment."""

    folder: Path

    @property
    def interpreter(self) -> Path:
        """The Python of this environment."""
        return self.folder / "bin" / "python"

    @property
    def site(self) -> Path:
        """Where pip puts packages in this environment."""
        return next(self.folder.glob("lib/python*/site-packages"))

    def run(self, *command: str | Path, code: int | None = 0, variables: Variables = NONE) -> Done:
        """Runs a command in the environment's folder; any exit code but `code` is a failure."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith(UNWANTED)}
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            env={**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "COLUMNS": "200", **variables},
            capture_output=True,
            text=True,
            timeout=120,
        )
        said = f"{done.args} exited with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        assert code is None or done.returncode == code, said
        return done

    def python(self, source: str, variables: Variables = NONE) -> str:
        """What a Python program prints."""
        return self.run(self.interpreter, "-c", source, variables=variables).stdout

    def prism(self, *arguments: str, code: int = 0, variables: Variables = NONE) -> Done:
        """Runs the `prism` script that pip made."""
        return self.run(self.folder / "bin" / "prism", *arguments, code=code, variables=variables)

    def doctor(self, variables: Variables = NONE) -> list[dict[str, Any]]:
        """The rows of `prism doctor --json`."""
        rows: list[dict[str, Any]] = json.loads(
            self.prism("doctor", "--json", variables=variables).stdout
        )
        return rows

    def states(self, variables: Variables = NONE) -> dict[str, str]:
        """The state that the doctor gives each connector; meant for names found once."""
        return {row["name"]: row["state"] for row in self.doctor(variables)}

    def opened(self, connector: str, variables: Variables = NONE) -> str:
        """What opening a client comes to: "opened", or the error's type and message."""
        return self.python(OPEN.format(connector=connector), variables).strip()


OPEN = """
from prism_core import CustomerClient, PrismError
try:
    CustomerClient(connector={connector!r}, api_key="sandbox_1", environment="SANDBOX").close()
    print("opened")
except PrismError as error:
    print(type(error).__name__, error)
"""


def create(folder: Path, *options: str) -> Environment:
    """A new empty environment for the Python that runs the tests."""
    Environment(folder.parent).run(sys.executable, "-m", "venv", *options, folder)
    return Environment(folder)


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder, filled by the first process that asks; the others wait for it."""
    with _locked(folder.with_suffix(".lock")):
        if not (folder / "made").exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            (folder / "made").touch()
    return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
