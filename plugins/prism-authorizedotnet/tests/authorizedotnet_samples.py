"""Data the tests share: requests, answers as Authorize.Net writes them, flows with no network.

The answers have the shape of those at https://developer.authorize.net/api/reference/index.html.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import httpx

from prism_authorizedotnet import AuthorizeNetAccount
from prism_contract_tests.replay import METHODS
from prism_core import (
    Address,
    AuthorizeRequest,
    Card,
    CreateCustomerRequest,
    MalformedResponse,
    Money,
    Prism,
    Secret,
)
from prism_core.schema.base import Request

BOM = b"\xef\xbb\xbf"
ACCOUNT = AuthorizeNetAccount(
    api_login_id="login_test", transaction_key=Secret("key_test_0000001"), currency="USD"
)
OK = {"resultCode": "Ok", "message": [{"code": "I00001", "text": "Successful."}]}


class Tape(httpx.BaseTransport):
    """Answers from memory, and then with nothing that makes sense; keeps what it is sent."""

    def __init__(self) -> None:
        self.seen: list[httpx.Request] = []
        self.answers: list[bytes] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Keeps a request and answers it."""
        self.seen.append(request)
        body = self.answers.pop(0) if self.answers else b"{}"
        return httpx.Response(200, headers={"content-type": "application/json"}, content=body)


def requests_of(operation: str, request: Request, *answers: bytes, **account: Any) -> list[Any]:
    """The requests that an operation sends, with no network. What the core or the connector
    refuses to send raises."""
    tape = Tape()
    tape.answers = list(answers)
    service, method = METHODS[operation]
    given = {"api_login_id": "login_test", "transaction_key": "key_test_0000001", **account}
    with (
        Prism("authorizedotnet", transport=tape, max_retries=0, **given) as prism,
        suppress(MalformedResponse),
    ):
        getattr(getattr(prism, service), method)(request)
    return tape.seen


def sent(operation: str, request: Request, *answers: bytes, **account: Any) -> dict[str, Any]:
    """The children of the element that an operation sends last, in order."""
    last = requests_of(operation, request, *answers, **{"currency": "USD", **account})[-1]
    ((_, children),) = json.loads(last.content).items()
    found: dict[str, Any] = children
    return found


def authorizing(**changes: Any) -> dict[str, Any]:
    """The transactionRequest that authorizing sends, with no network."""
    found: dict[str, Any] = sent("authorize", payment_request(**changes))["transactionRequest"]
    return found


def card(**changes: Any) -> Card:
    """Authorize.Net's test card."""
    whole: dict[str, Any] = {
        "number": "4111111111111111",
        "exp_month": 5,
        "exp_year": 2090,
        "cvc": "900",
    }
    return Card(**{**whole, **changes})


def address(**changes: Any) -> Address:
    """An address with a person and a phone number."""
    whole: dict[str, Any] = {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "line1": "1 Example Street",
        "city": "London",
        "zip_code": "N1 1AA",
        "country_alpha2_code": "GB",
    }
    return Address(**{**whole, **changes})


def payment_request(**changes: Any) -> AuthorizeRequest:
    """Ten dollars by card."""
    whole: dict[str, Any] = {
        "merchant_transaction_id": "order_1001",
        "amount": Money(1000, "USD"),
        "payment_method": card(),
    }
    return AuthorizeRequest(**{**whole, **changes})


def customer_request(**changes: Any) -> CreateCustomerRequest:
    """A customer with all that a profile has."""
    whole: dict[str, Any] = {
        "merchant_customer_id": "user_42",
        "email": "ada@example.com",
        "description": "first customer",
    }
    return CreateCustomerRequest(**{**whole, **changes})


def refusal(code: str, text: str = "Something is wrong.") -> dict[str, Any]:
    """A request that was refused whole."""
    return {"messages": {"resultCode": "Error", "message": [{"code": code, "text": text}]}}


def transaction(
    code: str | int = "1", reason: str | int | None = None, **changes: Any
) -> dict[str, Any]:
    """createTransactionResponse, with a response code and a reason why it is not approved."""
    done: dict[str, Any] = {
        "responseCode": code,
        "authCode": "HH5414",
        "avsResultCode": "Y",
        "cvvResultCode": "P",
        "cavvResultCode": "2",
        "transId": "40000001001",
        "refTransID": "",
        "testRequest": "0",
        "accountNumber": "XXXX1111",
        "accountType": "Visa",
        **changes,
    }
    if reason is not None:
        done["errors"] = [{"errorCode": reason, "errorText": "Something is wrong."}]
    return {"transactionResponse": done, "refId": "order_1001", "messages": OK}


def change(
    code: str | int = "1",
    reason: str | int | None = None,
    ref_id: str = "40000001001",
    **changes: Any,
) -> dict[str, Any]:
    """createTransactionResponse of a capture, void or refund: it refers to the payment."""
    made = transaction(code, reason, **{"refTransID": "40000001001", **changes})
    return {**made, "refId": ref_id}


def details(status: str = "authorizedPendingCapture", **changes: Any) -> bytes:
    """getTransactionDetailsResponse; its amounts are JSON numbers."""
    whole: dict[str, Any] = {
        "transId": "40000001001",
        "transactionStatus": status,
        "responseCode": 1,
        "responseReasonCode": 1,
        "responseReasonDescription": "Approval",
        "AVSResponse": "Y",
        "order": {"invoiceNumber": "order_1001"},
        "authAmount": 10,
        "settleAmount": 10,
        **changes,
    }
    return json.dumps({"transaction": whole, "messages": OK}).encode()
