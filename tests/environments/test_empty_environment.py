"""The first five minutes of a user: wheels into an empty environment, ask, uninstall.

The environment `plain` is empty but for the core, Stripe and what pip fetched for them. The
tests that say so use a layer of their own over shared dependencies instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Layer
from .environment import Environment

pytestmark = pytest.mark.once

WATCHED = """
import json, sys
opened = []
sys.addaudithook(lambda event, given: event == "open" and opened.append(str(given[0])))
import prism_core
def scanned():
    return sum(".dist-info" in path for path in opened)
after_import = scanned()
loaded = [name for name in ("httpx", "prism_stripe", "importlib.metadata") if name in sys.modules]
from prism_core.discovery.index import candidates
found = list(candidates())
print(json.dumps([after_import, loaded, found, scanned(), "prism_stripe" in sys.modules]))
"""


def test_importing_the_core_scans_and_imports_nothing(plain: Environment) -> None:
    """`import prism_core` opens no installed metadata and imports neither httpx nor a plugin;
    the index of connectors is read when it is asked for, and imports no connector either."""
    after_import, loaded, found, scanned, plugin = json.loads(plain.python(WATCHED))
    assert (after_import, loaded) == (0, [])
    assert found == ["stripe"]
    assert scanned > 0
    assert not plugin


def test_the_index_says_where_a_connector_comes_from(plain: Environment) -> None:
    """Without the command line, too, a program can ask which distribution offers a connector."""
    shown = plain.python("""
from prism_core.discovery.index import candidates
for name, offers in candidates().items():
    print(name, *((one.distribution, one.path, one.copies) for one in offers))
""")
    assert shown.strip() == f"stripe ('prism-payments-stripe', '{plain.site}', ())"


def test_a_client_opens_with_the_installed_connector(plain: Environment) -> None:
    """After one `pip install` of the core and a connector, a client opens."""
    assert plain.opened("stripe") == "opened"


def test_without_the_extra_the_command_says_what_to_install(plain: Environment) -> None:
    """`prism` without its extra is one line that names the extra, and exit code 1."""
    done = plain.prism("connectors", code=1)
    assert "pip install 'prism-payments-core[cli]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_half_the_extra_is_as_good_as_none(
    plain: Environment, dependencies: Path, tmp_path: Path
) -> None:
    """Where some other package brought click, the command still names its extra."""
    (tmp_path / "click").symlink_to(dependencies / "click")
    done = plain.prism("connectors", code=1, variables={"PYTHONPATH": str(tmp_path)})
    assert "pip install 'prism-payments-core[cli]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_lists_the_connectors(layer: Layer) -> None:
    """`prism connectors --json` lists each connector with its distribution. (In a layer.)"""
    rows = json.loads(layer().prism("connectors", "--json").stdout)
    assert [(row["connector"], row["distribution"]) for row in rows] == [
        ("sandbox", "prism-payments-sandbox"),
        ("stripe", "prism-payments-stripe"),
    ]


def test_the_command_explains_hooks_and_fields(layer: Layer) -> None:
    """They read what the wheel brings, the docstrings of statuses among it."""
    environment = layer()
    assert "def authorize(self, request" in environment.prism("hooks", "authorize").stdout
    fields = json.loads(environment.prism("schema", "authorize", "--json").stdout)
    statuses = fields["enumerations"][-1]["values"]
    assert statuses["VOIDED"].startswith("It was cancelled before it was captured")


def test_an_uninstalled_connector_is_gone(
    layer: Layer, uninstall: Callable[[Environment, str], None]
) -> None:
    """After `pip uninstall` a connector is listed no more; asking for it says that it is none,
    and the other connectors stay. (In a layer.)"""
    environment = layer()
    assert environment.opened("stripe") == "opened"
    uninstall(environment, "prism-payments-stripe")
    assert environment.states() == {"sandbox": "loadable"}
    said = environment.opened("stripe")
    assert said.startswith("ConnectorNotFound ")
    assert "no installed connector is called 'stripe'" in said
    assert environment.opened("sandbox") == "opened"


def test_the_demo_runs_from_wheels_alone(layer: Layer) -> None:
    """`prism demo` runs the documented flow to its end in an installed environment. (In a
    layer.)"""
    lines = layer().prism("demo", "--json").stdout.splitlines()
    statuses = [json.loads(line).get("status") for line in lines]
    assert {"AUTHORIZED", "AUTHORIZATION_FAILED", "CHARGED", "VOIDED", "REVOKED"} <= set(statuses)
    assert len(lines) == 22
