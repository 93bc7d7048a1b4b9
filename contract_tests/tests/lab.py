"""The laboratory: the reference connector and its mutants, laid out as installed distributions.

A mutant is the reference connector with one text replaced in one of its files. Run by the tests of
the kit itself, in this process: each gets a module name of its own.
"""

from __future__ import annotations

import itertools
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from support import REFERENCE, acme_source

from prism_contract_tests.report import Finding
from prism_contract_tests.runner import Run
from prism_core.discovery import index, loading

WITH_PAGES = REFERENCE.parent / "reference_pages"
"""What is laid over the reference connector to make the one with pages."""
_IGNORED = shutil.ignore_patterns("__pycache__")
_numbers = itertools.count()
Change = tuple[str, str]
"""A text of the connector, and what stands there instead."""


@dataclass(frozen=True)
class Mutant:
    """A broken connector: what is replaced where, and the check that must notice.

    Without `file`, `old` is replaced in the module where it first stands. With `old=""` the file is
    made, and with `new=None` it is removed. `case` narrows the killer to one case. With `pages`, it
    is made of the reference connector with pages; `over` names another folder laid over it.
    """

    name: str
    killer: str
    old: str = ""
    new: str | None = ""
    file: str | None = None
    case: str | None = None
    pages: bool = False
    over: str | None = None


_AUTHORIZE = (
    "def authorize(self, request: AuthorizeRequest, account: AcmeAccount) -> Flow[Payment]:"
)


LOOKS_UP = '        asked = account.get("/payments/{}", request.connector_transaction_id)\n'
"""What the lookup of a payment sends."""
FOUND = "        return payment_of((yield from account.fetch(asked, PaymentBody)))\n"
"""What it makes of the answer."""


def lookup(*lines: str) -> str:
    """What the lookup sends, after these lines, which may change the id `payment`."""
    done = ("payment = request.connector_transaction_id", *lines)
    more = "".join(f"        {line}\n" for line in done)
    return more + '        asked = account.get("/payments/{}", payment)\n'


def around_authorize(name: str, killer: str, handler: str, case: str | None = None) -> Mutant:
    """A mutant whose flow catches, with `handler` (an `except` clause), what authorizing raises."""
    caught = (
        f"{_AUTHORIZE}\n"
        "        from prism_core import AuthenticationError, ConnectorError, Declined\n"
        "        from prism_core import MalformedResponse\n"
        "        from prism_core import PaymentStatus, TransportError, Unavailable\n"
        "        try:\n"
        "            return (yield from self._authorize(request, account))\n"
        f"        {handler}\n\n"
        f"    {_AUTHORIZE.replace('authorize', '_authorize', 1)}"
    )
    return Mutant(name, killer, _AUTHORIZE, caught, case=case)


@contextmanager
def installed(
    folder: Path,
    mutant: Mutant | None = None,
    changes: Sequence[Change] = (),
    files: Mapping[str, str | None] = MappingProxyType({}),
    *,
    pages: bool = False,
    over: str | None = None,
) -> Iterator[str]:
    """The reference connector (or the one with pages, or with a folder laid over it) installed for
    a block, with changes, with files (None: without them), and as a mutant; gives its name."""
    number = next(_numbers)
    site = folder / f"site{number}"
    shutil.copytree(REFERENCE, site, ignore=_IGNORED)
    over = over if mutant is None else mutant.over
    if mutant is not None and mutant.file is None and mutant.new is not None:
        changes = [*changes, (mutant.old, mutant.new)]
    for module, text in acme_source(*changes).items():
        (site / "prism_acme" / module).write_text(text)
    if pages or (mutant is not None and mutant.pages):
        _add_pages(site)
    if over is not None:
        shutil.copytree(REFERENCE.parent / over, site, dirs_exist_ok=True, ignore=_IGNORED)
    for file, content in {**files, **_file(site, mutant)}.items():
        _put(site / file, content)
    name = f"prism_acme_{number}"
    (site / "prism_acme").rename(site / name)
    _write_metadata(site, name)
    sys.path.insert(0, str(site))
    index.refresh()
    try:
        yield "acme"
    finally:
        sys.path.remove(str(site))
        index.refresh()
        loading._loaded.clear()
        for loaded in [one for one in sys.modules if one.split(".")[0] == name]:
            del sys.modules[loaded]


def _add_pages(site: Path) -> None:
    """Lays the reference connector with pages over the other one."""
    shutil.copytree(WITH_PAGES, site, dirs_exist_ok=True, ignore=_IGNORED)
    project = site / "pyproject.toml"
    text = project.read_text().replace("prism_acme:connector", "prism_acme.pages:connector")
    project.write_text(text)


def _file(site: Path, mutant: Mutant | None) -> dict[str, str | None]:
    """The file that a mutant makes, changes or removes."""
    if mutant is None or mutant.file is None:
        return {}
    if mutant.new is None or not mutant.old:
        return {mutant.file: mutant.new}
    text = (site / mutant.file).read_text()
    assert mutant.old in text, f"{mutant.name}: {mutant.old!r} is not in {mutant.file}"
    return {mutant.file: text.replace(mutant.old, mutant.new, 1)}


def _put(path: Path, content: str | None) -> None:
    if content is None:
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def _write_metadata(site: Path, module: str) -> None:
    """The metadata that pip would have written from the pyproject.toml there."""
    project = tomllib.loads((site / "pyproject.toml").read_text())["project"]
    info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    lines = [f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}"]
    lines += [f"Requires-Dist: {line}" for line in project.get("dependencies", [])]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    entry_points = project["entry-points"]["prism.connectors"].items()
    targets = [f"{name} = {target.replace('prism_acme', module)}" for name, target in entry_points]
    (info / "entry_points.txt").write_text("[prism.connectors]\n" + "\n".join(targets) + "\n")


def findings_of(folder: Path, mutant: Mutant | None, check: str | None = None) -> list[Finding]:
    """What the checks find; of one check only, where it is named."""
    with installed(folder, mutant) as name:
        run = Run(name)
        owed = [entry for entry in run.owed if check in (None, entry[0])]
        return [run.execute(entry) for entry in owed]
