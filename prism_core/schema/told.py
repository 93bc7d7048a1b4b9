"""Told: what a processor says, told apart from what it does not say.

An answer without a field says nothing about it. An answer whose field is null says that there is
none, which matters where one was asked for: a payment whose customer is null is linked to nobody.
"""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from msgspec import UnsetType

T = TypeVar("T")

Told: TypeAlias = T | UnsetType | None
"""The type of a field of an answer, declared as `customer: Told[str] = UNSET` in a Struct."""


class Null(str):
    """The value of a result's field whose answer says null, until the core has compared it."""

    __slots__ = ()


NULL = Null("null")


def told(value: Told[T]) -> T | None:
    """An answer's value for a result: None where the answer does not say, and where it says null
    a mark, which the core compares with what was asked and then replaces by None."""
    if value is None:
        return NULL  # type: ignore[return-value]  # removed before a caller can see it
    return None if isinstance(value, UnsetType) else value
