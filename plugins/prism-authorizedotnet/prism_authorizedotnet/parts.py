"""Parts of requests that several operations have: amounts, Authorize.Net's ids, metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prism_core import InvalidRequest, Money


def amount_fields(amount: Money) -> dict[str, str]:
    """An amount and its currency, which belong together."""
    return {"amount": str(amount.to_decimal()), "currencyCode": amount.currency}


def user_fields(metadata: Mapping[str, str] | None) -> dict[str, Any] | None:
    """Metadata as Authorize.Net gives it back with the answer."""
    if not metadata:
        return None
    if len(metadata) > 20:
        raise InvalidRequest("metadata has up to 20 keys at Authorize.Net", field="metadata")
    return {"userField": [{"name": key, "value": value} for key, value in metadata.items()]}


def digits(field: str, value: str) -> str:
    """An id as Authorize.Net gives them."""
    if not (value.isascii() and value.isdigit()):
        raise InvalidRequest(f"{field}: an id of Authorize.Net has only digits", field=field)
    return value
