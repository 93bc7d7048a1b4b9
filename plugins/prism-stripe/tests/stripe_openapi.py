"""Stripe's published OpenAPI document as a judge of requests: what is wrong with one, if anything.

Nothing here knows how Prism builds a request: a form is read back the way Stripe reads it, from
bracket notation, and every property that the document does not name is refused at every level.
https://github.com/stripe/openapi
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jsonschema import Draft202012Validator

Schema = dict[str, Any]

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "stripe.openapi.json")
"""The document lies beside the repository, not in it."""

FORM = "application/x-www-form-urlencoded"
_KEY = re.compile(r"[^\[\]]+(?:\[[^\[\]]+\])*")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")


class NotAForm(Exception):
    """The pairs cannot be read as one nested form; the text says why."""


def read_form(encoded: str) -> dict[str, Any]:
    """`a[b]=1&c[0]=2` as `{"a": {"b": "1"}, "c": {"0": "2"}}`: every leaf is a string.

    Keys are decoded before their brackets are read, as Stripe's own servers do.
    """
    pairs = parse_qsl(encoded, keep_blank_values=True, strict_parsing=True) if encoded else []
    form: dict[str, Any] = {}
    for key, value in pairs:
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


def strict(schema: Any) -> Any:
    """The schema with every unknown property refused, wherever it says nothing about them."""
    if isinstance(schema, list):
        return [strict(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: strict(entry) for name, entry in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


def nullable(schema: Any) -> Any:
    """The schema with OpenAPI's `nullable` in the words of JSON Schema."""
    if isinstance(schema, list):
        return [nullable(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: nullable(entry) for name, entry in schema.items() if name != "nullable"}
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") is True else made


def typed(value: Any, schema: Schema) -> Any:
    """A form's value with integers, booleans and arrays where the schema wants them."""
    if "anyOf" in schema:
        readings = [typed(value, option) for option in schema["anyOf"]]
        fitting = (
            reading
            for reading, option in zip(readings, schema["anyOf"], strict=True)
            if Draft202012Validator(option).is_valid(reading)
        )
        return next(fitting, readings[0])
    wanted = schema.get("type")
    if isinstance(value, str):
        return _scalar(value, wanted)
    if wanted == "array":
        if list(value) != [str(index) for index in range(len(value))]:
            return value
        return [typed(entry, schema.get("items", {})) for entry in value.values()]
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    rest = others if isinstance(others, dict) else {}
    return {name: typed(entry, known.get(name, rest)) for name, entry in value.items()}


def _scalar(value: str, wanted: object) -> object:
    if wanted == "integer" and _INTEGER.fullmatch(value):
        return int(value)
    if wanted == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


class StripeDocument:
    """The document, asked about one request at a time."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.version: str = document["info"]["version"]
        self._paths: Mapping[str, Any] = document["paths"]
        self._allow_card_data()
        self._schemas: dict[tuple[str, str, str], Schema] = {}
        self._components = document["components"]

    def answer_problems(self, name: str, body: object) -> list[str]:
        """What the document does not allow about an answer's body, by the name of its schema."""
        whole = {"$ref": f"#/components/schemas/{name}", "components": nullable(self._components)}
        return list(_problems(body, whole, "answer"))

    def violations(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> list[str]:
        """What the document does not allow about a request; an empty list if all is well."""
        parts = urlsplit(url)
        path = self._template(parts.path)
        operation = self._paths.get(path, {}).get(method.lower())
        if operation is None:
            return [f"{method} {parts.path}: no such operation"]
        where = (path, method.lower())
        found = [*self._headers(method, headers), *self._path(operation, path, parts.path)]
        found += self._values(parts.query, self._query_schema(where, operation), "query")
        found += self._values(body.decode(), self._body_schema(where), "body")
        return [f"{method} {path}: {problem}" for problem in found]

    def _allow_card_data(self) -> None:
        """Mends the one known gap (SOURCES.md beside the document): raw card data is public API
        in POST /v1/payment_methods alone, though `payment_method_data` takes the same."""
        complete = self._form("/v1/payment_methods", "post")["properties"]["card"]
        given = self._form("/v1/payment_intents", "post")["properties"]["payment_method_data"]
        given["properties"].setdefault("card", complete)
        kinds = given["properties"]["type"]["enum"]
        kinds += [] if "card" in kinds else ["card"]

    def _form(self, path: str, method: str) -> Schema:
        """The schema of an operation's form."""
        found: Schema = self._paths[path][method]["requestBody"]["content"][FORM]["schema"]
        return found

    def _template(self, path: str) -> str:
        """The path as the document writes it; one without a variable in it wins."""
        matching = [known for known in self._paths if re.fullmatch(_pattern(known), path)]
        return min(matching, key=lambda known: known.count("{"), default=path)

    def _headers(self, method: str, headers: Mapping[str, str]) -> Iterator[str]:
        given = {name.lower(): value for name, value in headers.items()}
        if not re.fullmatch(r"Bearer \S+", given.get("authorization", "")):
            yield "the authorization header is no bearer key"
        if given.get("stripe-version") != self.version:
            yield f"stripe-version is {given.get('stripe-version')}, not {self.version}"
        if method == "POST" and given.get("content-type") != FORM:
            yield f"content-type is {given.get('content-type')}, not {FORM}"

    def _path(self, operation: Schema, template: str, path: str) -> Iterator[str]:
        match = re.fullmatch(_pattern(template), path)
        given = match.groupdict() if match else {}
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path":
                value = unquote(given.get(parameter["name"], ""))
                yield from _problems(value, parameter["schema"], f"path {parameter['name']}")

    def _values(self, encoded: str, schema: Schema, where: str) -> Iterator[str]:
        try:
            form = read_form(encoded)
        except (NotAForm, ValueError) as problem:
            yield f"{where}: {problem}"
            return
        yield from _problems(typed(form, schema), schema, where)

    def _query_schema(self, where: tuple[str, str], operation: Schema) -> Schema:
        key = (*where, "query")
        if key not in self._schemas:
            queries = [entry for entry in operation.get("parameters", ()) if entry["in"] == "query"]
            schema = {
                "type": "object",
                "properties": {entry["name"]: entry["schema"] for entry in queries},
                "required": [entry["name"] for entry in queries if entry.get("required")],
            }
            self._schemas[key] = strict(schema)
        return self._schemas[key]

    def _body_schema(self, where: tuple[str, str]) -> Schema:
        key = (*where, "body")
        if key not in self._schemas:
            self._schemas[key] = strict(self._form(*where))
        return self._schemas[key]


def _problems(value: object, schema: Schema, where: str) -> Iterator[str]:
    for error in Draft202012Validator(schema).iter_errors(value):
        place = "".join(f"[{name}]" for name in error.absolute_path)
        yield f"{where}{place}: {error.message}"


@cache
def _pattern(template: str) -> str:
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))


@cache
def stripe_document() -> StripeDocument | None:
    """The document, or None where the folder beside the repository is not there."""
    if not DOCUMENT.is_file():
        return None
    return StripeDocument(json.loads(DOCUMENT.read_text()))
