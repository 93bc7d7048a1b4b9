"""What the connector sends about the payment methods that the sandbox stores."""

from __future__ import annotations

from prism_core import (
    DeletePaymentMethodRequest,
    Flow,
    ListPaymentMethodsRequest,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    TokenizeRequest,
    hookimpl,
    nullable,
)
from prism_sandbox.account import SandboxAccount
from prism_sandbox.answers import stored_method
from prism_sandbox.parts import address_of, given, method_of
from prism_sandbox.shapes import Deleted, MethodList, StoredBody


class PaymentMethods:
    """The operations on stored payment methods."""

    @hookimpl
    def tokenize(
        self, request: TokenizeRequest, account: SandboxAccount
    ) -> Flow[PaymentMethodStored]:
        """POST /v1/payment_methods"""
        asked = account.post(
            "/v1/payment_methods",
            json={
                "payment_method": method_of(request.payment_method),
                "customer": request.connector_customer_id,
                "reference": request.merchant_payment_method_id,
                "billing_address": address_of(request.billing_address),
                "metadata": request.metadata,
            },
        )
        body = yield from account.fetch(asked, StoredBody)
        return PaymentMethodStored(
            connector_payment_method_id=body.id,
            connector_customer_id=nullable(body.customer),
            merchant_payment_method_id=nullable(body.reference),
            payment_method=stored_method(body),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: SandboxAccount
    ) -> Flow[PaymentMethodList]:
        """GET /v1/payment_methods?customer=..., with &reference=... only if that is theirs."""
        asked = account.get(
            "/v1/payment_methods",
            query=given(
                customer=request.connector_customer_id, reference=request.merchant_customer_id
            ),
        )
        body = yield from account.fetch(asked, MethodList)
        return PaymentMethodList(
            payment_methods=tuple(stored_method(one) for one in body.data),
            connector_customer_id=nullable(body.data[0].customer) if body.data else None,
            is_complete=not body.has_more,
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: SandboxAccount
    ) -> Flow[PaymentMethodDeleted]:
        """DELETE /v1/payment_methods/{id}; what else is given must be true of it."""
        asked = account.delete(
            "/v1/payment_methods/{}",
            request.connector_payment_method_id,
            query=given(
                customer=request.connector_customer_id,
                reference=request.merchant_payment_method_id,
            ),
        )
        body = yield from account.fetch(asked, Deleted)
        return PaymentMethodDeleted(connector_payment_method_id=body.id)
