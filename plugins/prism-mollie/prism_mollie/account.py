"""The account at Mollie: its credentials."""

from prism_core import Account, Secret, bearer
from prism_core.connector.authorization import expect_environment

API = "https://api.mollie.com"


class MollieAccount(Account, frozen=True, kw_only=True):
    """https://docs.mollie.com/reference/authentication: the key says whether it is a test.

    A key with a POST is honoured for an hour; it is ignored with a PATCH or DELETE, which can be
    repeated without one: https://docs.mollie.com/reference/api-idempotency.
    `profile_id` is public; Mollie's library in the page needs it.
    """

    api_key: Secret
    profile_id: str | None = None

    urls = {"SANDBOX": API, "PRODUCTION": API}
    idempotency_header = "Idempotency-Key"

    def __post_init__(self) -> None:
        super().__post_init__()
        expect_environment(self, "api_key", sandbox="test_", production="live_")

    def headers(self) -> dict[str, str]:
        """The key."""
        return bearer(self.api_key)
