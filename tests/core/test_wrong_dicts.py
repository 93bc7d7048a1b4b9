"""`from_dict` of a dict that is wrong: what is refused, where in the dict, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    AuthorizeRequest,
    Card,
    Event,
    HandleEventRequest,
    InvalidRequest,
    Money,
    OrderLine,
    Payment,
)
from prism_core.schema.base import Schema
from prism_core.schema.events import PaymentEvent

PAID = {
    "merchant_transaction_id": "order_1",
    "amount": {"minor_amount": 1000, "currency": "USD"},
    "payment_method": {"type": "token", "token": "pm_1"},
}

MONEY = {"minor_amount": 1, "currency": "USD"}
LINE = {"product_name": "Tea", "amount": MONEY}
FAILED = {"status": "FAILURE"}
EVENT = {"kind": "UNKNOWN", "event_type": "x"}


def nested(times: int) -> dict[str, Any]:
    """An event within events."""
    made: dict[str, Any] = EVENT
    for _ in range(times):
        made = {**EVENT, "others": [made]}
    return made


ORDERS: list[tuple[dict[str, Any], str, str]] = [
    ({"amount": {}}, "amount.minor_amount", "must be given"),
    ({"amount": 10}, "amount", "amount must be an object with its fields, not int"),
    ({"payment_method": "pm"}, "payment_method", "one of card, "),
    ({"payment_method": None}, "payment_method", "must be a Card or"),
    ({"capture_method": "LATER"}, "capture_method", "must be one of"),
    ({"order_details": 1}, "order_details", "a tuple, not int"),
]
"""What is wrong in a payment to authorize."""


@pytest.mark.parametrize(
    ("kind", "stored", "field", "problem"),
    [
        *((AuthorizeRequest, {**PAID, **wrong}, field, said) for wrong, field, said in ORDERS),
        (Money, [], None, "Money must be an object with its fields, not list"),
        (Money, {"currency": "USD"}, "minor_amount", "must be given"),
        (Money, {**MONEY, "minor_amount": 1.0}, "minor_amount", "an integer, not float"),
        (Money, {**MONEY, "rate": 1}, "rate", "is no field of Money; leave it out, or update"),
        (Money, {"a\nb": 1}, "(a name)", r"^Money\.\(a name\) is no field"),
        (Card, {"4242424242424242": 1}, "(a name)", r"^Card\.\(a name\) is no field"),
        (Card, {"type": "token"}, "type", "must be 'card', as of every Card"),
        (Card, {"number": "42", "exp_month": 1, "exp_year": 1, "cvc": None}, "number", "digits"),
        (
            AuthorizeRequest,
            {**PAID, "amount": {**MONEY, "minor_amount": -1}},
            "amount.minor_amount",
            "0 or",
        ),
        (
            AuthorizeRequest,
            {**PAID, "amount": {**MONEY, "minor_amount": 0}},
            "amount",
            "more than 0",
        ),
        (
            AuthorizeRequest,
            {**PAID, "payment_method": {"type": "x"}},
            "payment_method",
            "one of card, ",
        ),
        (
            AuthorizeRequest,
            {**PAID, "order_details": [{**LINE, "quantity": 0}]},
            "order_details.0.quantity",
            "1 or more",
        ),
        (OrderLine, {**LINE, "tax_rate": "much"}, "tax_rate", "a decimal number in a string"),
        (OrderLine, {**LINE, "tax_rate": 7.5}, "tax_rate", "a decimal number in a string"),
        (HandleEventRequest, {"body": "?", "headers": {}}, "body", "bytes in Base64"),
        (HandleEventRequest, {"body": 1, "headers": {}}, "body", "bytes in Base64"),
        (
            Payment,
            {"status": "CHARGED", "error": {"unified": {}}},
            "error.unified.code",
            "be given",
        ),
        (
            Payment,
            {"status": "CHARGED", "error": {"issuer": {"code": 5}}},
            "error.issuer.code",
            "a string",
        ),
        (Event, {**EVENT, "kind": "REFUND"}, "refund", "must be given with the kind REFUND"),
        (Event, {**EVENT, "kind": []}, "kind", "must be one of"),
        (PaymentEvent, EVENT, "kind", "is not that of a PaymentEvent"),
        (Event, {**EVENT, "others": [{**EVENT, "kind": "?"}]}, "others.0.kind", "must be one of"),
        (Event, nested(2000), None, "Event is nested too deep"),
    ],
)
def test_a_dict_that_is_wrong_is_refused(
    kind: type[Schema], stored: Any, field: str | None, problem: str
) -> None:
    """With the field and what it must be, and no frame on the traceback that holds the values."""
    with pytest.raises(InvalidRequest, match=problem) as refused:
        kind.from_dict(stored)
    assert refused.value.field == field
    inner = refused.tb.tb_next
    assert inner is not None
    assert inner.tb_next is None
    assert "values" not in inner.tb_frame.f_locals
