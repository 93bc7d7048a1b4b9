"""The account at Square: its credentials and settings."""

from prism_core import Account, Secret, bearer

VERSION = "2026-08-19"


class SquareAccount(Account, frozen=True, kw_only=True):
    """https://developer.squareup.com/docs/build-basics/access-tokens

    A key in a body is honoured where Square asks for one: it returns the first answer again, and
    refuses the key with another body:
    https://developer.squareup.com/docs/build-basics/common-api-patterns/idempotency.
    `application_id` is public; the Web Payments SDK needs it, with the location. `webhook_url` is
    the notification URL of the subscription, which Square signs with each event.
    """

    access_token: Secret
    location_id: str
    application_id: str | None = None
    webhook_secret: Secret | None = None
    webhook_url: str | None = None

    # https://developer.squareup.com/docs/devtools/sandbox/payments
    urls = {
        "SANDBOX": "https://connect.squareupsandbox.com",
        "PRODUCTION": "https://connect.squareup.com",
    }
    idempotency_field = "idempotency_key"

    def headers(self) -> dict[str, str]:
        """https://developer.squareup.com/docs/build-basics/versioning-overview"""
        return {**bearer(self.access_token), "square-version": VERSION}
