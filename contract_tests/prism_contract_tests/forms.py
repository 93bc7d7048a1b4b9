"""Forms and queries read back from their bytes, with the types that an OpenAPI schema wants.

Nothing here knows how Prism writes a form: brackets are read the way the processors' servers do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any
from urllib.parse import parse_qsl

FORM = "application/x-www-form-urlencoded"
Schema = dict[str, Any]
Resolve = Callable[[Any], Schema]
"""Gives the schema behind a `$ref`, or the schema itself."""
Fits = Callable[[Any, Schema], bool]

_KEY = re.compile(r"[^\[\]]+(?:\[[^\[\]]+\])*")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


class NotAForm(ValueError):
    """The pairs cannot be read as one nested form; the text says why."""


def read_form(encoded: str, repeatable: Collection[str] = ()) -> dict[str, Any]:
    """`a[b]=1&c[0]=2` as `{"a": {"b": "1"}, "c": {"0": "2"}}`: every leaf is a string.

    Keys are decoded before their brackets are read, as servers do. A name in `repeatable` may
    come several times, and becomes a list.
    """
    pairs = parse_qsl(encoded, keep_blank_values=True, strict_parsing=True) if encoded else []
    form: dict[str, Any] = {}
    for key, value in pairs:
        if key in repeatable:  # its name may end in empty brackets
            form.setdefault(key, []).append(value)
            continue
        if not _KEY.fullmatch(key):
            raise NotAForm(f"the key {key!r} has unbalanced or empty brackets")
        *parents, last = re.findall(r"[^\[\]]+", key)
        target = form
        for name in parents:
            target = target.setdefault(name, {})
            if not isinstance(target, dict):
                raise NotAForm(f"{key!r} is both a value and an object")
        if last in target:
            raise NotAForm(f"{key!r} is given twice")
        target[last] = value
    return form


class Typing:
    """Gives a form's strings the types that a schema wants; leaves alone what does not fit."""

    def __init__(self, resolve: Resolve, fits: Fits) -> None:
        self._resolve, self._fits = resolve, fits

    def typed(self, value: Any, given: Any) -> Any:
        """A form's value with integers, booleans and arrays where the schema wants them."""
        schema = self._resolve(given)
        options = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
        if options:
            readings = [(self.typed(value, option), option) for option in options]
            fitting = (reading for reading, option in readings if self._fits(reading, option))
            return next(fitting, readings[0][0])
        wanted = self._type(schema)
        if isinstance(value, str):
            return _scalar(value, wanted)
        if wanted == "array":
            return self._array(value, schema.get("items", {}))
        if not isinstance(value, dict):
            return value
        known, rest = self._properties(schema)
        return {name: self.typed(entry, known.get(name, rest)) for name, entry in value.items()}

    def _type(self, schema: Schema) -> Any:
        wanted = schema.get("type")
        if isinstance(wanted, list):  # OpenAPI 3.1: ["integer", "null"]
            wanted = next((one for one in wanted if one != "null"), None)
        for part in schema.get("allOf", ()):
            wanted = wanted or self._type(self._resolve(part))
        return wanted

    def _array(self, value: Any, items: Any) -> Any:
        if isinstance(value, dict):
            if list(value) != [str(index) for index in range(len(value))]:
                return value
            value = list(value.values())
        return [self.typed(entry, items) for entry in value]

    def _properties(self, schema: Schema) -> tuple[dict[str, Any], Any]:
        known, others = dict(schema.get("properties", {})), schema.get("additionalProperties")
        rest = others if isinstance(others, dict) else {}
        for part in schema.get("allOf", ()):
            more, other = self._properties(self._resolve(part))
            known, rest = {**more, **known}, rest or other
        return known, rest


def _scalar(value: str, wanted: object) -> object:
    if wanted == "integer" and _INTEGER.fullmatch(value):
        return int(value)
    if wanted == "number" and _NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    if wanted == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


def unknown_properties(
    value: Any, given: Any, resolve: Resolve, fits: Fits, place: str = ""
) -> Iterator[str]:
    """The properties, at every level, that a schema neither names nor leaves open."""
    if isinstance(value, list):
        items = [
            part["items"] for part in applicable(value, given, resolve, fits) if "items" in part
        ]
        for index, entry in enumerate(value):
            for schema in items[:1]:
                yield from unknown_properties(entry, schema, resolve, fits, f"{place}[{index}]")
    if not isinstance(value, dict):
        return
    parts = list(applicable(value, given, resolve, fits))
    named: dict[str, list[Any]] = {}
    for part in parts:
        for name, schema in part.get("properties", {}).items():
            named.setdefault(name, []).append(schema)
    others = [part["additionalProperties"] for part in parts if "additionalProperties" in part]
    is_open = any(other is not False for other in others) or not (named or others)
    for name, entry in value.items():
        if name not in named and not is_open:
            yield f"{place}: unknown property {name!r}"
        rest = [other for other in others if isinstance(other, dict)]
        for schema in (named.get(name) or rest)[:1]:
            yield from unknown_properties(entry, schema, resolve, fits, f"{place}[{name}]")


def applicable(value: Any, given: Any, resolve: Resolve, fits: Fits) -> Iterator[Schema]:
    """The schemas that apply to a value: the schema, all of its `allOf`, and those of its
    alternatives that it fits."""
    schema = resolve(given)
    yield schema
    for part in schema.get("allOf", ()):
        yield from applicable(value, part, resolve, fits)
    options = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    for option in [option for option in options if fits(value, option)] or options:
        yield from applicable(value, option, resolve, fits)
