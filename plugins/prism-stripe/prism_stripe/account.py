"""The account: Stripe's credentials, addresses and headers, and how it counts money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from prism_core import (
    Account,
    ConfigurationError,
    Environment,
    HttpResponse,
    InvalidRequest,
    MalformedResponse,
    Money,
    Secret,
    bearer,
)

T = TypeVar("T")

API_VERSION = "2026-08-26.dahlia"

# https://docs.stripe.com/currencies#special-cases and #zero-decimal: where Stripe counts
# otherwise than ISO 4217.
EXPONENTS = {"ISK": 2, "UGX": 2, "MGA": 0}


class StripeAccount(Account, frozen=True, kw_only=True):
    """A Stripe account. https://docs.stripe.com/keys, https://docs.stripe.com/api/versioning"""

    api_key: Secret
    stripe_account: str | None = None
    """A connected account to act for: https://docs.stripe.com/connect/authentication"""
    webhook_secret: Secret | None = None
    """What events are signed with (whsec_...), or several with spaces between them while they are
    rotated: https://docs.stripe.com/webhooks#roll-endpoint-secrets"""

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

    def decode(self, response: HttpResponse, shape: type[T]) -> T:
        """The answer as `shape`. Stripe answers whatever it has done with 200
        (https://docs.stripe.com/api/errors): another 2xx is not Stripe's."""
        if response.error is None and response.status_code != 200:
            raise MalformedResponse(f"the answer has HTTP {response.status_code} instead of 200")
        if response.error is None and _has_error(response):
            raise MalformedResponse("the answer is a success, and has an error")
        return super().decode(response, shape)


class _Answer(msgspec.Struct):
    """Whether an answer has an error, as no object of Stripe's does."""

    error: msgspec.Raw = msgspec.Raw(b"null")


def _has_error(response: HttpResponse) -> bool:
    found = response.decode(_Answer) if b'"error"' in response.body else None
    return found is not None and bytes(found.error) != b"null"


def to_wire(amount: Money) -> int:
    """https://docs.stripe.com/currencies#three-decimal: the last digit must be 0."""
    if amount.exponent == 3 and amount.minor_amount % 10:
        raise InvalidRequest(
            f"amount: Stripe takes {amount.currency} in steps of ten minor units, and "
            f"{amount.minor_amount} does not end in 0",
            field="amount",
        )
    return amount.to_wire(EXPONENTS)


def from_wire(amount: int, currency: str) -> Money:
    """The money that an amount in an answer is."""
    return Money.from_wire(amount, currency, EXPONENTS)
