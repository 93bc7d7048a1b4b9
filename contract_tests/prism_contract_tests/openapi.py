"""A processor's own OpenAPI document (3.x) as a judge of requests and of answers.

The judging is openapi-schema-validator's. This file finds the operation, reads forms and queries
back, and refuses every property that the document does not name, at every level of a request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
from referencing import Registry, Specification

from prism_contract_tests.amendments import at, with_amendment
from prism_contract_tests.exchange import WireResponse
from prism_contract_tests.forms import FORM, Schema, Typing, read_form, unknown_properties
from prism_contract_tests.target import Amendment

_ROOT = "urn:openapi"


class Description:
    """The document, asked about one request or answer at a time."""

    def __init__(self, document: Mapping[str, Any], amendments: Sequence[Amendment] = ()) -> None:
        amended: Any = document
        for amendment in amendments:
            amended = with_amendment(amended, amendment)
        self.document: Mapping[str, Any] = _in_json_schema(amended)
        resource = Specification.OPAQUE.create_resource(self.document)
        self._registry: Any = Registry().with_resource(_ROOT, resource)
        # By identity: what is judged by are parts of the document, and these that are kept here.
        self._validators: dict[tuple[int, str], Any] = {}
        self._queries: dict[int, Schema] = {}
        servers = [urlsplit(one.get("url", "")).path for one in document.get("servers", ())]
        self._prefixes = {"", *(path.rstrip("/") for path in servers)}

    def operation(self, method: str, path: str) -> tuple[str, Mapping[str, Any]] | None:
        """An operation and the path as the document writes it; one without a variable wins."""
        paths = {path.removeprefix(prefix) for prefix in self._prefixes}
        found = [
            known
            for known, item in self.document["paths"].items()
            if method.lower() in item and any(re.fullmatch(_pattern(known), one) for one in paths)
        ]
        if not found:
            return None
        template = min(found, key=lambda known: known.count("{"))
        return template, self.document["paths"][template][method.lower()]

    def violations(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> list[str]:
        """What the document does not allow about a request; an empty list if all is well."""
        parts = urlsplit(url)
        found = self.operation(method, parts.path)
        if found is None:
            return [f"{method} {parts.path}: no such operation"]
        template, operation = found
        given = {name.lower(): value for name, value in headers.items()}
        parameters = self._parameters(template, operation)
        problems = [
            *self._path(parameters, template, parts.path),
            *self._headers(parameters, given),
            *self._query(operation, parameters, parts.query),
            *self._body(operation, given.get("content-type", ""), body),
        ]
        return [f"{method} {template}: {problem}" for problem in problems]

    def answer_schema(self, method: str, url: str, status: int) -> Schema | None:
        """The schema of an answer; None where the document does not say."""
        found = self.operation(method, urlsplit(url).path)
        responses = found[1].get("responses", {}) if found else {}
        for name in (str(status), f"{status // 100}XX", "default"):
            if name in responses:
                content = self.resolve(responses[name]).get("content", {})
                kinds = [kind for kind in content if "json" in kind]
                return content[kinds[0]].get("schema", {}) if kinds else None
        return None

    def is_empty(self, method: str, url: str, response: WireResponse) -> bool:
        """Whether an answer without a body is documented so: a 204, say."""
        found = self.operation(method, urlsplit(url).path)
        known = (found[1].get("responses", {}) if found else {}).get(str(response.status))
        nothing = response.text in ("", None) and response.json is None
        return known is not None and "content" not in self.resolve(known) and nothing

    def problems(self, value: Any, schema: Any, where: str) -> Iterator[str]:
        """What a schema of the document does not allow about a value of an answer."""
        return self._problems(value, schema, where, "writeOnly")

    def _asked(self, value: Any, schema: Any, where: str) -> Iterator[str]:
        """The same about a value of a request."""
        return self._problems(value, schema, where, "readOnly")

    def _problems(self, value: Any, schema: Any, where: str, undue: str) -> Iterator[str]:
        for error in self._validator(schema, undue).iter_errors(value):
            place = "".join(f"[{name}]" for name in error.absolute_path)
            yield f"{where}{place}: {error.message}"

    def fits_answer(self, value: Any, schema: Schema) -> bool:
        """Whether a schema of the document allows a value of an answer."""
        return bool(self._validator(schema, "writeOnly").is_valid(value))

    def resolve(self, given: Any) -> Schema:
        """What stands behind a `$ref`, or the thing itself."""
        while isinstance(given, dict) and isinstance(given.get("$ref"), str):
            given = at(self.document, given["$ref"].partition("#")[2])
        return given if isinstance(given, dict) else {}

    def _validator(self, schema: Any, undue: str) -> Any:
        from jsonschema.validators import extend  # slow, and needed only here
        from openapi_schema_validator import OAS31Validator

        if (id(schema), undue) not in self._validators:
            kind = extend(OAS31Validator, {"required": partial(self._required, undue)})
            made = kind(_absolute(schema), registry=self._registry)
            self._validators[id(schema), undue] = (made, schema)
        return self._validators[id(schema), undue][0]

    def _required(
        self, undue: str, validator: Any, names: list[str], value: Any, schema: Schema
    ) -> Iterator[Any]:
        """What is missing: `required` is about answers alone for a property that is readOnly, and
        about requests alone for one that is writeOnly.
        https://spec.openapis.org/oas/v3.0.3#schema-object"""
        from jsonschema import ValidationError

        for name in names if isinstance(value, dict) else ():
            if name not in value and not self._says(schema, name, undue):
                yield ValidationError(f"{name!r} is a required property")

    def _says(self, schema: Any, name: str, word: str) -> bool:
        """Whether a schema, or a part of it, has a property with this word."""
        own = self.resolve(schema)
        found = self.resolve(own.get("properties", {}).get(name)).get(word) is True
        return found or any(self._says(part, name, word) for part in own.get("allOf", ()))

    def _fits(self, value: Any, schema: Schema) -> bool:
        return bool(self._validator(schema, "readOnly").is_valid(value))

    def _parameters(self, template: str, operation: Mapping[str, Any]) -> list[Schema]:
        shared = self.document["paths"][template].get("parameters", ())
        found = [self.resolve(one) for one in (*shared, *operation.get("parameters", ()))]
        return list({(one["in"], one["name"]): one for one in found}.values())

    def _path(self, parameters: list[Schema], template: str, path: str) -> Iterator[str]:
        match = re.search(_pattern(template) + r"\Z", path)
        for one in parameters:
            if one["in"] == "path":
                value = unquote(match[_group(one["name"])] if match else "")
                schema = one.get("schema", {})
                typed = Typing(self.resolve, self._fits).typed(value, schema)
                yield from self._asked(typed, schema, f"path {one['name']}")

    def _headers(self, parameters: list[Schema], headers: Mapping[str, str]) -> Iterator[str]:
        for one in parameters:
            name = one["name"].lower()
            if one["in"] != "header" or name in ("accept", "content-type", "authorization"):
                continue
            if name in headers:
                yield from self._asked(headers[name], one.get("schema", {}), f"header {name}")
            elif one.get("required"):
                yield f"the header {name} is missing"

    def _query(
        self, operation: Mapping[str, Any], parameters: list[Schema], query: str
    ) -> Iterator[str]:
        known = {one["name"]: one for one in parameters if one["in"] == "query"}
        lists = {name for name, one in known.items() if _is_plain_list(one, self.resolve)}
        whole = self._queries.setdefault(id(operation), _query_schema(known))
        yield from self._form(query, whole, "query", lists)

    def _form(self, encoded: str, schema: Schema, where: str, lists: set[str]) -> Iterator[str]:
        try:
            form = read_form(encoded, lists)
        except ValueError as problem:
            yield f"{where}: {problem}"
            return
        typed = Typing(self.resolve, self._fits).typed(form, schema)
        yield from self._strictly(typed, schema, where)

    def _strictly(self, value: Any, schema: Schema, where: str) -> Iterator[str]:
        found = list(self._asked(value, schema, where))
        yield from found
        if not found:
            yield from unknown_properties(value, schema, self.resolve, self._fits, where)

    def _body(self, operation: Mapping[str, Any], kind: str, body: bytes) -> Iterator[str]:
        expected = self.resolve(operation.get("requestBody", {}))
        content, kind = expected.get("content", {}), kind.partition(";")[0].strip()
        if not body and not expected.get("required"):
            return
        if kind not in content:
            yield f"content-type is {kind or 'not given'}, not {' or '.join(content) or 'none'}"
            return
        schema = content[kind].get("schema", {})
        if kind == FORM:
            yield from self._form(body.decode(), schema, "body", set())
            return
        try:
            yield from self._strictly(msgspec.json.decode(body), schema, "body")
        except msgspec.DecodeError:
            yield "body: it is no JSON"


