"""Scaffold: a plugin of one's own, from the templates in templates/plugin.

The texts are templates; here is only what goes into them, and where. `drafts` makes the exchanges.
A name that cannot be, or a folder that is there already, is refused before anything is written.
"""

from __future__ import annotations

import importlib.util
import json
import keyword
import re
import tempfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from prism_contract_tests.drafts import exchanges
from prism_contract_tests.exchange import json_schema
from prism_contract_tests.formatting import formatted
from prism_contract_tests.shapes import WAYS, Shape, documents, imported, standard
from prism_contract_tests.target import EDITION
from prism_core.discovery.index import CORE, candidates

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_SUFFIX = ".jinja"


PLAIN = Shape()


class Refused(Exception):
    """Why no plugin is made, in one line."""


def scaffold(name: str, into: Path, shape: Shape = PLAIN) -> Path:
    """Writes the plugin `prism-<name>` into a folder and gives its path; all of it or nothing."""
    folder = into / f"prism-{name.replace('_', '-')}"
    problem = _problem(name, folder)
    if problem is not None:
        raise Refused(problem)
    texts = _files(name, shape)
    with tempfile.TemporaryDirectory(dir=into) as unfinished:
        made = Path(unfinished, folder.name)
        for path, text in texts.items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_text(text, "utf-8")
        made.rename(folder)
    return folder


def _problem(name: str, folder: Path) -> str | None:
    if not _NAME.fullmatch(name):
        return f"{name!r} cannot be a connector's name: write it like 'acme' or 'acme_pay'"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return f"'{name}' is a word of Python; choose another name"
    if name in candidates():
        owner = candidates()[name][0]
        return (
            f"a connector called '{name}' is installed: {owner}; "
            f"choose another name, or uninstall {owner.distribution}"
        )
    if importlib.util.find_spec(f"prism_{name}") is not None:
        return f"a package called prism_{name} is installed already; choose another name"
    if not folder.parent.is_dir():
        return f"there is no folder {folder.parent}"
    if folder.exists():
        return f"{folder} is there already; remove it or choose another name"
    return None


def _files(name: str, shape: Shape) -> dict[str, str]:
    """Every file of the plugin, by its path in it."""
    loader = PackageLoader("prism_contract_tests", "templates/plugin")
    # Nothing here becomes HTML, and a name cannot hold what would need escaping.
    templates = Environment(  # noqa: S701
        loader=loader, undefined=StrictUndefined, keep_trailing_newline=True
    )
    values = {
        **shape._asdict(),
        "standard": standard(shape),
        "names": imported(shape),
        "debits": shape.debits,
        "outcomes": shape.outcomes,
        "documents": documents(shape),
        "ways": WAYS,
        "endpoint": "/graphql" if shape.style == "graphql" else "",
        "name": name,
        "title": "".join(part.capitalize() for part in name.split("_")),
        "dashed": name.replace("_", "-"),
        "edition": EDITION,
        "series": _series(),
        "schema": json.dumps(json_schema(), indent=2),
    }
    found = {
        _path(template, name): _spaced(templates.get_template(template).render(values))
        for template in templates.list_templates()
        if template.endswith(_SUFFIX)
    }
    drafts = {
        f"prism_{name}/exchanges/{path}": formatted(json.dumps(one))
        for path, one in exchanges(shape).items()
    }
    licence = (files("prism_contract_tests") / "templates" / "LICENSE").read_text("utf-8")
    return {**found, **drafts, "LICENSE": licence}


def _spaced(text: str) -> str:
    """At most two empty lines in a row, whatever a template leaves out."""
    return re.sub(r"\n{4,}", "\n\n\n", text)


def _path(template: str, name: str) -> str:
    """Where a template's text goes. Among the templates no file is hidden and none is a test: those
    would be taken for the kit's own."""
    path = template.removesuffix(_SUFFIX).replace("NAME", name)
    return {"gitignore": ".gitignore", "test.py": f"tests/test_{name}.py"}.get(path, path)


def _series() -> str:
    """The versions of the core that the plugin is written for: those of the series installed."""
    major, minor = map(int, version(CORE).split(".")[:2])
    return f">={major}.{minor},<{major}.{minor + 1}"
