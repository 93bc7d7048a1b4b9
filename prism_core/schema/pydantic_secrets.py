"""Secrets in Pydantic: how one is read, and errors that do not quote what was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_core.core_schema import CoreSchema, SerializationInfo


def schema_of_secret(secret: type[Any]) -> CoreSchema:
    """Pydantic's schema of `Secret`: read from a string, and not written as JSON."""
    from pydantic_core import core_schema as core

    def read(value: Any, _: object) -> Any:
        try:
            return secret(value)
        except TypeError as reason:
            raise unquoted(secret.__name__, str(reason), None) from None

    return core.no_info_wrap_validator_function(
        read,
        core.str_schema(),
        serialization=core.plain_serializer_function_ser_schema(_written, info_arg=True),
    )


def _written(value: Any, info: SerializationInfo) -> Any:
    if info.mode == "json":
        raise TypeError("a Secret is not written as JSON; pass what it holds on purpose")
    return value


def unquoted(name: str, message: str, field: str | None) -> Exception:
    """Pydantic's error about a field, without the input, which may be a card: its own errors quote
    that, and FastAPI answers with them."""
    from pydantic_core import PydanticCustomError, ValidationError

    problem = PydanticCustomError("prism", "{problem}", {"problem": message})
    place = tuple(field.split(".")) if field else ()
    return ValidationError.from_exception_data(
        name, [{"type": problem, "loc": place, "input": None}]
    )
