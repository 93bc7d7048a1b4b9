"""The account: credentials, and where and how Adyen is spoken to."""

from __future__ import annotations

import re
from collections.abc import Mapping

from prism_core import (
    Account,
    ConfigurationError,
    Environment,
    InvalidRequest,
    PaymentStatus,
    Secret,
)

# Part of a host name, beside "-checkout-live": nothing in it may lead to another host.
_PREFIX = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,46}[A-Za-z0-9])?")


_REFUSED = (PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.PAYMENT_METHOD_AWAITED)


class AdyenAccount(Account, frozen=True, kw_only=True):
    """A merchant account. https://docs.adyen.com/development-resources/api-credentials"""

    api_key: Secret
    merchant_account: str
    live_prefix: str | None = None
    """https://docs.adyen.com/development-resources/live-endpoints#live-url-prefix"""
    webhook_secret: Secret | None = None
    """The HMAC key of the webhook, in hexadecimal, or several with spaces between them:
    https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures"""
    refused_status: PaymentStatus = PaymentStatus.AUTHORIZATION_FAILED
    """The status of a payment in the event of a refused try. Adyen signs nothing that says whether
    the payment is an order, which the shopper may try to pay again: where you create orders and
    receive events, set it to PAYMENT_METHOD_AWAITED."""
    public_client_key: str | None = None
    """For Adyen's library in your page, where everybody may see it:
    https://docs.adyen.com/development-resources/client-side-authentication"""
    verification_currency: str = "USD"
    """The currency of the amount of 0 with which a card is verified, where nothing is charged."""

    urls = {"SANDBOX": "https://checkout-test.adyen.com"}
    successes = frozenset({200, 201})  # https://docs.adyen.com/api-explorer/Checkout/71/overview
    idempotency_header = "Idempotency-Key"
    # What Adyen's support asks for. Its API description does not name the header: None without it.
    request_id_header = "pspReference"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.refused_status not in _REFUSED:
            raise self._invalid("refused_status", f"must be {' or '.join(_REFUSED)}")

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

    def check_orders(self) -> None:
        """Raises `InvalidRequest` where this client would tell of an open order as failed."""
        if self.webhook_secret is not None and not self.refused_status.can_still_change:
            raise InvalidRequest(
                "the event of a refused try would tell that the order failed, and it can still be "
                "paid: open the client with refused_status='PAYMENT_METHOD_AWAITED'"
            )

    def for_library(self) -> dict[str, str]:
        """What Drop-in and Components are configured with, in your page. In production, the page
        may name the region, too: https://docs.adyen.com/online-payments/build-your-integration"""
        live = self.environment is Environment.PRODUCTION
        named = {"environment": "live" if live else "test"}
        return (
            named
            if self.public_client_key is None
            else {"clientKey": self.public_client_key, **named}
        )
