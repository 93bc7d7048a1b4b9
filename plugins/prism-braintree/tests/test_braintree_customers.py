"""The custom field that has the caller's own id of a customer."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from prism_core import InvalidRequest, Prism


@pytest.mark.parametrize("operation", ["create", "update"])
def test_metadata_does_not_replace_the_callers_own_id(braintree: Any, operation: str) -> None:
    """The account says which custom field has it; metadata of that name would be lost in a new
    customer, and would be the id of an old one from then on."""
    keys = {"public_key": "public", "private_key": "secret", "merchant_accounts": "USD=shop_usd"}
    transport = httpx.MockTransport(braintree)
    with Prism("braintree", transport=transport, customer_field="shop_id", **keys) as prism:
        ids = {"merchant_customer_id": "user_42"}
        if operation == "update":
            ids = {"connector_customer_id": "customer_1"}
        with pytest.raises(InvalidRequest, match="customer_field names") as refused:
            getattr(prism.customers, operation)(**ids, metadata={"shop_id": "another"})
    assert (refused.value.field, braintree.requests) == ("metadata", [])
