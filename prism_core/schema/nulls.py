"""`Nullable` and `nullable`: a null in an answer is not the same as a missing field.

A missing field says nothing. A null says that there is no value, which matters if one was asked
for: a payment whose customer is null is linked to no customer.
"""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from msgspec import UnsetType

T = TypeVar("T")

Nullable: TypeAlias = T | UnsetType | None
"""The type of a field that can be missing or null: `customer: Nullable[str] = UNSET`."""


class Null(str):
    """Marks a field that is null in the answer, until the core has compared it."""

    __slots__ = ()


NULL = Null("null")


def nullable(value: Nullable[T]) -> T | None:
    """An answer's value for a result: None if the field is missing. If it is null, `NULL`, which
    the core compares with the request and then replaces by None."""
    if value is None:
        return NULL  # type: ignore[return-value]  # removed before a caller can see it
    return None if isinstance(value, UnsetType) else value
