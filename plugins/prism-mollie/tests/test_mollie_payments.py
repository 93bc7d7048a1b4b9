"""What the exchanges cannot show: refusals before anything is sent, and answers in doubt."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Address,
    ConfigurationError,
    Conflict,
    InvalidRequest,
    Money,
    OrderLine,
    Prism,
    Redirect,
    SdkToken,
)

TEN = Money(1000, "EUR")
BACK = "https://shop.example/return"


def order(**more: Any) -> dict[str, Any]:
    return {"merchant_transaction_id": "order_1001", "amount": TEN, "return_url": BACK, **more}


def test_klarna_is_told_to_need_lines_and_an_address(prism: Prism, mollie: Any) -> None:
    line = OrderLine(product_name="Tea", quantity=1, amount=TEN)
    for field, given in (
        ("order_details", {"billing_address": Address(country_alpha2_code="NL")}),
        ("billing_address", {"order_details": [line]}),
    ):
        with pytest.raises(InvalidRequest) as refused:
            prism.payments.authorize(**order(payment_method=Redirect("KLARNA"), **given))
        assert refused.value.field == field
    assert not mollie.requests


def test_alma_is_told_to_need_an_address(prism: Prism, mollie: Any) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(**order(payment_method=Redirect("ALMA")))
    assert refused.value.field == "billing_address"
    assert not mollie.requests


CENT = Money(1, "EUR")


@pytest.mark.parametrize(
    "line",
    [
        {"quantity": 3, "amount": Money(333, "EUR"), "total_tax_amount": CENT},
        {"amount": TEN, "product_id": "p" * 65},
    ],
)
def test_a_line_that_mollie_has_no_form_for_is_refused(
    prism: Prism, mollie: Any, line: dict[str, Any]
) -> None:
    """Mollie has the price of one piece with its tax, and 3 pieces with 1 cent of tax have none;
    a product's id has up to 64 characters there."""
    tea = OrderLine(product_name="Tea", **line)
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.create_order(**order(order_details=[tea]))
    assert refused.value.field == "order_details"
    assert not mollie.requests


def test_the_lines_add_up_to_the_amount(prism: Prism, mollie: Any, payment: Any) -> None:
    tea = OrderLine(
        product_name="Tea", quantity=2, amount=Money(400, "EUR"), total_tax_amount=Money(200, "EUR")
    )
    mollie.says(payment(), 201)
    prism.payments.create_order(**order(order_details=[tea]))
    (line,) = mollie.sent()["lines"]
    assert (line["unitPrice"]["value"], line["totalAmount"]["value"]) == ("5.00", "10.00")


@pytest.mark.parametrize("kind", ["SEPA", "ACH"])
def test_an_order_offers_no_kind_that_the_page_has_not(
    prism: Prism, mollie: Any, kind: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.create_order(**order(payment_method_types=[kind]))
    assert refused.value.field == "payment_method_types"
    assert not mollie.requests


def test_a_redirect_is_not_kept_for_payments_with_the_customer(prism: Prism, mollie: Any) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(
            **order(
                payment_method=Redirect("IDEAL"),
                connector_customer_id="cst_42",
                setup_future_usage="ON_SESSION",
            )
        )
    assert refused.value.field == "setup_future_usage"
    assert not mollie.requests


def test_a_key_of_another_request_leaves_the_outcome_unknown(prism: Prism, mollie: Any) -> None:
    """https://docs.mollie.com/reference/api-idempotency: the answer is a 400."""
    mollie.says({"status": 400, "title": "Bad Request", "detail": "another request"}, 400)
    with pytest.raises(Conflict) as refused:
        prism.payments.authorize(**order(payment_method=SdkToken("tkn_1"), idempotency_key="key_1"))
    assert refused.value.outcome == "unknown"


def test_a_held_payment_without_its_captures_is_in_doubt(
    prism: Prism, mollie: Any, payment: Any
) -> None:
    """Paid after a capture of a part, or of all? `amountCaptured` alone tells."""
    mollie.says(payment(status="paid", method="creditcard", captureMode="manual"))
    found = prism.payments.get(connector_transaction_id="tr_1001")
    assert found.status == "UNRESOLVED"


@pytest.mark.parametrize("metadata", ["a text", ["a", "list"], 7, {"order_id": 12345}, None])
def test_metadata_of_others_is_no_obstacle(
    prism: Prism, mollie: Any, payment: Any, metadata: object
) -> None:
    mollie.says(payment(status="paid", method="ideal", metadata=metadata))
    found = prism.payments.get(connector_transaction_id="tr_1001")
    assert (found.status, found.merchant_transaction_id) == ("CHARGED", None)


@pytest.mark.parametrize(
    ("environment", "key"), [("SANDBOX", "live_example"), ("PRODUCTION", "test_example")]
)
def test_a_key_of_the_other_environment_is_refused(environment: Any, key: str) -> None:
    """There is one address for both: https://docs.mollie.com/reference/authentication"""
    with pytest.raises(ConfigurationError) as refused:
        Prism("mollie", environment=environment, api_key=key)
    assert key not in str(refused.value)


def test_a_key_is_relied_on_for_an_hour_and_with_post_alone(prism: Prism) -> None:
    """https://docs.mollie.com/reference/api-idempotency"""
    hours = [prism.key_hours(one) for one in ("charge_recurring", "refund", "revoke_mandate")]
    assert hours == [1, 1, 0]


def test_a_second_refund_of_the_same_amount_is_not_tried_again(prism: Prism, mollie: Any) -> None:
    """https://docs.mollie.com/reference/create-refund: Mollie refuses it for an hour, because it is
    probably a mistake; to repeat it would refund twice."""
    said = {"status": 409, "title": "Conflict", "detail": "A duplicate refund has been detected"}
    mollie.says(said, 409)
    with pytest.raises(Conflict) as refused:
        prism.payments.refund(
            connector_transaction_id="tr_1001", merchant_refund_id="refund_2", amount=TEN
        )
    assert (refused.value.outcome, refused.value.retryable) == ("rejected", False)
    assert len(mollie.requests) == 1


@pytest.mark.parametrize(
    ("said", "status"), [("authorized", "VOID_INITIATED"), ("paid", "PARTIAL_CHARGED")]
)
def test_the_rest_of_a_captured_payment_can_be_released(
    prism: Prism, mollie: Any, payment: Any, said: str, status: str
) -> None:
    """https://docs.mollie.com/reference/release-authorization: "If there is a successful capture,
    the payment will transition to paid"; until then, it is being released."""
    part = {"currency": "EUR", "value": "4.00"}
    held = {"method": "creditcard", "captureMode": "manual", "amountCaptured": part}
    mollie.says(None, 202)
    mollie.says(payment(status=said, **held))
    released = prism.payments.void(connector_transaction_id="tr_1001")
    assert (released.status, released.captured_amount) == (status, Money(400, "EUR"))
    assert released.discrepancies == ()
