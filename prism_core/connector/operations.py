"""Operations: what each takes and returns, read off its hook specification."""

from __future__ import annotations

from functools import cache
from typing import get_args, get_type_hints

from prism_core.connector.hookspecs import OPERATIONS
from prism_core.schema.base import Request, Result


@cache
def request_type(name: str) -> type[Request]:
    """The request type of an operation, as its specification is annotated."""
    found: type[Request] = get_type_hints(OPERATIONS[name])["request"]
    return found


@cache
def result_type(name: str) -> type[Result]:
    """The result type of an operation, as its specification is annotated."""
    found: type[Result] = get_args(get_type_hints(OPERATIONS[name])["return"])[-1]
    return found
