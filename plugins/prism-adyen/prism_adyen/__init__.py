"""Adyen: payments by Checkout v71, as https://docs.adyen.com/api-explorer/Checkout/71 describes
them."""

from __future__ import annotations

from prism_adyen.account import AdyenAccount
from prism_adyen.amounts import EXPONENTS, amount_of
from prism_adyen.answers import PaymentBody, error_answer, payment
from prism_adyen.cards import payment_method, recurring
from prism_adyen.changes import Changes
from prism_adyen.completing import Completing
from prism_adyen.events import Events
from prism_adyen.mandates import Mandates
from prism_adyen.parts import (
    authentication,
    capture,
    metadata,
    return_url,
    shopper_reference,
    statement,
)
from prism_adyen.people import billing, delivery, shopper
from prism_adyen.stored import Stored
from prism_core import (
    AuthorizeRequest,
    ConnectorInfo,
    ErrorAnswer,
    Flow,
    HttpResponse,
    Payment,
    at_most,
    hookimpl,
)

__all__ = ["EXPONENTS", "Adyen", "AdyenAccount", "connector"]


class Adyen(Changes, Completing, Stored, Mandates, Events):
    """The connector. What is asked of a payment that exists is in `changes.py` and
    `completing.py`, stored cards in `stored.py`, recurring payments in `mandates.py`, webhooks in
    `events.py`; parts of requests are in `cards.py`, `people.py` and `parts.py`, and what comes
    back in `answers.py`."""

    info = ConnectorInfo(
        display_name="Adyen",
        account=AdyenAccount,
        docs="https://docs.adyen.com/api-explorer/Checkout/71/overview",
        keeps_customers=False,
        sends={
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "customer", "capture_method", "auth_type", "return_url", "setup_future_usage",
                "off_session", "statement_descriptor_suffix", "billing_address",
                "shipping_address", "metadata", "request_incremental_authorization",
            ),
            "complete": ("connector_transaction_id", "returned"),
            "capture": ("connector_transaction_id", "amount", "merchant_capture_id"),
            "void": ("connector_transaction_id", "merchant_void_id"),
            "refund": ("connector_transaction_id", "merchant_refund_id", "amount"),
            "increment_authorization": (
                "connector_transaction_id", "amount", "merchant_authorization_id",
            ),
            "tokenize": ("payment_method", "connector_customer_id"),
            "list_payment_methods": ("connector_customer_id",),
            "delete_payment_method": ("connector_payment_method_id", "connector_customer_id"),
            "setup_recurring": (
                "merchant_mandate_id", "payment_method", "connector_customer_id", "customer",
                "amount", "auth_type", "return_url", "billing_address", "metadata",
            ),
            "charge_recurring": (
                "merchant_transaction_id", "amount", "connector_mandate_id",
                "connector_customer_id", "network_transaction_id",
                "statement_descriptor_suffix", "metadata",
            ),
            "revoke_mandate": ("connector_mandate_id", "connector_customer_id"),
            "handle_event": ("body", "headers"),
        },
        leaves_out={
            "authorize": ("description",),
            "complete": ("capture_method", "merchant_transaction_id", "metadata"),
            "capture": ("metadata",),
            "void": ("reason", "metadata"),
            "refund": ("reason", "metadata"),
            "increment_authorization": ("description", "metadata"),
            "tokenize": ("merchant_payment_method_id", "metadata"),
            "list_payment_methods": ("merchant_customer_id",),
            "delete_payment_method": ("merchant_payment_method_id",),
            "setup_recurring": ("description",),
            "charge_recurring": ("description",),
            "revoke_mandate": ("merchant_mandate_id",),
        },
        captures_add_up=False,
        lacks={
            "create_customer": "Adyen keeps no customers: authorize with your own "
            "merchant_customer_id as connector_customer_id, which Adyen calls shopperReference, "
            "or let checkout do so.",
            "get_customer": "Adyen keeps no customers, only the payment methods stored for one of "
            "your own ids: payment_methods.list has them.",
            "update_customer": "Adyen keeps no customers: give name, email and phone with each "
            "payment, as its customer.",
            "delete_customer": "Adyen keeps no customers: delete the payment methods stored for "
            "yours with payment_methods.delete.",
            "get_payment": "Adyen has no lookup of a payment: it tells what becomes of one by "
            "webhook, and authorizing again with the same idempotency_key gives the first answer.",
            "get_refund": "Adyen has no lookup of a refund: it tells what becomes of one by "
            "webhook, and refunding again with the same idempotency_key gives the first answer.",
        },
        exponents=EXPONENTS,
        key_hours=7 * 24,
        notes=(
            "connector_customer_id is your own reference of the shopper, of at least 3 characters "
            "and with nothing personal in it.",
            "A Token is a storedPaymentMethodId, and needs the connector_customer_id that it was "
            "stored for.",
            "return_url is always needed.",
            "AUTOMATIC capture ends as CAPTURE_INITIATED: Adyen confirms the capture by webhook.",
            "statement_descriptor_suffix follows the descriptor that the account has, where that "
            "is set up to be appended to; else it stands alone.",
            "NO_THREE_DS asks for no authentication at all: where the law requires one, Adyen "
            "declines the payment.",
            "A capture and a refund need their amount: there is no lookup to find all of it by.",
            "Captures, voids, refunds and increments end as CAPTURE_INITIATED, VOID_INITIATED, "
            "REFUND_PENDING and PENDING: Adyen says how they end by webhook. Their amounts are "
            "those that Adyen received.",
            "An increment needs a payment that was authorized with "
            "request_incremental_authorization, and so with capture_method MANUAL.",
            "A payment that the customer must authenticate has no connector_transaction_id yet: "
            "complete it by its merchant_transaction_id, and keep the id that comes back.",
            "complete passes on redirectResult, payload, threeDSResult and the like from returned. "
            "An answer about another payment than the one named is a MalformedResponse.",
            "THREE_DS asks for 3-D Secure on a page that the customer is sent to, and says so to "
            "Adyen: its native 3-D Secure, which needs no page, wants data of the customer's "
            "browser, which Prism cannot send yet.",
            "A part of an address that is not given is sent as N/A, and the country as ZZ.",
            "A connector_mandate_id is the storedPaymentMethodId of the card, which "
            "recurring.revoke deletes.",
            "An event says no more than what Adyen signs: no reason of a failure, no time, no "
            "shopper. One of a change has no merchant_transaction_id: find the payment by its "
            "connector_transaction_id.",
            "CHARGED in an event is one capture that succeeded, of captured_amount.",
        ),
    )  # fmt: skip

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: AdyenAccount) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments"""
        at_most(64, "idempotency_key", request.idempotency_key)
        response = yield account.post(
            "/v71/payments",
            json={
                "merchantAccount": account.merchant_account,
                "reference": at_most(
                    80, "merchant_transaction_id", request.merchant_transaction_id
                ),
                "amount": amount_of(request.amount),
                "paymentMethod": payment_method(request.payment_method),
                **capture(request.capture_method, request.request_incremental_authorization),
                "authenticationData": authentication(request.auth_type),
                "returnUrl": return_url(request.return_url),
                "shopperReference": shopper_reference(request.connector_customer_id),
                **shopper(request.customer, request.billing_address),
                **recurring(request),
                "shopperStatement": statement(request.statement_descriptor_suffix),
                "billingAddress": billing(request.billing_address),
                "deliveryAddress": delivery(request.shipping_address),
                "metadata": metadata(request.metadata),
            },
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, PaymentBody)
        return payment(body, request.capture_method)

    @hookimpl
    def parse_error(self, response: HttpResponse, account: AdyenAccount) -> ErrorAnswer | None:
        """https://docs.adyen.com/development-resources/error-codes; a refusal is no error."""
        return error_answer(response)


connector = Adyen()
