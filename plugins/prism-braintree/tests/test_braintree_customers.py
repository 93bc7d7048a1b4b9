"""The custom field that has the caller's own id of a customer."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from prism_core import Ach, InvalidRequest, Prism, SdkToken
from prism_core.errors import ConnectorError


@pytest.mark.parametrize("operation", ["create", "update"])
def test_metadata_does_not_replace_the_callers_own_id(braintree: Any, operation: str) -> None:
    """The account says which custom field has it; metadata of that name would be lost in a new
    customer, and would be the id of an old one from then on."""
    keys = {"public_key": "key", "private_key": "secret", "merchant_accounts": "USD=shop_usd"}
    transport = httpx.MockTransport(braintree)
    with Prism("braintree", transport=transport, customer_field="shop_id", **keys) as prism:
        ids = {"merchant_customer_id": "user_42"}
        if operation == "update":
            ids = {"connector_customer_id": "customer_1"}
        with pytest.raises(InvalidRequest, match="customer_field") as refused:
            getattr(prism.customers, operation)(**ids, metadata={"shop_id": "another"})
    assert (refused.value.field, braintree.requests) == ("metadata", [])


@pytest.mark.parametrize("status", ["FAILED", "GATEWAY_REJECTED", "PROCESSOR_DECLINED"])
def test_a_bank_account_that_is_not_verified_is_declined(braintree: Any, status: str) -> None:
    """Braintree stores it all the same, and it cannot be charged:
    https://developer.paypal.com/braintree/graphql/integration_guides/ach_direct_debit"""
    account = {"__typename": "UsBankAccountDetails", "last4": "0000", "verified": False}
    stored = {
        "paymentMethod": {"id": "payment_method_1", "details": account, "customer": None},
        "verification": {
            "status": status,
            "processorResponse": {"legacyCode": "2061", "message": "Invalid ACH data"},
            "gatewayRejectionReason": None,
        },
        "clientMutationId": "own_1",
    }
    keys = {"public_key": "key", "private_key": "secret", "merchant_accounts": "USD=shop_usd"}
    transport = httpx.MockTransport(braintree)
    with Prism("braintree", transport=transport, ach_mandate="I agree.", **keys) as prism:
        braintree.says("tokenizeUsBankAccount", {"paymentMethod": {"id": "tokenusbankacct_1"}})
        braintree.says("vaultUsBankAccount", stored)
        with pytest.raises(ConnectorError) as refused:
            prism.payment_methods.tokenize(
                merchant_payment_method_id="own_1",
                payment_method=Ach("1000000000", "011000015", "Ada Lovelace"),
            )
        assert refused.value.outcome == "rejected"
        braintree.says("vaultPaymentMethod", stored)
        mandate = prism.recurring.setup(
            merchant_mandate_id="own_1", payment_method=SdkToken("tokenusbankacct_1")
        )
    assert mandate.status == "MANDATE_INACTIVE"
