"""What the connector sends about customers and the cards that are kept for them."""

from __future__ import annotations

from typing import Any

from prism_core import (
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    CustomerStatus,
    DeleteCustomerRequest,
    DeletePaymentMethodRequest,
    Flow,
    GetCustomerRequest,
    ListPaymentMethodsRequest,
    NotFound,
    OnConflict,
    PaymentMethodDeleted,
    PaymentMethodKept,
    PaymentMethodList,
    TokenizeRequest,
    UpdateCustomerRequest,
    hookimpl,
    segment,
    told,
)
from prism_sandbox.account import SandboxAccount
from prism_sandbox.answers import customer, kept_card
from prism_sandbox.parts import address_of, given, method_of
from prism_sandbox.shapes import CardList, CustomerBody, CustomerList, Deleted, KeptBody


class Customers:
    """The operations on customers and their cards, which the connector has with its others."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: SandboxAccount
    ) -> Flow[CustomerCreated]:
        """POST /v1/customers"""
        response = yield account.post(
            "/v1/customers",
            json={"reference": request.merchant_customer_id, **_about(request)},
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, CustomerBody)
        replayed = response.headers.get("idempotent-replayed") == "true"
        return CustomerCreated(
            connector_customer_id=body.id,
            merchant_customer_id=told(body.reference),
            existed=replayed and request.on_conflict is OnConflict.RETURN,
        )

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: SandboxAccount) -> Flow[Customer]:
        """GET /v1/customers/{id}, or GET /v1/customers?reference=..., which finds what was made a
        moment ago; of several with one reference, the first made."""
        if request.connector_customer_id is not None:
            path = f"/v1/customers/{segment(request.connector_customer_id)}"
            response = yield account.get(path)
            return customer(account.decode(response, CustomerBody))
        reference = request.merchant_customer_id or ""
        response = yield account.get("/v1/customers", query={"reference": reference})
        found = account.decode(response, CustomerList).data
        if not found:
            raise NotFound(f"the sandbox has no customer with the reference {reference}")
        return customer(found[0])

    @hookimpl
    def update_customer(
        self, request: UpdateCustomerRequest, account: SandboxAccount
    ) -> Flow[Customer]:
        """POST /v1/customers/{id}, which changes what it is sent."""
        response = yield account.post(
            f"/v1/customers/{segment(request.connector_customer_id)}",
            json={"reference": request.merchant_customer_id, **_about(request)},
            idempotency_key=request.idempotency_key,
        )
        return customer(account.decode(response, CustomerBody))

    @hookimpl
    def delete_customer(
        self, request: DeleteCustomerRequest, account: SandboxAccount
    ) -> Flow[Customer]:
        """DELETE /v1/customers/{id}, with ?reference=... only if that is theirs."""
        response = yield account.delete(
            f"/v1/customers/{segment(request.connector_customer_id)}",
            query=given(reference=request.merchant_customer_id),
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, Deleted)
        return Customer(connector_customer_id=body.id, status=CustomerStatus.DELETED)

    @hookimpl
    def tokenize(
        self, request: TokenizeRequest, account: SandboxAccount
    ) -> Flow[PaymentMethodKept]:
        """POST /v1/payment_methods"""
        response = yield account.post(
            "/v1/payment_methods",
            json={
                "payment_method": method_of(request.payment_method),
                "customer": request.connector_customer_id,
                "reference": request.merchant_payment_method_id,
                "billing_address": address_of(request.billing_address),
                "metadata": request.metadata,
            },
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, KeptBody)
        return PaymentMethodKept(
            connector_payment_method_id=body.id,
            connector_customer_id=told(body.customer),
            merchant_payment_method_id=told(body.reference),
            card=kept_card(body),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: SandboxAccount
    ) -> Flow[PaymentMethodList]:
        """GET /v1/payment_methods?customer=..., with &reference=... only if that is theirs."""
        response = yield account.get(
            "/v1/payment_methods",
            query=given(
                customer=request.connector_customer_id, reference=request.merchant_customer_id
            ),
        )
        body = account.decode(response, CardList)
        return PaymentMethodList(
            payment_methods=tuple(kept_card(one) for one in body.data),
            connector_customer_id=told(body.data[0].customer) if body.data else None,
            is_complete=not body.has_more,
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: SandboxAccount
    ) -> Flow[PaymentMethodDeleted]:
        """DELETE /v1/payment_methods/{id}; what else is given must be true of it."""
        response = yield account.delete(
            f"/v1/payment_methods/{segment(request.connector_payment_method_id)}",
            query=given(
                customer=request.connector_customer_id,
                reference=request.merchant_payment_method_id,
            ),
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, Deleted)
        return PaymentMethodDeleted(connector_payment_method_id=body.id)


def _about(request: CreateCustomerRequest | UpdateCustomerRequest) -> dict[str, Any]:
    return {
        "name": request.name,
        "email": request.email,
        "phone": request.phone,
        "description": request.description,
        "address": address_of(request.address),
        "metadata": request.metadata,
    }
