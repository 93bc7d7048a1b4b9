"""The request as a flow gets it: it behaves as the request itself, and notes what is read."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Address,
    Card,
)
from prism_core.runtime.reads import has_read, noted, read, unread
from prism_core.schema.customers import CreateCustomerRequest, UpdateCustomerRequest
from prism_core.schema.nulls import NULL
from prism_core.schema.payments import AuthorizeRequest

from .shapes import order

HELD = Card("4242424242424242", exp_month=12, exp_year=2090, cvc="123", holder_name="Ada")


def test_a_noted_request_is_as_the_request_itself() -> None:
    """Connectors ask for its type, compare, and call its properties and methods."""
    request = AuthorizeRequest(
        **order(payment_method=HELD, billing_address=Address(first_name="A", last_name="B"))
    )
    given: Any = noted(request)
    assert isinstance(given, AuthorizeRequest)
    assert isinstance(given.payment_method, Card)
    assert given == request
    assert given == noted(request)
    assert given != 3
    assert hash(given.payment_method) == hash(HELD)
    assert repr(given) == repr(request)
    assert given.reference == "order_1"
    assert given.billing_address.full_name == "A B"
    assert given.payment_method.passes_luhn()
    assert given.descriptive == AuthorizeRequest.descriptive
    with pytest.raises(AttributeError):
        _ = given.nothing
    with pytest.raises(AttributeError):
        _ = given.__nothing__


def test_what_was_read_is_known_by_path() -> None:
    """A property reads its parts; a part that was not given is not unread."""
    given: Any = noted(
        CreateCustomerRequest(
            merchant_customer_id="user_1", address=Address(first_name="A", city="Paris")
        )
    )
    assert {*unread(given)} == {"merchant_customer_id", "address"}
    assert given.address.full_name == "A"
    assert given.name is None
    assert {*unread(given)} == {"merchant_customer_id", "address.city"}
    assert {*read(given)} == {"address", "address.first_name"}
    assert has_read(given, "address")
    assert has_read(given, "address.first_name")
    assert not has_read(given, "address.city")
    assert not has_read(given, "merchant_customer_id")


def test_a_part_that_is_to_be_cleared_is_read_as_a_whole() -> None:
    """NULL has no parts: the flow sends that there is no address any more."""
    request = noted(UpdateCustomerRequest(connector_customer_id="cus_1", address=NULL))
    assert request.address is NULL
    assert set(read(request)) == {"address"}
