"""What is done with this repository: demo, tests, fuzz, mutation, lint, types, bench, docs.

`nox -s NAME` runs one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["tests"]

PROJECT = nox.project.load_toml("pyproject.toml")
KIT = "contract_tests"
PLUGINS = sorted(str(found.parent) for found in Path().glob("plugins/*/pyproject.toml"))
SUPPORTED = ("3.10", "3.11", "3.12", "3.13")


def _show_pyenv_versions() -> None:
    """pyenv hides every version but the chosen one behind its shims; this chooses them all."""
    for folder in map(Path, os.environ.get("PATH", "").split(os.pathsep)):
        versions = folder.parent / "versions"
        if folder.name == "shims" and versions.is_dir():
            current = os.environ.get("PYENV_VERSION") or (folder.parent / "version").read_text()
            names = [
                *current.replace(":", " ").split(),
                *sorted(p.name for p in versions.iterdir()),
            ]
            os.environ["PYENV_ROOT"] = str(folder.parent)
            os.environ["PYENV_VERSION"] = ":".join(dict.fromkeys(names))


def _works(python: str) -> bool:
    command = [shutil.which(f"python{python}") or "", "-c", "import venv, ensurepip"]
    return bool(command[0]) and subprocess.run(command, capture_output=True).returncode == 0


_show_pyenv_versions()
PYTHONS = [version for version in SUPPORTED if _works(version)]


def _group(name: str) -> list[str]:
    return list(nox.project.dependency_groups(PROJECT, name))


def _install(session: nox.Session, *more: str) -> None:
    """The core, the kit and every plugin, editable, with all their extras."""
    editable = [".[cli]", KIT, *(f"{plugin}{_extras(plugin)}" for plugin in PLUGINS)]
    session.install(*(part for path in editable for part in ("-e", path)), *more)


def _extras(plugin: str) -> str:
    project = nox.project.load_toml(f"{plugin}/pyproject.toml")["project"]
    extras = ",".join(project.get("optional-dependencies", {}))
    return f"[{extras}]" if extras else ""


@nox.session
def demo(session: nox.Session) -> None:
    """Start the sandbox and run the documented flow against it."""
    _install(session)
    session.run("prism", "demo", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Everything that must hold: the tests on every Python found, lint, types, docs."""
    missing = [version for version in SUPPORTED if version not in PYTHONS]
    if missing:
        session.warn(f"not tested here, because not installed: Python {', '.join(missing)}")
    for name in [*(f"test-{version}" for version in PYTHONS), "lint", "types", "docs"]:
        session.notify(name)


@nox.session(python=PYTHONS or None)
def test(session: nox.Session) -> None:
    """The tests on one Python: all on the newest, with full branch coverage of the core; on the
    oldest all but those marked `once` (built environments, the kit's processes, browsers), the
    faults and the fuzz; in between, of those the core's and the kit's."""
    _install(session, *_group("test"))
    chosen: tuple[str, ...] = ("--cov", "--cov-report=term")
    if session.python not in (None, *PYTHONS[-1:]):
        folders = () if session.python in PYTHONS[:1] else ("tests", "contract_tests")
        chosen = ("-m", "not once", "--ignore-glob=tests/f*", *folders)
    session.run("pytest", "-n", "2", "--dist=worksteal", *chosen, *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """The fuzz tests with a hundred times as many inputs, other ones each time; shows how many
    were tried against what. PRISM_FUZZ=10 makes it ten times as many."""
    _install(session, *_group("test"))
    times = {"PRISM_FUZZ": os.environ.get("PRISM_FUZZ", "100")}
    session.run("pytest", "-n", "2", "tests/fuzz", *session.posargs, env=times)


@nox.session
def mutation(session: nox.Session) -> None:
    """Modules where a mistake costs money or secrets, broken in one place at a time: do the tests
    notice? A sample by `--seed`, `--count` many; shows what survived."""
    _install(session, *_group("test"), *_group("mutation"))
    session.run("python", "tests/mutation/run.py", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """ruff, check and format."""
    session.install(*_group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """mypy --strict on the core, every plugin and the typing tests."""
    _install(session, *_group("types"))
    folders = [KIT, *PLUGINS]
    packages = [str(p) for folder in folders for p in Path(folder).glob("prism_*") if p.is_dir()]
    session.run("mypy", "prism_core", *packages, "tests/typing", "examples")


@nox.session
def bench(session: nox.Session) -> None:
    """What a call, a start and memory cost, beside httpx and the official Stripe SDK.

    `--docs` writes docs/performance.md; `--strict` fails if an aim is missed.
    """
    _install(session, "httpx-aiohttp", "matplotlib>=3.8", "psutil", "rich", "stripe>=12")
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation as HTML; a warning is an error."""
    _install(session, *_group("docs"))
    session.run("sphinx-build", "-W", "-b", "html", "docs", "docs/_build/html")
