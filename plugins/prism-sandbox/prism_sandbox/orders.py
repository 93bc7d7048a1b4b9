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
    about,
    needs_customer,
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
                **about(request),
                "hosted": request.hosted,
                "payment_method_types": types_of(request.payment_method_types),
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
