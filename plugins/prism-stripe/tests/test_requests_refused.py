"""What is refused before anything is sent, because Stripe could not take it whole."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Address,
    ChargeRecurringRequest,
    ConfigurationError,
    GetPaymentRequest,
    InvalidRequest,
    Money,
    Prism,
    Token,
)

from .loopback import Answering
from .samples import (
    EMAIL,
    address,
    authorizing,
    card,
    creating,
    customer,
    customer_request,
    intent,
    sending,
)
from .samples import payment_request as payment


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"billing_address": address(line3="c/o Babbage")}, "billing_address"),
        ({"shipping_address": address()}, "shipping_address"),
        ({"shipping_address": Address(first_name="Ada")}, "shipping_address"),
        ({"billing_address": address(first_name="Charles")}, "billing_address"),
        ({"payment_method": Token("pm_1"), "billing_address": address()}, "billing_address"),
        ({"metadata": {"merchant_transaction_id": "other"}}, "metadata"),
        ({"statement_descriptor_suffix": "x" * 23}, "statement_descriptor_suffix"),
        ({"description": "x" * 1001}, "description"),
        ({"billing_address": address(city="x" * 5001)}, "billing_address"),
        ({"shipping_address": address(first_name="Ada", line1="x" * 5001)}, "shipping_address"),
        ({"shipping_address": address(first_name="x" * 5001)}, "shipping_address"),
        ({"payment_method": card(holder_name="x" * 5001)}, "billing_address"),
        ({"payment_method": Token("x" * 5001)}, "payment_method"),
    ],
)
def test_a_payment_that_cannot_be_sent_whole_is_refused(
    changes: dict[str, Any], field: str
) -> None:
    """What Stripe has no place for raises InvalidRequest that names it: nothing is dropped."""
    with pytest.raises(InvalidRequest) as caught:
        authorizing(payment(**changes))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": address(first_name="Ada")}, "first_name"),
        ({"address": address(email="another@example.com")}, "email"),
        ({"address": address(phone_number="+14155550000")}, "phone_number"),
        ({"address": address(state="x" * 5001)}, "address"),
        ({"metadata": {"merchant_customer_id": "other"}}, "metadata"),
        ({"name": "x" * 257}, "name"),
        ({"description": "x" * 5001}, "description"),
    ],
)
def test_a_customer_that_cannot_be_sent_whole_is_refused(
    changes: dict[str, Any], field: str
) -> None:
    """A customer has one name and one contact at Stripe: an address with another one is refused."""
    with pytest.raises(InvalidRequest) as caught:
        creating(customer_request(**changes))
    assert caught.value.field == field


def test_a_part_of_an_address_that_has_no_place_is_told(prism: Prism, answering: Answering) -> None:
    """What says where a parcel goes or a customer lives may be left out: `not_sent` says so."""
    answering.answer(200, intent()).answer(200, customer())
    to = address(first_name="Ada", line3="c/o Babbage", email=EMAIL)
    paid = prism.payments.authorize(payment(shipping_address=to))
    made = prism.customers.create(customer_request(address=address(line3="c/o Babbage")))
    assert paid.not_sent == ("shipping_address.line3", "shipping_address.email")
    assert made.not_sent == ("address.line3",)
    assert b"Babbage" not in answering.seen[0].body + answering.seen[1].body


@pytest.mark.parametrize(
    "suffix",
    [
        *(f"Order {char} 7" for char in "<>\\'\"*"),
        *(
            "ORDER\u20ac7",
            "\u0417\u0430\u043a\u0430\u0437",
            "\u8ba2\u5355",
            "O\nR",
            "O\tR",
            "1234",
            "- -",
        ),
    ],
)
def test_a_descriptor_that_stripe_would_refuse_is_refused(suffix: str) -> None:
    """Latin characters, a letter among them, and none of six: payments and renewals alike.

    https://docs.stripe.com/get-started/account/statement-descriptors
    """
    renewal = ChargeRecurringRequest(
        merchant_transaction_id="order_2",
        amount=Money(1000, "USD"),
        connector_mandate_id="pm_1",
        connector_customer_id="cus_1",
        statement_descriptor_suffix=suffix,
    )
    for ask in (
        lambda: authorizing(payment(statement_descriptor_suffix=suffix)),
        lambda: sending("recurring.charge", renewal),
    ):
        with pytest.raises(InvalidRequest) as caught:
            ask()
        assert caught.value.field == "statement_descriptor_suffix"


@pytest.mark.parametrize(
    "metadata",
    [
        {"a[b]": "1"},
        {"a]": "1"},
        {"[": "1"},
        {"gift": ""},
        {"x" * 41: "1"},
        {"a": "x" * 501},
        {f"key{index}": "1" for index in range(50)},
        {"merchant_customer_id": "user_42", "merchant_transaction_id": "order_1001"},
    ],
)
def test_metadata_that_stripe_would_not_keep_is_refused(metadata: dict[str, str]) -> None:
    """Brackets in a key, an empty value (which means: forget the key), lengths and number.

    https://docs.stripe.com/api/metadata
    """
    for build in (creating, authorizing):
        request: Any = customer_request if build is creating else payment
        with pytest.raises(InvalidRequest) as caught:
            build(request(metadata=metadata))
        assert caught.value.field == "metadata"


@pytest.mark.parametrize("intent_id", [".", ".."])
def test_a_lookup_of_a_dot_is_refused(intent_id: str) -> None:
    """An id that would climb the path is refused."""
    with pytest.raises(InvalidRequest):
        sending("payments.get", GetPaymentRequest(connector_transaction_id=intent_id))


@pytest.mark.parametrize(
    ("environment", "key", "needed"),
    [
        ("SANDBOX", "sk_live_1", "sk_test_"),
        ("SANDBOX", "rk_live_1", "sk_test_"),
        ("PRODUCTION", "sk_test_1", "sk_live_"),
        ("PRODUCTION", "rk_test_1", "sk_live_"),
    ],
)
def test_a_key_of_the_other_environment_is_refused(environment: str, key: str, needed: str) -> None:
    """A live key in SANDBOX moves no real money, a test key in PRODUCTION fakes none."""
    with pytest.raises(ConfigurationError) as caught:
        Prism("stripe", api_key=key, environment=environment)  # type: ignore[arg-type]
    assert needed in str(caught.value)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"capture_method": "MANUAL_MULTIPLE"}, "capture_method"),
        ({"capture_method": "SCHEDULED"}, "capture_method"),
        ({"capture_method": "SEQUENTIAL_AUTOMATIC"}, "capture_method"),
        ({"payment_method": card(number="4242424242424241")}, "payment_method"),
        ({"payment_method": card(exp_year=2020)}, "payment_method"),
        ({"shipping_address": address()}, "shipping_address"),
    ],
)
def test_a_client_refuses_before_anything_is_sent(
    prism: Prism, answering: Answering, changes: dict[str, Any], field: str
) -> None:
    """What Stripe surely refuses never leaves: no request reached the server."""
    answering.answer(200, intent())
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.authorize(payment(**changes))
    assert (caught.value.field, caught.value.outcome) == (field, "not_sent")
    assert answering.seen == []


def test_a_lookup_by_the_callers_id_is_refused(prism: Prism, answering: Answering) -> None:
    """Stripe's search lags behind, so a lookup by the caller's id is refused, not guessed."""
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.get(merchant_transaction_id="order_1001")
    assert (caught.value.field, answering.seen) == ("merchant_transaction_id", [])