def _is_plain_list(parameter: Schema, resolve: Any) -> bool:
    is_array: bool = resolve(parameter.get("schema", {})).get("type") == "array"
    return is_array and parameter.get("style", "form") == "form"


def _query_schema(parameters: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": {name: one.get("schema", {}) for name, one in parameters.items()},
        "required": [name for name, one in parameters.items() if one.get("required")],
        "additionalProperties": False,
    }


def _group(name: str) -> str:
    return re.sub(r"\W", "_", name)


@cache
def _pattern(template: str) -> str:
    parts = re.split(r"\{([^}]+)\}", template)
    return "".join(
        f"(?P<{_group(part)}>[^/]+)" if index % 2 else re.escape(part)
        for index, part in enumerate(parts)
    )


def _absolute(schema: Any) -> Any:
    """The schema with its references into the document as absolute ones."""
    if isinstance(schema, list):
        return [_absolute(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _absolute(entry) for name, entry in schema.items()}
    if isinstance(made.get("$ref"), str) and made["$ref"].startswith("#"):
        made["$ref"] = _ROOT + made["$ref"]
    return made


def _in_json_schema(node: Any) -> Any:
    """The document with what OpenAPI 3.0 says in its own way said in JSON Schema's: `nullable`
    (whatever stands beside it), and exclusive bounds that are true or false."""
    if isinstance(node, list):
        return [_in_json_schema(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    made = {name: _in_json_schema(entry) for name, entry in node.items()}
    for bound in ("Minimum", "Maximum"):
        if isinstance(made.get(f"exclusive{bound}"), bool) and made.pop(f"exclusive{bound}"):
            made[f"exclusive{bound}"] = made.pop(bound.lower())
    if isinstance(made.get("nullable"), bool) and made.pop("nullable"):
        if isinstance(made.get("type"), str) and "enum" not in made:
            return {**made, "type": [made["type"], "null"]}
        return {"anyOf": [made, {"type": "null"}]}
    return made
