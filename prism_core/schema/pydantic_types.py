"""The types of the schema as field types of Pydantic, which FastAPI uses. Pydantic alone calls
this, so the core neither needs nor imports it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from prism_core.errors import InvalidRequest
from prism_core.schema.checks import JsonObject, members
from prism_core.schema.meanings import MEANINGS
from prism_core.schema.method_types import PaymentMethodType, PaymentMethodTypesInput
from prism_core.schema.plain import from_plain, to_plain
from prism_core.schema.pydantic_secrets import unquoted

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core.core_schema import CoreSchema, SerializationInfo, TypedDictField

_DESCRIBED_AS: dict[Any, Any] = {
    JsonObject: dict[str, Any],
    PaymentMethodTypesInput: list[PaymentMethodType],
}
"""What Pydantic cannot see of an annotation."""


def schema_of(kind: type[msgspec.Struct], handler: GetCoreSchemaHandler) -> CoreSchema:
    """Pydantic's schema of a class. A value is read by `from_dict`, written by `to_dict` in JSON,
    and left as it is in Python; an OpenAPI document shows its fields."""
    from pydantic_core import core_schema as core

    def read(value: Any, _: object) -> Any:
        return _read(kind, value)

    name = f"{kind.__module__}.{kind.__qualname__}"
    read.__name__ = kind.__name__  # errors about one of several classes name it
    return core.no_info_wrap_validator_function(
        read,
        core.typed_dict_schema(
            _fields(kind, handler, name), cls_name=kind.__name__, extra_behavior="forbid"
        ),
        ref=name,
        serialization=core.plain_serializer_function_ser_schema(_written, info_arg=True),
    )


def _fields(
    kind: type[msgspec.Struct], handler: GetCoreSchemaHandler, name: str
) -> dict[str, TypedDictField]:
    """What an OpenAPI document shows of the fields."""
    from pydantic_core import core_schema as core

    shown: dict[str, TypedDictField] = {}
    config, hints = kind.__struct_config__, get_type_hints(kind, include_extras=True)
    if config.tag_field is not None:
        shown[config.tag_field] = core.typed_dict_field(core.literal_schema([config.tag]))
    for field in msgspec.structs.fields(kind):
        hint = hints[field.name]
        if get_args(hint)[:1] == (kind,):  # the other events of an event
            schema: CoreSchema = core.list_schema(core.definition_reference_schema(name))
        else:
            schema = handler.generate_schema(_described(field.name, hint))
        shown[field.name] = core.typed_dict_field(schema, required=field.required)
    return shown


def _described(name: str, hint: Any) -> Any:
    """An annotation as Pydantic can read it, with what the field means."""
    from pydantic import Field

    shown = _shown_as(hint)
    return Annotated[shown, Field(description=MEANINGS[name])] if name in MEANINGS else shown


def _shown_as(hint: Any) -> Any:
    from pydantic import GetPydanticSchema

    if hint in _DESCRIBED_AS:
        return _DESCRIBED_AS[hint]
    if get_origin(hint) is tuple:
        return list[_shown_as(get_args(hint)[0])]  # type: ignore[misc]  # made while it runs
    if len(members(hint)) > 1:
        return Union[tuple(map(_shown_as, members(hint)))]  # noqa: UP007 - of a computed tuple
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return Annotated[hint, GetPydanticSchema(lambda source, handler: schema_of(hint, handler))]
    return hint


def _read(kind: type[msgspec.Struct], value: Any) -> Any:
    made = from_plain(kind, value)
    if not isinstance(made, InvalidRequest):
        return made
    del value
    raise unquoted(kind.__name__, made.message, made.field)


def _written(value: msgspec.Struct, info: SerializationInfo) -> Any:
    return to_plain(value, secrets=False) if info.mode == "json" else value
