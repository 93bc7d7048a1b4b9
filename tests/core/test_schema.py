"""The schema: what a request may hold, what is refused and how, what a repr shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prism_core import (
    Address,
    AuthorizeRequest,
    CaptureMethod,
    Card,
    CreateCustomerRequest,
    GetPaymentRequest,
    InvalidRequest,
    Money,
    PaymentStatus,
    Secret,
)
from prism_core.connector.operations import OPERATIONS, request_type
from prism_core.schema import later_status, status
from prism_core.schema.checks import IdempotencyKey

SCHEMA_PAGE = Path(__file__).parents[3] / "shared" / "PEER_SCHEMA.md"
CARD = Card("4242 4242-4242 4242", 12, 2030, "123")
KEY: Any = IdempotencyKey | None


def authorize(**changes: Any) -> AuthorizeRequest:
    base: dict[str, Any] = {
        "merchant_transaction_id": "order_1",
        "amount": Money(1000, "USD"),
        "payment_method": CARD,
    }
    return AuthorizeRequest(**{**base, **changes})


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"merchant_customer_id": ""}, "merchant_customer_id must not be empty"),
        ({"merchant_customer_id": " u"}, "must be an id"),
        ({"merchant_customer_id": "u\n"}, "must be an id"),
        ({"merchant_customer_id": "u\tv"}, "must be an id"),
        ({"merchant_customer_id": "u\u2028v"}, "must be an id"),
        ({"merchant_customer_id": "u\x85v"}, "must be an id"),
        ({"merchant_customer_id": "u\u202ev"}, "must be an id"),
        ({"merchant_customer_id": "u" * 256}, "must be an id"),
        ({"merchant_customer_id": 42}, "must be a string, not int"),
        ({"merchant_customer_id": None}, "must be a string, not NoneType"),
        ({"email": "ada"}, "email must be an email address"),
        ({"email": "ada@"}, "email must be an email address"),
        ({"email": "ada@example"}, "email must be an email address"),
        ({"email": "a da@example.com"}, "email must be an email address"),
        ({"email": "ada@example..com"}, "email must be an email address"),
        ({"phone": "4155552671"}, "E.164"),
        ({"phone": "+0155552671"}, "E.164"),
        ({"name": "  "}, "name must not be empty"),
        ({"name": "a\x00b"}, "control characters"),
        ({"name": "\ud800"}, "lone surrogates"),
        ({"address": "1 Main St"}, "address must be an Address, not str"),
        ({"metadata": [("a", "b")]}, "metadata must map strings to strings"),
        ({"metadata": {"a": 1}}, "metadata must map strings to strings"),
        ({"metadata": {"": "1"}}, "metadata must not be empty"),
        ({"metadata": {"a": "\x01"}}, "control characters"),
        ({"idempotency_key": "a b"}, "visible ASCII"),
        ({"idempotency_key": "é"}, "visible ASCII"),
        ({"timeout": 0}, "positive number of seconds"),
        ({"timeout": float("inf")}, "a day at most"),
        ({"timeout": 1e10}, "a day at most"),
        ({"timeout": "3"}, "timeout must be a number"),
        ({"max_retries": -1}, "0 or more"),
        ({"max_retries": 1.0}, "must be an integer"),
    ],
)
def test_a_customer_that_cannot_be_right_is_refused(changes: dict[str, Any], word: str) -> None:
    """Each malformed field raises when the request is built, naming the field and the form."""
    with pytest.raises(InvalidRequest, match=word) as caught:
        CreateCustomerRequest(**{"merchant_customer_id": "user_42", **changes})
    assert caught.value.field == next(iter(changes))


def test_a_key_has_up_to_255_characters() -> None:
    """An idempotency key of 255 characters is taken, and one of 256 refused by name before
    anything is sent, by every operation that has one."""
    for operation in OPERATIONS:
        hints = get_type_hints(request_type(operation), include_extras=True)
        assert hints.get("idempotency_key", KEY) == KEY
    longest = CreateCustomerRequest(merchant_customer_id="user_42", idempotency_key="k" * 255)
    assert longest.idempotency_key == "k" * 255
    with pytest.raises(InvalidRequest, match="1 to 255 visible ASCII") as caught:
        CreateCustomerRequest(merchant_customer_id="user_42", idempotency_key="k" * 256)
    assert caught.value.field == "idempotency_key"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"amount": 10.0}, r"amount must be a Money, not float: Money\(1000, 'USD'\) is 10.00"),
        ({"amount": Money(0, "USD")}, "amount must be more than 0"),
        ({"payment_method": "4242"}, "must be a Card or a Token"),
        ({"capture_method": "LATER"}, "must be one of AUTOMATIC, MANUAL"),
        ({"capture_method": None}, "must be one of"),
        ({"return_url": "example.com"}, "absolute http"),
        ({"return_url": "https://u:p@example.com/"}, "without user information"),
        ({"off_session": "yes"}, "must be True or False"),
        ({"off_session": 1}, "must be True or False"),
    ],
)
def test_a_payment_that_cannot_be_right_is_refused(changes: dict[str, Any], word: str) -> None:
    """Each malformed field of a payment raises when the request is built."""
    with pytest.raises(InvalidRequest, match=word):
        authorize(**changes)


@pytest.mark.parametrize(
    "values",
    [
        ("4242", 12, 2030, "123", None),
        ("4" * 20, 12, 2030, "123", None),
        ("424242424242424x", 12, 2030, "123", None),
        ("४२४२४२४२४२४२", 12, 2030, "123", None),
        (4242424242424242, 12, 2030, "123", None),
        ("4242424242424242", 13, 2030, "123", None),
        ("4242424242424242", "12", 2030, "123", None),
        ("4242424242424242", 12, 30, "123", None),
        ("4242424242424242", 12, 1999, "123", None),
        ("4242424242424242", 12, 2200, "123", None),
        ("4242424242424242", 12, 2030, "12", None),
        ("4242424242424242", 12, 2030, "12345", None),
        ("4242424242424242", 12, 2030, "12a", None),
        ("4242424242424242", 12, 2030, "123", ""),
    ],
)
def test_a_card_that_cannot_be_right_is_refused(values: tuple[Any, ...]) -> None:
    """Card data of the wrong form raises, and the error does not repeat it."""
    with pytest.raises(InvalidRequest) as caught:
        Card(*values)
    assert str(values[0]) not in str(caught.value)


@pytest.mark.parametrize("year", [2000, 2100, 2199])
def test_a_year_has_four_digits_and_any_century_soon(year: int) -> None:
    """Cards that are valid for a long time are taken; whether one is expired is judged later."""
    assert Card("4242424242424242", 12, year, "123").exp_year == year


def test_a_card_holds_digits_only_and_out_of_sight() -> None:
    """Spaces and hyphens are taken out; number and CVC are secrets from then on."""
    assert CARD.number == Secret("4242424242424242")
    assert CARD.cvc == Secret("123")
    assert Card("4242424242424242", 12, 2030, None).cvc is None
    assert repr(CARD) == (
        "Card(number=Secret('**********'), exp_month=12, exp_year=2030, cvc=Secret('**********'))"
    )


@given(st.text(alphabet="0123456789", min_size=11, max_size=18), st.integers(0, 9))
def test_luhn_accepts_one_check_digit_in_ten(digits: str, wrong: int) -> None:
    """For any number exactly one check digit passes, so one mistyped digit is noticed."""
    passing = [d for d in range(10) if Card(f"{digits}{d}", 1, 2030, None).passes_luhn()]
    assert len(passing) == 1
    position = wrong % len(digits)
    changed = digits[:position] + str((int(digits[position]) + 1) % 10) + digits[position + 1 :]
    assert not Card(f"{changed}{passing[0]}", 1, 2030, None).passes_luhn()


def test_names_of_enumerations_become_members() -> None:
    """A name written as a string is held as the member, so that comparing with either works."""
    request = authorize(capture_method="MANUAL")
    assert request.capture_method is CaptureMethod.MANUAL
    assert request == authorize(capture_method=CaptureMethod.MANUAL)


def test_a_lookup_needs_exactly_one_id() -> None:
    """A payment is looked up by one id; none or both is refused."""
    GetPaymentRequest(connector_transaction_id="pi_1")
    GetPaymentRequest(merchant_transaction_id="order_1")
    with pytest.raises(InvalidRequest, match="only one"):
        GetPaymentRequest()
    with pytest.raises(InvalidRequest, match="only one"):
        GetPaymentRequest(connector_transaction_id="pi_1", merchant_transaction_id="order_1")


@pytest.mark.parametrize("code", ["usa", "us", "U1", "ÄÖ", "USA"])
def test_countries_are_two_capitals(code: str) -> None:
    """A country is an ISO 3166-1 alpha-2 code by its form."""
    with pytest.raises(InvalidRequest, match="ISO 3166-1"):
        Address(country_alpha2_code=code)


def test_an_address_names_its_person() -> None:
    """The full name is made of the parts that are there."""
    assert Address(first_name="Ada", last_name="Lovelace").full_name == "Ada Lovelace"
    assert Address(last_name="Lovelace").full_name == "Lovelace"
    assert Address(line1="1 Main St", country_alpha2_code="US").full_name is None


def test_the_status_names_are_all_of_the_published_ones() -> None:
    """Every status name of the published schema is a member here, and no other is."""
    if not SCHEMA_PAGE.exists():
        pytest.skip("needs ../shared/PEER_SCHEMA.md, which is not here")
    page = SCHEMA_PAGE.read_text()
    for name in ("PaymentStatus", "CaptureMethod", "RefundStatus", "MandateStatus", "Environment"):
        after = page.split(f"{name}: ", 1)[1]
        listed = after.split(".", 1)[0].replace("*", "").replace("\n", " ").split(", ")
        where = later_status if hasattr(later_status, name) else status
        assert [member.value for member in getattr(where, name)] == listed
    for name, wanted in (
        ("FutureUsage", ["ON_SESSION", "OFF_SESSION"]),
        ("AuthenticationType", ["THREE_DS", "NO_THREE_DS"]),
    ):
        assert f"{name}: {', '.join(wanted)}" in page
        assert [member.value for member in getattr(status, name)] == wanted


def test_unresolved_and_pending_statuses_are_not_final() -> None:
    """Nothing that can still become a success or a failure counts as settled."""
    open_ones = ("UNRESOLVED", "PENDING", "AUTHORIZED", "AUTHENTICATION_PENDING", "CAPTURE_FAILED")
    assert all(PaymentStatus(name).can_still_change for name in open_ones)
    assert not any(
        PaymentStatus(name).can_still_change for name in ("CHARGED", "VOIDED", "FAILURE")
    )


@given(st.text())
def test_any_name_is_held_as_given_or_refused(name: str) -> None:
    """Open text is either kept character for character or refused; never cleaned up silently."""
    try:
        request = CreateCustomerRequest(merchant_customer_id="u", name=name)
    except InvalidRequest:
        assert not name.strip() or any(
            ord(c) < 32 or ord(c) == 127 or 0xD800 <= ord(c) < 0xE000 for c in name
        )
    else:
        assert request.name == name
        name.encode()


def test_a_kind_of_string_is_a_string() -> None:
    """An id of a type of the caller's own that is a string is taken as one."""

    class OrderId(str):
        pass

    assert GetPaymentRequest(merchant_transaction_id=OrderId("order_1")).reference == "order_1"
