"""Sampling: which damage of which answer is tried, where all of it would take minutes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from prism_contract_tests.damage import Damaged, Path, json_of, members
from prism_contract_tests.target import Target

_Place = tuple[str, int, Path]
"""An exchange, a step, and a path in its answer; no path is the answer as a whole."""


class _Firsts(NamedTuple):
    """Where each place first is: of the connector's answers, and of each operation's answers of a
    kind and a status."""

    connector: frozenset[_Place]
    operation: frozenset[_Place]


@lru_cache(maxsize=1)
def _firsts(target: Target) -> _Firsts:
    anywhere: dict[Path, _Place] = {}
    found: dict[tuple[object, ...], _Place] = {}
    for one in (*target.representative, *target.exchanges):
        for index, step in enumerate(one.steps):
            paths = [path for path, _ in members(json_of(step.response.answer()))]
            for path in ((), *paths):
                kind = (one.operation, one.kind, step.response.status, index, path)
                found.setdefault(kind, (one.name, index, path))
                anywhere.setdefault(path, (one.name, index, path))
    return _Firsts(frozenset(anywhere.values()), frozenset(found.values()))


def is_chosen(target: Target, name: str, step: int, path: Path, way: int) -> bool:
    """Whether a place in an answer is damaged in this of many ways: in every one where the
    connector first has the place, in a third where an operation has it first, and elsewhere in a
    ninth, the same ones each time and other ones at each place."""
    place, firsts = (name, step, path), _firsts(target)
    if target.thorough or place in firsts.connector:
        return True
    return (way + crc32(repr(place).encode())) % (3 if place in firsts.operation else 9) == 0


def chosen(target: Target, name: str, step: int, found: Iterable[Damaged]) -> Iterator[Damaged]:
    """What is tried of all the damage that an answer can have."""
    ways: Counter[Path] = Counter()
    for one in found:
        ways[one.path] += 1
        if is_chosen(target, name, step, one.path, ways[one.path]):
            yield one
