"""The answer to another request, or about another payment, customer or card, is no result."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import MalformedResponse, Prism

from .authorizedotnet_calls import (
    CALLS,
    CUSTOMER,
    FOUND,
    KEPT,
    OTHER,
    PAYMENT,
    PROFILE,
    REFUND,
    SIX,
    STRANGER,
    answering,
)
from .authorizedotnet_samples import OK, change, details, refusal
from .authorizedotnet_server import Gateway
from .conftest import Ask


@pytest.mark.parametrize("name", CALLS)
def test_the_answer_to_another_request_is_no_result(gateway: Gateway, ask: Ask, name: str) -> None:
    """Authorize.Net gives the refId back: with another one, the answer belongs to another call."""
    fields = answering(gateway, name, {**CALLS[name][2], "refId": "order_1000"})
    with pytest.raises(MalformedResponse) as raised:
        ask(name, **fields)
    assert raised.value.outcome == "unknown"


@pytest.mark.parametrize(
    "name",
    ["customers.update", "customers.delete", "payment_methods.delete", "recurring.revoke"],
)
def test_the_answer_to_a_lookup_is_no_change(gateway: Gateway, ask: Ask, name: str) -> None:
    """It says Ok, too, and has no refId, because it was asked for without."""
    with pytest.raises(MalformedResponse, match="has no refId") as raised:
        ask(name, **answering(gateway, name, {"messages": OK}))
    assert raised.value.outcome == "unknown"


def test_the_card_of_another_customer_makes_no_customer(gateway: Gateway, ask: Ask) -> None:
    """The answer to keeping a card names its customer's profile, too: whoever took that for the
    new one would charge somebody else."""
    fields = answering(gateway, "customers.create", {**PROFILE, "messages": OK})
    with pytest.raises(MalformedResponse) as raised:
        ask("customers.create", **fields)
    assert raised.value.outcome == "unknown"


def test_an_error_about_the_customer_alone_refuses_no_charge(gateway: Gateway, ask: Ask) -> None:
    """The refId of a deletion is the customer's id, which the charge has as well."""
    fields = answering(gateway, "recurring.setup", {**refusal("E00040"), "refId": CUSTOMER})
    with pytest.raises(MalformedResponse, match="error of another request") as raised:
        ask("recurring.setup", **fields)
    assert raised.value.outcome == "unknown"


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "refused",
    [
        {**refusal("E00040"), "refId": "order_1000"},
        {**change("3", "16", transId="0", refTransID=OTHER), "refId": ""},
        {**change("2", "2", refTransID=OTHER), "refId": ""},
    ],
)
def test_a_refusal_of_another_request_refuses_nothing(
    gateway: Gateway, ask: Ask, name: str, refused: dict[str, Any]
) -> None:
    """The error of another call says nothing of this one, which may have been carried out."""
    fields = answering(gateway, name, refused)
    with pytest.raises(MalformedResponse) as raised:
        ask(name, **fields)
    assert raised.value.outcome == "unknown"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("payments.authorize", {"profile": {"customerProfileId": STRANGER}}),
        ("payments.capture", {"transId": OTHER}),
        ("payments.capture", {"transId": "0", "refTransID": OTHER}),
        ("payments.capture", {"refTransID": OTHER}),
        ("payments.void", {"transId": OTHER}),
        ("payments.void", {"refTransID": OTHER}),
        ("payments.refund", {"transId": PAYMENT}),
        ("payments.refund", {"refTransID": OTHER}),
        ("recurring.charge", {"profile": {"customerProfileId": STRANGER}}),
        ("recurring.setup", {"profile": {"customerProfileId": STRANGER}}),
    ],
)
def test_another_payment_or_customer_is_no_result(
    gateway: Gateway, ask: Ask, name: str, other: dict[str, Any]
) -> None:
    """A transaction of another payment, or on somebody else's profile, is another call's."""
    good = CALLS[name][2]
    changed = {**good, "transactionResponse": {**good["transactionResponse"], **other}}
    fields = answering(gateway, name, changed)
    with pytest.raises(MalformedResponse) as raised:
        ask(name, **fields)
    assert raised.value.outcome == "unknown"


