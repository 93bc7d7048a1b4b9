"""Adyen: payments by Checkout v71, as https://docs.adyen.com/api-explorer/Checkout/71 describes
them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from prism_adyen.account import AdyenAccount
from prism_adyen.amounts import EXPONENTS, amount_of
from prism_adyen.answers import PaymentBody, error_answer, payment
from prism_adyen.cards import payment_method, recurring
from prism_adyen.changes import Changes
from prism_adyen.people import billing, delivery, shopper
from prism_core import (
    AuthenticationType,
    AuthorizeRequest,
    CaptureMethod,
    ConnectorInfo,
    ErrorAnswer,
    Flow,
    HttpResponse,
    InvalidRequest,
    Payment,
    at_most,
    hookimpl,
)

__all__ = ["EXPONENTS", "Adyen", "AdyenAccount", "connector"]

_STATEMENT = re.compile(r"[A-Za-z0-9 .,'_?+*/-]{1,22}")


class Adyen(Changes):
    """The connector. What is asked of a payment that exists is in `changes.py`; cards are in
    `cards.py`, shopper and addresses in `people.py`, what comes back in `answers.py`."""

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
                "shipping_address", "metadata",
            ),
            "capture": ("connector_transaction_id", "amount", "merchant_capture_id"),
            "void": ("connector_transaction_id", "merchant_void_id"),
            "refund": ("connector_transaction_id", "merchant_refund_id", "amount"),
            "increment_authorization": (
                "connector_transaction_id", "amount", "merchant_authorization_id",
            ),
        },
        leaves_out={
            "authorize": ("description",),
            "capture": ("metadata",),
            "void": ("reason", "metadata"),
            "refund": ("reason", "metadata"),
            "increment_authorization": ("description", "metadata"),
        },
        lacks={
            "create_customer": "Adyen keeps no customers: authorize with your own "
            "merchant_customer_id as connector_customer_id, which Adyen calls shopperReference, "
            "or let checkout do so.",
            "get_payment": "Adyen has no lookup of a payment: it tells what becomes of one by "
            "webhook, and authorizing again with the same idempotency_key gives the first answer.",
            "get_refund": "Adyen has no lookup of a refund: it tells what becomes of one by "
            "webhook, and refunding again with the same idempotency_key gives the first answer.",
        },
        exponents=EXPONENTS,
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
            "Adyen documents increments for pre-authorizations, which authorize does not ask for.",
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
                **_capture(request.capture_method),
                "authenticationData": _authentication(request.auth_type),
                "returnUrl": _return_url(request.return_url),
                "shopperReference": _reference(request.connector_customer_id),
                **shopper(request.customer, request.billing_address),
                **recurring(request),
                "shopperStatement": _statement(request.statement_descriptor_suffix),
                "billingAddress": billing(request.billing_address),
                "deliveryAddress": delivery(request.shipping_address),
                "metadata": _metadata(request.metadata),
            },
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, PaymentBody)
        return payment(body, request.capture_method)

    @hookimpl
    def parse_error(self, response: HttpResponse, account: AdyenAccount) -> ErrorAnswer | None:
        """https://docs.adyen.com/development-resources/error-codes; a refusal is no error."""
        return error_answer(response)


def _capture(method: object) -> dict[str, Any]:
    """https://docs.adyen.com/online-payments/capture: for this payment, whatever the account's
    own settings are."""
    if method is CaptureMethod.MANUAL:
        return {"additionalData": {"manualCapture": "true"}}
    return {"captureDelayHours": 0}


def _authentication(auth_type: object) -> dict[str, str] | None:
    """https://docs.adyen.com/online-payments/3d-secure/api-reference"""
    if auth_type is None:
        return None
    wanted = "always" if auth_type is AuthenticationType.THREE_DS else "never"
    return {"attemptAuthentication": wanted}


def _return_url(url: str | None) -> str:
    if url is None:
        raise InvalidRequest("Adyen needs return_url with every payment", field="return_url")
    at_most(8000, "return_url", url)
    return url


def _reference(customer_id: str | None) -> str | None:
    if customer_id is not None and len(customer_id) < 3:
        raise InvalidRequest(
            "connector_customer_id has at least 3 characters at Adyen",
            field="connector_customer_id",
        )
    return customer_id


def _statement(suffix: str | None) -> str | None:
    if suffix is not None and not _STATEMENT.fullmatch(suffix):
        raise InvalidRequest(
            "statement_descriptor_suffix has up to 22 letters, digits, spaces and . , ' _ - ? + * /"
            " at Adyen",
            field="statement_descriptor_suffix",
        )
    return suffix


def _metadata(given: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """The limits of https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-metadata"""
    if given and (len(given) > 20 or any(len(key) > 20 or len(given[key]) > 80 for key in given)):
        raise InvalidRequest(
            "metadata has up to 20 keys of 20 characters, with values of 80, at Adyen",
            field="metadata",
        )
    return given


connector = Adyen()
