"""Data the tests share: requests, answers as Authorize.Net writes them, flows with no network.

The answers have the shape of those at https://developer.authorize.net/api/reference/index.html.
"""

from __future__ import annotations

import json
from typing import Any

from prism_authorizedotnet import AuthorizeNetAccount, connector
from prism_core import (
    Address,
    AuthorizeRequest,
    Card,
    CreateCustomerRequest,
    HttpRequest,
    Money,
    Secret,
)

BOM = b"\xef\xbb\xbf"
ACCOUNT = AuthorizeNetAccount(
    api_login_id=Secret("login_test"), transaction_key=Secret("key_test_0000001"), currency="USD"
)
OK = {"resultCode": "Ok", "message": [{"code": "I00001", "text": "Successful."}]}


def sent(request: HttpRequest) -> dict[str, Any]:
    """The children of a request's element, in order."""
    ((_, children),) = json.loads(request.body).items()
    found: dict[str, Any] = children
    return found


def authorizing(**changes: Any) -> dict[str, Any]:
    """The transactionRequest that authorizing sends, with no network."""
    request = next(connector.authorize(payment_request(**changes), ACCOUNT))
    found: dict[str, Any] = sent(request)["transactionRequest"]
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
