"""Requests of one exchange about the object of another."""

from __future__ import annotations

import msgspec

from prism_contract_tests.exchange import Exchange
from prism_core.schema.base import Request

_IDS = (
    *("connector_transaction_id", "connector_order_id", "connector_mandate_id"),
    *("merchant_transaction_id", "merchant_mandate_id"),
)


def about(exchange: Exchange, found: Exchange) -> Request:
    """The request of an exchange, about the payment or mandate of another exchange."""
    request = exchange.build()
    ids = {**found.request, **(found.result or {})}
    given = {name: ids[name] for name in _IDS if getattr(request, name, None) and name in ids}
    return msgspec.structs.replace(request, **given)
