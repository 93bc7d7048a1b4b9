"""Lookups before money moves: what was found must be what was asked for. Helpers for connectors."""

from __future__ import annotations

from prism_core.errors import InvalidRequest, MalformedResponse
from prism_core.schema.money import Money


def expect_same(field: str, asked: str | None, found: str | None) -> None:
    """Raises `MalformedResponse` where a lookup found another object than `field` asked for: what
    is sent next would change that one. Where the caller gave no such id, anything goes."""
    if asked is not None and asked != found:
        raise MalformedResponse(f"the answer to the lookup is about another {field} than asked")


def expect_currency(asked: Money | None, known: Money) -> None:
    """Raises `InvalidRequest` where an amount is in another currency than the payment that it is
    about: some processors read the number alone, and would move that many of their own."""
    if asked is not None and asked.currency != known.currency:
        raise InvalidRequest(
            f"amount is in {asked.currency}, and the payment is in {known.currency}",
            field="amount",
        )
