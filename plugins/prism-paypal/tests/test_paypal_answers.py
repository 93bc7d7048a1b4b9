"""What PayPal's answers mean: statuses, amounts, declines and errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from prism_core import (
    HttpResponse,
    Money,
    NotFound,
    Prism,
    UnifiedCode,
)
from prism_paypal import connector
from prism_paypal.declines import APPROVALS, CODES
from prism_paypal.errors import KINDS

from .paypal_openapi import paypal_document
from .paypal_samples import ACCOUNT, error, order, part, payment_request
from .paypal_server import PayPalServer

TEN = Money(1000, "USD")
AUTHORIZATIONS = {
    "CREATED": "AUTHORIZED",
    "PENDING": "PENDING",
    "DENIED": "AUTHORIZATION_FAILED",
    "CAPTURED": "CHARGED",
    "PARTIALLY_CAPTURED": "PARTIAL_CHARGED_AND_CHARGEABLE",
    "VOIDED": "VOIDED",
    "EXPIRED": "EXPIRED",
    "FROZEN": "UNRESOLVED",
    "created": "UNRESOLVED",
}
CAPTURES = {
    "COMPLETED": "CHARGED",
    "PARTIALLY_REFUNDED": "CHARGED",
    "REFUNDED": "CHARGED",
    "PENDING": "PENDING",
    "DECLINED": "AUTHORIZATION_FAILED",
    "FAILED": "FAILURE",
    "FROZEN": "UNRESOLVED",
}
ORDERS = {
    "CREATED": "PAYMENT_METHOD_AWAITED",
    "SAVED": "CONFIRMATION_AWAITED",
    "APPROVED": "CONFIRMATION_AWAITED",
    "PAYER_ACTION_REQUIRED": "AUTHENTICATION_PENDING",
    "VOIDED": "VOIDED",
    "COMPLETED": "UNRESOLVED",
    "FROZEN": "UNRESOLVED",
}


@pytest.mark.parametrize(("word", "status"), AUTHORIZATIONS.items())
def test_an_authorization_decides(found: Any, word: str, status: str) -> None:
    """Each status of an authorization is one of a payment; a word that PayPal never said is
    UNRESOLVED."""
    payment = found(order(authorizations=[part(word)]))
    assert payment.status == status
    assert (payment.error is not None) == (word == "DENIED")
    assert payment.capturable_amount == (TEN if word == "CREATED" else None)


@pytest.mark.parametrize(("word", "status"), CAPTURES.items())
def test_a_capture_decides_where_it_is_asked_for(found: Any, word: str, status: str) -> None:
    """Each status of a capture is one of a payment that is charged at once; refunds leave it
    charged."""
    payment = found(order(captures=[part(word)]))
    assert payment.status == status
    assert payment.captured_amount == (TEN if status == "CHARGED" else None)
    assert (payment.error is not None) == (word in ("DECLINED", "FAILED"))


@pytest.mark.parametrize(("word", "status"), ORDERS.items())
def test_an_order_without_payments_claims_nothing(found: Any, word: str, status: str) -> None:
    """An order alone is no payment, whatever its status."""
    assert found(order(word)).status == status
    assert found({"id": "5ORDER", "status": word}).status == status


def test_an_unknown_order_status_outweighs_its_payments(found: Any) -> None:
    """A payment of an order in a status that PayPal never said is UNRESOLVED."""
    assert found(order("FROZEN", authorizations=[part("CREATED")])).status == "UNRESOLVED"


def test_another_amount_than_asked_for_is_a_discrepancy(prism: Prism, server: PayPalServer) -> None:
    """More, less or other money than asked for is surfaced."""
    server.script(
        "/authorize",
        (201, order(authorizations=[part("CREATED", "10.01")], value="10.01")),
        (201, order(authorizations=[part("CREATED", currency="EUR")])),
        (201, order(captures=[part("COMPLETED")])),
    )
    for _ in range(3):
        assert prism.payments.authorize(payment_request()).discrepancies


def test_checks_ids_and_customer_are_passed_on(found: Any) -> None:
    """The outcome of the address and security code checks, the network's id of the payment and
    the customer whose card was saved are in the result; a sentence is no outcome."""
    checks = {"avs_code": "Y", "cvv_code": "All others", "response_code": "0000"}
    network = {"id": "nti_1", "network": "VISA"}
    held = part("CREATED", processor_response=checks, network_transaction_reference=network)
    vault = {"id": "v_1", "status": "VAULTED", "customer": {"id": "cust_1"}}
    source = {"card": {"attributes": {"vault": vault}}}
    payment = found(order(authorizations=[held], payment_source=source))
    assert (payment.avs_code, payment.cvc_code) == ("Y", "All others")
    assert (payment.network_transaction_id, payment.connector_customer_id) == ("nti_1", "cust_1")
    assert payment.merchant_transaction_id == "order_1001"
    nothing = part("CREATED", network_transaction_reference={"id": "000000000000000"})
    assert found(order(authorizations=[nothing])).network_transaction_id is None
    odd = part("CREATED", processor_response={"avs_code": "we got your code 123"})
    assert found(order(authorizations=[odd])).avs_code is None


@pytest.mark.parametrize(
    ("code", "unified"),
    [("5120", "INSUFFICIENT_FUNDS"), ("5400", "EXPIRED_CARD"), ("00N7", "INCORRECT_CVC"),
     ("9500", "SUSPECTED_FRAUD"), ("9520", "LOST_OR_STOLEN"), ("5650", "AUTHENTICATION_REQUIRED"),
     ("5170", "INCORRECT_ADDRESS"), ("5180", "INCORRECT_CARD_DATA"),
     ("0500", "DECLINED"), ("NEW1", "DECLINED"), (None, "DECLINED")],
)  # fmt: skip
def test_a_denial_says_why(found: Any, code: str | None, unified: str) -> None:
    """A denied payment has the unified code, the issuer's, the network's advice, and PayPal's."""
    checks = {"response_code": code, "payment_advice_code": "02"}
    failure = found(order(authorizations=[part("DENIED", processor_response=checks)])).error
    assert failure.unified.code == unified
    assert (failure.issuer.code, failure.issuer.network.advice_code) == (code, "02")
    assert failure.connector.code == (code or "DENIED")


