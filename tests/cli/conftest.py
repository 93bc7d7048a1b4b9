"""Fixtures of the command's tests: the command with Acme's credentials, and Acme with a contract
report."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from support import Install, Server, acme_source

from prism_core.cli.app import prism

TRIED = """
[tool.prism.contract.live]
currency = "EUR"
decline_amount = 1
[tool.prism.contract.live.approve]
type = "card"
number = "4242424242424242"
exp_month = 12
exp_year = 2090
cvc = "123"
"""


@pytest.fixture
def run(acme: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command with Acme's credentials in the environment."""
    monkeypatch.setenv("PRISM_ACME_API_KEY", "key_secret")
    monkeypatch.setenv("PRISM_ACME_BASE_URL", server.url)
    monkeypatch.setenv("PRISM_CONNECTOR", acme)

    def call(*args: str, stdin: str | None = None) -> Result:
        monkeypatch.setattr(sys, "argv", ["prism", *args])
        return CliRunner().invoke(prism, list(args), input=stdin)

    return call


@pytest.fixture
def tried(run: Callable[..., Result], plugin: Install, tmp_path: Path) -> Callable[..., Result]:
    """`prism try acme`, whose pyproject.toml says what is approved in tests."""
    (tmp_path / "site" / "pyproject.toml").write_text(TRIED)

    def call(*args: str, **how: Any) -> Result:
        return run("try", "acme", *args, **how)

    return call


@pytest.fixture
def reported(plugin: Install) -> Callable[..., Path]:
    """A connector in a package with a contract report; gives the package's folder."""

    def make(target: str = "plugin_reported.connector:connector", **changes: Any) -> Path:
        folder = plugin("acme", "", target=target) / "plugin_reported"
        folder.mkdir(exist_ok=True)
        files = acme_source()
        files |= {"connector.py": files["__init__.py"], "__init__.py": ""}
        for file, text in files.items():
            (folder / file).write_text(text)
        digests = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.py")}
        report = {
            "ok": True, "started": "2026-11-23T09:00:00+00:00", "kit_version": "0.1.0",
            "required": 83, "executed": 83, "files": digests, **changes,
        }  # fmt: skip
        (folder / "contract-report.json").write_text(json.dumps(report))
        return folder

    return make
