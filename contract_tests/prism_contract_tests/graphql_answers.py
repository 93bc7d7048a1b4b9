"""GraphQL answers, compared with what the document of their request selects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import graphql
from graphql import FieldNode, FragmentSpreadNode, GraphQLObjectType, SelectionSetNode

from prism_contract_tests.graphql_request import GraphqlRequest, response_key

Path = tuple[str | int, ...]


class Answer:
    """The comparison of one answer's data with what is selected; notes enumerations on the way."""

    def __init__(self, schema: graphql.GraphQLSchema, asked: GraphqlRequest, failed: bool) -> None:
        self.schema, self.asked, self.failed = schema, asked, failed
        self.words: dict[Path, list[str]] = {}

    def object(
        self, value: Any, kind: Any, sets: list[SelectionSetNode], path: Path
    ) -> Iterator[str]:
        """What does not fit in an object. One of an interface or a union is what `__typename` says,
        or else the type that it fits best."""
        if not isinstance(value, dict):
            yield f"{dotted(path)}: it is no object, and {kind.name} is one"
            return
        kinds = [kind] if isinstance(kind, GraphQLObjectType) else self._possible(value, kind)
        if not kinds:
            yield f"{dotted(path)}: {value['__typename']!r} is no type of {kind.name}"
            return
        best = min(kinds, key=lambda one: len(list(self._fields(value, one, sets, path))))
        yield from self._fields(value, best, sets, path)

    def _possible(self, value: dict[str, Any], kind: Any) -> list[GraphQLObjectType]:
        named = value.get("__typename")
        found = self.schema.get_possible_types(kind)
        return [one for one in found if named in (None, one.name)]

    def _fields(
        self, value: dict[str, Any], kind: Any, sets: list[SelectionSetNode], path: Path
    ) -> Iterator[str]:
        selected: dict[str, list[FieldNode]] = {}
        for one in sets:
            self._collect(one, kind, selected)
        for key in value.keys() - selected.keys():
            yield f"{dotted((*path, key))}: the document does not select it on {kind.name}"
        for key, nodes in selected.items():
            if key not in value:
                yield f"{dotted((*path, key))}: the document selects it, and the answer has it not"
            elif nodes[0].name.value != "__typename":
                inner = [one.selection_set for one in nodes if one.selection_set]
                found = kind.fields[nodes[0].name.value].type
                yield from self._value(value[key], found, inner, (*path, key))

    def _collect(
        self, selections: SelectionSetNode, kind: Any, into: dict[str, list[FieldNode]]
    ) -> None:
        """The fields that are selected on a type, by their names in the answer."""
        for node in selections.selections:
            if isinstance(node, FieldNode):
                if self._included(node):
                    into.setdefault(response_key(node), []).append(node)
                continue
            whole: Any = node
            if isinstance(node, FragmentSpreadNode):
                whole = self.asked.fragments[node.name.value]
            on = whole.type_condition
            if self._included(node) and (on is None or self._is(kind, on.name.value)):
                self._collect(whole.selection_set, kind, into)

    def _included(self, node: Any) -> bool:
        variables: Any = self.asked.variables
        for name, wanted in (("skip", False), ("include", True)):
            for one in node.directives or ():
                given = one.arguments[0].value if one.name.value == name else None
                if given is not None and graphql.value_from_ast_untyped(given, variables) != wanted:
                    return False
        return True

    def _is(self, kind: Any, name: str) -> bool:
        other: Any = self.schema.type_map[name]
        return kind is other or (
            graphql.is_abstract_type(other) and self.schema.is_sub_type(other, kind)
        )

    def _value(
        self, value: Any, kind: Any, sets: list[SelectionSetNode], path: Path
    ) -> Iterator[str]:
        if graphql.is_non_null_type(kind):
            if value is None and not self.failed:
                yield f"{dotted(path)}: null, which {kind} cannot be"
            kind = kind.of_type
        if value is None:
            return
        if graphql.is_list_type(kind):
            if not isinstance(value, list):
                yield f"{dotted(path)}: it is no list, and {kind} is one"
                return
            for index, entry in enumerate(value):
                yield from self._value(entry, kind.of_type, sets, (*path, index))
        elif graphql.is_composite_type(kind):
            yield from self.object(value, kind, sets, path)
        else:
            yield from self._leaf(value, kind, path)

    def _leaf(self, value: Any, kind: Any, path: Path) -> Iterator[str]:
        if graphql.is_enum_type(kind):
            self.words[path] = list(kind.values)
            if value not in kind.values:
                yield f"{dotted(path)}: {value!r} is no value of {kind.name}"
        elif not _is_scalar(value, kind.name):
            yield f"{dotted(path)}: {value!r} is no {kind.name}"


_SCALARS: dict[str, tuple[type, ...]] = {
    "Int": (int,),
    "Float": (int, float),
    "String": (str,),
    "ID": (str, int),
    "Boolean": (bool,),
}
"""The JSON types of GraphQL's own scalars; the processor's own may be anything."""


def _is_scalar(value: Any, name: str) -> bool:
    if isinstance(value, bool) and name in _SCALARS:
        return name == "Boolean"
    return isinstance(value, _SCALARS.get(name, (object,)))


def dotted(path: Path) -> str:
    """A path as it is written: `data.pay[0].id`; one of data begins below it."""
    text = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path)
    return text.removeprefix(".") or "data"
