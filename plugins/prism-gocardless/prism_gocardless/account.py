"""The account at GoCardless: its credentials."""

from prism_core import Account, Secret, bearer


class GoCardlessAccount(Account, frozen=True, kw_only=True):
    """https://developer.gocardless.com/api-reference/#api-usage-making-requests

    A repeated key is answered with a 409 that names what was made with it, which the flows then
    look up: https://developer.gocardless.com/api-reference/#making-requests-idempotency-keys.
    """

    access_token: Secret
    webhook_secret: Secret | None = None

    urls = {
        "SANDBOX": "https://api-sandbox.gocardless.com",
        "PRODUCTION": "https://api.gocardless.com",
    }
    idempotency_header = "Idempotency-Key"
    takes_feature_data = False  # a body's fields are inside its resource's name

    def headers(self) -> dict[str, str]:
        """The token, and the version of the API."""
        return {**bearer(self.access_token), "GoCardless-Version": "2015-07-06"}
