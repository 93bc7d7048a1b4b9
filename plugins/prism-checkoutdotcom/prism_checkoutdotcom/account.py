"""The account at Checkout.com: its keys, its own address, and its settings."""

import re

from prism_core import Account, ConfigurationError, Environment, Secret, bearer, needs_setting
from prism_core.connector.authorization import expect_environment

# A part of the host name: nothing in it may lead to another host. "pl-" is for private links:
# https://github.com/checkout/checkout-sdk-python, environment_subdomain.py
PREFIX = re.compile(r"(?:pl-)?[a-z0-9]{1,32}")


class CheckoutDotComAccount(Account, frozen=True, kw_only=True):
    """https://www.checkout.com/docs/developer-resources/api/api-endpoints

    Each account has an address of its own: `prefix` is the first eight characters of its client id,
    after `cli_`. Keys are honoured for 24 hours, with the requests that `keyed` does not exclude.
    After a 4xx or a 5xx, "no idempotent result is saved and the payment is reattempted":
    https://www.checkout.com/docs/developer-resources/api/idempotency.
    """

    api_key: Secret
    prefix: str
    processing_channel_id: str | None = None
    public_key: str | None = None
    """For Checkout.com's library in your page, and for Apple Pay and Google Pay."""
    webhook_secret: Secret | None = None
    """The signature key of the workflow's webhook action."""
    verification_currency: str = "USD"
    """The currency of the amount of 0 with which a card is verified, where nothing is charged."""

    idempotency_header = "Cko-Idempotency-Key"
    keys_survive_5xx = False
    request_id_header = "Cko-Request-Id"

    def __post_init__(self) -> None:
        super().__post_init__()
        # https://github.com/checkout/checkout-sdk-python, README.md; a live key has sk_ alone
        expect_environment(self, "api_key", sandbox="sk_sbox_")

    def default_base_url(self) -> str:
        """https://www.checkout.com/docs/developer-resources/api/api-endpoints"""
        if not PREFIX.fullmatch(self.prefix):
            raise ConfigurationError(
                "prefix is the first eight characters of your client id, after cli_, such as "
                "vkuhvk4v: the Dashboard shows it under Settings > Account structure"
            )
        live = self.environment is Environment.PRODUCTION
        return f"https://{self.prefix}.api.{'' if live else 'sandbox.'}checkout.com"

    def headers(self) -> dict[str, str]:
        """https://www.checkout.com/docs/resources/api-authentication/api-keys"""
        return bearer(self.api_key)

    def public(self) -> str:
        """The public key, where one is needed."""
        return needs_setting("public_key", self.public_key, "here")
