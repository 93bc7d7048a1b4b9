"""What the connector sends about orders, and about what a page needs before there is one."""

from __future__ import annotations

from typing import Any

import msgspec

from prism_core import (
    ClientToken,
    CreateClientTokenRequest,
    CreateOrderRequest,
    Flow,
    Payment,
    hookimpl,
    nullable,
)
from prism_sandbox.account import SandboxAccount
from prism_sandbox.answers import order, order_differences
from prism_sandbox.parts import (
    address_of,
    browser_of,
    lines_of,
    lower,
    needs_customer,
    person_of,
    three_d_secure,
)
from prism_sandbox.shapes import ClientTokenBody, OrderBody


class Orders:
    """The operations on orders."""

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: SandboxAccount) -> Flow[Payment]:
        """POST /v1/orders"""
        needs_customer(request)
        asked = account.post(
            "/v1/orders",
            json={
                "reference": request.merchant_transaction_id,
                "order_reference": request.merchant_order_id,
                "amount": request.amount.minor_amount,
                "currency": request.amount.currency,
                "hosted": request.hosted,
                "payment_method_types": types_of(request.payment_method_types),
                "customer": request.connector_customer_id,
                "person": person_of(request.customer),
                "capture": request.capture_method.lower(),
                "three_d_secure": three_d_secure(request.auth_type),
                "setup_future_usage": lower(request.setup_future_usage),
                "return_url": request.return_url,
                "cancel_url": request.cancel_url,
                "webhook_url": request.webhook_url,
                "locale": request.locale,
                "statement_descriptor_suffix": request.statement_descriptor_suffix,
                "description": request.description,
                "order_details": lines_of(request.order_details),
                "billing_address": address_of(request.billing_address),
                "shipping_address": address_of(request.shipping_address),
                "browser": browser_of(request.browser_info),
                "metadata": request.metadata,
            },
        )
        body = yield from account.fetch(asked, OrderBody)
        found = order_differences(body.payment, request.merchant_order_id)
        return msgspec.structs.replace(order(body, account), discrepancies=found)

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: SandboxAccount
    ) -> Flow[ClientToken]:
        """POST /v1/client_tokens: nothing becomes payable, so that it needs no key."""
        asked = account.post(
            "/v1/client_tokens",
            json={
                "customer": request.connector_customer_id,
                "domain": request.domain_name,
                "validation_url": request.validation_url,
                "locale": request.locale,
            },
            changes=False,
        )
        body = yield from account.fetch(asked, ClientTokenBody)
        sdk = {"publishable_key": account.publishable_key, "url": account.base_url or ""}
        if body.client_secret is not None:
            sdk["client_secret"] = body.client_secret
        if body.apple_pay_session is not None:
            sdk["apple_pay_session"] = body.apple_pay_session
        return ClientToken(
            sdk=sdk, expires_at=body.expires_at, connector_customer_id=nullable(body.customer)
        )


def types_of(types: Any) -> list[str] | None:
    """Kinds of payment methods in the sandbox's spelling."""
    return None if types is None else [one.lower() for one in types]
