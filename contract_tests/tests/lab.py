"""The laboratory: the honest connector and its mutants, laid out as installed distributions.

A mutant is the honest connector with one text replaced in one of its files. Run by the tests of
the kit itself, in this process: each gets a module name of its own.
"""

from __future__ import annotations

import itertools
import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prism_contract_tests.report import Finding
from prism_contract_tests.runner import Run
from prism_core.discovery import index, loading

HONEST = Path(__file__).parent / "honest"
_numbers = itertools.count()


@dataclass(frozen=True)
class Mutant:
    """A broken connector: what is replaced where, and the check that must notice.

    `old` must stand in `file` exactly as given; with `old=""` the file is made, and with
    `new=None` it is removed. `case` narrows the killer to one case.
    """

    name: str
    killer: str
    old: str = ""
    new: str | None = ""
    file: str = "prism_honest/__init__.py"
    case: str | None = None


_AUTHORIZE = (
    "def authorize(self, request: AuthorizeRequest, account: HonestAccount) -> Flow[Payment]:"
)


def around_authorize(name: str, killer: str, handler: str, case: str | None = None) -> Mutant:
    """A mutant whose flow catches, with `handler` (an `except` clause), what authorizing raises."""
    caught = (
        f"{_AUTHORIZE}\n"
        "        from prism_core import AuthenticationError, ConnectorError, MalformedResponse\n"
        "        from prism_core import TransportError, Unavailable\n"
        "        try:\n"
        "            return (yield from self._authorize(request, account))\n"
        f"        {handler}\n\n"
        f"    {_AUTHORIZE.replace('authorize', '_authorize', 1)}"
    )
    return Mutant(name, killer, _AUTHORIZE, caught, case=case)


@contextmanager
def installed(folder: Path, mutant: Mutant | None = None, source: Path = HONEST) -> Iterator[str]:
    """The honest connector, or a mutant of it, installed for a block; gives its name."""
    number = next(_numbers)
    site = folder / f"site{number}"
    shutil.copytree(source, site, ignore=shutil.ignore_patterns("__pycache__"))
    if mutant is not None:
        _mutate(site, mutant)
    module = f"prism_honest_{number}"
    (site / "prism_honest").rename(site / module)
    _write_metadata(site, module)
    sys.path.insert(0, str(site))
    index.refresh()
    try:
        yield "honest"
    finally:
        sys.path.remove(str(site))
        index.refresh()
        loading._loaded.clear()
        for name in [name for name in sys.modules if name.split(".")[0] == module]:
            del sys.modules[name]


def _mutate(site: Path, mutant: Mutant) -> None:
    path = site / mutant.file
    if mutant.new is None:
        path.unlink()
    elif not mutant.old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(mutant.new)
    else:
        text = path.read_text()
        assert mutant.old in text, f"{mutant.name}: {mutant.old!r} is not in {mutant.file}"
        path.write_text(text.replace(mutant.old, mutant.new, 1))


def _write_metadata(site: Path, module: str) -> None:
    """The metadata that pip would have written from the pyproject.toml there."""
    project = tomllib.loads((site / "pyproject.toml").read_text())["project"]
    info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    lines = [f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}"]
    lines += [f"Requires-Dist: {line}" for line in project.get("dependencies", [])]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    entry_points = project["entry-points"]["prism.connectors"].items()
    targets = [
        f"{name} = {target.replace('prism_honest', module)}" for name, target in entry_points
    ]
    (info / "entry_points.txt").write_text("[prism.connectors]\n" + "\n".join(targets) + "\n")


def findings_of(folder: Path, mutant: Mutant | None, check: str | None = None) -> list[Finding]:
    """What the checks find; of one check only, where it is named."""
    with installed(folder, mutant) as name:
        run = Run(name)
        owed = [entry for entry in run.owed if check in (None, entry[0])]
        return [run.execute(entry) for entry in owed]
