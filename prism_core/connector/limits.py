"""Limits: what a processor has no room for, or cannot do without, refused before it is sent.
Helpers for connectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from prism_core.errors import InvalidRequest
from prism_core.schema.addresses import Address

T = TypeVar("T")


def needs(field: str, value: T | None, what: str) -> T:
    """The value of an optional field that the processor cannot do without: `what` says for what,
    as in "to complete a payment". Raises `InvalidRequest`."""
    if value is None:
        raise InvalidRequest(f"{field} is needed here {what}; give it", field=field)
    return value


def at_most(longest: int, field: str, value: str | None) -> str | None:
    """The text, unless it has more characters than the processor takes. Raises `InvalidRequest`."""
    if value is not None and len(value) > longest:
        raise InvalidRequest(f"{field} has up to {longest} characters here", field=field)
    return value


def without(address: Address | None, parts: Sequence[str], field: str = "address") -> None:
    """Refuses the parts of an address that the processor has no place for, by their names.
    Raises `InvalidRequest`."""
    for name in parts:
        if getattr(address, name, None) is not None:
            raise InvalidRequest(f"{field} has no {name} here; leave it out", field=name)


def one_of(what: str, field: str, *values: str | None) -> str | None:
    """The one value among several places in which a caller may give it (the name of the card's
    holder and of the billing address), for a processor that has one. Raises `InvalidRequest`,
    blaming `field`, where they differ."""
    given = {value for value in values if value}
    if len(given) > 1:
        raise InvalidRequest(
            f"two different {what}s are given, and there is one here; give the same, or only one",
            field=field,
        )
    return given.pop() if given else None
