"""A smaller honest connector, of one operation, for tests that run the whole contract often."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab import installed

from prism_contract_tests.apart import certify_apart
from prism_contract_tests.report import Report

Change = tuple[str, str]
"""A text of the connector, and what stands there instead."""
INIT = "connector = Honest()\n"
DEFECT: Change = ("connector_customer_id=body.id", 'connector_customer_id="x" + body.id')
"""Makes `exchange-result` fail on create_customer/success."""
EDITION = 'edition = "2026.11"\n'
_SENDS = re.compile(r' +"authorize": \(.*?\n +\),\n +"get_payment": .*?\),\n', re.DOTALL)
_HOOK = re.compile(r"@hookimpl\n    def (authorize|get_payment)\(")


def after(code: str) -> Change:
    """A change that runs code at the end of the connector's import."""
    return INIT, INIT + code


@contextmanager
def small(folder: Path, *changes: Change, settings: str = EDITION) -> Iterator[str]:
    """Installs it for a block, with changes and settings; gives its name."""
    with installed(folder) as name:
        site = Path(sys.path[0])
        (package,) = site.glob("prism_honest*/exchanges")
        source = package.parent / "__init__.py"
        text = _HOOK.sub(r"def _\1(", _SENDS.sub("", source.read_text()))
        for operation in ("authorize", "get_payment"):
            shutil.rmtree(package / operation)
        errors = json.loads((package / "errors.json").read_text())
        del errors["no-funds"]  # its answer is like one of authorize
        (package / "errors.json").write_text(json.dumps(errors))
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        source.write_text(text)
        project = site / "pyproject.toml"
        project.write_text(project.read_text().replace(EDITION, settings))
        yield name


def environment() -> dict[str, str]:
    """This process's, for a child that finds what is installed first on the path here."""
    path = [sys.path[0], *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def certified(folder: Path, *changes: Change, settings: str = EDITION) -> Report:
    """What `prism contract` comes to."""
    with small(folder, *changes, settings=settings) as name:
        return certify_apart(name, None, False, lambda done, of, last: None)
