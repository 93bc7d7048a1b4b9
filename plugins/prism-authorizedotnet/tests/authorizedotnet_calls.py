"""Each operation's call with the answers that it needs, for the tests of what is believed."""

from __future__ import annotations

from typing import Any

from prism_core import Money, Token

from .authorizedotnet_samples import OK, card, change, details, transaction
from .authorizedotnet_server import Gateway

PAYMENT, OTHER, REFUND = "40000001001", "40000009999", "40000002001"
CUSTOMER, STRANGER, KEPT = "900000042", "900000043", "900000101"
TEN, SIX = Money(1000, "USD"), Money(600, "USD")
PROFILE = {"customerProfileId": CUSTOMER, "customerPaymentProfileId": KEPT}
PAYING = {"merchant_transaction_id": "order_1001", "amount": TEN}
FOUND = {"profile": {"customerProfileId": CUSTOMER, "merchantCustomerId": "user_42"}}

# Each operation: its call, the answers to its lookups, the answer to its last request.
CALLS: dict[str, tuple[dict[str, Any], list[Any], dict[str, Any]]] = {
    "payments.authorize": (
        {**PAYING, "payment_method": card(), "connector_customer_id": CUSTOMER},
        [],
        transaction("1", profile=PROFILE),
    ),
    "payments.capture": ({"connector_transaction_id": PAYMENT}, [], change("1")),
    "payments.void": ({"connector_transaction_id": PAYMENT}, [], change("1")),
    "payments.refund": (
        {"connector_transaction_id": PAYMENT, "merchant_refund_id": "refund_1", "amount": SIX},
        [details("settledSuccessfully", payment={"creditCard": {"cardNumber": "XXXX1111"}})],
        change("1", transId=REFUND, ref_id="refund_1"),
    ),
    "recurring.charge": (
        {**PAYING, "connector_mandate_id": KEPT, "connector_customer_id": CUSTOMER},
        [],
        transaction("1", profile=PROFILE),
    ),
    "recurring.setup": (
        {
            "merchant_mandate_id": "order_1001",
            "payment_method": Token(KEPT),
            "connector_customer_id": CUSTOMER,
            "amount": TEN,
        },
        [],
        transaction("1", profile=PROFILE),
    ),
    "recurring.revoke": (
        {"connector_mandate_id": KEPT, "connector_customer_id": CUSTOMER},
        [],
        {"refId": KEPT, "messages": OK},
    ),
    "customers.create": (
        {"merchant_customer_id": "user_42"},
        [],
        {"customerProfileId": CUSTOMER, "refId": "user_42", "messages": OK},
    ),
    "customers.update": (
        {"connector_customer_id": CUSTOMER, "description": "first"},
        [{**FOUND, "messages": OK}],
        {"refId": CUSTOMER, "messages": OK},
    ),
    "customers.delete": (
        {"connector_customer_id": CUSTOMER},
        [],
        {"refId": CUSTOMER, "messages": OK},
    ),
    "payment_methods.tokenize": (
        {
            "payment_method": card(),
            "connector_customer_id": CUSTOMER,
            "merchant_payment_method_id": "card_1",
        },
        [],
        {**PROFILE, "refId": "card_1", "messages": OK},
    ),
    "payment_methods.delete": (
        {"connector_payment_method_id": KEPT, "connector_customer_id": CUSTOMER},
        [],
        {"refId": KEPT, "messages": OK},
    ),
}


def told(result: Any) -> set[tuple[str, str]]:
    """The fields that differ, and what the answer says of them."""
    return {(one.field, one.reported) for one in result.discrepancies}


def answering(gateway: Gateway, name: str, *last: Any) -> dict[str, Any]:
    """Lets the server answer a call's lookups, and then with these; the call's fields."""
    fields, lookups, _ = CALLS[name]
    for answer in (*lookups, *last):
        gateway.answer(answer)
    return fields
