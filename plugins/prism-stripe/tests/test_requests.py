"""What goes over the wire for each field of a request; `test_requests_refused.py` has the rest.

Nothing leaves: `samples.Wire` stands in the place of the network.
"""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Address,
    CaptureMethod,
    CreateCustomerRequest,
    Environment,
    GetPaymentRequest,
    Money,
    Secret,
    Token,
)
from prism_stripe import API_VERSION, StripeAccount

from .samples import (
    CVC,
    EMAIL,
    KEY,
    NAME,
    NUMBER,
    PHONE,
    address,
    authorizing,
    card,
    creating,
    customer_request,
    sending,
)
from .samples import payment_request as payment
from .stripe_openapi import read_form

STREET_ON_THE_WIRE = {
    "line1": "1 Private Street",
    "line2": "Flat 2",
    "city": "London",
    "state": "LDN",
    "postal_code": "N1 1AA",
    "country": "GB",
}


def form(**changes: Any) -> dict[str, Any]:
    """The form of a payment with these fields."""
    return read_form(authorizing(payment(**changes)).body.decode())


def test_a_customer_goes_out_whole() -> None:
    """Every field of a customer has its place in Stripe's form, and nothing else is sent."""
    sent = creating(customer_request())
    assert (sent.method, sent.url) == ("POST", "https://api.stripe.com/v1/customers")
    assert read_form(sent.body.decode()) == {
        "name": NAME,
        "email": EMAIL,
        "phone": PHONE,
        "description": "first customer",
        "address": STREET_ON_THE_WIRE,
        "metadata": {"plan": "gold", "merchant_customer_id": "user_42"},
    }


def test_a_customers_address_has_the_customers_name_and_contact() -> None:
    """As a payment's billing address has: what is given twice must be the same, and what is given
    with the address alone is the customer's."""
    to = address(first_name="Ada", last_name="Byron", email=EMAIL, phone_number=PHONE)
    for given in ({"name": "Ada Byron", "email": EMAIL, "phone": PHONE}, {}):
        asked = CreateCustomerRequest(merchant_customer_id="user_42", address=to, **given)
        sent = read_form(creating(asked).body.decode())
        assert (sent["name"], sent["email"], sent["phone"]) == ("Ada Byron", EMAIL, PHONE)
        assert sent["address"] == STREET_ON_THE_WIRE


def test_a_customer_with_an_id_alone_sends_it_alone() -> None:
    """What was not given is not sent, not even as an empty value, which would erase it."""
    sent = creating(CreateCustomerRequest(merchant_customer_id="user_42"))
    assert sent.body == b"metadata[merchant_customer_id]=user_42"


def test_a_card_payment_goes_out_whole() -> None:
    """A payment by card names amount, currency, card, holder and the caller's id, and confirms."""
    sent = authorizing(payment())
    assert (sent.method, sent.url) == ("POST", "https://api.stripe.com/v1/payment_intents")
    assert read_form(sent.body.decode()) == {
        "amount": "1000",
        "currency": "usd",
        "confirm": "true",
        "payment_method_types": {"0": "card"},
        "payment_method_data": {
            "type": "card",
            "card": {"number": NUMBER, "exp_month": "12", "exp_year": "2090", "cvc": CVC},
            "billing_details": {"name": NAME},
        },
        "capture_method": "automatic",
        "metadata": {"merchant_transaction_id": "order_1001"},
        "expand": {"0": "latest_charge"},
    }


def test_a_card_number_is_sent_without_its_spaces() -> None:
    """A number typed in groups arrives as digits alone."""
    typed = card(number="4242 4242-4242 4242")
    assert form(payment_method=typed)["payment_method_data"]["card"]["number"] == NUMBER


def test_a_missing_cvc_is_left_out() -> None:
    assert "cvc" not in form(payment_method=card(cvc=None))["payment_method_data"]["card"]


def test_a_token_is_sent_as_the_payment_method() -> None:
    """A token stands for the whole card: no card data goes with it."""
    sent = form(payment_method=Token("pm_1"))
    assert sent["payment_method"] == "pm_1"
    assert sent["automatic_payment_methods"] == {"enabled": "true", "allow_redirects": "never"}
    assert {"payment_method_data", "payment_method_types"}.isdisjoint(sent)


@pytest.mark.parametrize(
    ("field", "value", "wire"),
    [
        ("connector_customer_id", "cus_1", {"customer": "cus_1"}),
        ("capture_method", "MANUAL", {"capture_method": "manual"}),
        ("capture_method", CaptureMethod.AUTOMATIC, {"capture_method": "automatic"}),
        ("off_session", True, {"off_session": "true"}),
        ("off_session", False, {"off_session": "false"}),
        ("setup_future_usage", "ON_SESSION", {"setup_future_usage": "on_session"}),
        ("setup_future_usage", "OFF_SESSION", {"setup_future_usage": "off_session"}),
        ("return_url", "https://shop.example/back?a=1&b=2", None),
        ("statement_descriptor_suffix", "ORDER #7 \u00c9t\u00e9 (1)", None),
        ("description", "a book & a pen" * 71, None),
        ("metadata", {"a": "1"}, {"metadata": {"a": "1", "merchant_transaction_id": "order_1001"}}),
        (
            "auth_type",
            "THREE_DS",
            {"payment_method_options": {"card": {"request_three_d_secure": "any"}}},
        ),
        (
            "auth_type",
            "NO_THREE_DS",
            {"payment_method_options": {"card": {"request_three_d_secure": "automatic"}}},
        ),
    ],
)
def test_a_field_has_its_place_and_moves_nothing_else(
    field: str, value: object, wire: dict[str, Any] | None
) -> None:
    """Each optional field of a payment becomes Stripe's parameter of that meaning, and only it."""
    expected = {field: value} if wire is None else wire
    assert form(**{field: value}) == {**form(), **expected}


