"""The registry of operations: the hooks by name, with their request and result types."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

import pluggy

from prism_core.connector.http import Flow
from prism_core.schema.base import Request, Result

PROJECT = "prism"
F = TypeVar("F", bound=Callable[..., Any])
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a connector's method as the implementation of the hook with its name."""

OPERATIONS: dict[str, Callable[..., Flow[Any]]] = {}
"""The operation hooks by name. The other hooks of this module are no operations."""
OWN: dict[str, Callable[..., Flow[Any]]] = {}
"""The core's own operations by name: flows that need no connector's hook."""


@cache
def request_type(name: str) -> type[Request]:
    """The request type of an operation, as its specification is annotated."""
    return get_type_hints((OPERATIONS | OWN)[name])["request"]  # type: ignore[no-any-return]


@cache
def result_type(name: str) -> type[Result]:
    """The result type of an operation, as its specification is annotated."""
    return get_args(get_type_hints((OPERATIONS | OWN)[name])["return"])[-1]  # type: ignore[no-any-return]


def operation(spec: F) -> F:
    """Declares the specification of an operation."""
    OPERATIONS[spec.__name__] = spec
    return hookspec(firstresult=True)(spec)


def own_operation(flow: F) -> F:
    """Declares a flow of the core as an operation."""
    OWN[flow.__name__] = flow
    return flow
