"""What the exchanges cannot show: tables, amounts, refusals before anything is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from prism_core import (
    Address,
    ConfigurationError,
    Conflict,
    ConnectorError,
    InvalidRequest,
    MalformedResponse,
    Money,
    NotFound,
    OrderLine,
    Redirect,
    SdkToken,
    UnsupportedOperation,
)

FORM = {
    "token": "tok_example",
    "payment_method_id": "visa",
    "installments": 1,
    "payer": {"email": "ada@example.com"},
}


def order(**more: Any) -> dict[str, Any]:
    token = SdkToken(json.dumps(FORM))
    usual = {"merchant_transaction_id": "order_1001", "amount": Money(1000, "BRL")}
    return {**usual, "payment_method": token, **more}


# https://www.mercadopago.com/developers/en/docs/checkout-api-payments/response-handling/query-results
STATUSES = {
    "CHARGED": "approved/accredited approved/partially_refunded in_mediation/pending "
    "charged_back/in_process charged_back/reimbursed refunded/by_admin",
    "AUTHORIZED": "authorized/pending_capture",
    "PENDING": "in_process/offline_process in_process/pending_contingency pending/something_new "
    "in_process/pending_review_manual in_process/deferred_retry",
    "AUTHENTICATION_PENDING": "pending/pending_waiting_transfer pending/pending_waiting_payment "
    "pending/pending_challenge",
    "AUTHORIZATION_FAILED": "rejected/cc_rejected_something_new rejected/bank_error",
    "EXPIRED": "cancelled/expired canceled/expired",
    "VOIDED": "cancelled/by_payer cancelled/by_collector",
    "UNRESOLVED": "something_new/accredited",
}
# https://www.mercadopago.com/developers/en/docs/checkout-api-payments/response-handling/collection-results
DECLINES = {
    "cc_rejected_insufficient_amount": "INSUFFICIENT_FUNDS",
    "cc_rejected_bad_filled_security_code": "INCORRECT_CVC",
    "cc_rejected_high_risk": "SUSPECTED_FRAUD",
    "cc_rejected_duplicated_payment": "DUPLICATE",
    "cc_rejected_3ds_mandatory": "AUTHENTICATION_REQUIRED",
    "cc_rejected_something_new": "DECLINED",
}


def test_statuses(opened: Any, mercadopago: Any, payment: Any) -> None:
    for becomes, rows in STATUSES.items():
        for status, _, detail in (row.partition("/") for row in rows.split()):
            mercadopago.says(payment(status=status, status_detail=detail))
            found = opened().payments.get(connector_transaction_id="999999999")
            assert (found.status, status, detail) == (becomes, status, detail)
            assert (found.error is not None) == (status == "rejected")


def test_declines(opened: Any, mercadopago: Any, payment: Any) -> None:
    for detail, unified in DECLINES.items():
        mercadopago.says(payment(status="rejected", status_detail=detail), 201)
        why = opened().payments.authorize(**order()).error
        assert (why.unified.code, why.connector.code) == (unified, detail)


@pytest.mark.parametrize(
    ("amount", "written"),
    # https://github.com/mercadopago/openapi#amounts; Mercado Pago has no currency of 3 decimals.
    [
        (Money(1050, "BRL"), "10.50"),
        (Money(1000, "COP"), "10.00"),
        (Money(1, "MXN"), "0.01"),
        (Money(10000, "CLP"), "10000"),
    ],
)
def test_amounts_are_decimal_numbers(
    opened: Any, mercadopago: Any, payment: Any, amount: Money, written: str
) -> None:
    said = payment(currency_id=amount.currency, transaction_amount=float(written))
    mercadopago.says(said, 201)
    paid = opened(amount.currency).payments.authorize(**order(amount=amount))
    sent = mercadopago.requests[-1].content.decode()
    assert f'"transaction_amount":{written},' in sent
    assert (paid.amount, paid.discrepancies) == (amount, ())


@pytest.mark.parametrize("currency", ["USD", "KWD", "JPY", "ARS"])
def test_another_currency_is_never_taken_for_the_accounts(
    opened: Any, mercadopago: Any, currency: str
) -> None:
    """A request has no field for a currency: 10 dollars would be 10 reais."""
    shop, amount = opened("BRL"), Money(1000, currency)
    with pytest.raises(InvalidRequest):
        shop.payments.authorize(**order(amount=amount))
    with pytest.raises(InvalidRequest):
        shop.payments.capture(connector_transaction_id="1", amount=amount)
    with pytest.raises(InvalidRequest):
        shop.payments.refund(
            connector_transaction_id="1", merchant_refund_id="refund_1", amount=amount
        )
    assert not mercadopago.requests


@pytest.mark.parametrize("currency", ["USD", "brl", ""])
def test_an_account_of_another_currency_is_none(opened: Any, currency: str) -> None:
    with pytest.raises(ConfigurationError):
        opened(currency)


def test_a_test_token_is_refused_in_production(opened: Any) -> None:
    """Nothing would be paid. A token that begins with APP_USR- may be for either."""
    with pytest.raises(ConfigurationError, match="access_token"):
        opened(environment="PRODUCTION")
    for environment in ("SANDBOX", "PRODUCTION"):
        opened(environment=environment, access_token="APP_USR-1")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"payment_method": SdkToken("tok_example")}, "payment_method"),
        ({"payment_method": Redirect("PIX")}, "billing_address"),
        ({"billing_address": Address(country_alpha2_code="AR")}, "billing_address"),
    ],
)
def test_what_is_refused(opened: Any, mercadopago: Any, given: Any, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        opened().payments.authorize(**order(**given))
    assert refused.value.field == field
    assert not mercadopago.requests


def test_lines_that_do_not_add_up_are_refused(opened: Any, mercadopago: Any) -> None:
    """On its page, Mercado Pago asks for what the lines cost, whatever the amount is."""
    tea = OrderLine(product_name="Tea", quantity=2, amount=Money(400, "BRL"))
    with pytest.raises(InvalidRequest) as refused:
        opened().payments.create_order(
            merchant_transaction_id="order_1001",
            amount=Money(1000, "BRL"),
            return_url="https://shop.example/return",
            order_details=[tea],
        )
    assert refused.value.field == "order_details"
    assert not mercadopago.requests


def test_of_several_tries_the_paid_one_is_found(
    opened: Any, mercadopago: Any, payment: Any
) -> None:
    """The newest is told first, and a customer may try again with what is paid already."""
    failed, paid = payment(id=2, status="rejected"), payment(id=1)
    for tries in ([failed, paid], [paid, failed]):
        mercadopago.says({"results": tries, "paging": {"total": 2, "limit": 30, "offset": 0}})
        found = opened().payments.get(merchant_transaction_id="order_1001")
        assert (found.connector_transaction_id, found.status) == ("1", "CHARGED")


@pytest.mark.parametrize("more", [{"connector_order_id": "123-abc"}, {}])
def test_a_paid_try_on_the_next_page_is_not_overlooked(
    opened: Any, mercadopago: Any, payment: Any, more: dict[str, str]
) -> None:
    """https://www.mercadopago.com/developers/en/reference/payments/_payments_search/get has 30
    payments a page: whether one of the others is paid, nobody knows."""
    if more:
        order = {"id": "123-abc", "init_point": "https://mp.example/123-abc", "items": []}
        mercadopago.says({**order, "external_reference": "order_1001"})
    failed = [payment(id=one, status="rejected") for one in range(30)]
    mercadopago.says({"results": failed, "paging": {"total": 31, "limit": 30, "offset": 0}})
    with pytest.raises(MalformedResponse, match="not whole"):
        opened().payments.get(**(more or {"merchant_transaction_id": "order_1001"}))


def test_a_customer_with_the_same_email_is_returned(opened: Any, mercadopago: Any) -> None:
    exists = {"message": "the customer already exist", "error": "bad_request", "status": 400}
    who = {"merchant_customer_id": "user_42", "email": "ada@example.com"}
    for cause in ({"code": 101}, [{"code": "101", "description": "the customer already exist"}]):
        mercadopago.says({**exists, "cause": cause}, 400)
        mercadopago.says({"results": [{"id": "1-abc", "email": "ADA@example.com"}]})
        found = opened().customers.create(**who, on_conflict="return")
        assert (found.connector_customer_id, found.existed) == ("1-abc", True)
    mercadopago.says({**exists, "cause": [{"code": 101}]}, 400)
    mercadopago.says({"results": []})
    with pytest.raises(Conflict) as refused:
        opened().customers.create(**who, on_conflict="return")
    assert refused.value.outcome == "rejected"


def test_a_cause_that_is_a_list_is_no_obstacle(opened: Any, mercadopago: Any) -> None:
    """https://github.com/mercadopago/sdk-dotnet/issues/140"""
    said = {"message": "customer not found", "error": "not_found", "status": 404, "cause": [[]]}
    mercadopago.says(said, 404)
    with pytest.raises(NotFound):
        opened().customers.get(connector_customer_id="1-abc")


