"""Sources: the Python files of a connector's package, what they import, and which are reachable
from the connector's module."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from prism_contract_tests.target import Target


class Source(NamedTuple):
    """One file: its module's name, its path, and its syntax tree."""

    module: str
    path: Path
    tree: ast.Module


def entry(target: Target) -> tuple[str, str]:
    """The module and the attribute that the entry point names."""
    module, _, attribute = target.connector.candidate.target.partition(":")
    return module.strip(), attribute.strip()


def sources(target: Target) -> dict[str, Source]:
    """Every file of the connector's package, by module name."""
    name, file = _root(entry(target)[0])
    if file.name != "__init__.py":
        return {name: _read(name, file)}
    found = {}
    for path in sorted(file.parent.rglob("*.py")):
        parts = path.relative_to(file.parent).with_suffix("").parts
        module = ".".join([name, *(part for part in parts if part != "__init__")])
        found[module] = _read(module, path)
    return found


def _root(module: str) -> tuple[str, Path]:
    """The outermost package of a module that has a file: namespace packages have none."""
    parts = module.split(".")
    names = [".".join(parts[: end + 1]) for end in range(len(parts))]
    name = next(one for one in names if getattr(sys.modules[one], "__file__", None))
    return name, Path(str(sys.modules[name].__file__))


def _read(module: str, path: Path) -> Source:
    return Source(module, path, ast.parse(path.read_text("utf-8"), filename=path.name))


def reachable(target: Target) -> dict[str, Source]:
    """The files that the connector's module imports, directly or not, itself included."""
    everything = sources(target)
    found: dict[str, Source] = {}
    waiting = [entry(target)[0]]
    while waiting:
        name = waiting.pop()
        if name in everything and name not in found:
            found[name] = everything[name]
            waiting += [imported for _, imported in imports(everything[name])]
        if "." in name:
            waiting.append(name.rpartition(".")[0])
    return found


def imports(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """The absolute names that a file imports at run time, anywhere in it, with where.

    `from a.b import c` gives `a.b` and `a.b.c`, because `c` may be a module.
    """
    for node in running(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(source, node)
            yield node, base
            yield from ((node, f"{base}.{alias.name}") for alias in node.names)


def _absolute(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = source.module.split(".")
    cut = node.level - 1 if source.path.name == "__init__.py" else node.level
    package = package[: len(package) - cut]
    return ".".join([*package, node.module] if node.module else package)


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker sees."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and _type_checking(node.test):
            for other in node.orelse:
                yield other
                yield from running(other)
            continue
        yield node
        yield from running(node)


def _type_checking(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", None)
    return name == "TYPE_CHECKING"