def test_a_billing_address_becomes_billing_details() -> None:
    """Name, email, phone and address of the bill are the PaymentMethod's billing details."""
    bill = address(first_name="Ada", last_name="Byron", email=EMAIL, phone_number=PHONE)
    sent = form(payment_method=card(), billing_address=bill)
    assert sent["payment_method_data"]["billing_details"] == {
        "name": "Ada Byron",
        "email": EMAIL,
        "phone": PHONE,
        "address": STREET_ON_THE_WIRE,
    }


@pytest.mark.parametrize("bill", [address(), address(first_name="Ada", last_name="Byron")])
def test_the_holders_name_stands_with_the_billing_address(bill: Address) -> None:
    """The holder's name is kept beside an address that has no name, or the same one."""
    sent = form(payment_method=card(holder_name="Ada Byron"), billing_address=bill)
    assert sent["payment_method_data"]["billing_details"]["name"] == "Ada Byron"


def test_a_shipping_address_becomes_shipping() -> None:
    """Recipient, phone and address of the parcel are the PaymentIntent's shipping."""
    sent = form(shipping_address=address(first_name="Ada", phone_number=PHONE))
    assert sent["shipping"] == {"name": "Ada", "phone": PHONE, "address": STREET_ON_THE_WIRE}


@pytest.mark.parametrize(
    "metadata",
    [
        {"x" * 40: "y" * 500},
        {f"key{index}": "1" for index in range(47)},
        {"a.b-c d&e=f%20+": "ö"},
    ],
)
def test_metadata_up_to_stripes_limits_is_sent(metadata: dict[str, str]) -> None:
    """Keys of 40 characters with 500 in each value go out, beside the caller's ids."""
    assert form(metadata=metadata)["metadata"] == {
        **metadata,
        "merchant_transaction_id": "order_1001",
    }


def test_every_request_is_authenticated_and_pins_the_version() -> None:
    """Bearer key, pinned API version and form encoding are on every request."""
    for sent in (authorizing(payment()), creating(customer_request())):
        assert sent.headers["authorization"] == f"Bearer {KEY}"
        assert sent.headers["stripe-version"] == API_VERSION == "2026-08-26.dahlia"
        assert sent.headers["content-type"] == "application/x-www-form-urlencoded"
        assert "stripe-account" not in sent.headers


def test_a_connected_account_is_named_in_a_header() -> None:
    """`stripe_account` acts for a Connect account, on every request."""
    assert authorizing(payment(), stripe_account="acct_1").headers["stripe-account"] == "acct_1"


def test_the_idempotency_key_is_a_header() -> None:
    """The caller's key goes into Idempotency-Key, and the core knows that it did."""
    for sent in (
        authorizing(payment(idempotency_key="key-1")),
        creating(customer_request(idempotency_key="key-1")),
    ):
        assert sent.headers["idempotency-key"] == sent.idempotency_key == "key-1"


@pytest.mark.parametrize(
    ("intent_id", "path"),
    [
        ("pi_1", "/v1/payment_intents/pi_1"),
        ("../customers", "/v1/payment_intents/..%2Fcustomers"),
        ("pi_1/cancel", "/v1/payment_intents/pi_1%2Fcancel"),
        ("pi_1?expand[]=a", "/v1/payment_intents/pi_1%3Fexpand%5B%5D%3Da"),
        ("pi_1#x", "/v1/payment_intents/pi_1%23x"),
        ("pi_1%2e", "/v1/payment_intents/pi_1%252e"),
    ],
)
def test_a_lookup_stays_on_its_path(intent_id: str, path: str) -> None:
    """No id, however it is made, leads to another operation."""
    request = GetPaymentRequest(connector_transaction_id=intent_id)
    sent = sending("payments.get", request)
    assert (sent.method, sent.body) == ("GET", b"")
    assert sent.url == f"https://api.stripe.com{path}?expand%5B0%5D=latest_charge"


@pytest.mark.parametrize(
    ("environment", "key"),
    [("SANDBOX", "sk_test_1"), ("SANDBOX", "rk_test_1"), ("PRODUCTION", "sk_live_1")],
)
def test_a_key_of_the_right_environment_is_taken(environment: str, key: str) -> None:
    """Both environments are Stripe's one address; the key says which it is."""
    account = StripeAccount(environment=Environment(environment), api_key=Secret(key))
    assert account.base_url == "https://api.stripe.com"


def test_what_is_sent_carries_no_money_beyond_the_amount() -> None:
    """Only `amount` and `currency` speak of money: nothing else could change what is charged."""
    sent = form(amount=Money(1234, "EUR"))
    assert (sent["amount"], sent["currency"]) == ("1234", "eur")
    assert {name for name in sent if "amount" in name or "fee" in name} == {"amount"}
