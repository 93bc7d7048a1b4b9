"""Any request that the schema allows is sent whole, or refused; never sent in part or wrongly.

Hypothesis makes the requests. What a form must hold is written down here a second time, from
Stripe's documentation, and the judge in `conftest.py` holds each request against the OpenAPI
document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prism_contract_tests.judging import Judge
from prism_core import (
    Address,
    AuthorizeRequest,
    Card,
    CreateCustomerRequest,
    InvalidRequest,
    Money,
    Token,
)
from prism_stripe import connector

from .samples import authorizing, creating
from .stripe_openapi import read_form

checked = settings(
    max_examples=200,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

CONTROL = "".join(map(chr, (*range(9), *range(11, 32), 127)))
characters = st.characters(exclude_categories=["Cs"], exclude_characters=CONTROL)
texts = st.text(characters, min_size=1, max_size=30).filter(str.strip)
BREAKS = "\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
lines = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=BREAKS)
ids = st.text(lines, min_size=1, max_size=255).map(str.strip).filter(bool)
emails = st.from_regex(r"[!-?A-~]{1,64}@[a-z]{1,20}\.[a-z]{2,9}", fullmatch=True)
phones = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)
urls = st.from_regex(r"https://[a-z]{1,9}\.example/[!-~]{0,30}", fullmatch=True)
plain = st.dictionaries(texts, texts, max_size=3)
odd_keys = st.text("ab[]&=+%", min_size=1, max_size=4)
metadata = plain | st.dictionaries(odd_keys, st.text(characters, max_size=30), max_size=2)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The strategy, or None."""
    return st.none() | strategy