@pytest.mark.parametrize("code", ["5120", "5180", "NEW1"])
def test_an_approval_with_a_refusal_beside_it_is_told(found: Any, code: str) -> None:
    """Money that PayPal says was taken, and that the processor says it refused, is both: the
    caller is told, and not left with a success alone."""
    for at_once in (True, False):
        made = part(
            "COMPLETED" if at_once else "CREATED", processor_response={"response_code": code}
        )
        payment = found(order(captures=[made]) if at_once else order(authorizations=[made]))
        assert payment.status == ("CHARGED" if at_once else "AUTHORIZED")
        assert payment.error.issuer.code == code
        assert [one.field for one in payment.discrepancies] == ["error"]


@pytest.mark.parametrize("code", ["0000", "1000", "7600", None])
def test_an_approval_is_no_error(found: Any, code: str | None) -> None:
    """Each code of an approval, and none, is beside money that was taken."""
    made = part("COMPLETED", processor_response={"response_code": code})
    payment = found(order(captures=[made]))
    assert (payment.error, payment.discrepancies) == (None, ())


def test_an_order_with_an_error_in_it_is_told(found: Any) -> None:
    """A success whose body is an error, too, is told with the error's code."""
    paid = order(captures=[part("COMPLETED")])
    for more, code in (
        (error("INSTRUMENT_DECLINED"), "INSTRUMENT_DECLINED"),
        ({"name": "UNPROCESSABLE_ENTITY"}, "UNPROCESSABLE_ENTITY"),
        ({"details": [{"issue": "CARD_EXPIRED"}]}, "CARD_EXPIRED"),
    ):
        payment = found({**more, **paid})
        assert payment.error.connector.code == code
        assert [one.reported for one in payment.discrepancies] == [code]
    waiting = found({"name": "X", **order(captures=[part("PENDING")])})
    assert (waiting.status, waiting.error) == ("PENDING", None)


