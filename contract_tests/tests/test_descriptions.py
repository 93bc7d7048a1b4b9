"""A processor's own description, read from a file: JSON, YAML, a GraphQL schema."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from prism_contract_tests.commands.contract import contract
from prism_contract_tests.descriptions import read

YAML = """\
openapi: 3.0.3
paths:
  /payments:
    get:
      responses:
        200: {description: paid}
components:
  country: {enum: [NO, yes, off, true, null, ~]}
  since: 2026-11-28
  times: [12:30, 007, 1_000, 0.5, 1e3, -4]
"""


def test_yaml_is_read_by_the_rules_of_openapi(tmp_path: Path) -> None:
    """Statuses are names, Norway is no false, a date is a text, and a time is no number."""
    path = tmp_path / "openapi.yaml"
    path.write_text(YAML)
    found = read(path, None).openapi
    assert found is not None
    assert found["paths"]["/payments"]["get"]["responses"] == {"200": {"description": "paid"}}
    assert found["components"]["country"] == {"enum": ["NO", "yes", "off", True, None, None]}
    assert found["components"]["since"] == "2026-11-28"
    assert found["components"]["times"] == ["12:30", 7, "1_000", 0.5, 1000.0, -4]


def test_json_is_read(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text('\n{"paths": {}}')
    assert read(tmp_path / "openapi.json", None).openapi == {"paths": {}}


def test_a_schema_is_read(tmp_path: Path) -> None:
    (tmp_path / "schema.graphql").write_text("type Query { a: ID }")
    assert read(None, tmp_path / "schema.graphql").graphql == "type Query { a: ID }"


@pytest.mark.parametrize("text", ["not json", "[]", "{", "a: [", "{}", "b: !!python/name:os.kill"])
def test_what_is_no_openapi_is_refused(tmp_path: Path, text: str) -> None:
    """With a sentence; a YAML document runs no code."""
    (tmp_path / "openapi.json").write_text(text)
    with pytest.raises(click.BadParameter, match=r"openapi\.json is n"):
        read(tmp_path / "openapi.json", None)


@pytest.mark.parametrize("text", ["", "type {", "type Query { a: Nothing }"])
def test_what_is_no_schema_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "schema.graphql").write_text(text)
    with pytest.raises(click.BadParameter, match="is no GraphQL schema"):
        read(None, tmp_path / "schema.graphql")


def test_a_wrong_description_is_a_usage_error(tmp_path: Path) -> None:
    """So are two connectors with one description."""
    path = tmp_path / "openapi.json"
    path.write_text("[]")
    one = CliRunner().invoke(contract, ["sandbox", "--openapi", str(path)])
    two = CliRunner().invoke(contract, ["sandbox", "stripe", "--graphql", str(path)])
    assert (one.exit_code, two.exit_code) == (2, 2)
    assert "no OpenAPI description" in one.output
    assert "name one connector" in two.output
