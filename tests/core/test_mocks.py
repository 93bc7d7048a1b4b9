"""`unittest.mock` of clients: autospec finds every method, and takes only calls that the client
would take, so that a mistake in an application's call fails its test."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any
from unittest.mock import ANY, AsyncMock, create_autospec, patch

import httpx
import pytest

import prism_core
from prism_core import (
    AsyncCustomerClient,
    AsyncPaymentClient,
    AsyncPrism,
    CustomerClient,
    Payment,
    PaymentClient,
    PaymentStatus,
    Prism,
)

from .samples import CUSTOMER, PAYMENT

PAID = Payment(status=PaymentStatus.CHARGED, connector_transaction_id="pay_1")
FIELDS: dict[str, Any] = {
    "merchant_transaction_id": "order_1",
    "amount": PAYMENT.amount,
    "payment_method": PAYMENT.payment_method,
}


def of_the_class() -> Any:
    return create_autospec(Prism)("acme", api_key="k").payments


def of_an_instance() -> Any:
    return create_autospec(Prism, instance=True).payments


def of_a_client() -> Any:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"id": "pay_1"}))
    return create_autospec(Prism("acme", api_key="k", transport=transport)).payments


def of_a_service() -> Any:
    return create_autospec(PaymentClient, instance=True)


def patched() -> Any:
    with patch.object(prism_core, "Prism", autospec=True):
        return prism_core.Prism("acme", api_key="k").payments


every_mock = pytest.mark.parametrize(
    "made", [of_the_class, of_an_instance, of_a_client, of_a_service, patched]
)


@every_mock
def test_a_mock_takes_the_calls_that_the_client_takes(acme: str, made: Any) -> None:
    """With the fields, or with one ready request; and it tells how it was called."""
    payments = made()
    payments.authorize.return_value = PAID
    assert payments.authorize(**FIELDS) is PAID
    payments.authorize.assert_called_once_with(**{**FIELDS, "amount": ANY})
    assert payments.authorize(PAYMENT) is PAID
    payments.authorize.assert_called_with(PAYMENT)
    payments.authorize.assert_called_with(ANY)


@every_mock
@pytest.mark.parametrize(
    ("args", "fields"),
    [
        ((), {**FIELDS, "amuont": 1}),
        ((), {"merchant_transaction_id": "order_1"}),
        ((PAYMENT,), {"timeout": 1}),
        ((PAYMENT, PAYMENT), {}),
    ],
    ids=["a misspelt field", "a missing field", "both", "two requests"],
)
def test_a_mock_refuses_what_the_client_refuses(
    acme: str, made: Any, args: tuple[Any, ...], fields: dict[str, Any]
) -> None:
    with pytest.raises(TypeError):
        made().authorize(*args, **fields)
    with pytest.raises(AttributeError):
        made().authorise(PAYMENT)


@pytest.mark.parametrize(
    "made",
    [
        lambda: create_autospec(AsyncPrism)("acme", api_key="k").payments,
        lambda: create_autospec(AsyncPrism, instance=True).payments,
        lambda: create_autospec(AsyncPrism("acme", api_key="k")).payments,
        lambda: create_autospec(AsyncPaymentClient, instance=True),
    ],
    ids=["class", "instance", "client", "service"],
)
def test_a_mock_of_an_async_client_is_awaited(acme: str, made: Any) -> None:
    payments = made()
    assert isinstance(payments.authorize, AsyncMock)
    payments.authorize.return_value = PAID
    assert asyncio.run(payments.authorize(PAYMENT)) is PAID
    payments.authorize.assert_awaited_once_with(PAYMENT)
    with pytest.raises(TypeError):
        payments.authorize(merchant_transaction_id="order_1")


def test_methods_are_the_functions_that_they_look_like(acme: str) -> None:
    """Frameworks ask whether a function is a coroutine's; code may call it through the class."""
    assert inspect.iscoroutinefunction(AsyncCustomerClient.create)
    assert not inspect.iscoroutinefunction(CustomerClient.create)
    assert "self" in inspect.signature(CustomerClient.create).parameters
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"id": "cus_1"}))
    with CustomerClient(acme, api_key="k", transport=transport) as customers:
        made = customers.create
        assert not inspect.iscoroutinefunction(made)
        assert CustomerClient.create(customers, CUSTOMER).connector_customer_id == "cus_1"


def test_a_client_of_ones_own_may_replace_a_method(acme: str) -> None:
    """A subclass adds what an application always does, and calls the client's own method."""

    class Customers(CustomerClient):
        def create(self, *args: Any, **fields: Any) -> Any:
            return super().create(CUSTOMER, **fields)

    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"id": "cus_1"}))
    with Customers(acme, api_key="k", transport=transport) as customers:
        assert customers.create().connector_customer_id == "cus_1"
