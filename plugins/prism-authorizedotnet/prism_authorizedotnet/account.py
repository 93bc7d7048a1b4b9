"""The merchant's account: credentials, where Authorize.Net is, and how it is asked."""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import UNSET

from prism_core import (
    Account,
    ConfigurationError,
    HttpRequest,
    HttpResponse,
    InvalidRequest,
    MalformedResponse,
    Money,
    Secret,
    Told,
)

T = TypeVar("T")


class AuthorizeNetAccount(Account, frozen=True, kw_only=True):
    """A merchant's payment gateway account.

    https://developer.authorize.net/api/reference/features/authentication.html
    """

    api_login_id: Secret
    transaction_key: Secret
    currency: str | None = None
    """The account's one currency. Answers name none, so lookups tell amounts only if it is
    given."""
    webhook_secret: Secret | None = None
    """The Signature Key as the Merchant Interface shows it, or two with a space between them."""

    urls = {
        "SANDBOX": "https://apitest.authorize.net",
        "PRODUCTION": "https://api.authorize.net",
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            Money(0, self.currency or "USD")
        except InvalidRequest:
            raise ConfigurationError("currency must be an ISO 4217 code, such as 'USD'") from None

    def ask(self, element: str, *, changes: bool = True, **children: Any) -> HttpRequest:
        """The request that this element is, with the credentials as its first child."""
        credentials = {"name": self.api_login_id, "transactionKey": self.transaction_key}
        body = {element: {"merchantAuthentication": credentials, **children}}
        made = self.post("/xml/v1/request.api", json=body, changes=changes)
        made.correlation_id = children.get("refId")
        return made

    def decode(self, response: HttpResponse, shape: type[T]) -> T:
        """As every account does it; Authorize.Net's own answers have HTTP status 200, whatever
        happened. Another success is somebody else's."""
        if response.status_code != 200:
            raise MalformedResponse(f"Authorize.Net answers with 200, not {response.status_code}")
        return super().decode(response, shape)

    def same_currency(self, amount: Money | None) -> Money | None:
        """The amount, refused in another currency than the account's: no answer would tell."""
        if amount is not None and self.currency not in (None, amount.currency):
            raise InvalidRequest(f"this account has payments in {self.currency}", field="amount")
        return amount


def reference(own_id: str | None, about: str) -> str | None:
    """The refId of a request whose answer names nothing that it is about: the caller's own id, or
    the id of what it is about, if that fits. Authorize.Net gives it back with the answer."""
    return own_id or (about if len(about) <= 20 else None)


def expect_done(reference: str | None, ref_id: Told[str]) -> None:
    """As `expect_answer_to`, for an answer that names nothing that the request had: one without a
    refId may be that to any request, as to a lookup, which is sent without."""
    if reference is not None and ref_id is UNSET:
        raise MalformedResponse("the answer does not say to which request: it has no refId")
    expect_answer_to(reference, ref_id)


def expect_answer_to(reference: str | None, ref_id: Told[str]) -> None:
    """Raises `MalformedResponse` for an answer that names another refId than the request has, or
    says that it has none."""
    if reference is not None and ref_id is not UNSET and ref_id != reference:
        raise MalformedResponse("the answer is to another request than was sent: another refId")
