"""The pytest plugin: the same run as pytest items, and nothing at all where nobody asks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from small import DEFECT, environment, small

from prism_contract_tests.runner import Run

pytestmark = pytest.mark.once

Pytest = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder of its own, as a plugin's author has one."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def run(project: Path) -> Pytest:
    """Runs pytest there."""

    def call(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:asyncio", *args],
            cwd=project,
            env=environment(),
            capture_output=True,
            text=True,
        )

    return call


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[str]:
    with small(tmp_path) as name:
        yield name


def test_every_entry_is_an_item(acme: str, run: Pytest) -> None:
    """`pytest --prism-connector NAME` runs each required check as an item with an id of its own,
    and says how many ran of how many."""
    done = run("--prism-connector", acme, "-v")
    assert done.returncode == 0, done.stdout
    owed = Run(acme).owed
    for check, case in owed:
        assert f"prism-contract::acme::{check}[{case}] PASSED" in done.stdout
    assert f"acme: certified; {len(owed)} of {len(owed)} required checks ran" in done.stdout
    assert f"{len(owed)} passed" in done.stdout
    assert f"collected {len(owed)} items" in done.stdout


def test_a_failure_shows_the_evidence(tmp_path: Path, run: Pytest) -> None:
    """A failure is the message, the requirement and the evidence, not the kit's traceback."""
    with small(tmp_path, DEFECT) as name:
        done = run("--prism-connector", name)
    assert done.returncode == 1
    assert "acme: exchange-result on create_customer/success" in done.stdout
    assert "the result is another than the exchange's\nRequired: " in done.stdout
    assert 'connector_customer_id: expected "cust_1", got "xcust_1"' in done.stdout
    assert "acme: not certified" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_failure_that_waits_is_counted_and_not_told(tmp_path: Path, run: Pytest) -> None:
    """The async client fails as the sync one does: one section, and both are failures, which
    `--lf` runs again and a JUnit file has. Where the first is deselected, the other is told."""
    where = ("-o", "cache_dir=cache", "-p", "cacheprovider")
    with small(tmp_path, DEFECT) as name:
        done = run("--prism-connector", name, *where, "--junitxml=junit.xml")
        alone = run("--prism-connector", name, "-k", "exchange-async")
        again = run("--prism-connector", name, *where, "--lf")
    assert "1 failed" in done.stdout
    assert "2 waiting" in done.stdout
    assert "2 wait for exchange-result on create_customer/success" in done.stdout
    told, summary = done.stdout.split("short test summary info")
    assert told.count("connector_customer_id: expected") == 1
    assert summary.count("connector_customer_id: expected") <= 1  # only a wide summary shows it
    assert " 3 failed" in done.stdout
    assert "connector_customer_id: expected" in alone.stdout
    assert "1 failed, " in again.stdout
    assert " deselected, " in again.stdout
    assert "2 waiting" in again.stdout
    junit = Xml.parse(tmp_path / "project" / "junit.xml").getroot()
    assert len(junit.findall(".//failure")) == 3


def test_plain_pytest_in_the_plugins_folder(acme: str, project: Path, run: Pytest) -> None:
    """With `connector` in pyproject.toml plain `pytest` runs the contract, beside the author's
    own tests, and needs no test file."""
    (project / "pyproject.toml").write_text(f'[tool.prism.contract]\nconnector = "{acme}"\n')
    done = run()
    assert done.returncode == 0, done.stdout
    assert "acme: certified" in done.stdout
    (project / "test_own.py").write_text("def test_own(): assert False\n")
    done = run()
    assert done.returncode == 1
    assert "acme: certified" in done.stdout
    assert "test_own" in done.stdout


def test_several_connectors(acme: str, run: Pytest) -> None:
    """The option may be repeated; every connector has a ledger of its own."""
    checks = ("-k", "import-quiet", "-q")  # a part is enough to see both; it certifies neither
    done = run("--prism-connector", acme, "--prism-connector", "sandbox", *checks)
    assert "acme: " in done.stdout
    assert "sandbox: " in done.stdout


def test_strict_warnings_change_nothing(acme: str, run: Pytest) -> None:
    """Warnings made errors by the author's settings do not reach into the contract."""
    done = run("--prism-connector", acme, "-W", "error", "--strict-markers")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("off", ["terminal", "xdist", "skipping", "warnings", "junitxml"])
def test_other_plugins_may_be_off(acme: str, run: Pytest, off: str) -> None:
    """No plugin of pytest's own is needed."""
    assert run("--prism-connector", acme, "-p", f"no:{off}").returncode == 0


@pytest.mark.parametrize("args", [["-n", "2"], ["-n1"], ["--dist", "load", "--tx", "2*popen"]])
def test_it_refuses_to_be_distributed(acme: str, run: Pytest, args: list[str]) -> None:
    """Over several processes no ledger would see everything, so that is a usage error."""
    done = run("--prism-connector", acme, *args)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "the contract runs in one process" in done.stderr
    assert run("--prism-connector", acme, "-n", "0").returncode == 0


def test_a_connector_that_cannot_be_loaded(project: Path, run: Pytest) -> None:
    """It is one readable line and a usage error; so is a pyproject.toml that is no TOML."""
    done = run("--prism-connector", "no_such")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "prism contract: no installed connector is called 'no_such'" in done.stderr
    assert "Traceback" not in done.stderr
    (project / "pytest.ini").write_text("[pytest]\n")
    (project / "pyproject.toml").write_text("[tool.prism.contract]\nconnector =\n")
    assert run().returncode == pytest.ExitCode.USAGE_ERROR


def test_asking_pytest_for_something_else(acme: str, run: Pytest) -> None:
    """`--help`, `--markers` and their like run nothing, and owe nothing."""
    for option in ("--help", "--markers", "--fixtures", "--version"):
        assert run("--prism-connector", acme, option).returncode in (0, 5)


def test_it_is_inert_where_nobody_asks(project: Path, run: Pytest) -> None:
    """Without a connector, nothing but the two plugins is imported; nothing is collected or
    printed."""
    (project / "pyproject.toml").write_text("[tool.prism.contract]\n")
    (project / "test_own.py").write_text(
        "import sys\n"
        "def test_own():\n"
        "    ours = ('prism_core', 'prism_contract_tests.', 'httpx', 'jinja2')\n"
        "    found = {n for n in sys.modules if n.startswith(ours)}\n"
        "    plugins = ('pytest_plugin', 'pytest_replay')\n"
        "    assert found == {f'prism_contract_tests.{n}' for n in plugins}\n"
    )
    done = run()
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    assert "prism contract" not in done.stdout
