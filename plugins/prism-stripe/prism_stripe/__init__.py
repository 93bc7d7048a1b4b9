"""Stripe: Customers and PaymentIntents, as https://docs.stripe.com/api describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prism_core import (
    Account,
    Address,
    AuthenticationType,
    AuthorizeRequest,
    CaptureMethod,
    Card,
    ConfigurationError,
    ConnectorInfo,
    CreateCustomerRequest,
    CustomerCreated,
    Environment,
    ErrorAnswer,
    Flow,
    GetPaymentRequest,
    HttpResponse,
    InvalidRequest,
    Money,
    Payment,
    Secret,
    at_most,
    bearer,
    hookimpl,
    one_of,
    segment,
    without,
)
from prism_stripe.answers import Customer, PaymentIntent, error_answer, failed, payment

API_VERSION = "2026-08-26.dahlia"

# https://docs.stripe.com/currencies#special-cases and #zero-decimal: where Stripe counts
# otherwise than ISO 4217.
EXPONENTS = {"ISK": 2, "UGX": 2, "MGA": 0}


class StripeAccount(Account, frozen=True, kw_only=True):
    """A Stripe account. https://docs.stripe.com/keys, https://docs.stripe.com/api/versioning"""

    api_key: Secret
    stripe_account: str | None = None
    """A connected account to act for: https://docs.stripe.com/connect/authentication"""

    urls = {"SANDBOX": "https://api.stripe.com", "PRODUCTION": "https://api.stripe.com"}
    idempotency_header = "Idempotency-Key"
    request_id_header = "Request-Id"

    def __post_init__(self) -> None:
        super().__post_init__()
        live = self.environment is Environment.PRODUCTION
        other = ("sk_test_", "rk_test_") if live else ("sk_live_", "rk_live_")
        if self.api_key.reveal().startswith(other):
            needed = "PRODUCTION needs a sk_live_" if live else "SANDBOX needs a sk_test_"
            raise ConfigurationError(f"environment {needed}... key")

    def headers(self) -> Mapping[str, str]:
        """Bearer authentication and the pinned API version."""
        complete = {**bearer(self.api_key), "stripe-version": API_VERSION}
        if self.stripe_account is not None:
            complete["stripe-account"] = self.stripe_account
        return complete


class Stripe:
    """The connector. Error answers are read in `answers.py`, decline codes in `declines.py`."""

    info = ConnectorInfo(
        display_name="Stripe",
        account=StripeAccount,
        docs="https://docs.stripe.com/api",
        sends={
            "create_customer": (
                "merchant_customer_id", "name", "email", "phone", "description", "address",
                "metadata",
            ),
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "capture_method", "auth_type", "return_url", "setup_future_usage", "off_session",
                "statement_descriptor_suffix", "description", "billing_address",
                "shipping_address", "metadata",
            ),
            "get_payment": ("connector_transaction_id",),
        },
        exponents=EXPONENTS,
        notes=(
            "A Token is the id of a card PaymentMethod (pm_...).",
            "Amounts in three-decimal currencies must end in 0.",
            "Card numbers that fail the Luhn check are refused before they are sent.",
        ),
    )  # fmt: skip

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: StripeAccount
    ) -> Flow[CustomerCreated]:
        """https://docs.stripe.com/api/customers/create"""
        response = yield account.post(
            "/v1/customers",
            form={
                "name": at_most(256, "name", request.name),
                "email": request.email,
                "phone": request.phone,
                "description": at_most(5000, "description", request.description),
                "address": _street(request.address),
                "metadata": _metadata(request.metadata, "merchant_customer_id", request),
            },
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, Customer)
        return CustomerCreated(
            connector_customer_id=body.id,
            merchant_customer_id=body.metadata.get("merchant_customer_id"),
        )

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/create, confirmed at once"""
        response = yield account.post(
            "/v1/payment_intents",
            form={
                "amount": _amount(request.amount),
                "currency": request.amount.currency.lower(),
                "confirm": True,
                "payment_method_types": ["card"],
                **_payment_method(request),
                "customer": request.connector_customer_id,
                "capture_method": (
                    "manual" if request.capture_method is CaptureMethod.MANUAL else "automatic"
                ),
                "payment_method_options": _three_d_secure(request.auth_type),
                "return_url": request.return_url,
                "setup_future_usage": _lower(request.setup_future_usage),
                "off_session": request.off_session,
                "statement_descriptor_suffix": at_most(
                    22, "statement_descriptor_suffix", request.statement_descriptor_suffix
                ),
                "description": at_most(5000, "description", request.description),
                "shipping": _shipping(request.shipping_address),
                "metadata": _metadata(request.metadata, "merchant_transaction_id", request),
                "expand": ["latest_charge"],
            },
            idempotency_key=request.idempotency_key,
        )
        if response.error is not None:
            return failed(account, response, EXPONENTS)
        return payment(account.decode(response, PaymentIntent), EXPONENTS)

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/retrieve"""
        intent = segment(request.connector_transaction_id or "")
        response = yield account.get(
            f"/v1/payment_intents/{intent}", query={"expand[0]": "latest_charge"}
        )
        return payment(account.decode(response, PaymentIntent), EXPONENTS)

    @hookimpl
    def parse_error(self, response: HttpResponse, account: StripeAccount) -> ErrorAnswer | None:
        """https://docs.stripe.com/api/errors"""
        return error_answer(response)


