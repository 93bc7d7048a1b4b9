"""Sampling: which damage of which answer is tried, where all of it would take minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from prism_contract_tests.damage import Damaged, Path, json_of, members
from prism_contract_tests.target import Target

_Place = tuple[str, int, Path]
"""An exchange, a step, and a path in its answer; no path is the answer as a whole."""


class _Firsts(NamedTuple):
    """Where each place first is: in the connector's answers, and in the answers of an operation
    that are of the same kind of exchange."""

    connector: frozenset[_Place]
    operation: frozenset[_Place]


@lru_cache(maxsize=1)
def _firsts(target: Target) -> _Firsts:
    anywhere: dict[Path, _Place] = {}
    found: dict[tuple[object, ...], _Place] = {}
    for one in (*target.representative, *target.exchanges):
        for index, step in enumerate([*one.grants, *one.steps], -len(one.grants)):
            paths = [path for path, _ in members(json_of(step.response.answer()))]
            for path in ((), *paths):
                kind = (one.operation, one.kind, index, path)
                found.setdefault(kind, (one.name, index, path))
                anywhere.setdefault(path, (one.name, index, path))
    return _Firsts(frozenset(anywhere.values()), frozenset(found.values()))


def is_chosen(
    target: Target, name: str, step: int, path: Path, way: int = 0, ways: int = 1
) -> bool:
    """Whether a place in an answer is damaged in this of so many ways: in every one where the
    connector first has the place; in a fifth where an operation has it first, and at least in one;
    elsewhere in a ninth. They are the same each time, and other ones at each place."""
    place, firsts = (name, step, path), _firsts(target)
    if target.thorough or place in firsts.connector:
        return True
    first = place in firsts.operation
    number = crc32(repr(place).encode())
    return (first and way == number % ways) or (way + number) % (5 if first else 9) == 0


def chosen(target: Target, name: str, step: int, found: Iterable[Damaged]) -> Iterator[Damaged]:
    """What is tried of all the damage that an answer can have."""
    by_path: dict[Path, list[Damaged]] = {}
    for one in found:
        by_path.setdefault(one.path, []).append(one)
    for path, ways in by_path.items():
        for way, one in enumerate(ways):
            if is_chosen(target, name, step, path, way, len(ways)):
                yield one