@pytest.mark.parametrize("metadata", [{"merchant_customer_id": 7}, [], None])
def test_what_others_wrote_into_the_metadata_is_no_id(
    opened: Any, mercadopago: Any, metadata: Any
) -> None:
    """The dashboard and other programs may write there what they like."""
    mercadopago.says({"id": "1-abc", "metadata": metadata})
    found = opened().customers.get(connector_customer_id="1-abc")
    assert found.merchant_customer_id is None


def test_subscriptions_are_told_where_to_make_them(opened: Any) -> None:
    with pytest.raises(UnsupportedOperation, match="/preapproval"):
        opened().recurring.get(connector_mandate_id="1")


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (400, 2001, "unknown"),
        (400, 801, "unknown"),
        (400, 2004, "unknown"),
        (423, 0, "unknown"),
        (401, 2001, "rejected"),
        (400, 2006, "rejected"),
    ],
)
def test_a_refusal_of_the_same_request_does_not_say_that_nothing_was_paid(
    opened: Any, mercadopago: Any, status: int, code: int, outcome: str
) -> None:
    """https://www.mercadopago.com/developers/en/reference/payments/_payments/post: the request of
    the last minute may have paid."""
    said = {"message": "no", "error": "bad_request", "cause": [{"code": code}]}
    mercadopago.says(said, status)
    with pytest.raises(ConnectorError) as refused:
        opened().payments.refund(
            merchant_refund_id="refund_1", connector_transaction_id="999", amount=Money(1000, "BRL")
        )
    assert refused.value.outcome == outcome


