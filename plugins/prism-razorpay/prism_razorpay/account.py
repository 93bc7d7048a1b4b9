"""The account at Razorpay: its credentials."""

from prism_core import Account, Secret, basic
from prism_core.connector.authorization import expect_environment

API = "https://api.razorpay.com"


class RazorpayAccount(Account, frozen=True, kw_only=True):
    """https://razorpay.com/docs/api/authentication: the key says whether it is a test.

    Refunds alone take an idempotency key, in a header of their own:
    https://razorpay.com/docs/api/refunds/normal-refunds-idempotent. All other requests are sent
    with `keyed=False`. `key_id` is public; `business_name` is shown on Razorpay's pages.
    """

    key_id: str
    key_secret: Secret
    webhook_secret: Secret | None = None
    business_name: str | None = None

    urls = {"SANDBOX": API, "PRODUCTION": API}
    idempotency_header = "X-Refund-Idempotency"

    def __post_init__(self) -> None:
        super().__post_init__()
        expect_environment(self, "key_id", sandbox="rzp_test_", production="rzp_live_")

    def headers(self) -> dict[str, str]:
        """The key and its secret."""
        return basic(self.key_id, self.key_secret)
