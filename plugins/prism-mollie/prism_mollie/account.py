"""The account at Mollie: its credentials, and what an error answer means."""

from msgspec import Struct

from prism_core import (
    Account,
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    Secret,
    bearer,
)

API = "https://api.mollie.com"
KINDS = {
    # A key that was sent with other parameters: what the first request did is not told.
    400: ErrorKind.CONFLICT,
    404: ErrorKind.NOT_FOUND,
    409: ErrorKind.CONFLICT,
    410: ErrorKind.NOT_FOUND,
}


class MollieAccount(Account, frozen=True, kw_only=True):
    """https://docs.mollie.com/reference/authentication: the key says whether it is a test.

    A key with a POST is honoured for 24 hours; it is ignored with a PATCH or DELETE, which can be
    repeated without one: https://docs.mollie.com/reference/api-idempotency.
    `profile_id` is public; Mollie's library in the page needs it.
    """

    api_key: Secret
    profile_id: str | None = None

    urls = {"SANDBOX": API, "PRODUCTION": API}
    idempotency_header = "Idempotency-Key"

    def headers(self) -> dict[str, str]:
        """The key."""
        return bearer(self.api_key)


class Problem(Struct):
    """https://docs.mollie.com/reference/handling-errors"""

    status: int
    title: str
    detail: str | None = None
    field: str | None = None


def problem_of(response: HttpResponse) -> ErrorAnswer | None:
    """https://docs.mollie.com/reference/handling-errors; a failed payment is no error there."""
    if response.status_code < 400:
        return None
    body = response.decode(Problem)
    if body is None:
        return None
    said = ConnectorDetails(code=body.title, message=body.detail, reason=body.field)
    return ErrorAnswer(
        kind=KINDS.get(response.status_code, ErrorKind.OTHER),
        details=ErrorDetails(connector=said),
        # The first request with this key is still being worked on.
        retryable=True if response.status_code == 409 else None,
    )
