"""The enumerations that a processor's own description gives for the values of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from prism_contract_tests.checks.openapi import description
from prism_contract_tests.damage import Path
from prism_contract_tests.exchange import Step, looks_like_graphql
from prism_contract_tests.forms import applicable
from prism_contract_tests.target import Target

if TYPE_CHECKING:
    from prism_contract_tests.openapi import Description

Words = frozenset[str]


def enumerations(target: Target, step: Step) -> dict[Path, Words]:
    """The words of each enumerated text in the answer of a step, by its path there."""
    request, answer = step.request, step.response.json
    if target.graphql is not None and looks_like_graphql(request.json):
        from prism_contract_tests.graphql_schema import schema_of  # slow, and few need it

        found = schema_of(target.schema).words(request.json, answer)
        return {path: frozenset(words) for path, words in found.items()}
    if target.openapi is None or answer is None:
        return {}
    judge = description(target)
    schema = judge.answer_schema(request.method, request.path, step.response.status)
    return {} if schema is None else dict(_in_schema(judge, answer, schema, ()))


def _in_schema(
    judge: Description, value: Any, schema: Any, path: Path
) -> Iterator[tuple[Path, Words]]:
    known = list(applicable(value, schema, judge.resolve, judge.fits_answer))
    if isinstance(value, str):
        words = {word for part in known for word in part.get("enum", ()) if isinstance(word, str)}
        if value in words:
            yield path, frozenset(words)
    elif isinstance(value, dict):
        for name, entry in value.items():
            for part in known:
                if name in part.get("properties", {}):
                    yield from _in_schema(judge, entry, part["properties"][name], (*path, name))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            for part in known:
                if "items" in part:
                    yield from _in_schema(judge, entry, part["items"], (*path, index))
