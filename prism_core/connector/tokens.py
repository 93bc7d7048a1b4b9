"""OAuth 2.0 client credentials (RFC 6749, section 4.4): access tokens, fetched by the account."""

from __future__ import annotations

from typing import ClassVar

from prism_core.connector.account import Account
from prism_core.connector.authorization import basic, bearer
from prism_core.connector.http import Flow, HttpRequest, HttpResponse, TokenRequest
from prism_core.errors import AuthenticationError, MalformedResponse
from prism_core.schema.base import Masked
from prism_core.schema.secrets import Secret


class _AccessToken(Masked, frozen=True):
    """The token endpoint's answer: https://www.rfc-editor.org/rfc/rfc6749#section-5.1"""

    access_token: str
    expires_in: float = 0.0


class OAuthAccount(Account, frozen=True, kw_only=True):
    """An account whose requests carry an access token, fetched with a client id and a secret.

    Flows need not care: each request that they yield is sent with a token. The token is cached
    until shortly before it expires, and all calls of a client use it.
    """

    client_id: str
    client_secret: Secret

    token_path: ClassVar[str] = ""
    """The path of the processor's token endpoint. Set it."""

    def auth_flow(self, request: HttpRequest) -> Flow[HttpResponse]:
        """Sends the request with an access token, and once more with a new one after a 401.

        A 401 that is not in the processor's own format may come from a proxy, after the request
        was done: then only a request with an idempotency key is repeated.
        """
        answer = yield self._token_request()
        try:
            return (yield self._signed(request, answer))
        except AuthenticationError as error:
            in_doubt = error.outcome == "unknown" and request.idempotency_key is None
            if error.status_code != 401 or in_doubt:
                raise
        answer = yield self._token_request(refused=answer)
        return (yield self._signed(request, answer))

    def _token_request(self, refused: HttpResponse | None = None) -> TokenRequest:
        asked = self.post(
            self.token_path,
            form={"grant_type": "client_credentials"},
            headers=basic(self.client_id, self.client_secret),
        )
        return TokenRequest(asked, _lifetime, refused)

    def _signed(self, request: HttpRequest, answer: HttpResponse) -> HttpRequest:
        token = self.decode(answer, _AccessToken).access_token
        if not _fits_a_header(token):
            raise MalformedResponse("the access token has characters that no header can hold")
        request.headers.update(bearer(Secret(token)))
        return request


def _lifetime(answer: HttpResponse) -> float:
    """For how many seconds a token is valid; 0 if the answer does not say, or if the token cannot
    be sent in a header."""
    token = answer.decode(_AccessToken)
    return 0.0 if token is None or not _fits_a_header(token.access_token) else token.expires_in


def _fits_a_header(token: str) -> bool:
    return token.isascii() and token.isprintable()
