"""What goes over the wire for each field of a payment, and what is refused before it does."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from prism_core import (
    Address,
    Card,
    CustomerDetails,
    InvalidRequest,
    Money,
    Prism,
    Token,
)

from .adyen_loopback import StandIn
from .adyen_samples import (
    BACK,
    CARD_ON_THE_WIRE,
    MERCHANT,
    address,
    body,
    built,
    card,
    payment_request,
)

WITH_SHOPPER: dict[str, Any] = {"connector_customer_id": "user_42"}
TOKEN: dict[str, Any] = {**WITH_SHOPPER, "payment_method": Token("M5N7TQ4TG5PFWR50")}
STREET = {
    "street": "1 Private Street",
    "houseNumberOrName": "Flat 2",
    "city": "London",
    "postalCode": "N1 1AA",
    "stateOrProvince": "N/A",
    "country": "GB",
}


def test_a_card_payment_goes_out_whole() -> None:
    """Amount, card, reference, merchant account and return URL, and immediate capture."""
    assert body() == {
        "merchantAccount": MERCHANT,
        "reference": "order_1001",
        "amount": {"currency": "USD", "value": 1000},
        "paymentMethod": CARD_ON_THE_WIRE,
        "captureDelayHours": 0,
        "returnUrl": BACK,
    }


def test_manual_capture_is_asked_for_with_the_payment() -> None:
    """Whatever the account's own setting, MANUAL holds the money and captures nothing."""
    sent = body(capture_method="MANUAL")
    assert sent["additionalData"] == {"manualCapture": "true"}
    assert "captureDelayHours" not in sent


def test_a_cards_parts_are_left_out_where_there_are_none() -> None:
    """A card without CVC is sent without; the holder's name goes along where there is one."""
    assert "cvc" not in body(payment_method=card(cvc=None))["paymentMethod"]
    named = body(payment_method=card(holder_name="Ada Lovelace"))["paymentMethod"]
    assert named == {**CARD_ON_THE_WIRE, "holderName": "Ada Lovelace"}


@pytest.mark.parametrize(
    ("given", "wire"),
    [
        (WITH_SHOPPER, {"shopperReference": "user_42"}),
        (
            {"auth_type": "THREE_DS"},
            {
                "authenticationData": {
                    "attemptAuthentication": "always",
                    "threeDSRequestData": {"nativeThreeDS": "disabled"},
                }
            },
        ),
        ({"auth_type": "NO_THREE_DS"}, {"authenticationData": {"attemptAuthentication": "never"}}),
        ({"off_session": False}, {"shopperInteraction": "Ecommerce"}),
        ({"statement_descriptor_suffix": "Order 7, x2"}, {"shopperStatement": "Order 7, x2"}),
        ({"metadata": {"a": "1"}}, {"metadata": {"a": "1"}}),
        ({"return_url": "https://x.example/?a=1&b=2"}, {"returnUrl": "https://x.example/?a=1&b=2"}),
        ({"customer": CustomerDetails(email="a@b.example")}, {"shopperEmail": "a@b.example"}),
        ({"customer": CustomerDetails(phone="+12025550123")}, {"telephoneNumber": "+12025550123"}),
    ],
)
def test_a_field_has_its_place_and_moves_nothing_else(
    given: dict[str, Any], wire: dict[str, Any]
) -> None:
    """Each optional field becomes Adyen's of that meaning, and only it."""
    assert body(**given) == {**body(), **wire}


@pytest.mark.parametrize(
    ("given", "stores", "interaction", "model"),
    [
        ({"setup_future_usage": "ON_SESSION"}, True, "Ecommerce", "CardOnFile"),
        ({"setup_future_usage": "OFF_SESSION"}, True, "Ecommerce", "UnscheduledCardOnFile"),
        ({"off_session": True}, None, "ContAuth", "UnscheduledCardOnFile"),
        (TOKEN, None, "ContAuth", "CardOnFile"),
        ({**TOKEN, "off_session": False}, None, "ContAuth", "CardOnFile"),
        ({**TOKEN, "off_session": True}, None, "ContAuth", "UnscheduledCardOnFile"),
    ],
)
def test_repeated_payments_are_told_as_adyen_wants(
    given: dict[str, Any], stores: bool | None, interaction: str, model: str
) -> None:
    """Storing a card, paying with a stored one, and paying without the shopper are told apart."""
    sent = body(**{**WITH_SHOPPER, **given})
    told = [sent.get(name) for name in ("storePaymentMethod", "shopperInteraction")]
    assert (*told, sent["recurringProcessingModel"]) == (stores, interaction, model)


def test_a_token_stands_for_the_whole_card() -> None:
    """A stored card is sent by its id, with no card data."""
    wanted = {"type": "scheme", "storedPaymentMethodId": "M5N7TQ4TG5PFWR50"}
    assert body(**TOKEN)["paymentMethod"] == wanted


