"""What PayPal's answers mean: statuses, amounts, declines and errors."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    HttpResponse,
    MalformedResponse,
    Money,
    NotFound,
    Payment,
    PaymentStatus,
    Prism,
    UnifiedCode,
)
from prism_paypal import connector, declines, errors
from prism_paypal.declines import of_issue, of_processor

from .paypal_openapi import paypal_document
from .paypal_samples import ACCOUNT, error, order, part, payment_request, refunded
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


@pytest.fixture
def found(prism: Prism, server: PayPalServer) -> Any:
    """Looks up an order that our own PayPal answers with."""

    def look(answer: Any) -> Payment:
        server.script("5ORDER", (200, answer))
        return prism.payments.get(connector_transaction_id="5ORDER")

    return look


@pytest.mark.parametrize(("word", "status"), AUTHORIZATIONS.items())
def test_an_authorization_decides(found: Any, word: str, status: str) -> None:
    """Each status of an authorization is one of a payment; a word that PayPal never said is
    UNRESOLVED."""
    payment = found(order(authorizations=[part(word)]))
    assert (payment.status, payment.status.is_final) == (status, PaymentStatus(status).is_final)
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


@pytest.mark.parametrize(
    ("authorization", "captures", "status", "captured"),
    [
        (part("CREATED", "4.00"), [], "PARTIALLY_AUTHORIZED", None),
        (part("PARTIALLY_CAPTURED"), [part("COMPLETED", "4.00", final_capture=False)],
         "PARTIAL_CHARGED_AND_CHARGEABLE", 400),
        (part("PARTIALLY_CAPTURED"), [part("COMPLETED", "4.00", final_capture=True)],
         "PARTIAL_CHARGED", 400),
        (part("CAPTURED"), [part("COMPLETED", "4.00"), part("REFUNDED", "6.00")], "CHARGED", 1000),
        (part("CAPTURED"), [part("COMPLETED", "4.00"), part("DECLINED", "6.00")],
         "PARTIAL_CHARGED", 400),
        (part("CAPTURED"), [part("PENDING")], "CAPTURE_INITIATED", None),
        (part("CREATED"), [part("DECLINED")], "AUTHORIZED", None),
        (part("CAPTURED"), [part("PENDING", "4.00"), part("COMPLETED", "6.00")],
         "CAPTURE_INITIATED", 600),
        (part("PARTIALLY_CAPTURED"), [part("PENDING", "4.00"), part("COMPLETED", "2.00")],
         "CAPTURE_INITIATED", 200),
        (part("CAPTURED"), [part("COMPLETED", "8.00"), part("COMPLETED", "4.00")], "CHARGED", 1200),
    ],
)  # fmt: skip
def test_captures_add_up(
    found: Any, authorization: Any, captures: list[Any], status: str, captured: int | None
) -> None:
    """What was captured of an authorization is the sum of what was taken, to the cent."""
    payment = found(order(authorizations=[authorization], captures=captures))
    assert payment.status == status
    assert payment.captured_amount == (None if captured is None else Money(captured, "USD"))


@pytest.mark.parametrize(
    ("captures", "status", "captured"),
    [
        ([part("PENDING", "4.00"), part("COMPLETED", "6.00")], "CAPTURE_INITIATED", 600),
        ([part("COMPLETED", "6.00"), part("PENDING", "4.00")], "CAPTURE_INITIATED", 600),
        ([part("DECLINED"), part("COMPLETED")], "CHARGED", 1000),
        ([part("COMPLETED"), part("DECLINED")], "CHARGED", 1000),
        ([part("DECLINED"), part("PENDING")], "PENDING", None),
        ([part("PENDING"), part("FAILED")], "PENDING", None),
        ([part("DECLINED"), part("FAILED")], "FAILURE", None),
        ([part("COMPLETED"), part("FROZEN")], "UNRESOLVED", 1000),
    ],
)
def test_every_capture_of_a_charge_counts(
    found: Any, captures: list[Any], status: str, captured: int | None
) -> None:
    """What one capture took is not undone by another that waits or failed, before or after it."""
    payment = found(order(captures=captures))
    assert payment.status == status
    assert payment.captured_amount == (None if captured is None else Money(captured, "USD"))


def test_more_may_be_captured_than_was_held(found: Any) -> None:
    """PayPal allows it to some merchants: nothing is left to capture then, and not less."""
    held = part("PARTIALLY_CAPTURED")
    payment = found(order(authorizations=[held], captures=[part("COMPLETED", "11.50")]))
    assert payment.captured_amount == Money(1150, "USD")
    assert payment.capturable_amount == Money(0, "USD")


def test_refunds_without_captures_claim_nothing(found: Any) -> None:
    """Refunds are of captures: an order that lists none of these tells half, and what was refunded
    is all that is told."""
    for held in (None, [part("CREATED")], [part("CAPTURED")]):
        payment = found(order(authorizations=held, refunds=[refunded("4.00")]))
        assert (payment.status, payment.refunded_amount) == ("UNRESOLVED", Money(400, "USD"))
        assert (payment.captured_amount, payment.capturable_amount) == (None, None)


def test_an_authorization_that_holds_outweighs_one_that_failed(found: Any) -> None:
    """Whatever their order, money that is held is not called failed."""
    for authorizations in (
        [part("CREATED"), part("DENIED")],
        [part("DENIED"), part("CREATED")],
        [part("VOIDED"), part("CREATED")],
    ):
        payment = found(order(authorizations=authorizations))
        assert (payment.status, payment.authorized_amount) == ("AUTHORIZED", TEN)


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [("10", "USD", 1000), ("10.0", "USD", 1000), (".50", "USD", 50), ("1000.00", "JPY", 1000),
     ("1200", "HUF", 120000), ("1200", "JPY", 1200), ("0.01", "USD", 1), ("1.234", "KWD", 1234),
     ("90071992547409.93", "USD", 2**53 + 1)],
)  # fmt: skip
def test_amounts_are_exact(found: Any, value: str, currency: str, minor: int) -> None:
    """Amounts are integers of ISO 4217's minor units, exactly what PayPal's decimals say."""
    held = part("CREATED", value, currency)
    payment = found(order(authorizations=[held], value=value, currency=currency))
    assert payment.amount == payment.authorized_amount == Money(minor, currency)


@pytest.mark.parametrize(
    "value",
    ["ten", "1e400", "1e1", "-1.00", "+1.00", "1.001", "", ".", "10.", "NaN", "1_0.00", " 10.00",
     "10.00\n", "\u0661\u0660.00", "1,000.00", "0x10", "1" * 33, 10, None],
)  # fmt: skip
def test_an_amount_that_is_none_is_malformed(found: Any, value: Any) -> None:
    """An amount that no money can be is a MalformedResponse, never a guess."""
    with pytest.raises(MalformedResponse):
        found(order(authorizations=[part("CREATED", value)]))


def test_a_yen_has_no_parts(found: Any) -> None:
    """Decimals that a currency does not have are refused, never rounded."""
    with pytest.raises(MalformedResponse):
        found(order(captures=[part("COMPLETED", "1000.50", "JPY")]))


def test_captures_in_two_currencies_are_malformed(found: Any) -> None:
    """What cannot be added up is not."""
    with pytest.raises(MalformedResponse):
        found(order(captures=[part("COMPLETED"), part("COMPLETED", "1.00", "EUR")]))


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
    told = {code for code in codes if of_processor(code, None) is not UnifiedCode.DECLINED}
    assert len(told) > 70
    assert not told & {"0000", "1000", "7600"}
    issues = {
        entry["title"]
        for name in ("orders_422", "orders_orders.authorize-422", "orders_orders.capture-422")
        for entry in schemas[name]["properties"]["details"]["items"]["anyOf"]
    }
    known = {*declines._BY_ISSUE, *errors._DONE_BEFORE, "TOKEN_ID_NOT_FOUND"}
    assert known <= issues
    assert set(declines._BY_RESPONSE_CODE) <= codes


@pytest.mark.parametrize("status", [400, 401, 404, 408, 409, 500])
def test_a_decline_is_one_only_as_a_422(status: int) -> None:
    """The issue of a decline under any other status is an error: what became of the payment is
    for the status to say."""
    answer = HttpResponse(status, {}, b'{"name":"X","details":[{"issue":"INSTRUMENT_DECLINED"}]}')
    read = connector.parse_error(answer, ACCOUNT)
    assert read is not None
    assert read.kind == "OTHER"
    assert of_issue("INSTRUMENT_DECLINED") is UnifiedCode.DECLINED


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
