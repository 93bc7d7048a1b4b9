"""Comparisons: where a file compares a signature or a secret in a time that tells how much of it is
right, read from its text."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from prism_contract_tests.sources import Source

_MAKERS = frozenset({"signed", "digest", "hexdigest", "reveal"})
"""Functions and methods that give what must be compared in constant time: `signatures.signed`, what
`hmac` and `hashlib` end in, and a secret's text."""
_WRITING = frozenset(
    {"hex", "decode", "encode", "lower", "upper", "strip", "format", "join", "str", "bytes"}
    | {"b64encode", "standard_b64encode", "urlsafe_b64encode", "hexlify", "list", "tuple", "set"}
)
"""Calls that give the same, written in another way."""
_CONTAINERS = (
    *(ast.Subscript, ast.BinOp, ast.JoinedStr, ast.FormattedValue, ast.IfExp, ast.NamedExpr),
    *(ast.Tuple, ast.List, ast.Set, ast.ListComp, ast.SetComp, ast.GeneratorExp),
)
_OPERATORS = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class _Known:
    """What is secret in the files of one package: functions that return it, and the names that
    hold it, by the function that they are in."""

    def __init__(self) -> None:
        self.makers = set(_MAKERS)
        self.names: set[tuple[str, str]] = set()

    @property
    def size(self) -> int:
        return len(self.makers) + len(self.names)

    def holds(self, node: ast.AST, place: str) -> bool:
        """Whether an expression has a secret in it."""
        if isinstance(node, ast.Name):
            return (place, node.id) in self.names
        if isinstance(node, ast.Call):
            called = _called(node)
            return called in self.makers or (
                called in _WRITING and any(self.holds(one, place) for one in _given(node))
            )
        return isinstance(node, _CONTAINERS) and any(
            self.holds(child, place) for child in ast.iter_child_nodes(node)
        )


def leaking(sources: Iterable[Source]) -> Iterator[tuple[Source, Any]]:
    """Every comparison of a secret by `==`, `in`, `startswith` or the like."""
    files = list(sources)
    functions = [one for file in files for one in ast.walk(file.tree) if isinstance(one, _Function)]
    known = _learned(functions)
    for file in files:
        for function in (one for one in ast.walk(file.tree) if isinstance(one, _Function)):
            for node in ast.walk(function):
                if _compares(node, known, function.name):
                    yield file, node


def _learned(functions: list[_Function]) -> _Known:
    """What is known when another reading of all functions adds nothing."""
    known, before = _Known(), -1
    parameters = {one.name: [arg.arg for arg in one.args.args] for one in functions}
    while known.size > before:
        before = known.size
        for function in functions:
            for node in ast.walk(function):
                _learn(node, known, function.name, parameters)
    return known


def _learn(node: ast.AST, known: _Known, place: str, parameters: dict[str, list[str]]) -> None:
    if isinstance(node, (ast.Return, ast.Yield)) and node.value is not None:
        if known.holds(node.value, place):
            known.makers.add(place)
    elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
        if node.value is not None and known.holds(node.value, place):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            _keep(targets, known, place)
    elif isinstance(node, (ast.For, ast.comprehension)):
        if known.holds(node.iter, place):
            _keep([node.target], known, place)
    elif isinstance(node, ast.Call) and _called(node) in parameters:
        called = _called(node)
        names = [name for name in parameters[called] if name != "self"]
        for name, given in [*zip(names, node.args, strict=False), *_by_name(node)]:
            if known.holds(given, place):
                known.names.add((called, name))


def _keep(targets: Iterable[ast.AST], known: _Known, place: str) -> None:
    """Notes the names that are assigned to. An index is no such name: it only says where."""
    for target in targets:
        if isinstance(target, ast.Name):
            known.names.add((place, target.id))
        elif isinstance(target, ast.Subscript):
            _keep([target.value], known, place)
        else:
            _keep(ast.iter_child_nodes(target), known, place)


def _by_name(node: ast.Call) -> list[tuple[str, ast.expr]]:
    return [(one.arg, one.value) for one in node.keywords if one.arg is not None]


def _given(node: ast.Call) -> list[ast.expr]:
    """What a call works on: its object, where it is a method, and its arguments."""
    owner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
    return [*owner, *node.args]


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _compares(node: ast.AST, known: _Known, place: str) -> bool:
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        to_none = any(isinstance(one, ast.Constant) and not one.value for one in sides)
        found = any(isinstance(one, _OPERATORS) for one in node.ops) and not to_none
        return found and any(known.holds(one, place) for one in sides)
    return False
