"""What is refused before anything is sent, with the field to change named."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Ach,
    Address,
    AuthenticationData,
    CustomerDetails,
    GetPaymentRequest,
    InvalidRequest,
    Money,
    OrderLine,
    Prism,
    SdkToken,
    Token,
)

from .authorizedotnet_samples import (
    address,
    authorizing,
    card,
    customer_request,
    payment_request,
    sent,
    transaction,
)
from .authorizedotnet_server import Gateway

PROFILE = "900000042"
ACCOUNT = Ach("000123456789", "110000000", "Ada Lovelace")
SAVINGS = Ach("1234", "110000000", "Ada Ltd", account_type="SAVINGS", holder_type="BUSINESS")
LONG = Ach("1234", "110000000", "A" * 23)
OTHER = SdkToken('{"dataDescriptor":"COMMON.VCO.ONLINE.PAYMENT","dataValue":"1"}')
TEN = Money(1000, "USD")
TEA = OrderLine(product_name="Tea", amount=TEN)
FULL = OrderLine(product_name="N" * 32, amount=TEN)
EUROS = OrderLine(product_name="Tea", amount=Money(1000, "EUR"))
NO_ECI = AuthenticationData(cavv="AAAB")
EXEMPT = AuthenticationData(eci="05", cavv="AAAB", exemption_indicator="lowValue")


@pytest.mark.parametrize(
    ("field", "longest"), [("merchant_customer_id", 20), ("description", 255), ("email", 255)]
)
def test_a_customer_longer_than_the_schema_is_refused(field: str, longest: int) -> None:
    """What fits is sent whole, and one character more is refused by its name; nothing is cut."""
    domain = "@example.com"
    made = [
        "a" * (size - len(domain)) + domain if field == "email" else "a" * size
        for size in (longest, longest + 1)
    ]
    if field == "email":  # as long as an email can be; its local part has up to 64 characters
        made = [f"{'a' * 9}@{'e' * (size - 18)}.example" for size in (longest, longest + 1)]
    fits, long = (customer_request(**{field: text}) for text in made)
    sent("create_customer", fits)
    with pytest.raises(InvalidRequest) as refused:
        sent("create_customer", long)
    assert refused.value.field == field
    assert made[1] not in str(refused.value)


@pytest.mark.parametrize(
    ("field", "longest"),
    [
        ("first_name", 50),
        ("last_name", 50),
        ("line1", 60),
        ("city", 40),
        ("state", 40),
        ("zip_code", 20),
    ],
)
@pytest.mark.parametrize("place", ["billing_address", "shipping_address"])
def test_an_address_longer_than_the_schema_is_refused(place: str, field: str, longest: int) -> None:
    """Every part of both addresses has its limit."""
    authorizing(**{place: Address(**{field: "a" * longest})})
    with pytest.raises(InvalidRequest, match=f"{field}.* {longest} characters") as refused:
        authorizing(**{place: Address(**{field: "a" * (longest + 1)})})
    assert refused.value.field == place


def test_lines_that_do_not_fit_together_are_refused() -> None:
    """All lines are one at Authorize.Net, with a comma and a space between them."""
    authorizing(billing_address=Address(line1="a" * 30, line2="b" * 28))
    with pytest.raises(InvalidRequest, match="line1, line2 and line3") as refused:
        authorizing(billing_address=Address(line1="a" * 30, line2="b" * 29))
    assert refused.value.field == "billing_address"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("merchant_transaction_id", {"merchant_transaction_id": "o" * 21}),
        ("description", {"description": "d" * 256}),
        ("metadata", {"metadata": {f"key_{n}": "v" for n in range(21)}}),
        ("payment_method", {"payment_method": card(number="6205500000000000004")}),
        ("connector_customer_id", {"connector_customer_id": "cus_42"}),
        ("connector_customer_id", {"payment_method": Token("900000101")}),
        ("connector_customer_id", {"setup_future_usage": "OFF_SESSION"}),
        (
            "payment_method",
            {"payment_method": Token("tok_1"), "connector_customer_id": PROFILE},
        ),
        (
            "billing_address",
            {
                "payment_method": Token("1"),
                "connector_customer_id": PROFILE,
                "billing_address": address(),
            },
        ),
        ("capture_method", {"payment_method": ACCOUNT, "capture_method": "MANUAL"}),
        ("payment_method", {"payment_method": LONG}),
        ("payment_method", {"payment_method": SAVINGS}),
        ("payment_method", {"payment_method": SdkToken("{}")}),
        ("payment_method", {"payment_method": OTHER}),
        ("payment_method", {"payment_method": SdkToken("1", verification_token="2")}),
        ("order_details", {"order_details": [TEA] * 31}),
        ("order_details", {"order_details": [FULL]}),
        ("order_details", {"order_details": [EUROS]}),
        ("authentication_data.eci", {"authentication_data": NO_ECI}),
        ("authentication_data", {"authentication_data": EXEMPT}),
        ("mit_category", {"mit_category": "INSTALLMENT_MIT"}),
        (
            "setup_future_usage",
            {
                "mit_category": "UNSCHEDULED_MIT",
                "setup_future_usage": "OFF_SESSION",
                "connector_customer_id": PROFILE,
            },
        ),
    ],
)
def test_what_has_no_place_is_refused_by_its_name(field: str, changes: dict[str, Any]) -> None:
    """A payment that Authorize.Net would not take as it is, is not sent in part."""
    with pytest.raises(InvalidRequest) as refused:
        authorizing(**changes)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        (
            "billing_address",
            {"billing_address": address(), "payment_method": card(holder_name="Grace Hopper")},
        ),
        (
            "customer",
            {
                "customer": CustomerDetails(name="Ada Lovelace"),
                "payment_method": card(holder_name="Grace Hopper"),
            },
        ),
        (
            "billing_address",
            {
                "customer": CustomerDetails(phone="+12025550123"),
                "billing_address": Address(phone_number="+12025550124"),
            },
        ),
    ],
)
def test_two_people_for_one_bill_to_are_refused(field: str, changes: dict[str, Any]) -> None:
    """Of two names or phone numbers, none is chosen in silence."""
    with pytest.raises(InvalidRequest, match="give the same") as refused:
        authorizing(**changes)
    assert refused.value.field == field


def test_the_same_name_told_twice_is_no_conflict() -> None:
    """Telling who pays in each place is fine, as long as it is the same person."""
    made = authorizing(
        billing_address=address(),
        customer=CustomerDetails(name="Ada Lovelace"),
        payment_method=card(holder_name="Ada Lovelace"),
    )
    assert (made["billTo"]["firstName"], made["billTo"]["lastName"]) == ("Ada", "Lovelace")


def test_a_contact_has_no_place_in_a_ship_to(gateway: Gateway, prism: Prism) -> None:
    """It is left out, and told; the rest of the address is sent."""
    gateway.answer(transaction("1"))
    contact = address(email="ada@example.com", phone_number="+12025550123")
    payment = prism.payments.authorize(payment_request(shipping_address=contact))
    assert set(payment.not_sent) == {"shipping_address.email", "shipping_address.phone_number"}
    made = gateway.bodies[0]["createTransactionRequest"]["transactionRequest"]
    assert made["shipTo"]["city"] == "London"


@pytest.mark.parametrize("wrong", ["pi_123", "12 3", "１２３"])
def test_a_lookup_with_no_transaction_id_of_theirs_is_refused(wrong: str) -> None:
    """Transaction ids have digits only."""
    with pytest.raises(InvalidRequest) as refused:
        sent("get_payment", GetPaymentRequest(connector_transaction_id=wrong))
    assert refused.value.field == "connector_transaction_id"


@pytest.mark.parametrize(
    "changes",
    [
        {"auth_type": "THREE_DS"},
        {"idempotency_key": "key_1"},
        {"connector_feature_data": {"poNumber": "7"}},
    ],
)
def test_what_the_processor_does_not_have_is_refused(
    gateway: Gateway, prism: Prism, changes: dict[str, Any]
) -> None:
    """3-D Secure, idempotency keys and elements of your own are refused by the core, unsent."""
    with pytest.raises(InvalidRequest):
        prism.payments.authorize(payment_request(**changes))
    assert gateway.bodies == []
