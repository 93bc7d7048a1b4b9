"""What is sent to PayPal, and what is refused before anything is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from prism_core import (
    ChargeRecurringRequest,
    ConfigurationError,
    InvalidRequest,
    Money,
    Prism,
    Token,
)
from prism_paypal import PayPalAccount, connector

from .paypal_openapi import DOCUMENT, paypal_document
from .paypal_samples import (
    ACCOUNT,
    CREDENTIALS,
    NUMBER,
    PAYPAL_ADDRESS,
    address,
    body,
    card,
    customer_request,
    payment_request,
    requests_of,
)
from .paypal_server import PayPalServer

CREATED = {"id": "5ORDER", "status": "CREATED"}
KEPT = {"id": "vault_1", "payment_source": {"card": {"last_digits": "4242"}}}
TOKEN = Token("vault_1")
UNSEEN = card(cvc=None)
GRACES = card(holder_name="Grace")


def paying(**changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The purchase unit and the card of a payment."""
    flow = connector.authorize(payment_request(**changes), ACCOUNT)
    is_stored = isinstance(changes.get("payment_method"), Token)
    order, *_, last = requests_of(flow, CREATED, *([KEPT] if is_stored else []))
    return body(order)["purchase_units"][0], body(last)["payment_source"]["card"]


def test_the_document_is_there_or_missed_visibly() -> None:
    """Every request of these tests is held against PayPal's own document, where there is one."""
    if paypal_document() is None:
        pytest.skip(f"{DOCUMENT.name} is not beside this repository")


def test_holding_and_charging_are_orders_of_two_kinds(prism: Prism, server: PayPalServer) -> None:
    """A payment to hold is an order to authorize, and one to charge an order to capture; the key
    of the first call is the caller's, that of the second made of it, and the whole order is asked
    for."""
    for method, intent, action in (
        ("MANUAL", "AUTHORIZE", "authorize"),
        ("AUTOMATIC", "CAPTURE", "capture"),
    ):
        flow = connector.authorize(payment_request(capture_method=method), ACCOUNT)
        order, second = requests_of(flow, CREATED)
        assert (order.method, order.path) == ("POST", "/v2/checkout/orders")
        assert body(order)["intent"] == intent
        assert second.path == f"/v2/checkout/orders/5ORDER/{action}"
        assert second.headers["prefer"] == "return=representation"
        assert (order.changes, second.changes) == (False, True)
        assert "payment_source" not in body(order)
    prism.payments.authorize(payment_request())
    prism.payments.authorize(payment_request())
    order_key, key, *again = [one.headers["paypal-request-id"] for one in server.seen]
    assert (order_key, again) == ("key_1", [order_key, key])
    assert key != "key_1"
    assert {one.headers["authorization"] for one in server.seen} == {"Bearer A21AA1"}


def test_a_whole_payment() -> None:
    unit, source = paying(
        payment_method=card(holder_name="Ada Lovelace"),
        connector_customer_id="cust_1",
        auth_type="THREE_DS",
        return_url="https://shop.example/return",
        setup_future_usage="ON_SESSION",
        statement_descriptor_suffix="Order 1001",
        description="Two books",
        billing_address=address(first_name="Ada", last_name="Lovelace"),
        shipping_address=address(first_name="Ada"),
    )
    assert unit == {
        "custom_id": "order_1001",
        "amount": {"currency_code": "USD", "value": "10.00"},
        "description": "Two books",
        "soft_descriptor": "Order 1001",
        "shipping": {"name": {"full_name": "Ada"}, "address": PAYPAL_ADDRESS},
    }
    back = "https://shop.example/return"
    assert source == {
        "number": NUMBER,
        "expiry": "2090-02",
        "security_code": "123",
        "name": "Ada Lovelace",
        "billing_address": PAYPAL_ADDRESS,
        "stored_credential": {
            "payment_initiator": "CUSTOMER",
            "payment_type": "ONE_TIME",
            "usage": "FIRST",
        },
        "attributes": {
            "customer": {"id": "cust_1"},
            "vault": {"store_in_vault": "ON_SUCCESS"},
            "verification": {"method": "SCA_ALWAYS"},
        },
        "experience_context": {"return_url": back, "cancel_url": back},
    }


