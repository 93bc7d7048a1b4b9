"""The account at Shift4: its credentials."""

from prism_core import Account, Secret, basic
from prism_core.connector.authorization import expect_environment

API = "https://api.shift4.com"


class Shift4Account(Account, frozen=True, kw_only=True):
    """https://dev.shift4.com/docs/api#authentication: the secret key is the user's name, and the
    password is empty. The key says whether it is a test:
    https://github.com/shift4developer/shift4-salesforce-b2c, shift4Setup.isml.

    A key that comes again with the same body gets the first answer; with another one it is refused:
    https://github.com/shift4developer/shift4-python/blob/main/tests/integration/test_charges.py
    The official libraries send none with a DELETE.
    """

    api_key: Secret
    public_key: str | None = None
    """For Shift4's library in your page."""

    urls = {"SANDBOX": API, "PRODUCTION": API}
    idempotency_header = "Idempotency-Key"

    def __post_init__(self) -> None:
        super().__post_init__()
        expect_environment(self, "api_key", sandbox="sk_test_", production="sk_live_")

    def headers(self) -> dict[str, str]:
        """The secret key."""
        return basic(self.api_key, "")
