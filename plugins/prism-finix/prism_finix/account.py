"""The account at Finix: its credentials, and whose payments they are."""

from prism_core import Account, Secret, basic


class FinixAccount(Account, frozen=True, kw_only=True):
    """https://docs.finix.com/api: a user and a password, other ones for the sandbox.

    `merchant` is the seller's id (`MU...`), whom each payment is for. `merchant_identity` is the
    identity that Apple Pay and Google Pay are registered for; `application` is public, and Finix's
    library in the page needs it. `terms_of_service_url` is yours: Finix's checkout page shows it.

    A repeated key gets the first answer again, with payments and refunds alone:
    https://docs.finix.com/additional-resources/developers/authentication-and-api-basics/idempotent-request
    """

    username: str
    password: Secret
    merchant: str
    merchant_identity: str | None = None
    application: str | None = None
    terms_of_service_url: str | None = None

    urls = {
        "SANDBOX": "https://finix.sandbox-payments-api.com",
        "PRODUCTION": "https://finix.live-payments-api.com",
    }
    idempotency_field = "idempotency_id"

    def headers(self) -> dict[str, str]:
        """https://docs.finix.com/api: with no version it would be the oldest one."""
        wanted = {"finix-version": "2022-02-01", "accept": "application/hal+json"}
        return {**basic(self.username, self.password), **wanted}
