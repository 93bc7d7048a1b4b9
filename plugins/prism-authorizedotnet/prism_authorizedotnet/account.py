"""The merchant's account: credentials, where Authorize.Net is, and the requests that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import UNSET

from prism_authorizedotnet.shapes import Answer, Transaction, TransactionAnswer, TransactionFound
from prism_authorizedotnet.values import id_of
from prism_core import (
    Account,
    ConfigurationError,
    Flow,
    HttpRequest,
    InvalidRequest,
    MalformedResponse,
    Money,
    Secret,
    expect_same,
)

A = TypeVar("A", bound=Answer)
_PAGES = {"SANDBOX": "https://test.authorize.net", "PRODUCTION": "https://accept.authorize.net"}
_ELEMENTS = (
    *("amount", "currencyCode", "payment", "profile", "refTransId", "order", "lineItems"),
    *("customer", "billTo", "shipTo", "customerIP", "cardholderAuthentication"),
    *("transactionSettings", "userFields", "processingOptions", "subsequentAuthInformation"),
)
"""The elements of a transactionRequest after its type, as the schema orders them."""


class AuthorizeNetAccount(Account, frozen=True, kw_only=True):
    """A merchant's payment gateway account.

    https://developer.authorize.net/api/reference/features/authentication.html
    """

    api_login_id: str
    """It is public: Accept.js has it in the page."""
    transaction_key: Secret
    currency: str | None = None
    """The account's one currency. Answers name none, so lookups tell amounts only if it is
    given."""
    webhook_secret: Secret | None = None
    """The Signature Key as the Merchant Interface shows it, or two with a space between them."""

    urls = {"SANDBOX": "https://apitest.authorize.net", "PRODUCTION": "https://api.authorize.net"}
    takes_feature_data = False
    """A field that is added at the end is out of the schema's order, and refused."""
    successes = frozenset({200})
    """Authorize.Net's own answers have HTTP status 200, whatever happened."""

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            Money(0, self.currency or "USD")
        except InvalidRequest:
            raise ConfigurationError("currency must be an ISO 4217 code, such as 'USD'") from None

    @property
    def pages(self) -> str:
        """Where its pages are, for browsers."""
        return _PAGES[self.environment]

    def raw_json(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The credentials are the first child of each request."""
        for element, children in body.items():
            if not isinstance(children, Mapping) or "merchantAuthentication" in children:
                problem = "must be an object, without merchantAuthentication: Prism writes that"
                raise InvalidRequest(f"{element} {problem}", field="json")
        credentials = {"name": self.api_login_id, "transactionKey": self.transaction_key}
        first = {"merchantAuthentication": credentials}
        return {element: {**first, **children} for element, children in body.items()}

    def ask(self, element: str, *, changes: bool = True, **children: Any) -> HttpRequest:
        """The request that this element is, with the credentials as its first child."""
        body = self.raw_json({element: children})
        made = self.post("/xml/v1/request.api", json=body, changes=changes)
        made.correlation_id = children.get("refId")
        return made

    def transact(self, kind: str, ref_id: str | None, **parts: Any) -> Flow[TransactionAnswer]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions: a
        transaction of this type."""
        wanted = transaction(kind, **parts)
        asked = self.ask("createTransactionRequest", refId=ref_id, transactionRequest=wanted)
        return self.fetch(asked, TransactionAnswer, declined=True)

    def look_up(
        self, sought: str | None, field: str = "connector_transaction_id"
    ) -> Flow[Transaction]:
        """https://developer.authorize.net/api/reference/index.html#transaction-reporting-get-transaction-details:
        the transaction with the id that a field of the request has."""
        asked = self.ask("getTransactionDetailsRequest", changes=False, transId=sought)
        found = (yield from self.fetch(asked, TransactionFound)).transaction
        expect_same(field, sought, id_of(found.trans_id))
        return found

    def carry_out(self, element: str, about: str, shape: type[A], **children: Any) -> Flow[A]:
        """Sends a request whose answer names nothing that it is about: without its refId, it may
        be the answer to any request, as to a lookup, which is sent without."""
        ref_id = fitting(about)
        done = yield from self.fetch(self.ask(element, refId=ref_id, **children), shape)
        if ref_id is not None and done.ref_id is UNSET:
            raise MalformedResponse("the answer does not say to which request: it has no refId")
        expect_answer_to(ref_id, done)
        return done

    def same_currency(self, amount: Money | None) -> Money | None:
        """The amount, refused in another currency than the account's: no answer would tell."""
        if amount is not None and self.currency not in (None, amount.currency):
            raise InvalidRequest(f"this account has payments in {self.currency}", field="amount")
        return amount


def transaction(kind: str, **parts: Any) -> dict[str, Any]:
    """A transactionRequest, its elements in the schema's order."""
    return {"transactionType": kind, **{name: parts[name] for name in sorted(parts, key=_place)}}


def _place(element: str) -> int:
    return _ELEMENTS.index(element)


def fitting(about: str) -> str | None:
    """The id of what a request is about as its refId, if it fits: Authorize.Net gives the refId
    back with the answer, which may name nothing else."""
    return about if len(about) <= 20 else None


def expect_answer_to(ref_id: str | None, answer: Answer) -> None:
    """Raises `MalformedResponse` for an answer that names another refId than the request has, or
    says that it has none."""
    if ref_id is not None and answer.ref_id not in (UNSET, ref_id):
        raise MalformedResponse("the answer is to another request than was sent: another refId")
