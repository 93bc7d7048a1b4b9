"""A smaller reference connector, of one operation, for tests that run the whole contract often."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab import Change, installed
from support import REFERENCE

from prism_contract_tests.apart import certify_apart
from prism_contract_tests.report import Report

INIT = "connector = Acme()\n"
DEFECT: Change = ("connector_customer_id=body.id", 'connector_customer_id="x" + body.id')
"""Makes `exchange-result` fail on create_customer/success."""
ERRORS = "prism_acme/exchanges/errors.json"
EDITION = 'edition = "2026.11"\n'
OTHERS = ("authorize", "get_payment", "capture")


def after(code: str) -> Change:
    """A change that runs code at the end of the connector's import."""
    return INIT, INIT + code


@contextmanager
def small(folder: Path, *changes: Change, settings: str = EDITION) -> Iterator[str]:
    """Installs it for a block, with changes and settings; gives its name."""
    without = [(f"@hookimpl\n    def {one}(", f"def _{one}(") for one in OTHERS]
    changes = (("class Acme(Events)", "class Acme"), *without, *changes)
    project = (REFERENCE / "pyproject.toml").read_text().replace(EDITION, settings)
    exchanges = REFERENCE.glob("prism_acme/exchanges/*/*.json")
    lost = [path for path in exchanges if path.parent.name != "create_customer"]
    files = dict.fromkeys(path.relative_to(REFERENCE).as_posix() for path in lost)
    files |= {"pyproject.toml": project, ERRORS: _errors()}
    with installed(folder, changes=changes, files=files) as name:
        yield name


def _errors() -> str:
    """The error answers, without those to other operations."""
    found = json.loads((REFERENCE / ERRORS).read_text())
    named = {name: one for name, one in found.items() if name != "$schema"}
    kept = {
        name: one
        for name, one in named.items()
        if "create_customer" in one.get("operations", ["create_customer"])
    }
    return json.dumps(kept)


def environment() -> dict[str, str]:
    """This process's, for a child that finds what is installed first on the path here."""
    path = [sys.path[0], *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def certified(folder: Path, *changes: Change, settings: str = EDITION) -> Report:
    """What `prism contract` comes to."""
    with small(folder, *changes, settings=settings) as name:
        return certify_apart(name, None, False, lambda done, of, last: None)
