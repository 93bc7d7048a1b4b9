"""What is done with this repository: demo, tests, fuzz, mutation, lint, types, bench, docs; pages,
lock, build, version.

`nox -s NAME` runs one. What they install is pinned in constraints.txt.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nox
from packaging.version import Version

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|venv"
nox.options.error_on_missing_interpreters = True
nox.options.sessions = ["tests"]

PROJECT = nox.project.load_toml("pyproject.toml")
SUPPORTED = nox.project.python_versions(PROJECT)
KIT = "contract_tests"
PLUGINS = sorted(str(found.parent) for found in Path().glob("plugins/*/pyproject.toml"))
LOCK = "constraints.txt"
# uv brings certificates of its own; these make it trust what the machine trusts, as pip does (the
# second is the name that uv gave this before 2026).
CERTIFICATES = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}


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


def _install(session: nox.Session, *arguments: str, groups: tuple[str, ...] = ()) -> None:
    """Packages and dependency groups of pyproject.toml, in the versions that are pinned."""
    listed = nox.project.dependency_groups(PROJECT, *groups) if groups else ()
    session.install("-c", LOCK, *arguments, *listed, env=CERTIFICATES)


def _install_all(session: nox.Session, *groups: str, folders: tuple[str, ...] = (KIT,)) -> None:
    """The core, the kit and every plugin, editable, with their extras; built with the pinned
    backend, which no build has to fetch anew. What others wrote is built as they say."""
    _install(session, groups=("backend", *groups))
    paths = [f"./{folder}{_extras(folder)}" for folder in (".", *folders, *PLUGINS)]
    editable = [part for path in paths for part in ("-e", path)]
    _install(session, "--no-build-isolation", *editable)


def _project(folder: str) -> dict[str, Any]:
    found: dict[str, Any] = nox.project.load_toml(f"{folder}/pyproject.toml")["project"]
    return found


def _extras(folder: str) -> str:
    extras = ",".join(_project(folder).get("optional-dependencies", {}))
    return f"[{extras}]" if extras else ""


@nox.session
def demo(session: nox.Session) -> None:
    """Start the sandbox and run the documented flow against it."""
    _install_all(session, folders=())
    session.run("prism", "demo", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Everything that must hold: the tests on every Python found, lint, types, docs, build."""
    missing = [version for version in SUPPORTED if version not in PYTHONS]
    if missing:
        session.warn(f"not tested here, because not installed: Python {', '.join(missing)}")
    for name in [*(f"test-{version}" for version in PYTHONS), "lint", "types", "docs", "build"]:
        session.notify(name)


@nox.session(python=PYTHONS or None)
def test(session: nox.Session) -> None:
    """The tests on one Python: all on the newest, those in tests/ with full branch coverage of the
    core; on the oldest all but those marked `once` (built environments, the kit's processes,
    browsers), the faults and the fuzz; in between, of those the core's. `-- -k money` runs some."""
    _install_all(session, "test")
    run = ("pytest", "-n", "2", "--dist=worksteal")
    if session.posargs:
        session.run(*run, *session.posargs)
    elif session.python in (None, *PYTHONS[-1:]):
        # Two runs: measuring coverage makes tests slower, and those in tests/ cover the core.
        session.run(*run, "--cov", "--cov-report=term", "tests")
        session.run(*run, KIT, "plugins")
    else:
        folders = () if session.python in PYTHONS[:1] else ("tests",)
        session.run(*run, "-m", "not once", "--ignore-glob=tests/f*", *folders)


@nox.session
def fuzz(session: nox.Session) -> None:
    """The fuzz tests with a hundred times as many inputs, other ones each time; shows how many
    were tried against what. PRISM_FUZZ=10 makes it ten times as many. Then the contract of every
    connector, with all that it samples otherwise."""
    _install_all(session, "test")
    times = {"PRISM_FUZZ": os.environ.get("PRISM_FUZZ", "100")}
    session.run("pytest", "-n", "2", "tests/fuzz", *session.posargs, env=times)
    points = [_project(folder).get("entry-points", {}) for folder in PLUGINS]
    names = [name for one in points for name in one.get("prism.connectors", {})]
    session.run("prism", "contract", "--thorough", *names)


