"""Fixtures that build the wheels and make the environments; both once per test run, however many
workers run the tests, because that is nearly all the time these tests take."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .environment import PROJECTS, Environment, Wheels, create, once

Layer = Callable[..., Environment]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this test run see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def pip(shared: Path) -> Environment:
    """An environment with pip and nothing else, for building and installing; skips the test
    where pip reaches no package index."""

    def make(folder: Path) -> None:
        made = create(folder / "env")
        probe = ["download", "--no-deps", "--retries", "1", "--timeout", "10", "-d", "probe"]
        got = made.run(made.interpreter, "-m", "pip", *probe, "pluggy", code=None)
        if got.returncode:
            said = (got.stderr.strip() or "it says nothing").splitlines()[-1]
            pytest.skip(f"pip reaches no package index: {said}")

    return Environment(once(shared / "pip", make) / "env")


@pytest.fixture(scope="session")
def wheels(shared: Path, pip: Environment) -> Wheels:
    """The wheels of the core and of every plugin, by the plugin's short name."""

    def make(folder: Path) -> None:
        def build(name: str) -> None:
            into = ["--no-deps", "-w", str(folder / name)]
            pip.run(pip.interpreter, "-m", "pip", "wheel", *into, PROJECTS[name])

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(build, PROJECTS))

    folder = once(shared / "wheels", make)
    return {name: next((folder / name).glob("*.whl")) for name in PROJECTS}


@pytest.fixture(scope="session")
def plain(shared: Path, pip: Environment, wheels: Wheels) -> Environment:
    """An empty environment into which pip installed the core and Stripe, no extra. Tests must
    not change it."""

    def make(folder: Path) -> None:
        made = create(folder / "env", "--without-pip")
        _pip(pip, made, "install", str(wheels["core"]), str(wheels["stripe"]))

    return Environment(once(shared / "plain", make) / "env")


@pytest.fixture(scope="session")
def dependencies(shared: Path, pip: Environment, wheels: Wheels) -> Path:
    """A folder with what the core, its command and the sandbox's server depend on, and nothing
    of ours."""

    def make(folder: Path) -> None:
        made = create(folder / "env", "--without-pip")
        _pip(pip, made, "install", f"{wheels['core']}[cli]", f"{wheels['sandbox']}[server]")
        _pip(pip, made, "uninstall", "-y", "prism-payments-core", "prism-payments-sandbox")

    return Environment(once(shared / "dependencies", make) / "env").site


@pytest.fixture(scope="session")
def layer(
    pip: Environment,
    wheels: Wheels,
    dependencies: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Layer:
    """`layer(wheel, ...)` makes an environment with the core, Stripe, the sandbox and these
    wheels. It is the caller's own; only the dependencies in it are shared, through a .pth file."""

    def make(*more: Path) -> Environment:
        made = create(tmp_path_factory.mktemp("layer") / "env", "--without-pip")
        (made.site / "dependencies.pth").write_text(f"{dependencies}\n")
        ours = [wheels[name] for name in ("core", "stripe", "sandbox")]
        offline = ["--no-deps", "--no-index", "--no-compile"]
        _pip(pip, made, "install", *offline, *map(str, [*ours, *more]))
        return made

    return make


@pytest.fixture(scope="session")
def install(pip: Environment) -> Callable[[Environment, str], None]:
    """`install(environment, distribution)` is `pip install` there, from the index."""
    return lambda environment, name: _pip(pip, environment, "install", name)


@pytest.fixture(scope="session")
def uninstall(pip: Environment) -> Callable[[Environment, str], None]:
    """`uninstall(environment, distribution)` is `pip uninstall -y` there."""
    return lambda environment, name: _pip(pip, environment, "uninstall", "-y", name)


def _pip(pip: Environment, target: Environment, *arguments: str) -> None:
    """pip, run for an environment that has none of its own."""
    for_target = ["--python", str(target.interpreter)]
    pip.run(pip.interpreter, "-m", "pip", *for_target, *arguments)