@pytest.mark.parametrize(
    ("amount", "value"),
    [
        (Money(1000, "USD"), 1000),
        (Money(1000, "JPY"), 1000),
        (Money(1000, "KWD"), 1000),
        (Money(1500, "CLP"), 150000),
        (Money(1500, "ISK"), 150000),
        (Money(1500, "CVE"), 15),
        (Money(150000, "IDR"), 1500),
        (Money(1500, "MRU"), 1500),
        (Money(1500, "UGX"), 1500),
        (Money(10**18 - 1, "USD"), 10**18 - 1),
    ],
)
def test_amounts_are_in_adyens_own_minor_units(amount: Money, value: int) -> None:
    """Where Adyen counts otherwise than ISO 4217, the amount is the same money in its units.

    https://docs.adyen.com/development-resources/currency-codes
    """
    assert body(amount=amount)["amount"] == {"currency": amount.currency, "value": value}


def test_addresses_go_out_whole() -> None:
    """The billing address, and the delivery address with the recipient's name."""
    sent = body(
        billing_address=address(state="LDN"),
        shipping_address=address(first_name="Ada", last_name="Byron"),
    )
    assert sent["billingAddress"] == {**STREET, "stateOrProvince": "LDN"}
    assert sent["deliveryAddress"] == {**STREET, "firstName": "Ada", "lastName": "Byron"}


@pytest.mark.parametrize(
    ("part", "wire", "fallback"),
    [
        ("line1", "street", "N/A"),
        ("line2", "houseNumberOrName", "N/A"),
        ("city", "city", "N/A"),
        ("zip_code", "postalCode", "N/A"),
        ("state", "stateOrProvince", "N/A"),
        ("country_alpha2_code", "country", "ZZ"),
    ],
)
@pytest.mark.parametrize("country", ["GB", "US", "HK"])
def test_a_part_of_an_address_that_is_not_there_is_sent_as_adyens_form_does(
    part: str, wire: str, fallback: str, country: str
) -> None:
    """Adyen wants every part: Hong Kong has no postal code, Singapore no state, and a house number
    may be in the street's line."""
    whole = address(state="XY", zip_code="10039", country_alpha2_code=country)
    partial = msgspec.structs.replace(whole, **{part: None})
    sent, other = body(billing_address=whole), body(billing_address=partial)
    assert other["billingAddress"] == {**sent["billingAddress"], wire: fallback}
    shipped = body(shipping_address=partial)["deliveryAddress"]
    assert shipped == other["billingAddress"]


def test_one_part_of_an_address_is_enough() -> None:
    """A postal code alone, which issuers check, is sent; so is a country alone."""
    nowhere = dict.fromkeys(STREET, "N/A") | {"country": "ZZ"}
    for part, wire, value in (
        ("zip_code", "postalCode", "N1 1AA"),
        ("country_alpha2_code", "country", "HK"),
        ("line2", "houseNumberOrName", "Flat 2"),
    ):
        sent = body(billing_address=Address(**{part: value}))["billingAddress"]
        assert sent == {**nowhere, wire: value}


def test_a_billing_address_without_a_place_is_the_shopper_alone() -> None:
    """Name and contact are the shopper's at Adyen: no address is made up around them."""
    sent = body(billing_address=Address(first_name="Ada", last_name="King", email="a@b.example"))
    assert "billingAddress" not in sent
    assert (sent["shopperName"]["lastName"], sent["shopperEmail"]) == ("King", "a@b.example")


@pytest.mark.parametrize(
    "told", [None, CustomerDetails(name="Ada King Byron", email="a@b.example")]
)
def test_who_is_billed_is_the_shopper(told: CustomerDetails | None) -> None:
    """Name, email and phone of the billing address are the shopper's, also beside the same ones."""
    bill = address(
        first_name="Ada", last_name="King Byron", email="a@b.example", phone_number="+12025550123"
    )
    sent = body(billing_address=bill, customer=told)
    assert sent["shopperName"] == {"firstName": "Ada", "lastName": "King Byron"}
    assert (sent["shopperEmail"], sent["telephoneNumber"]) == ("a@b.example", "+12025550123")


def test_a_name_is_split_at_its_last_space() -> None:
    """Adyen wants a first and a last name; no part of the name is lost."""
    sent = body(customer=CustomerDetails(name="Augusta Ada King"))
    assert sent["shopperName"] == {"firstName": "Augusta Ada", "lastName": "King"}


