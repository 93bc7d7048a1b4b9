"""The account at Airwallex: its credentials, and how a call gets its access token."""

from collections.abc import Generator

from msgspec import Struct

from prism_core import (
    Account,
    AuthenticationError,
    HttpRequest,
    HttpResponse,
    MalformedResponse,
    Secret,
    TokenRequest,
    bearer,
)

VERSION = "2025-02-14"
LIFETIME = 30 * 60.0


class Login(Struct):
    """https://www.airwallex.com/docs/payments/integration-options/web-checkout/embedded-elements/card-element/guest-user-checkout"""

    token: str


def lifetime(answer: HttpResponse) -> float:
    """30 minutes. The answer has the time of the end, by Airwallex's clock; a token that ends
    earlier is replaced after a 401."""
    known = answer.decode(Login)
    return LIFETIME if known and sendable(known.token) else 0.0


def sendable(token: str) -> bool:
    """Whether a header can hold it."""
    return token.isascii() and token.isprintable()


class AirwallexAccount(Account, frozen=True, kw_only=True):
    """https://www.airwallex.com/docs/payments/integration-options/web-checkout/native-api/guest-user-checkout

    `request_id` is required with every change. A used one is refused with `duplicate_request`:
    nothing is done twice, and what the first request has done, a lookup says:
    https://www.airwallex.com/docs/payments__error-response-codes.
    """

    client_id: str
    api_key: Secret
    webhook_secret: Secret | None = None

    urls = {"SANDBOX": "https://api-demo.airwallex.com", "PRODUCTION": "https://api.airwallex.com"}
    idempotency_field = "request_id"

    def headers(self) -> dict[str, str]:
        """https://www.airwallex.com/docs/developer-tools/partner-connections/integration-guides/dispute-management"""
        return {"x-api-version": VERSION}

    def auth_flow(self, request: HttpRequest) -> Generator[HttpRequest, HttpResponse, HttpResponse]:
        """https://www.airwallex.com/docs/payments__native-api__guest-user-checkout"""
        answer = yield self.login()
        try:
            return (yield self.signed(request, answer))
        except AuthenticationError as error:
            if error.status_code != 401:
                raise
        answer = yield self.login(answer)
        return (yield self.signed(request, answer))

    def login(self, refused: HttpResponse | None = None) -> TokenRequest:
        """The request for a token, which all calls of 30 minutes share."""
        keys = {"x-client-id": self.client_id, "x-api-key": self.api_key.reveal()}
        asked = self.post("/api/v1/authentication/login", headers=keys)
        return TokenRequest(asked, lifetime, refused)

    def signed(self, request: HttpRequest, answer: HttpResponse) -> HttpRequest:
        """The request with the token."""
        token = self.decode(answer, Login).token
        if not sendable(token):
            raise MalformedResponse("the access token has characters that no header can hold")
        request.headers.update(bearer(Secret(token)))
        return request
