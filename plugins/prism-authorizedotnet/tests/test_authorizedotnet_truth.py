"""What answers must say before they are believed: ids, links, no error beside, status 200."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import ConnectorError, InvalidRequest, MalformedResponse, Prism, Token

from .authorizedotnet_calls import (
    CALLS,
    CUSTOMER,
    KEPT,
    PAYING,
    PAYMENT,
    PROFILE,
    REFUND,
    answering,
    told,
)
from .authorizedotnet_samples import OK, change, details, refusal, transaction
from .authorizedotnet_server import Gateway
from .conftest import Ask


@pytest.mark.parametrize("name", CALLS)
def test_every_operation_ends_well_with_its_own_answer(
    gateway: Gateway, ask: Ask, name: str
) -> None:
    """The answers of these tests, as they are, come to results without discrepancies."""
    assert told(ask(name, **answering(gateway, name, CALLS[name][2]))) == set()


@pytest.mark.parametrize("wrong", ["Error", "-1", -1, "１２", "4000 1", "x" * 300])
def test_an_id_has_only_digits(gateway: Gateway, prism: Prism, wrong: Any) -> None:
    """An id that nothing could be done with later is no id: what became of it is unknown."""
    answers: dict[str, Any] = {
        "payments.authorize": transaction("1", transId=wrong),
        "recurring.setup": transaction("1", profile=PROFILE, transId=wrong),
        "customers.create": {"customerProfileId": wrong, "refId": "user_42", "messages": OK},
        "payment_methods.tokenize": {"customerPaymentProfileId": wrong, "messages": OK},
    }
    for name, answer in answers.items():
        gateway.begin()
        service, method = name.split(".")
        fields = answering(gateway, name, answer)
        with pytest.raises(MalformedResponse) as raised:
            getattr(getattr(prism, service), method)(**fields)
        assert raised.value.outcome == "unknown"


@pytest.mark.parametrize(
    "profile",
    [
        {},
        {"profile": None},
        {"profile": {"customerProfileId": None}},
        {"profile": {"customerProfileId": ""}},
        {"profile": {"customerProfileId": "0"}},
    ],
)
@pytest.mark.parametrize("name", ["payments.authorize", "recurring.charge", "recurring.setup"])
def test_money_that_is_linked_to_nobody_says_so(
    gateway: Gateway, ask: Ask, name: str, profile: dict[str, Any]
) -> None:
    """A customer was asked for, the money was taken, and the answer names no profile."""
    result: Any = ask(name, **answering(gateway, name, transaction("1", **profile)))
    assert ("connector_customer_id", "null") in told(result)
    assert result.connector_customer_id is None
    assert result.connector_transaction_id == PAYMENT


def test_what_moved_no_money_is_linked_to_nobody_as_documented(gateway: Gateway, ask: Ask) -> None:
    """A card is kept once it is approved: a decline or a hold without a profile is no news."""
    name = "payments.authorize"
    for answer in (transaction("2", "2"), transaction("4"), transaction("1", transId="0")):
        gateway.begin()
        assert told(ask(name, **answering(gateway, name, answer))) == set()


def test_a_refund_or_change_without_its_payment_says_so(gateway: Gateway, ask: Ask) -> None:
    """An answer that refers to no payment is not known to be about the one asked for."""
    for name in ("payments.capture", "payments.void"):
        gateway.begin()
        answer = change("1", transId="0", refTransID="")
        assert told(ask(name, **answering(gateway, name, answer))) == {
            ("connector_transaction_id", "null")
        }
    gateway.begin()
    answer = change("1", transId=REFUND, refTransID="", ref_id="refund_1")
    refund = ask("payments.refund", **answering(gateway, "payments.refund", answer))
    assert told(refund) == {("connector_transaction_id", "null")}


def test_money_from_another_payment_profile_says_so(gateway: Gateway, prism: Prism) -> None:
    """Paid with another stored card than was asked for, it is the payment, with a discrepancy."""
    another = {"customerProfileId": CUSTOMER, "customerPaymentProfileId": "900000199"}
    gateway.answer(transaction("1", profile=another))
    charged = prism.recurring.charge(**CALLS["recurring.charge"][0])
    assert told(charged) == {("connector_mandate_id", "900000199")}
    assert charged.connector_payment_method_id == "900000199"
    paid = prism.payments.authorize(
        **PAYING, payment_method=Token(KEPT), connector_customer_id=CUSTOMER
    )
    assert told(paid) == {("payment_method", "another one")}
    mandate = prism.recurring.setup(**CALLS["recurring.setup"][0])
    assert told(mandate) == {("payment_method", "another one")}
    assert mandate.connector_mandate_id == "900000199"


BESIDE = {"errors": [{"errorCode": "39", "errorText": "Something is wrong."}]}


@pytest.mark.parametrize(
    "name",
    [
        *("payments.authorize", "payments.capture", "payments.void", "payments.refund"),
        *("recurring.charge", "recurring.setup"),
    ],
)
@pytest.mark.parametrize(
    ("inside", "outside", "code"),
    [
        (BESIDE, {}, "39"),
        ({}, refusal("E00027"), "E00027"),
        ({}, {"messages": {**OK, "message": [{"code": "E00101", "text": "?"}]}}, "E00101"),
        ({}, {"profileResponse": refusal("E00042")}, "E00042"),
    ],
)
def test_an_error_beside_an_approval_is_told(
    gateway: Gateway,
    ask: Ask,
    name: str,
    inside: dict[str, Any],
    outside: dict[str, Any],
    code: str,
) -> None:
    """The transaction was made, its id is not lost, and what went wrong beside it is told."""
    good = CALLS[name][2]
    answer = {**good, **outside, "transactionResponse": {**good["transactionResponse"], **inside}}
    result: Any = ask(name, **answering(gateway, name, answer))
    assert ("error", code) in told(result)
    assert result.error.connector.code == code
    assert result.connector_transaction_id == PAYMENT


def test_a_card_that_was_not_kept_does_not_undo_its_payment(gateway: Gateway, prism: Prism) -> None:
    """The money was taken; the link to the customer is not claimed, and the reason is told."""
    kept = refusal("E00039", "A duplicate customer payment profile already exists.")
    gateway.answer({**transaction("1"), "profileResponse": kept})
    payment = prism.payments.authorize(**CALLS["payments.authorize"][0])
    assert payment.status.value == "CHARGED"
    assert told(payment) == {("connector_customer_id", "null"), ("error", "E00039")}


@pytest.mark.parametrize("name", [name for name in CALLS if name != "customers.create"])
def test_0_is_no_id_of_anything(gateway: Gateway, prism: Prism, name: str) -> None:
    """0 stands for what was never made: nothing is asked about it."""
    service, method = name.split(".")
    fields = CALLS[name][0]
    for field in fields:
        if field.startswith("connector_"):
            with pytest.raises(InvalidRequest, match="never made") as refused:
                getattr(getattr(prism, service), method)(**{**fields, field: "0"})
            assert refused.value.field == field
    assert gateway.bodies == []


def test_ids_are_numbers_or_texts(gateway: Gateway, prism: Prism) -> None:
    profile = {"customerProfileId": 900000042, "customerPaymentProfileId": 900000101}
    gateway.answer(transaction(1, transId=40000001001, profile=profile))
    paid = prism.payments.authorize(
        **PAYING, payment_method=Token(KEPT), connector_customer_id=CUSTOMER
    )
    assert (paid.connector_transaction_id, paid.connector_payment_method_id) == (PAYMENT, KEPT)
    assert told(paid) == set()
    gateway.begin()
    gateway.answer(details(transId=40000001001, profile=profile))
    found = prism.payments.get(connector_transaction_id=PAYMENT)
    assert (found.connector_customer_id, found.connector_payment_method_id) == (CUSTOMER, KEPT)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "body", [b"<html>OK</html>", b"{}", b'""', b"null", b"[]", b"", b'{"messages":"Ok"}']
)
def test_garbage_is_no_success(gateway: Gateway, prism: Prism, name: str, body: bytes) -> None:
    """A 200 that Authorize.Net did not write deletes, revokes, changes and pays nothing."""
    service, method = name.split(".")
    fields = answering(gateway, name, body)
    with pytest.raises(MalformedResponse) as raised:
        getattr(getattr(prism, service), method)(**fields)
    assert raised.value.outcome == "unknown"


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("status", [201, 202, 206])
def test_only_200_is_its_success(gateway: Gateway, prism: Prism, name: str, status: int) -> None:
    """Authorize.Net answers with 200 whatever happened: another success is somebody else's."""
    service, method = name.split(".")
    fields = answering(gateway, name)
    gateway.answer(CALLS[name][2], status=status)
    with pytest.raises(MalformedResponse):
        getattr(getattr(prism, service), method)(**fields)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("status", [403, 409, 499])
def test_a_foreign_refusal_refuses_nothing(
    gateway: Gateway, prism: Prism, name: str, status: int
) -> None:
    """Who stands in between may refuse what Authorize.Net has done already."""
    service, method = name.split(".")
    fields = answering(gateway, name)
    gateway.answer(refusal("E00007"), status=status)
    with pytest.raises(ConnectorError) as raised:
        getattr(getattr(prism, service), method)(**fields)
    assert raised.value.outcome == "unknown"


@pytest.mark.parametrize("code", ["2", "3"])
@pytest.mark.parametrize("name", ["payments.authorize", "payments.capture", "payments.refund"])
def test_refused_and_approved_at_once_is_not_known(
    gateway: Gateway, ask: Ask, name: str, code: str
) -> None:
    """A response code that refuses beside the message of an approval: whoever believed the first
    would charge again."""
    good = CALLS[name][2]
    both = {"responseCode": code, "messages": [{"code": "1", "description": "Approved."}]}
    changed = {**good, "transactionResponse": {**good["transactionResponse"], **both}}
    with pytest.raises(ConnectorError) as raised:
        ask(name, **answering(gateway, name, changed))
    assert raised.value.outcome == "unknown"