def test_the_idempotency_key_is_a_header() -> None:
    """The caller's key goes into Idempotency-Key, up to Adyen's 64 characters."""
    sent = built(payment_request(idempotency_key="k" * 64))
    assert sent.headers["idempotency-key"] == sent.idempotency_key == "k" * 64


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"return_url": None}, "return_url"),
    ({"return_url": f"https://x.example/{'a' * 8000}"}, "return_url"),
    ({"idempotency_key": "k" * 65}, "idempotency_key"),
    ({"merchant_transaction_id": "o" * 81}, "merchant_transaction_id"),
    ({"connector_customer_id": "u1"}, "connector_customer_id"),
    ({"amount": Money(2**62, "ISK")}, "amount"),
    ({"amount": Money(150, "IDR")}, "amount"),
    ({"amount": Money(1, "CVE")}, "amount"),
    ({"payment_method": Token("t" * 65), **WITH_SHOPPER}, "payment_method"),
    ({"off_session": True}, "connector_customer_id"),
    ({"setup_future_usage": "ON_SESSION"}, "connector_customer_id"),
    ({**TOKEN, "setup_future_usage": "OFF_SESSION"}, "setup_future_usage"),
    ({**WITH_SHOPPER, "off_session": True, "setup_future_usage": "OFF_SESSION"},
     "setup_future_usage"),
    ({"statement_descriptor_suffix": "x" * 23}, "statement_descriptor_suffix"),
    ({"statement_descriptor_suffix": "Ordér"}, "statement_descriptor_suffix"),
    ({"metadata": {f"key{index}": "1" for index in range(21)}}, "metadata"),
    ({"metadata": {"k" * 21: "1"}}, "metadata"),
    ({"metadata": {"k": "1" * 81}}, "metadata"),
    ({"customer": CustomerDetails(name="Ada")}, "customer"),
    ({"customer": CustomerDetails(name=f"Ada {'B' * 81}")}, "customer"),
    ({"billing_address": address(first_name="A" * 81, last_name="B")}, "billing_address"),
    ({"customer": CustomerDetails(email="a@b.example"),
      "billing_address": address(email="c@d.example")}, "customer"),
    ({"customer": CustomerDetails(name="Ada Byron"),
      "billing_address": address(first_name="Charles", last_name="Babbage")}, "customer"),
    ({"billing_address": address(first_name="Ada")}, "billing_address"),
    ({"billing_address": address(line3="Rear")}, "billing_address"),
    ({"shipping_address": address(zip_code="10039-1234", country_alpha2_code="US")},
     "shipping_address"),
    ({"shipping_address": address(zip_code="1" * 11)}, "shipping_address"),
    ({"billing_address": address(city="c" * 3001)}, "billing_address"),
    ({"capture_method": "MANUAL_MULTIPLE"}, "capture_method"),
    ({"payment_method": card(number="4111111111111112")}, "payment_method"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "field"), REFUSED)
def test_what_adyen_cannot_take_whole_is_refused_before_anything_is_sent(
    adyen: Prism, standing_in: StandIn, given: dict[str, Any], field: str
) -> None:
    """It raises InvalidRequest that names what to change: nothing is cut, dropped or sent."""
    with pytest.raises(InvalidRequest) as caught:
        adyen.payments.authorize(payment_request(**given))
    assert (caught.value.field, caught.value.outcome) == (field, "not_sent")
    assert standing_in.seen == []


@pytest.mark.parametrize(
    ("given", "left_out"),
    [
        (address(line3="Rear"), ("line3",)),
        (address(email="a@b.example", phone_number="+12025550123"), ("email", "phone_number")),
        (Address(first_name="Ada", email="a@b.example"), ("first_name", "email")),
    ],
)
def test_what_a_delivery_has_no_place_for_is_reported(
    adyen: Prism, standing_in: StandIn, given: Address, left_out: tuple[str, ...]
) -> None:
    """It stops no payment, and the result says what went nowhere; a name needs a place."""
    standing_in.answer({"resultCode": "Received"})
    paid = adyen.payments.authorize(payment_request(shipping_address=given))
    assert paid.not_sent == tuple(f"shipping_address.{part}" for part in left_out)
    body_ = standing_in.seen[0].body.decode()
    assert not any(text in body_ for text in ("Rear", "a@b.example", "+12025550123", "Ada"))


def test_a_refusal_quotes_nobody(adyen: Prism) -> None:
    """Names and addresses that are refused are not in the message."""
    private = address(first_name="Privatus", last_name="Nemo", email="privatus@b.example")
    for customer in (CustomerDetails(email="nemo@b.example"), CustomerDetails(name="Nemo Nemo")):
        with pytest.raises(InvalidRequest) as caught:
            adyen.payments.authorize(payment_request(customer=customer, billing_address=private))
        assert not any(word in str(caught.value) for word in ("Privatus", "Nemo", "b.example"))


def test_a_card_is_never_shown(adyen: Prism, standing_in: StandIn) -> None:
    """The card that was sent is in no repr of the request or of the result."""
    standing_in.answer({"resultCode": "Received"})
    request = payment_request()
    shown = repr(request) + repr(adyen.payments.authorize(request))
    assert isinstance(request.payment_method, Card)
    assert "4111111111111111" not in shown
