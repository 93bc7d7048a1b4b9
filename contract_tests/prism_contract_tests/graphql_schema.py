"""A processor's own GraphQL schema as a judge of requests and of answers.

Documents are validated, and variables coerced, by graphql-core.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import graphql
import msgspec
from graphql import GraphQLError
from graphql.execution.values import get_variable_values

from prism_contract_tests.exchange import looks_like_graphql
from prism_contract_tests.graphql_answers import Answer, Path
from prism_contract_tests.graphql_request import GraphqlRequest, read_request


@lru_cache(maxsize=2)
def schema_of(text: str) -> Schema:
    """The schema; reading a large one takes a second."""
    return Schema(text)


class Schema:
    """The schema, asked about one request or answer at a time."""

    def __init__(self, text: str) -> None:
        self.schema = graphql.build_schema(text, assume_valid=True)

    def violations(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> list[str]:
        """What the schema does not allow about a request; an empty list if all is well, or if it is
        no GraphQL request. The arguments are those of `openapi.Description.violations`."""
        try:
            found = msgspec.json.decode(body)
        except msgspec.DecodeError:
            return []
        return self.problems(found) if looks_like_graphql(found) else []

    def problems(self, body: Any) -> list[str]:
        """What the schema does not allow about a request's document and variables."""
        try:
            asked = read_request(body)
        except GraphQLError as error:
            return [_said(error)]
        wrong = [_said(error) for error in graphql.validate(self.schema, asked.document)]
        return wrong or list(self._variables(asked))

    def _variables(self, asked: GraphqlRequest) -> Iterator[str]:
        declared = asked.operation.variable_definitions or ()
        names = {one.variable.name.value for one in declared}
        for name in asked.variables.keys() - names:
            yield f"the variable ${name} is given, and the document does not declare it"
        coerced = get_variable_values(self.schema, declared, dict(asked.variables))
        if isinstance(coerced, list):
            yield from (error.message for error in coerced)

    def answered(self, body: Any, answer: Any) -> list[str]:
        """What does not fit in an answer to a valid request: it must have what the document selects
        and nothing else, each value of its type."""
        asked = read_request(body)
        if not isinstance(answer, dict) or not answer.keys() & {"data", "errors"}:
            return ["the answer has neither data nor errors"]
        wrong = [
            f"{name}: a GraphQL answer has only data, errors and extensions"
            for name in answer.keys() - {"data", "errors", "extensions"}
        ]
        failed = bool(answer.get("errors"))
        wrong += _errors(answer["errors"]) if failed else []
        if answer.get("data") is None:
            return wrong if failed else [*wrong, "data: null, and there are no errors"]
        root: Any = self.schema.get_root_type(asked.operation.operation)
        walk = Answer(self.schema, asked, failed)
        return [*wrong, *walk.object(answer["data"], root, [asked.operation.selection_set], ())]

    def words(self, body: Any, answer: Any) -> dict[Path, list[str]]:
        """The enumerations of an answer's values, by the values' paths; none if the request is not
        valid."""
        if self.problems(body):
            return {}
        asked = read_request(body)
        root: Any = self.schema.get_root_type(asked.operation.operation)
        walk = Answer(self.schema, asked, True)
        data = answer.get("data") if isinstance(answer, dict) else None
        if isinstance(data, dict):
            list(walk.object(data, root, [asked.operation.selection_set], ()))
        return {("data", *path): words for path, words in walk.words.items()}


def _errors(errors: Any) -> Iterator[str]:
    """What is wrong with `errors`: a list of objects with a message."""
    if not isinstance(errors, list):
        yield "errors: it is no list"
        return
    for index, error in enumerate(errors):
        if not isinstance(error, dict) or not isinstance(error.get("message"), str):
            yield f"errors[{index}]: it has no message"


def _said(error: GraphQLError) -> str:
    where = error.locations[0] if error.locations else None
    return f"{error.message} (line {where.line})" if where else error.message
