"""`to_dict` and `from_dict`: every request and result comes back as it was from a database's JSON
column, a queue's message, a pickle and Pydantic, and no secret gets into one by accident."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kombu import serialization
from pydantic import TypeAdapter

import prism_core
from prism_contract_tests.random_requests import Chance, values
from prism_core import (
    Account,
    Ach,
    AuthorizeRequest,
    BrowserInfo,
    Card,
    CreateCustomerRequest,
    Event,
    EventKind,
    HandleEventRequest,
    InvalidRequest,
    Money,
    OrderLine,
    Payment,
    PaymentStatus,
    Token,
)
from prism_core.runtime.webhooks import of_its_kind
from prism_core.schema.base import Schema
from prism_core.schema.raw import RawRequest
from prism_core.schema.secrets import Secret

KINDS = {
    name: found
    for name, found in vars(prism_core).items()
    if isinstance(found, type) and issubclass(found, Schema) and not issubclass(found, Account)
}
CARD = Card("4242424242424242", 12, 2090, "123")
PAID = {
    "merchant_transaction_id": "order_1",
    "amount": {"minor_amount": 1000, "currency": "USD"},
    "payment_method": {"type": "token", "token": "pm_1"},
}

maker, adapter_of = cache(values), cache(TypeAdapter)


def any_of(kind: type[Schema], seed: int) -> Any:
    """A value of a class, with awkward texts in its fields."""
    chance = Chance(seed)
    if kind is HandleEventRequest:
        body, header = chance.random.randbytes(9), {"X-Signature": "v1=00, a"}
        return HandleEventRequest(body=body, headers=header, received_at=seed)
    made = maker(kind)(chance, kind.__name__)
    if kind is Event:
        other = maker(kind)(chance, kind.__name__)
        return of_its_kind(msgspec.structs.replace(made, others=(other,)))
    return made


def secrets_of(value: Any) -> Iterator[tuple[type, str]]:
    """The secrets in a value, and the class that each is in."""
    for name in value.__struct_fields__:
        found = getattr(value, name)
        if isinstance(found, Secret):
            yield type(value), found.reveal()
        elif isinstance(found, msgspec.Struct):
            yield from secrets_of(found)


def in_a_column(stored: dict[str, Any]) -> Any:
    return json.loads(json.dumps(stored))


def in_a_message(stored: dict[str, Any]) -> Any:
    """As Celery sends the arguments of a task."""
    kombu: Any = serialization  # it has no types
    content_type, encoding, body = kombu.dumps([[stored], {}, {}], serializer="json")
    return kombu.loads(body, content_type, encoding, accept=["application/json"])[0][0]


def test_these_are_all() -> None:
    """Requests, results, and what they are made of."""
    assert len(KINDS) > 50
    assert {"Payment", "Event", "Checkout", "AuthorizeRequest", "Money", "Card"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_every_value_comes_back_as_it_was(kind: type[Schema], seed: int) -> None:
    """By JSON, by a message of Celery, and by Pydantic."""
    value = any_of(kind, seed)
    stored = value.to_dict(secrets=True)
    for way in (in_a_column, in_a_message):
        assert kind.from_dict(way(stored)) == value
    assert adapter_of(kind).validate_json(json.dumps(stored)) == value
    assert msgspec.structs.astuple(kind.from_dict(stored)) == msgspec.structs.astuple(value)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_nothing_secret_is_stored_by_accident(kind: type[Schema], seed: int) -> None:
    """Without a word about secrets, a value with one gives no dict, no JSON of Pydantic and no
    pickle, and the error has none; any other value gives all three. A stored payment method's id
    may be stored, but is not pickled."""
    value = any_of(kind, seed)
    secrets, adapter = [*secrets_of(value)], adapter_of(kind)
    texts = [text for held_by, text in secrets if held_by is not Token]
    if texts or kind is HandleEventRequest:
        with pytest.raises(InvalidRequest, match="is secret, and whoever reads") as refused:
            value.to_dict()
        assert not any(text in str(refused.value) for text in texts if len(text) > 8)
        with pytest.raises(ValueError, match="is secret, and whoever reads"):
            adapter.dump_json(value)
    else:
        assert kind.from_dict(value.to_dict()) == value
        assert adapter.validate_json(adapter.dump_json(value)) == value
    if secrets:
        with pytest.raises(TypeError, match="a Secret is not pickled"):
            pickle.dumps(value)
    else:
        assert pickle.loads(pickle.dumps(value)) == value


def test_what_a_dict_has() -> None:
    """Plain values; what is None is left out, and what has a default is written: another default of
    a later version does not change what was stored."""
    asked = AuthorizeRequest(
        merchant_transaction_id="order_1",
        amount=Money(1000, "USD"),
        payment_method=Token("pm_1"),
        connector_feature_data={"nothing": None, "deep": [1, {"x": True}]},
        order_details=(
            OrderLine(product_name="Tea", amount=Money(5, "USD"), tax_rate=Decimal("7.0")),
        ),
    )
    assert asked.to_dict() == {
        **PAID,
        "capture_method": "AUTOMATIC",
        "connector_feature_data": {"nothing": None, "deep": [1, {"x": True}]},
        "order_details": [
            {
                "product_name": "Tea",
                "quantity": 1,
                "amount": {"minor_amount": 5, "currency": "USD"},
                "tax_rate": "7.0",
            }
        ],
    }
    assert Card("4242424242424242", 12, 2090, None).to_dict(secrets=True)["cvc"] is None
    paid = Payment(status=PaymentStatus.CHARGED)
    paid.__dict__["response"] = object()
    assert paid.to_dict() == {
        "status": "CHARGED",
        "status_code": 0,
        "attempts": [],
        "discrepancies": [],
        "not_sent": [],
    }


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (CARD, "Card.number is secret.*: leave it out; or .* with secrets=True"),
        (
            AuthorizeRequest.from_dict({**PAID, "payment_method": CARD}),
            r"payment_method.number is secret.* pay with Token\(id\)",
        ),
        (
            AuthorizeRequest.from_dict({**PAID, "browser_info": BrowserInfo(device_data="d")}),
            "browser_info.device_data is secret.*: leave it out",
        ),
        (
            HandleEventRequest(body=b"{}", headers={"authorization": "Basic x"}),
            "headers is secret.*: handle the webhook first, and keep the Event",
        ),
    ],
)
def test_a_refusal_says_what_to_store_instead(value: Schema, advice: str) -> None:
    with pytest.raises(InvalidRequest, match=advice):
        value.to_dict()


def test_a_request_of_ones_own_is_stored_too() -> None:
    """Its ids are plain or secret."""
    asked = RawRequest(method="POST", path="/x/{}", ids=("a",), json={"b": [1, None]})  # type: ignore[arg-type]
    assert RawRequest.from_dict(asked.to_dict()) == asked
    with pytest.raises(InvalidRequest, match=r"ids\.0 is secret"):
        RawRequest(method="GET", path="/x/{}", ids=(Secret("a"),)).to_dict()  # type: ignore[arg-type]


def test_an_account_is_stored_by_nobody() -> None:
    """Its keys are secrets; and a wrong account is refused as any value."""

    class Small(Account, frozen=True, kw_only=True):
        api_key: Secret

    opened = Small(api_key="key_secret", base_url="https://small.example")  # type: ignore[arg-type]
    with pytest.raises(InvalidRequest, match=r"Small\.api_key is secret"):
        opened.to_dict()
    with pytest.raises(InvalidRequest, match="base_url must be https"):
        Small.from_dict({"api_key": "k", "base_url": "http://small.example"})


def test_only_what_json_can_hold_is_written() -> None:
    class Odd(Schema, frozen=True):
        value: Any

    with pytest.raises(TypeError, match="JSON cannot hold a set"):
        Odd({1}).to_dict()


def test_an_old_message_is_read_by_a_newer_version() -> None:
    """A field that was added since has its default."""
    event = of_its_kind(Event(kind=EventKind.UNKNOWN, event_type="x"))
    stored = event.to_dict()
    del stored["others"], stored["attempts"]
    assert Event.from_dict(stored) == event


def test_an_error_tells_what_a_checkout_made() -> None:
    """Errors have a dict, too, to log or to store, with the customer that exists by now."""
    error = InvalidRequest("no", field="amount")
    error.completed = prism_core.CustomerCreated(connector_customer_id="cus_1")
    told = error.to_dict()
    assert told["field"] == "amount"
    assert told["completed"] == error.completed.to_dict()


def test_a_value_in_a_dict_is_taken_as_it_is() -> None:
    """So that a request can be completed with what must not be stored."""
    asked = AuthorizeRequest.from_dict({**PAID, "payment_method": Ach(
        account_number="000123456789", routing_number="110000000", holder_name="Ada"
    )})  # fmt: skip
    assert isinstance(asked.payment_method, Ach)
    assert CreateCustomerRequest.from_dict({"merchant_customer_id": "u"}).name is None