@pytest.mark.parametrize(
    ("changes", "stored"),
    [
        ({}, None),
        ({"off_session": False}, ("CUSTOMER", "ONE_TIME", "DERIVED")),
        ({"setup_future_usage": "OFF_SESSION"}, ("CUSTOMER", "UNSCHEDULED", "FIRST")),
        ({"off_session": True, "payment_method": TOKEN}, ("MERCHANT", "UNSCHEDULED", "SUBSEQUENT")),
        ({"off_session": True, "payment_method": UNSEEN},
         ("MERCHANT", "UNSCHEDULED", "SUBSEQUENT")),
    ],
)  # fmt: skip
def test_who_pays_and_how_often_is_told(changes: dict[str, Any], stored: Any) -> None:
    """Whether the customer is there, and whether the card is used again, is what issuers see."""
    _, source = paying(**changes)
    told = source.get("stored_credential")
    assert (None if told is None else tuple(told.values())) == stored


def test_a_saved_card_is_named() -> None:
    """A Token is the id of a card that PayPal saved."""
    _, source = paying(payment_method=TOKEN, connector_customer_id="cust_1")
    assert source == {"vault_id": "vault_1", "attributes": {"customer": {"id": "cust_1"}}}


@pytest.mark.parametrize(
    ("minor", "currency", "value"),
    [(1, "USD", "0.01"), (1000, "JPY", "1000"), (120000, "HUF", "1200"), (100, "TWD", "1"),
     (1234, "KWD", "1.234"), (12345, "CLF", "1.2345"), (2**53 + 1, "EUR", "90071992547409.93")],
)  # fmt: skip
def test_amounts_are_decimal_strings(minor: int, currency: str, value: str) -> None:
    """Amounts are written with each currency's decimals; HUF and TWD have none at PayPal."""
    unit, _ = paying(amount=Money(minor, currency))
    assert unit["amount"] == {"currency_code": currency, "value": value}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": Money(150, "HUF")}, "amount"),
        ({"amount": Money(99, "TWD")}, "amount"),
        ({"amount": Money(10**17, "USD")}, "amount"),
        ({"merchant_transaction_id": "x" * 128}, "merchant_transaction_id"),
        ({"description": "x" * 128}, "description"),
        ({"statement_descriptor_suffix": "x" * 23}, "statement_descriptor_suffix"),
        ({"idempotency_key": "x" * 109}, "idempotency_key"),
        ({"connector_customer_id": "x" * 23}, "connector_customer_id"),
        ({"connector_customer_id": "cust 1"}, "connector_customer_id"),
        ({"payment_method": Token("vault/1")}, "payment_method"),
        ({"payment_method": card(number="400000000000")}, "payment_method"),
        ({"payment_method": card(holder_name="Ada\nLovelace")}, "payment_method"),
        ({"off_session": True}, "payment_method"),
        ({"off_session": True, "payment_method": UNSEEN, "setup_future_usage": "OFF_SESSION"},
         "setup_future_usage"),
        ({"payment_method": TOKEN, "setup_future_usage": "ON_SESSION"}, "setup_future_usage"),
        ({"payment_method": TOKEN, "billing_address": address()}, "billing_address"),
        ({"payment_method": GRACES, "billing_address": address(first_name="Ada")},
         "billing_address"),
        ({"billing_address": address(line3="Rear")}, "billing_address"),
        ({"billing_address": address(email="ada@example.com")}, "billing_address"),
        ({"billing_address": address(country_alpha2_code=None)}, "billing_address"),
        ({"billing_address": address(city="x" * 121)}, "billing_address"),
        ({"shipping_address": address(city="x" * 121)}, "shipping_address"),
        ({"shipping_address": address(country_alpha2_code=None)}, "shipping_address"),
        ({"shipping_address": address(country_alpha2_code=None, line1=None, line2=None, city=None,
                                      state=None, zip_code=None)}, "shipping_address"),
        ({"request_incremental_authorization": True}, "request_incremental_authorization"),
    ],
)  # fmt: skip
def test_what_paypal_cannot_take_is_refused_before_a_token_is_asked_for(
    prism: Prism, server: PayPalServer, changes: dict[str, Any], field: str
) -> None:
    """Nothing is cut off, dropped or sent to be refused: the caller is told which field."""
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.authorize(payment_request(**changes))
    assert (caught.value.field, server.seen, server.granted) == (field, [], 0)