@nox.session
def mutation(session: nox.Session) -> None:
    """Modules where a mistake costs money or secrets, broken in one place at a time: do the tests
    notice? A sample by `--seed`, `--count` many; shows what survived."""
    _install_all(session, "mutation")
    session.run("python", "tests/mutation/run.py", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """ruff, check and format."""
    _install(session, groups=("lint",))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """mypy --strict on the core, the kit, every plugin and the typing tests; pyright, as
    basedpyright packages it, on what users and authors write: the typing tests, the examples and
    a connector."""
    _install_all(session, "types")
    folders = [KIT, *PLUGINS]
    packages = [str(p) for folder in folders for p in Path(folder).glob("prism_*") if p.is_dir()]
    session.run("mypy", "prism_core", *packages, "tests/typing", "examples")
    python = str(Path(session.bin, "python"))  # or it takes the repository's own .venv
    session.run("basedpyright", "--pythonpath", python)


@nox.session
def bench(session: nox.Session) -> None:
    """What a call, a start and memory cost, beside httpx and the official Stripe SDK.

    `--docs` writes docs/performance.md; `--strict` fails if an aim is missed.
    """
    _install_all(session, "bench")
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation as HTML; a warning is an error."""
    _install_all(session, "docs")
    session.run("sphinx-build", "-W", "-b", "html", "docs", "docs/_build/html")


@nox.session
def pages(session: nox.Session) -> None:
    """Write every page and file that is made from what the code declares."""
    _install_all(session)
    session.run("python", "tests/docs/made.py")


@nox.session
def lock(session: nox.Session) -> None:
    """Pin what pyproject.toml newly asks for, for every Python and system; pins that still fit
    stay. `-- --upgrade` moves all of them, `-- --upgrade-package ruff` one."""
    session.install("uv", env=CERTIFICATES)
    folders = [f"-e ./{folder}{_extras(folder)}" for folder in (".", KIT, *PLUGINS)]
    inputs = Path(session.create_tmp(), "inputs.txt")
    inputs.write_text("\n".join(folders))
    groups = [part for name in PROJECT["dependency-groups"] for part in ("--group", name)]
    session.run(
        *("uv", "pip", "compile", str(inputs), *groups, *session.posargs, "--output-file", LOCK),
        *("--universal", "--python-version", SUPPORTED[0]),
        *("--no-annotate", "--no-header", "--quiet"),
        env=CERTIFICATES,
    )
    lines = Path(LOCK).read_text().splitlines()
    pins = [line for line in lines if not line.startswith(("#", "-e"))]
    Path(LOCK).write_text("\n".join(["# Written by `nox -s lock`.", *pins, ""]))


@nox.session(venv_backend="none")
def version(session: nox.Session) -> None:
    """Write one version into the pyproject.toml of every distribution, and which core they need:
    `-- 0.2.0`. It is static text there, so that each folder can be built by itself."""
    (new,) = map(Version, session.posargs)
    series = rf"\g<1>>={new.major}.{new.minor},<{new.major}.{new.minor + 1}"
    core = f'"{PROJECT["project"]["name"]}'
    for folder in (".", KIT, *PLUGINS):
        path = Path(folder, "pyproject.toml")
        text = re.sub(r'(?m)^version = ".*"$', f'version = "{new}"', path.read_text(), count=1)
        path.write_text(re.sub(rf"({core}(\[\w+\])?)>=[\d.]+,<[\d.]+", series, text))


@nox.session
def build(session: nox.Session) -> None:
    """Every distribution as an sdist and, from that, a wheel, into dist/; checked by twine and
    check-wheel-contents, and installed into an empty environment where `prism` runs."""
    _install(session, groups=("build",))
    shutil.rmtree("dist", ignore_errors=True)
    for folder in (".", KIT, *PLUGINS):
        session.run("python", "-m", "build", "--no-isolation", "--outdir", "dist", folder)
    built = sorted(map(str, Path("dist").iterdir()))
    session.run("twine", "check", "--strict", *built)
    session.run("check-wheel-contents", *(path for path in built if path.endswith(".whl")))
    empty = Path(session.create_tmp(), "empty")
    session.run("python", "-m", "venv", "--clear", str(empty))
    install = [str(empty / "bin" / "python"), "-m", "pip", "install", "--quiet", "-c", LOCK]
    session.run(*install, *_wheels(), external=True)
    for command in (["--version"], ["doctor", "--strict"]):
        session.run(str(empty / "bin" / "prism"), *command, external=True)


def _wheels() -> Iterator[str]:
    """The wheel of each distribution, with its extras."""
    for folder in (".", KIT, *PLUGINS):
        name = _project(folder)["name"].replace("-", "_")
        (wheel,) = Path("dist").glob(f"{name}-*.whl")
        yield f"{wheel}{_extras(folder)}"
