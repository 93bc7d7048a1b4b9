"""The check that a connector decodes with decoders that are made once, by one thread."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec

from prism_contract_tests.check import Failed, check, once
from prism_contract_tests.impurities import called_names
from prism_contract_tests.sources import Source, reachable
from prism_contract_tests.target import Target

_SHAPE_AT = {"msgspec.json.decode": 1, "msgspec.convert": 1, "msgspec.json.Decoder": 0}
"""What makes a decoder, and the place of the shape among its arguments."""


@check(
    "decoders-shared",
    since="2026.11",
    cases=once,
    why="If threads decode a Struct that has a Struct in it for the first time at once, msgspec "
    "can crash the whole process.",
    how="Decode with account.decode, response.decode or "
    "prism_core.connector.bodies.decoder(shape).decode(text); one thread makes these decoders.",
)
def decoders_shared(target: Target, case: str) -> int:
    """No function decodes a Struct that has a Struct in it with a decoder of its own."""
    files = reachable(target)
    for source in files.values():
        for line, name, shape in _own_decoders(source):
            place = f"{source.path.relative_to(target.package.parent)}:{line}"
            raise Failed(f"{place} decodes {shape} with {name}")
    return len(files)


def _own_decoders(source: Source) -> Iterator[tuple[int, str, str]]:
    """The line, the function called and the shape, of each decoder that a function makes."""
    module = sys.modules.get(source.module)
    in_functions = (
        node
        for outer in ast.walk(source.tree)
        if isinstance(outer, (ast.FunctionDef, ast.Lambda))
        for node in ast.walk(outer)
    )
    for call, name in called_names(source, in_functions):
        if name in _SHAPE_AT:
            at = _SHAPE_AT[name]
            given = [*call.args[at : at + 1], *(k.value for k in call.keywords if k.arg == "type")]
            for node in (one for shape in given for one in ast.walk(shape)):
                shape = getattr(module, node.id, None) if isinstance(node, ast.Name) else None
                if _is_nested(shape):
                    yield call.lineno, name, shape.__name__  # type: ignore[union-attr]


def _is_nested(shape: object) -> bool:
    """Whether it is a Struct that has a Struct in it."""
    if not (isinstance(shape, type) and issubclass(shape, msgspec.Struct)):
        return False
    return any(map(_holds_struct, get_type_hints(shape).values()))


def _holds_struct(hint: Any) -> bool:
    is_struct = isinstance(hint, type) and issubclass(hint, msgspec.Struct)
    return is_struct or any(map(_holds_struct, get_args(hint)))
