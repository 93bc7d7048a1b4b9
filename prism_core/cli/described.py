"""Hooks and types of the schema as plain values, from their docstrings: what `prism hooks` and
`prism schema` show."""

from __future__ import annotations

import ast
import re
import textwrap
import typing
from collections.abc import Iterator
from enum import Enum
from functools import cache
from inspect import getdoc, getsource
from itertools import pairwise
from typing import Any

import msgspec

import prism_core
from prism_core.clients.methods import Method, written
from prism_core.clients.prism import SERVICES
from prism_core.connector import hookspecs
from prism_core.connector.account import Account
from prism_core.connector.operations import OPERATIONS, request_type, result_type
from prism_core.schema.base import Request, Result, Schema
from prism_core.schema.meanings import MEANINGS

CLIENTS = {
    method.operation: f"{service}.{method.name}"
    for service, methods in SERVICES.items()
    for method in vars(methods).values()
    if isinstance(method, Method) and method.name != "get_or_create"  # which asks for two
}
"""By operation: the method of the clients that runs it."""
HOOKS = {
    **{name: OPERATIONS[name] for name in CLIENTS},
    "parse_error": hookspecs.parse_error,
    "sign_event": hookspecs.sign_event,
}
"""Every hook by name, those that are no operations at the end."""

OF_RESULT = {
    "needed": "always there",
    "optional": "None where the processor does not tell it",
    "core": "filled in by the core: nothing for a connector to do",
}
OF_REQUEST = {
    "needed": "must be given",
    "optional": "may be given; a connector that does not read it refuses it",
    "descriptive": "may be given; a connector that does not read it leaves it out, and `not_sent` "
    "names it",
    "core": "for the core: nothing for a connector to do",
}
OF_CONNECTOR = {
    "needed": "must be given",
    "optional": "may be left out",
    "class": "an attribute of the class, for a connector to set",
}
"""The words that say what becomes of a field, in the order in which the fields are shown."""


def hook(name: str) -> dict[str, Any]:
    """One hook: what it takes and returns, and its contract."""
    spec = HOOKS[name]
    given = {key: str(value) for key, value in spec.__annotations__.items()}
    returned = given.pop("return")
    about = getdoc(spec) or ""
    return {
        "hook": name,
        "client": CLIENTS.get(name),
        "takes": {key: _bare(value) for key, value in given.items()},
        "returns": _bare(returned) + (" | None" if returned.endswith("None") else ""),
        "summary": _joined(about.partition("\n\n")[0]),
        "about": about,
    }


def _bare(annotation: str) -> str:
    """The name of a type, without its module, and without what a caller may give instead."""
    flow = re.fullmatch(r"Flow\[(.*)\]", annotation)
    plain = re.sub(r"\b[a-z_]+\.(?=[A-Z])|ClassVar(?=\[)", "", flow[1] if flow else annotation)
    if annotation.startswith("ClassVar["):
        plain = plain[1:-1]
    return re.sub(r"\b([A-Z]\w+)Input\b", r"\1", plain).removesuffix(" | None")


def operation(name: str) -> dict[str, Any]:
    """An operation's request and result, and the enumerations among their fields."""
    request, result = request_type(name), result_type(name)
    return {
        "operation": name,
        "client": CLIENTS[name],
        "request": struct(request),
        "result": struct(result),
        "enumerations": [enumeration(one) for one in _enumerations(request, result)],
    }


def struct(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """A type with fields: each with its type, whether it is needed, and its meaning."""
    hints, own = written(kind), attributes(kind)
    fields = [
        {
            "field": field.name,
            "type": _bare(hints[field.name]),
            "given": _given(kind, field),
            "meaning": own.get(field.name) or _meaning(kind, field.name),
        }
        for field in msgspec.structs.fields(kind)
    ]
    if issubclass(kind, Account):
        fields += [
            {"field": name, "type": _bare(hints[name]), "given": "class", "meaning": own[name]}
            for name in own
            if name not in (*kind.__struct_fields__, "descriptive")
        ]
    is_request = issubclass(kind, Schema) and not issubclass(kind, Account)
    words = OF_RESULT if issubclass(kind, Result) else OF_REQUEST if is_request else OF_CONNECTOR
    fields.sort(key=lambda field: [*words].index(field["given"]))
    used = {field["given"] for field in fields}
    return {
        "name": kind.__name__,
        "about": getdoc(kind) or "",
        "fields": fields,
        "given": {word: means for word, means in words.items() if word in used},
    }


def _given(kind: Any, field: Any) -> str:
    """Whether a field is needed, optional, or descriptive (it may be left out where the processor
    has none); or whether it is for the core alone, or filled in by it."""
    base = Request if issubclass(kind, Request) else Result
    if field.name in getattr(kind, "options", ()) or (
        issubclass(kind, base) and field.name in base.__struct_fields__
    ):
        return "core"
    if field.required:
        return "needed"
    return "descriptive" if field.name in getattr(kind, "descriptive", ()) else "optional"


def _meaning(kind: type, name: str) -> str:
    """The sentences of a class's docstring that name a field; or what it means everywhere."""
    text = _joined(getdoc(kind) or "")
    sentences = re.split(r"(?<=[.?!])\s+(?=[A-Z`])", text)
    return " ".join(one for one in sentences if f"`{name}`" in one) or MEANINGS.get(name, "")


def enumeration(kind: type[Enum]) -> dict[str, Any]:
    """An enumeration with the meaning of each member."""
    meanings = attributes(kind)
    return {
        "name": kind.__name__,
        "about": getdoc(kind) or "",
        "values": {str(one.value): meanings.get(one.name, "") for one in kind},
    }


def _enumerations(*kinds: type[msgspec.Struct]) -> Iterator[type[Enum]]:
    """The enumerations among the types of the fields, each once."""
    found = {}
    for kind in kinds:
        for hint in typing.get_type_hints(kind).values():
            for part in (hint, *typing.get_args(hint)):
                if isinstance(part, type) and issubclass(part, Enum):
                    found[part.__name__] = part
    yield from found.values()


def types() -> dict[str, type]:
    """The public types that can be shown, by name."""
    public = {name: getattr(prism_core, name) for name in prism_core.__all__}
    shown = (msgspec.Struct, Enum)
    return {k: v for k, v in public.items() if isinstance(v, type) and issubclass(v, shown)}


@cache
def attributes(kind: type) -> dict[str, str]:
    """The docstrings below a class's attributes, and below those of its base classes. Python does
    not keep them: they are read from the source, and there are none where it is not installed."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("prism_"):
            found.update(_below(base))
    return found


def _below(kind: type) -> Iterator[tuple[str, str]]:
    try:
        tree = ast.parse(textwrap.dedent(getsource(kind)))
    except OSError:  # a frozen program
        return
    body = typing.cast("ast.ClassDef", tree.body[0]).body
    for node, after in pairwise(body):
        target = _target(node)
        if target and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            yield target, _joined(str(after.value.value))


def _target(node: ast.stmt) -> str | None:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return targets[0].id if isinstance(targets[0], ast.Name) else None


def _joined(text: str) -> str:
    return " ".join(text.split())