def addresses(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[Address]:
    """An address with any of the parts that every address of Stripe's has, and `more`."""
    parts = {name: maybe(texts) for name in ("line1", "line2", "city", "state", "zip_code")}
    country = maybe(st.from_regex(r"[A-Z]{2}", fullmatch=True))
    return st.builds(Address, **parts, country_alpha2_code=country, **more)


def luhn(digits: str) -> str:
    """The digits with the check digit that makes a card number of them."""
    numbers = (Card(f"{digits}{check}", 12, 2090, None) for check in range(10))
    return next(one.number.reveal() for one in numbers if one.passes_luhn())  # type: ignore[union-attr]


names = {"first_name": maybe(texts), "last_name": maybe(texts)}
full = {**names, "line3": maybe(texts), "email": maybe(emails), "phone_number": maybe(phones)}
named = st.builds(Address, first_name=texts)
recipient = addresses(**names, phone_number=maybe(phones))
any_address = named | addresses() | recipient | addresses(**full)
customers = st.builds(
    CreateCustomerRequest,
    merchant_customer_id=ids,
    name=maybe(texts),
    email=maybe(emails),
    phone=maybe(phones),
    description=maybe(texts),
    address=maybe(any_address),
    metadata=maybe(metadata),
)
cards = st.builds(
    Card,
    number=st.from_regex(r"[0-9]{11,18}", fullmatch=True).map(luhn),
    exp_month=st.integers(1, 12),
    exp_year=st.integers(2090, 2199),
    cvc=maybe(st.from_regex(r"[0-9]{3,4}", fullmatch=True)),
    holder_name=maybe(texts),
)
payments = st.builds(
    AuthorizeRequest,
    merchant_transaction_id=ids,
    amount=st.builds(Money, st.integers(1, 10**8), st.sampled_from(["USD", "EUR", "JPY", "KRW"])),
    payment_method=cards | st.builds(Token, ids),
    connector_customer_id=maybe(ids),
    capture_method=st.sampled_from(["AUTOMATIC", "MANUAL"]),
    auth_type=maybe(st.sampled_from(["THREE_DS", "NO_THREE_DS"])),
    return_url=maybe(urls),
    setup_future_usage=maybe(st.sampled_from(["ON_SESSION", "OFF_SESSION"])),
    off_session=maybe(st.booleans()),
    statement_descriptor_suffix=maybe(
        st.text("aé 7#<*\u0416", min_size=1, max_size=25).filter(str.strip)
    ),
    description=maybe(texts),
    billing_address=maybe(any_address),
    shipping_address=maybe(any_address),
    metadata=maybe(metadata),
)


def whole(values: Mapping[str, Any]) -> dict[str, Any]:
    """The form that holds these values: without None and without what is empty then."""
    kept = {
        name: whole(value) if isinstance(value, Mapping) else value
        for name, value in values.items()
    }
    return {name: value for name, value in kept.items() if value is not None and value != {}}


def street(address: Address | None) -> dict[str, Any] | None:
    """https://docs.stripe.com/api/customers/create#create_customer-address"""
    if address is None:
        return None
    return {
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state": address.state,
        "postal_code": address.zip_code,
        "country": address.country_alpha2_code,
    }


def bad_descriptor(suffix: str | None) -> bool:
    """https://docs.stripe.com/get-started/account/statement-descriptors"""
    if suffix is None:
        return False
    plain = re.fullmatch(r"[ -~\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]{1,22}", suffix)
    return not plain or not re.search(r"[^\W\d_]", suffix) or bool(re.search(r"[<>\\'\"*]", suffix))


def bad_metadata(given: Mapping[str, str] | None) -> bool:
    """https://docs.stripe.com/api/metadata: keys and values that Stripe refuses or forgets, and the
    keys of the ids that the connector stores there."""
    limits = connector.info.metadata
    assert limits is not None
    return any(
        "[" in name or "]" in name or not value or name in limits.reserved
        for name, value in (given or {}).items()
    )


def customer_form(request: CreateCustomerRequest) -> dict[str, Any] | None:
    """The form that a customer must become; None if it must be refused."""
    own, to = request.merchant_customer_id, request.address or Address()
    twice = (
        (request.name, to.full_name),
        (request.email, to.email),
        (request.phone, to.phone_number),
    )
    if any(one and other and one != other for one, other in twice):
        return None
    if bad_metadata(request.metadata):
        return None
    return whole(
        {
            "name": request.name or to.full_name,
            "email": request.email or to.email,
            "phone": request.phone or to.phone_number,
            "description": request.description,
            "address": street(request.address),
            "metadata": {**(request.metadata or {}), "merchant_customer_id": own},
        }
    )


def method_form(request: AuthorizeRequest) -> dict[str, Any] | None:
    """https://docs.stripe.com/api/payment_intents/create: how a payment is made."""
    method, bill = request.payment_method, request.billing_address
    if isinstance(method, Token):
        redirects = None if request.return_url else "never"
        any_type = {"enabled": "true", "allow_redirects": redirects}
        paid = {"payment_method": _text(method.token), "automatic_payment_methods": any_type}
        return None if bill else paid
    both = method.holder_name and bill and bill.full_name
    if bill is not None and bill.line3 is not None:
        return None
    if both and bill and method.holder_name != bill.full_name:
        return None
    return {
        "payment_method_types": {"0": "card"},
        "payment_method_data": {
            "type": "card",
            "card": {
                "number": _text(method.number),
                "exp_month": str(method.exp_month),
                "exp_year": str(method.exp_year),
                "cvc": method.cvc and _text(method.cvc),
            },
            "billing_details": {
                "name": method.holder_name or (bill and bill.full_name),
                "email": bill and bill.email,
                "phone": bill and bill.phone_number,
                "address": street(bill),
            },
        },
    }


def payment_form(request: AuthorizeRequest) -> dict[str, Any] | None:
    """The form that a payment must become; None if it must be refused."""
    own, method, ship = request.merchant_transaction_id, method_form(request), None
    if request.shipping_address is not None:
        to = request.shipping_address
        if to.full_name is None or not whole(street(to) or {}):
            return None
        ship = {"name": to.full_name, "phone": to.phone_number, "address": street(to)}
    if method is None or bad_metadata(request.metadata):
        return None
    if bad_descriptor(request.statement_descriptor_suffix):
        return None
    wanted = {"THREE_DS": "any", "NO_THREE_DS": "automatic"}
    return whole(
        {
            **method,
            "amount": str(request.amount.minor_amount),
            "currency": request.amount.currency.lower(),
            "confirm": "true",
            "expand": {"0": "latest_charge"},
            "customer": request.connector_customer_id,
            "capture_method": request.capture_method.lower(),
            "payment_method_options": request.auth_type
            and {"card": {"request_three_d_secure": wanted[request.auth_type]}},
            "return_url": request.return_url,
            "setup_future_usage": request.setup_future_usage and request.setup_future_usage.lower(),
            "off_session": None
            if request.off_session is None
            else str(request.off_session).lower(),
            "statement_descriptor_suffix": request.statement_descriptor_suffix,
            "description": request.description,
            "shipping": ship,
            "metadata": {**(request.metadata or {}), "merchant_transaction_id": own},
        }
    )


def _text(secret: Any) -> str:
    return str(secret.reveal())


@checked
@given(request=customers)
def test_any_customer_is_sent_whole_or_refused(
    judge: Judge, request: CreateCustomerRequest
) -> None:
    """Every field of any customer is in the form, unchanged, or the customer is refused."""
    judge.built.clear()
    expected = customer_form(request)
    if expected is None:
        with pytest.raises(InvalidRequest):
            creating(request)
        return
    sent = creating(request)
    assert read_form(sent.body.decode()) == expected
    assert judge.verdict() == []


@checked
@given(request=payments)
def test_any_payment_is_sent_whole_or_refused(judge: Judge, request: AuthorizeRequest) -> None:
    """Every field of any payment is in the form, unchanged, or the payment is refused."""
    judge.built.clear()
    expected = payment_form(request)
    if expected is None:
        with pytest.raises(InvalidRequest):
            authorizing(request)
        return
    sent = authorizing(request)
    assert read_form(sent.body.decode()) == expected
    assert judge.verdict() == []


@pytest.mark.parametrize("odd", ["a\ud800@example.com", "a\x00b@example.com", "a\x7f@example.com"])
def test_an_email_that_cannot_be_sent_is_refused(odd: str) -> None:
    """Control characters and lone surrogates are refused in an email, as in every other text."""
    with pytest.raises(InvalidRequest):
        CreateCustomerRequest(merchant_customer_id="user_42", email=odd)
