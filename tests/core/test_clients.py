"""Clients as a user meets them: arguments, documentation, configuration."""

from __future__ import annotations

import inspect
import pydoc
from typing import Any

import pytest
from support import Server

from prism_core import (
    AsyncPrism,
    ConfigurationError,
    CustomerClient,
    InvalidRequest,
    PaymentClient,
    Prism,
)

from .samples import CUSTOMER, PAYMENT, options


def test_keywords_and_a_ready_request_do_the_same(acme: str, server: Server) -> None:
    server.answer(200, {"id": "cus_1"})
    with CustomerClient(acme, **options(server)) as customers:
        customers.create(merchant_customer_id="user_42", email="ada@example.com")
        customers.create(CUSTOMER)
    assert server.seen[0].body == server.seen[1].body


@pytest.mark.parametrize(
    ("args", "fields", "words"),
    [
        ((), {"merchant_customer_id": "u", "emial": "a@b.co"}, "not take 'emial'; did you mean"),
        ((), {"customer_id": "u"}, "not take 'customer_id'; did you mean 'merchant_customer_id'?"),
        ((), {"merchant_customer_id": "u", "zzz": 1}, "it takes timeout, max_retries, merchant_"),
        ((), {}, "customers.create needs merchant_customer_id"),
        ((CUSTOMER, CUSTOMER), {}, "or one CreateCustomerRequest alone"),
        ((CUSTOMER,), {"email": "a@b.co"}, "or one CreateCustomerRequest alone"),
        ((PAYMENT,), {}, "or one CreateCustomerRequest alone"),
        ((), {"merchant_customer_id": "u", "email": "ada"}, "must be an email address"),
    ],
)  # fmt: skip
def test_wrong_arguments_say_what_to_change(
    acme: str, server: Server, args: tuple[Any, ...], fields: dict[str, Any], words: str
) -> None:
    """An unknown, missing or malformed argument is one error, and nothing is sent."""
    customers = CustomerClient(acme, **options(server))
    with pytest.raises(InvalidRequest, match=words) as caught:
        customers.create(*args, **fields)
    assert caught.value.operation == "customers.create"
    assert server.seen == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"customer_id": "cus_1"}, r"'customer_id'; did you mean 'connector_customer_id'\?"),
        ({"transaction_id": "t"}, r"mean 'merchant_transaction_id' or 'network_transaction_id'\?"),
        ({"currency": "USD"}, r"amount=Money\(1000, 'USD'\) is 10.00 USD"),
    ],
)
def test_a_first_guess_leads_to_the_field(acme: str, fields: dict[str, Any], words: str) -> None:
    """The short name of an id, and a currency beside the amount, as in other libraries."""
    payments = PaymentClient(acme, api_key="k")
    with pytest.raises(InvalidRequest, match=words):
        payments.authorize(merchant_transaction_id="order_1", amount=1000, **fields)  # type: ignore[arg-type]


def test_methods_document_themselves(acme: str) -> None:
    """Signature and docstring of a method are there for `help()` and for completion."""
    customers = CustomerClient(acme, api_key="k")
    parameters = inspect.signature(customers.create).parameters
    assert parameters["merchant_customer_id"].default is inspect.Parameter.empty
    assert parameters["email"].default is None
    assert "Address" in str(parameters["address"].annotation)
    names = [*parameters]
    assert names[0] == "merchant_customer_id"
    assert set(names[-4:]) == {"timeout", "max_retries", "on_conflict", "idempotency_key"}
    shown = " ".join(pydoc.plain(pydoc.render_doc(customers.create)).split()).replace("( ", "(")
    assert "create(*, merchant_customer_id: 'Identifier', name: 'Text | None' = None" in shown
    assert "-> 'CustomerCreated'" in shown
    assert "keep the returned `connector_customer_id`" in shown
    assert "Takes the fields of `CreateCustomerRequest`, or one that is ready" in shown
    assert "`merchant_customer_id` is your own id" in shown
    assert "Look a customer up" in pydoc.plain(pydoc.render_doc(CustomerClient))
    assert customers.create.__name__ == "create"
    assert CustomerClient.create.__qualname__ == "CustomerClient.create"
    assert repr(customers) == "<CustomerClient acme>"
    assert "key" not in repr(customers._engine)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"timeout": 0}, "timeout must be a positive"),
        ({"timeout": "1"}, "timeout must be a number"),
        ({"timeout": True}, "timeout must be a number"),
        ({"max_retries": -1}, "max_retries must be an integer"),
        ({"max_retries": 1.5}, "max_retries must be an integer"),
        ({"environment": "TEST"}, "environment must be one of SANDBOX, PRODUCTION"),
        ({"environment": "PRODUCTION"}, "no PRODUCTION environment"),
        ({"base_url": "http://example.com"}, "must be https"),
        ({"token": "x"}, "unknown: token"),
        ({"transport": object(), "http_client": object()}, "not both"),
    ],
)
def test_a_client_set_up_wrongly_is_refused(acme: str, more: dict[str, Any], words: str) -> None:
    """Every mistake in setting a client up is a ConfigurationError, for both kinds of client."""
    for client in (Prism, AsyncPrism):
        with pytest.raises(ConfigurationError, match=words):
            client(acme, **{"api_key": "k", **more})  # type: ignore[arg-type]


def test_credentials_from_the_environment(
    acme: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`from_env` reads PRISM_ACME_...; keyword arguments win over it."""
    monkeypatch.setenv("PRISM_ACME_API_KEY", "from_env")
    monkeypatch.setenv("PRISM_ACME_BASE_URL", "https://elsewhere.example")
    server.answer(200, {"id": "cus_1"})
    with Prism.from_env(acme, base_url=server.url) as prism:
        prism.customers.create(CUSTOMER)
    assert server.seen[0].headers["authorization"] == "Bearer from_env"
    monkeypatch.delenv("PRISM_ACME_API_KEY")
    with pytest.raises(ConfigurationError, match="missing: api_key") as caught:
        Prism.from_env(acme)
    assert "Give api_key=..., or set PRISM_ACME_API_KEY" in str(caught.value)