def test_a_customer_is_created_without_a_key(opened: Any, mercadopago: Any) -> None:
    """None is documented: after a lost answer it is not sent again."""
    mercadopago.says({"message": "internal", "error": "internal", "cause": []}, 500)
    with pytest.raises(ConnectorError) as lost:
        opened().customers.create(
            merchant_customer_id="user_42", email="ada@example.com", max_retries=2
        )
    assert (lost.value.outcome, len(mercadopago.requests)) == ("unknown", 1)
    assert "x-idempotency-key" not in mercadopago.requests[0].headers


def test_a_capture_of_more_than_was_asked_is_told(
    opened: Any, mercadopago: Any, payment: Any
) -> None:
    """There is one capture, so that no earlier one explains a greater amount."""
    mercadopago.says(payment(transaction_amount=10, captured=True))
    part = Money(750, "BRL")
    taken = opened().payments.capture(connector_transaction_id="999999999", amount=part)
    assert [(one.field, one.reported) for one in taken.discrepancies] == [
        ("captured_amount", "10.00 BRL")
    ]


def test_the_page_needs_the_public_key(opened: Any, mercadopago: Any) -> None:
    with pytest.raises(ConfigurationError, match="public_key"):
        opened().payment_methods.create_client_token()
    assert mercadopago.requests == []
