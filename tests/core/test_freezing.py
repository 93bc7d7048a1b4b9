"""What PyInstaller is told about Prism: without it, a frozen program finds no connector."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from prism_core.__pyinstaller import get_hook_dirs

pytest.importorskip("PyInstaller")


def hook(name: str) -> dict[str, Any]:
    """What a hook of ours says."""
    (folder,) = get_hook_dirs()
    path = str(Path(folder) / f"hook-{name}.py")
    return runpy.run_path(path, run_name="prism_core.__pyinstaller.hook")


def test_connectors_and_the_core_go_into_the_program() -> None:
    """The modules that entry points name, and the metadata in which they are found."""
    told = hook("prism_core")
    imported = {one.split(".")[0] for one in told["hiddenimports"]}
    assert {"prism_sandbox", "prism_stripe", "prism_opentelemetry"} <= imported
    copied = {Path(target).name.split("-")[0] for _, target in told["datas"]}
    assert {"prism_payments_core", "prism_payments_sandbox", "prism_payments_stripe"} <= copied


def test_commands_go_into_a_program_that_has_the_command_line() -> None:
    """Our own, which are imported by name, and those that packages add."""
    told = hook("prism_core.cli")
    assert {"prism_core.cli.inspection", "prism_core.cli.operations"} <= {*told["hiddenimports"]}
    assert any(one.startswith("prism_sandbox") for one in told["hiddenimports"])