def test_a_part_of_a_shipping_address_without_a_place_is_told(
    prism: Prism, server: PayPalServer
) -> None:
    """It stops no payment, and the result says that it went nowhere."""
    to = address(line3="Rear", phone_number="+12025550123")
    payment = prism.payments.authorize(payment_request(shipping_address=to))
    assert payment.not_sent == ("shipping_address.line3", "shipping_address.phone_number")
    assert b"Rear" not in server.seen[0].body


@pytest.mark.parametrize("wanted", ["x" * 65, "user 42", "user/42", "üser"])
def test_a_customer_id_that_paypal_cannot_take_is_refused(
    prism: Prism, server: PayPalServer, wanted: str
) -> None:
    """PayPal takes ids of up to 64 characters of a few kinds."""
    with pytest.raises(InvalidRequest) as caught:
        prism.customers.create(customer_request(merchant_customer_id=wanted))
    assert (caught.value.field, server.seen) == ("merchant_customer_id", [])


def test_a_customer_is_a_setup_token_with_no_card_yet(prism: Prism, server: PayPalServer) -> None:
    """Creating a customer keeps their name and address with a card that is still to come."""
    prism.customers.create(customer_request(address=address()))
    prism.customers.create(customer_request(name=None))
    whole, bare = server.seen
    assert whole.path == "/v3/vault/setup-tokens"
    assert whole.headers["paypal-request-id"] == "key_1"
    assert json.loads(whole.body) == {
        "payment_source": {"card": {"name": "Ada Lovelace", "billing_address": PAYPAL_ADDRESS}},
        "customer": {"merchant_customer_id": "user_42"},
    }
    assert json.loads(bare.body)["payment_source"] == {"card": {}}


def test_production_and_sandbox_are_two_hosts() -> None:
    """The environment decides where requests go; credentials are told apart by name."""
    live = PayPalAccount(client_id="a", client_secret="b", environment="PRODUCTION")
    assert live.base_url == "https://api-m.paypal.com"
    assert ACCOUNT.base_url == "https://api-m.sandbox.paypal.com"
    assert "secret_1" not in repr(ACCOUNT)
    with pytest.raises(ConfigurationError, match="client_id, client_secret"):
        Prism("paypal", api_key="key")
    Prism("paypal", **CREDENTIALS).close()


@pytest.mark.parametrize(("given", "is_sent"), [("0000000001", True), ("000000000000000", False)])
def test_zeros_alone_are_no_payment_before(given: str, is_sent: bool) -> None:
    """What stands for no network transaction id is not sent as one: the caller is told to leave it
    out."""
    request = ChargeRecurringRequest(
        merchant_transaction_id="renewal_1",
        amount=Money(1000, "USD"),
        connector_mandate_id="vault_1",
        network_transaction_id=given,
    )
    flow = connector.charge_recurring(request, ACCOUNT)
    if not is_sent:
        with pytest.raises(InvalidRequest, match="leave it out") as caught:
            next(flow)
        assert caught.value.field == "network_transaction_id"
        return
    stored = body(requests_of(flow, CREATED, KEPT)[2])["payment_source"]["card"][
        "stored_credential"
    ]
    assert stored["previous_network_transaction_reference"] == {"id": given}
