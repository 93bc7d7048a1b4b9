"""GraphQL requests, read from their JSON bodies: a document with one operation, and variables.
https://spec.graphql.org/October2021/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphql
import msgspec
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
)


class GraphqlRequest(msgspec.Struct, frozen=True, eq=False):
    """A request's document, read: its operation, its fragments, its variables."""

    operation: OperationDefinitionNode
    document: graphql.DocumentNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    @property
    def root(self) -> str:
        """The name under which an answer holds the first outermost field."""
        found = [
            one for one in self.operation.selection_set.selections if isinstance(one, FieldNode)
        ]
        return response_key(found[0]) if found else ""


def read_request(body: Any) -> GraphqlRequest:
    """A request from its JSON body. Raises `GraphQLError` with what is wrong."""
    document = graphql.parse(body["query"])
    wanted = body.get("operationName")
    found = [
        one
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
        and wanted in (None, one.name and one.name.value)
    ]
    if len(found) != 1:
        raise GraphQLError(f"the document has {len(found)} operations that may be meant, not one")
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    return GraphqlRequest(found[0], document, fragments, body.get("variables") or {})


def response_key(field: FieldNode) -> str:
    """The name of a field in an answer: its alias, if it has one."""
    name: str = (field.alias or field.name).value
    return name