def test_a_card_kept_for_another_customer_is_no_result(gateway: Gateway, ask: Ask) -> None:
    """A payment profile of somebody else's is not given back as one's own."""
    name = "payment_methods.tokenize"
    fields = answering(gateway, name, {**CALLS[name][2], "customerProfileId": STRANGER})
    with pytest.raises(MalformedResponse):
        ask(name, **fields)


@pytest.mark.parametrize(
    ("name", "fields", "answer"),
    [
        ("payments.get", {"connector_transaction_id": PAYMENT}, details(transId=OTHER)),
        ("payments.get", {"connector_transaction_id": PAYMENT}, details(transId="0")),
        ("refunds.get", {"connector_refund_id": REFUND}, details(transId=OTHER)),
        ("customers.get", {"connector_customer_id": STRANGER}, {**FOUND, "messages": OK}),
        ("customers.get", {"merchant_customer_id": "user_43"}, {**FOUND, "messages": OK}),
        (
            "customers.get",
            {"merchant_customer_id": "user_42"},
            {"profile": {"customerProfileId": CUSTOMER}, "messages": OK},
        ),
        ("payment_methods.list", {"connector_customer_id": STRANGER}, {**FOUND, "messages": OK}),
    ],
)
def test_a_lookup_of_another_object_is_no_result(
    gateway: Gateway, ask: Ask, name: str, fields: dict[str, Any], answer: Any
) -> None:
    """What was looked up is what was asked for, or nothing."""
    gateway.answer(answer)
    with pytest.raises(MalformedResponse):
        ask(name, **fields)


@pytest.mark.parametrize("found", [OTHER, 40000009999, "0"])
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("payments.capture", {"connector_transaction_id": PAYMENT, "amount": SIX}),
        ("payments.refund", {"connector_transaction_id": PAYMENT, "merchant_refund_id": "r_1"}),
    ],
)
def test_no_money_moves_by_the_amount_of_another_payment(
    gateway: Gateway, ask: Ask, name: str, fields: dict[str, Any], found: Any
) -> None:
    """The lookup before a capture or refund must be of that payment: otherwise nothing is sent."""
    paid_by = {"creditCard": {"cardNumber": "XXXX4242"}}
    gateway.answer(details("settledSuccessfully", transId=found, payment=paid_by))
    with pytest.raises(MalformedResponse) as raised:
        ask(name, **fields)
    assert (raised.value.outcome, len(gateway.bodies)) == ("not_sent", 1)


def test_no_customer_is_overwritten_with_another(gateway: Gateway, ask: Ask) -> None:
    """An update keeps what the profile has: never another customer's email."""
    stranger = {"customerProfileId": STRANGER, "email": "grace@example.com"}
    gateway.answer({"profile": stranger, "messages": OK})
    with pytest.raises(MalformedResponse) as raised:
        ask("customers.update", connector_customer_id=CUSTOMER, description="first")
    assert (raised.value.outcome, len(gateway.bodies)) == ("not_sent", 1)


@pytest.mark.parametrize(
    "name", ["customers.update", "customers.delete", "payment_methods.delete", "recurring.revoke"]
)
@pytest.mark.parametrize(
    "named",
    [
        FOUND,
        {"transaction": {"transId": PAYMENT}},
        {"transactionResponse": {"transId": PAYMENT}},
        {"customerProfileId": CUSTOMER},
        PROFILE,
        {"paymentProfile": {"customerPaymentProfileId": KEPT}},
    ],
)
def test_a_lookups_answer_deletes_nothing(
    gateway: Gateway, prism: Prism, name: str, named: dict[str, Any]
) -> None:
    """The answer to a lookup has no refId to know it by, but names what was found: an update or a
    deletion that is answered so was not answered."""
    service, method = name.split(".")
    fields = answering(gateway, name, {**named, "messages": OK})
    with pytest.raises(MalformedResponse) as raised:
        getattr(getattr(prism, service), method)(**fields)
    assert raised.value.outcome == "unknown"