def test_a_denial_by_a_filter_is_suspected_fraud(found: Any) -> None:
    """A payment that the merchant's own filters denied says so."""
    reason = {"reason": "DECLINED_BY_RISK_FRAUD_FILTERS"}
    failure = found(order(captures=[part("DECLINED", status_details=reason)])).error
    assert failure.unified.code is UnifiedCode.SUSPECTED_FRAUD
    assert failure.connector.code == "DECLINED_BY_RISK_FRAUD_FILTERS"


def test_every_code_is_one_of_paypals() -> None:
    """The tables hold no code that PayPal's document does not, and none of an approval."""
    document = paypal_document()
    if document is None:
        pytest.skip("PayPal's document is not beside this repository")
    schemas = document.document["components"]["schemas"]
    codes = set(schemas["orders_processor_response"]["properties"]["response_code"]["enum"])
    assert len(codes & {*CODES}) > 70
    assert not {*CODES} & APPROVALS
    assert {"0000", "1000", "7600"} == APPROVALS
    issues = {
        entry["title"]
        for name in ("orders_422", "orders_orders.authorize-422", "orders_orders.capture-422")
        for entry in schemas[name]["properties"]["details"]["items"]["anyOf"]
    }
    assert {*CODES} - {"DECLINED_BY_RISK_FRAUD_FILTERS"} <= codes | issues
    orders = {word for word in KINDS if word.startswith(("ORDER_ALREADY", "ORDER_COMPLETED"))}
    assert {*orders, "TOKEN_ID_NOT_FOUND"} <= issues
    assert len(orders) == 3


@pytest.mark.parametrize("status", [400, 401, 404, 408, 409, 500])
def test_a_decline_is_one_only_as_a_422(status: int) -> None:
    """The issue of a decline under any other status is an error: what became of the payment is
    for the status to say."""
    answer = HttpResponse(status, {}, b'{"name":"X","details":[{"issue":"INSTRUMENT_DECLINED"}]}')
    read = connector.parse_error(answer, ACCOUNT)
    assert read is not None
    assert read.kind == "OTHER"
    assert CODES["INSTRUMENT_DECLINED"] is UnifiedCode.DECLINED


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{}", b"[]", b'{"details":7}', b"null", b'{"error":"Forbidden"}',
     b'{"error":"invalid_token"}', b'{"error":"denied","error_description":"By a wall"}',
     b'{"message":"Forbidden"}', b'{"name":"ForbiddenError","message":"No"}',
     b'{"name":"FORBIDDEN"}', b'{"name":"FORBIDDEN","details":[]}'],
)  # fmt: skip
def test_a_body_that_is_not_paypals_is_left_to_its_status(body: bytes) -> None:
    """A proxy's page or its JSON says nothing; its status does."""
    assert connector.parse_error(HttpResponse(502, {}, body), ACCOUNT) is None
    assert connector.parse_error(HttpResponse(200, {}, body), ACCOUNT) is None


def test_an_order_that_paypal_does_not_know_is_not_found(
    prism: Prism, server: PayPalServer
) -> None:
    """A lookup of an unknown order is NotFound, with PayPal's words and request id."""
    server.script("5ORDER", (404, error("INVALID_RESOURCE_ID", name="RESOURCE_NOT_FOUND")))
    with pytest.raises(NotFound) as caught:
        prism.payments.get(connector_transaction_id="5ORDER")
    assert caught.value.request_id == "debug_1"
    said = caught.value.details.connector
    assert said is not None
    assert (said.code, said.reason) == ("INVALID_RESOURCE_ID", "RESOURCE_NOT_FOUND")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"name": "INTERNAL", "message": "said"}, "said"),
        ({"error": "invalid_client", "error_description": "described"}, "described"),
        (
            {
                "name": "INTERNAL",
                "message": "said",
                "details": [{"issue": "X", "description": "more"}],
            },
            "more",
        ),
    ],
)
def test_an_errors_words_are_where_paypal_has_them(said: dict[str, Any], message: str) -> None:
    """In its first detail, else beside its name; a token's error has words of another name."""
    response = HttpResponse(401, body=json.dumps({"debug_id": "debug_1", **said}).encode())
    answer = connector.parse_error(response, ACCOUNT)
    assert answer is not None
    assert answer.details.connector is not None
    assert answer.details.connector.message == message
