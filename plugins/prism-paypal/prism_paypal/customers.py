"""Customers: what is sent to https://developer.paypal.com/docs/api/payment-tokens/v3/"""

from __future__ import annotations

from prism_core import CreateCustomerRequest, CustomerCreated, Flow, hookimpl, told
from prism_paypal.account import PayPalAccount
from prism_paypal.parts import merchant_customer_id, one_line, street
from prism_paypal.shapes import SetupToken


class Customers:
    """The operations on customers."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: PayPalAccount
    ) -> Flow[CustomerCreated]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#setup-tokens_create: a setup
        token makes the customer; its card may be empty until one is saved, as in
        https://developer.paypal.com/sdk/android/save-without-purchase/cards/"""
        holder = {
            "name": one_line(300, "name", request.name),
            "billing_address": street(request.address),
        }
        response = yield from account.authorized(
            account.post(
                "/v3/vault/setup-tokens",
                json={
                    "payment_source": {"card": holder},
                    "customer": {"merchant_customer_id": merchant_customer_id(request)},
                },
                idempotency_key=request.idempotency_key,
            )
        )
        customer = account.decode(response, SetupToken).customer
        return CustomerCreated(
            connector_customer_id=customer.id,
            merchant_customer_id=told(customer.merchant_customer_id),
        )
