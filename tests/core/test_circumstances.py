"""What a request tells about the browser, 3-D Secure and the lines of the order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from prism_core import (
    AuthenticationData,
    BrowserInfo,
    InvalidRequest,
    MitCategory,
    Money,
    OrderLine,
    PaymentMethodType,
    Redirect,
    SdkToken,
)
from prism_core.schema.base import Request
from prism_core.schema.orders import CreateOrderRequest
from prism_core.schema.payments import AuthorizeRequest
from prism_core.schema.recurring import ChargeRecurringRequest

from .shapes import order


def test_a_caller_writes_types_as_texts_and_lines_as_a_list() -> None:
    """The field holds members and a tuple whatever was given."""
    request = AuthorizeRequest(
        merchant_transaction_id="order_1",
        amount=Money(1000, "EUR"),
        payment_method=Redirect("IDEAL"),
        mit_category="RECURRING_MIT",
        order_details=[OrderLine(product_name="Tea", amount=Money(1000, "EUR"))],  # type: ignore[arg-type]
    )
    assert request.payment_method == Redirect(PaymentMethodType.IDEAL)
    assert request.mit_category is MitCategory.RECURRING_MIT
    assert isinstance(request.order_details, tuple)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"order_details": "tea"}, "order_details"),
        ({"order_details": ["tea"]}, "order_details"),
        ({"connector_feature_data": {"rate": 0.5}}, "connector_feature_data"),
        ({"connector_feature_data": {1: "x"}}, "connector_feature_data"),
        ({"connector_feature_data": "x"}, "connector_feature_data"),
        ({"mit_category": "OFTEN"}, "mit_category"),
    ],
)
def test_a_wrong_circumstance_names_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        AuthorizeRequest(**order(**changes))
    assert caught.value.field == field


@pytest.mark.parametrize("lines", [(), (OrderLine(product_name="Tea", amount=Money(1000, "EUR")),)])
@pytest.mark.parametrize("kind", [AuthorizeRequest, CreateOrderRequest, ChargeRecurringRequest])
def test_lines_are_in_the_currency_of_the_amount(kind: type[Request], lines: Any) -> None:
    """Some processors charge what the lines add up to, and others show it."""
    given = {"merchant_transaction_id": "o", "amount": Money(1000, "USD"), "order_details": lines}
    method = {"payment_method": SdkToken("x")} if kind is AuthorizeRequest else {}
    known = {"connector_mandate_id": "x"} if kind is ChargeRecurringRequest else {}
    with pytest.raises(InvalidRequest) as caught:
        kind(**given, **method, **known)
    assert caught.value.field == "order_details"


@pytest.mark.parametrize(
    "changes",
    [
        {"total_tax_amount": Money(1, "USD")},
        *({"tax_rate": Decimal(one)} for one in ("NaN", "-1", "Infinity", "1E+9999")),
    ],
)
def test_the_tax_of_a_line_is_a_number_in_its_currency(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        OrderLine(product_name="Tea", amount=Money(1000, "EUR"), **changes)
    assert caught.value.field in changes


def test_an_order_line_has_at_least_one_piece() -> None:
    with pytest.raises(InvalidRequest, match="quantity must be 1 or more"):
        OrderLine(product_name="Tea", amount=Money(1000, "EUR"), quantity=0)


def test_secrets_of_the_browser_and_of_authentication_are_masked() -> None:
    browser = BrowserInfo(device_data="blob-of-the-risk-library", ip_address="192.0.2.7")
    done = AuthenticationData(cavv="AAABBEg0VhI0VniQEjRWAAAAAAA=", eci="05")
    shown = f"{browser!r}{done!r}"
    assert "blob" not in shown
    assert "AAAB" not in shown
    assert "192.0.2.7" not in shown
    for value in (browser, done):
        with pytest.raises(InvalidRequest, match="is secret"):
            value.to_dict()
