"""Reads a processor's own description from a file: OpenAPI as JSON or YAML, a GraphQL schema."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import graphql
import msgspec
import yaml

from prism_contract_tests.choice import Descriptions


def read(openapi: Path | None, schema: Path | None) -> Descriptions:
    """The descriptions in these files. Raises `BadParameter` for one that is none."""
    return Descriptions(
        openapi=None if openapi is None else _openapi(openapi),
        graphql=None if schema is None else _graphql(schema),
    )


def _openapi(path: Path) -> dict[str, Any]:
    text = path.read_bytes()
    try:
        if text.lstrip()[:1] == b"{":
            found = msgspec.json.decode(text)
        else:
            # Through JSON, for the names that YAML reads as numbers: the statuses of answers.
            found = msgspec.json.decode(msgspec.json.encode(yaml.load(text, _Yaml)))  # noqa: S506
    except (ValueError, TypeError, yaml.YAMLError) as reason:
        problem = f"{path} is neither JSON nor YAML: {reason}"
        raise click.BadParameter(problem, param_hint="--openapi") from None
    if not isinstance(found, dict) or "paths" not in found:
        raise click.BadParameter(f"{path} is no OpenAPI description", param_hint="--openapi")
    return found


def _graphql(path: Path) -> str:
    text = path.read_text("utf-8")
    try:
        graphql.build_schema(text, assume_valid=True)
    except (graphql.GraphQLError, TypeError) as reason:
        problem = f"{path} is no GraphQL schema: {reason}"
        raise click.BadParameter(problem, param_hint="--graphql") from None
    return text


class _Yaml(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML by the rules of version 1.2, as OpenAPI asks for: `NO` is the country and no false, and
    `2026-01-01` a text. https://spec.openapis.org/oas/v3.1.1.html#format"""

    yaml_implicit_resolvers: dict[str, Any] = {}


for _tag, _pattern, _first in (
    ("null", r"null|Null|NULL|~|", ["n", "N", "~", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _Yaml.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"({_pattern})$"), _first)
