"""The commands that installed packages add, found and described without importing any of them.

A package adds one with an entry point in the group `prism.commands` that names a click command.
A name with a dot, such as `events.send`, adds the command to a group of ours.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from prism_core.cli.exit_codes import SETUP, Stopped
from prism_core.cli.show import harmless

GROUP = "prism.commands"


def added(group: str = "") -> dict[str, Any]:
    """The entry points of the commands that are added to a group of ours, by name; those at the
    top if no group is named."""
    from importlib.metadata import distributions

    found: dict[str, Any] = {}
    for distribution in distributions():
        with suppress(Exception):  # damaged metadata of one package must not hide the others
            if distribution.name:
                for point in distribution.entry_points.select(group=GROUP):
                    under, _, name = point.name.rpartition(".")
                    if under == group:
                        found.setdefault(name, point)
    return found


def imported(target: str) -> click.Command:
    """The command that an entry point names. Raises whatever its import raises."""
    module, _, attribute = target.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if not isinstance(found, click.Command):
        raise TypeError(f"{target} is not a click command")
    return found


def opened(entry_point: Any) -> click.Command:
    """The command of a package, imported now; if that fails, a readable error."""
    try:
        return imported(entry_point.value)
    except (Exception, SystemExit) as error:  # an import can raise anything
        problem = f"{type(error).__name__}: {error}"
    name, package = entry_point.name, entry_point.dist.name
    raise Stopped(SETUP, harmless(f"'{name}' of {package} cannot be imported: {problem}"))


def about(entry_point: Any) -> str:
    """What a command does: the first sentence of its docstring, read from its file; without one,
    what its package says of itself."""
    said = None
    with suppress(Exception):  # whatever a package looks like, the help is shown
        said = _help_of(entry_point.value)
    with suppress(Exception):
        said = said or entry_point.dist.metadata["Summary"]
    first = re.split(r"(?<=[.!?])\s|\n\s*\n", (said or "").strip(), maxsplit=1)[0]
    return harmless(first or f"From {entry_point.dist.name}.")


def _help_of(target: str) -> str | None:
    """The help text in the source of a command: that of its decorator, or its docstring."""
    module, _, attribute = target.partition(":")
    for node in ast.parse(_file_of(module).read_bytes()).body:
        if isinstance(node, ast.FunctionDef) and node.name == attribute:
            return next(_texts(node.decorator_list), None) or ast.get_docstring(node)
        if isinstance(node, ast.Assign) and attribute in map(ast.unparse, node.targets):
            return next(_texts([node.value]), None)
    return None


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    """The texts of `short_help=` and `help=` where a command is made."""
    made = [node for node in nodes if isinstance(node, ast.Call) and _makes(node)]
    for wanted in ("short_help", "help"):
        for keyword in (keyword for node in made for keyword in node.keywords):
            if keyword.arg == wanted and isinstance(keyword.value, ast.Constant):
                yield str(keyword.value.value)


def _makes(call: ast.Call) -> bool:
    """Whether this call makes a command: `@click.command(...)`, `click.Group(...)`."""
    return ast.unparse(call.func).lower().endswith(("command", "group"))


def _file_of(module: str) -> Path:
    """The file of a module. Only its outermost package is looked up: finding one inside imports
    the packages around it."""
    first, *rest = module.strip().split(".")
    spec: Any = find_spec(first)
    for folder in spec.submodule_search_locations or ():
        path = Path(folder, *rest)
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return Path(spec.origin)
