"""Adyen: `POST /payments` of Checkout v71, as https://docs.adyen.com/api-explorer/Checkout/71
describes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from prism_adyen.answers import PaymentBody, error_answer, payment
from prism_adyen.cards import payment_method, recurring
from prism_adyen.people import billing, delivery, shopper
from prism_core import (
    Account,
    AuthenticationType,
    AuthorizeRequest,
    CaptureMethod,
    ConfigurationError,
    ConnectorInfo,
    Environment,
    ErrorAnswer,
    Flow,
    HttpResponse,
    InvalidRequest,
    Money,
    Payment,
    Secret,
    at_most,
    hookimpl,
)

# https://docs.adyen.com/development-resources/currency-codes: the rows marked as other than the
# standard. All other currencies there have the decimals of ISO 4217.
EXPONENTS = {"CLP": 2, "CVE": 0, "IDR": 0, "ISK": 2}

# Part of a host name, beside "-checkout-live": nothing in it may lead to another host.
_PREFIX = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,46}[A-Za-z0-9])?")
_STATEMENT = re.compile(r"[A-Za-z0-9 .,'_?+*/-]{1,22}")
_LARGEST = 2**63 - 1


class AdyenAccount(Account, frozen=True, kw_only=True):
    """A merchant account. https://docs.adyen.com/development-resources/api-credentials"""

    api_key: Secret
    merchant_account: str
    live_prefix: str | None = None
    """https://docs.adyen.com/development-resources/live-endpoints#live-url-prefix"""

    urls = {"SANDBOX": "https://checkout-test.adyen.com"}
    idempotency_header = "Idempotency-Key"
    # What Adyen's support asks for. Its API description does not name the header: None without it.
    request_id_header = "pspReference"

    def default_base_url(self) -> str:
        """https://docs.adyen.com/development-resources/live-endpoints"""
        if self.environment is not Environment.PRODUCTION:
            return super().default_base_url()
        if self.live_prefix is None or not _PREFIX.fullmatch(self.live_prefix):
            raise ConfigurationError(
                "environment PRODUCTION needs live_prefix, such as 1797a841fbb37ca7-AdyenDemo: "
                "Adyen shows yours in the live Customer Area under Developers > API URLs"
            )
        return f"https://{self.live_prefix}-checkout-live.adyenpayments.com/checkout"

    def headers(self) -> Mapping[str, str]:
        """https://docs.adyen.com/development-resources/api-authentication"""
        return {"x-api-key": self.api_key.reveal()}


class Adyen:
    """The connector. Cards are in `cards.py`, shopper and addresses in `people.py`, what comes
    back in `answers.py` and `declines.py`."""

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
        },
        leaves_out={"authorize": ("description",)},
        lacks={
            "create_customer": "Adyen keeps no customers: authorize with your own "
            "merchant_customer_id as connector_customer_id, which Adyen calls shopperReference, "
            "or let checkout do so.",
            "get_payment": "Adyen has no lookup of a payment: it tells what becomes of one by "
            "webhook, and authorizing again with the same idempotency_key gives the first answer.",
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
                "amount": _amount(request.amount),
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
        return payment(body, request.capture_method, EXPONENTS)

    @hookimpl
    def parse_error(self, response: HttpResponse, account: AdyenAccount) -> ErrorAnswer | None:
        """https://docs.adyen.com/development-resources/error-codes; a refusal is no error."""
        return error_answer(response)


def _amount(amount: Money) -> dict[str, Any]:
    """https://docs.adyen.com/development-resources/currency-codes#minor-units"""
    value = amount.to_wire(EXPONENTS)
    if value > _LARGEST:
        raise InvalidRequest("amount is more than Adyen can count", field="amount")
    return {"currency": amount.currency, "value": value}


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
