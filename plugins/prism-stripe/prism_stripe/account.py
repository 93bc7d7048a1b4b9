"""The account: Stripe's credentials, addresses and headers; how it writes money, addresses and
metadata."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core import (
    Account,
    Address,
    ConfigurationError,
    Environment,
    InvalidRequest,
    Money,
    Secret,
    bearer,
)
from prism_core.connector.authorization import expect_environment

API_VERSION = "2026-08-26.dahlia"

# https://docs.stripe.com/currencies#special-cases and #zero-decimal: where Stripe counts
# otherwise than ISO 4217.
EXPONENTS = {"ISK": 2, "UGX": 2, "MGA": 0}


class StripeAccount(Account, frozen=True, kw_only=True):
    """A Stripe account. https://docs.stripe.com/keys, https://docs.stripe.com/api/versioning"""

    api_key: Secret
    stripe_account: str | None = None
    """A connected account to act for: https://docs.stripe.com/connect/authentication"""
    publishable_key: str | None = None
    """What Stripe.js is opened with (pk_...); it is public: https://docs.stripe.com/keys"""
    webhook_secret: Secret | None = None
    """What events are signed with (whsec_...), or several with spaces between them while they are
    rotated: https://docs.stripe.com/webhooks#roll-endpoint-secrets"""

    urls = {"SANDBOX": "https://api.stripe.com", "PRODUCTION": "https://api.stripe.com"}
    idempotency_header = "Idempotency-Key"
    request_id_header = "Request-Id"
    successes = frozenset({200})
    """https://docs.stripe.com/api/errors"""

    def __post_init__(self) -> None:
        super().__post_init__()
        secret = {"sandbox": "sk_test_ rk_test_", "production": "sk_live_ rk_live_"}
        expect_environment(self, "api_key", **secret)
        mode = "pk_live_" if self.environment is Environment.PRODUCTION else "pk_test_"
        if self.publishable_key is not None and not self.publishable_key.startswith(mode):
            raise ConfigurationError(f"publishable_key must begin with {mode} here")

    def headers(self) -> Mapping[str, str]:
        """Bearer authentication and the pinned API version."""
        acting = {"stripe-account": self.stripe_account} if self.stripe_account else {}
        return {**bearer(self.api_key), "stripe-version": API_VERSION, **acting}


def to_wire(amount: Money | None) -> int | None:
    """https://docs.stripe.com/currencies#three-decimal: the last digit must be 0."""
    if amount is not None and amount.exponent == 3 and amount.minor_amount % 10:
        problem = f"must end in 0 at Stripe; {amount.minor_amount} does not"
        raise InvalidRequest(f"amount in {amount.currency} {problem}", field="amount")
    return None if amount is None else amount.to_wire(EXPONENTS)


def from_wire(amount: int, currency: str) -> Money:
    """The money that an amount in an answer is."""
    return Money.from_wire(amount, currency, EXPONENTS)


def street(address: Address) -> dict[str, str | None]:
    """Where an address is; it has no third line at Stripe, and no person."""
    return {
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state": address.state,
        "postal_code": address.zip_code,
        "country": address.country_alpha2_code,
    }
