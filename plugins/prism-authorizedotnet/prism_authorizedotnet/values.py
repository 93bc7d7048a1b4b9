"""Single values of answers and webhooks: ids, links, amounts, codes of checks.

Authorize.Net writes an id as a number or as a text, and no id as an empty text, as null or as 0.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from msgspec import UNSET

from prism_core import MalformedResponse, Money, Nullable, nullable

T = TypeVar("T")
Id = str | int
"""An id or a code."""
REFUSED = ("2", "3")
"""The response codes of a transaction that was declined, or that is in error."""


def id_of(given: Nullable[Id]) -> str | None:
    """An id, which has only digits, or None: 0 stands for what was never made, and is no
    transaction's or profile's id."""
    said = "" if given is None or given is UNSET else str(given)
    if said and not (said.isascii() and said.isdigit()):
        raise MalformedResponse("an id in the answer has other characters than digits")
    return said if said.strip("0") else None


def response_code(given: Id, transaction: Id | None) -> str:
    """Approved (1), declined (2), in error (3) or held for review (4); empty where a transaction
    that was never made is approved or held, as an account in test mode does it."""
    code, made = str(given), id_of(transaction) is not None
    return code if made or code in REFUSED else ""


def made_id(given: Nullable[Id]) -> str:
    """The id of what was made or found."""
    return needed("id of what it is about", id_of(given))


def needed(what: str, value: T | None) -> T:
    """A value without which the answer says nothing."""
    if value is None:
        raise MalformedResponse(f"the answer has no {what}")
    return value


def link(given: Nullable[Id]) -> str | None:
    """An id that was asked for: None if the answer does not have the field; a null, which the core
    compares with the request, if the answer has no id there."""
    return None if given is UNSET else id_of(given) or nullable(None)


def echoed(given: Nullable[str]) -> str | None:
    """The caller's own id as the answer repeats it; an empty one is a null."""
    return None if given is UNSET else given or nullable(None)


def money(amount: Decimal | None, currency: str | None) -> Money | None:
    """An amount as money, where the currency is known: answers name none."""
    return None if amount is None or currency is None else Money.from_decimal(amount, currency)


def check_code(given: str | None) -> str | None:
    """The result of a check (AVS, CVC), which is one letter; None for a longer text."""
    return given if given and len(given) == 1 else None


def network_id(given: str | None) -> str | None:
    """The transaction's id at the card network. The test system writes zeros for none."""
    return given if given and given.strip("0") else None