def _amount(amount: Money) -> int:
    """https://docs.stripe.com/currencies#three-decimal: the last digit must be 0."""
    if amount.exponent == 3 and amount.minor_amount % 10:
        raise InvalidRequest(
            f"amount: Stripe takes {amount.currency} in steps of ten minor units, and "
            f"{amount.minor_amount} does not end in 0",
            field="amount",
        )
    return amount.to_wire(EXPONENTS)


def _payment_method(request: AuthorizeRequest) -> dict[str, Any]:
    method, address = request.payment_method, request.billing_address
    if not isinstance(method, Card):
        if address is not None:
            raise InvalidRequest(
                "billing_address belongs to the PaymentMethod at Stripe; leave it out with a Token",
                field="billing_address",
            )
        return {"payment_method": method.token}
    return {
        "payment_method_data": {
            "type": "card",
            "card": {
                "number": method.number,
                "exp_month": method.exp_month,
                "exp_year": method.exp_year,
                "cvc": method.cvc,
            },
            "billing_details": _billing(method.holder_name, address),
        }
    }


def _billing(holder_name: str | None, address: Address | None) -> dict[str, Any]:
    if address is None:
        return {"name": holder_name}
    contact = {"email": address.email, "phone": address.phone_number}
    return {
        "name": one_of("name", "billing_address", holder_name, address.full_name),
        **contact,
        "address": _street(address, kept=("first_name", "last_name", "email", "phone_number")),
    }


def _shipping(address: Address | None) -> dict[str, Any] | None:
    if address is None:
        return None
    if address.full_name is None:
        raise InvalidRequest(
            "Stripe needs the recipient's first_name or last_name", field="shipping_address"
        )
    street = _street(address, kept=("first_name", "last_name", "phone_number")) or {}
    if not any(street.values()):
        raise InvalidRequest("Stripe needs an address to ship to", field="shipping_address")
    return {"name": address.full_name, "phone": address.phone_number, "address": street}


_NO_PLACE = ("first_name", "last_name", "line3", "email", "phone_number")


def _street(address: Address | None, kept: tuple[str, ...] = ()) -> dict[str, Any] | None:
    """The parts that Stripe's address has; the others are refused unless `kept` elsewhere."""
    if address is None:
        return None
    without(address, [name for name in _NO_PLACE if name not in kept])
    return {
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state": address.state,
        "postal_code": address.zip_code,
        "country": address.country_alpha2_code,
    }


def _metadata(
    given: Mapping[str, str] | None, key: str, request: CreateCustomerRequest | AuthorizeRequest
) -> dict[str, str]:
    """The caller's metadata and id, within the limits of https://docs.stripe.com/metadata."""
    own = {key: request.merchant_id or ""}
    problem = None
    if given and given.get(key, own[key]) != own[key]:
        problem = f"must not use the key '{key}'"
    complete = {**(given or {}), **own}
    if len(complete) > 50:
        problem = "has up to 50 keys at Stripe, your id among them"
    if any(len(name) > 40 or set(name) & set("[]") for name in complete):
        problem = "has keys of up to 40 characters without brackets at Stripe"
    if any(not 1 <= len(value) <= 500 for value in complete.values()):
        problem = "has values of 1 to 500 characters at Stripe"
    if problem is not None:
        raise InvalidRequest(f"metadata {problem}", field="metadata")
    return complete


def _three_d_secure(auth_type: object) -> dict[str, Any] | None:
    """https://docs.stripe.com/payments/3d-secure/authentication-flow"""
    if auth_type is None:
        return None
    wanted = "any" if auth_type is AuthenticationType.THREE_DS else "automatic"
    return {"card": {"request_three_d_secure": wanted}}


def _lower(value: str | None) -> str | None:
    return None if value is None else value.lower()


connector = Stripe()
