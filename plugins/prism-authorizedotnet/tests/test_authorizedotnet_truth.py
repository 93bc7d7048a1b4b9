"""What answers must name and say before they are believed: ids, links, no error beside."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import ConnectorError, InvalidRequest, MalformedResponse, Money, Prism, Token

from .authorizedotnet_samples import OK, card, change, details, refusal, transaction
from .authorizedotnet_server import Gateway
from .conftest import Ask

PAYMENT, OTHER, REFUND = "40000001001", "40000009999", "40000002001"
CUSTOMER, STRANGER, KEPT = "900000042", "900000043", "900000101"
TEN, SIX = Money(1000, "USD"), Money(600, "USD")
PROFILE = {"customerProfileId": CUSTOMER, "customerPaymentProfileId": KEPT}
PAYING = {"merchant_transaction_id": "order_1001", "amount": TEN}
FOUND = {"profile": {"customerProfileId": CUSTOMER, "merchantCustomerId": "user_42"}}

# Each operation: its call, the answers to its lookups, the answer to its last request.
CALLS: dict[str, tuple[dict[str, Any], list[Any], dict[str, Any]]] = {
    "payments.authorize": (
        {**PAYING, "payment_method": card(), "connector_customer_id": CUSTOMER},
        [],
        transaction("1", profile=PROFILE),
    ),
    "payments.capture": ({"connector_transaction_id": PAYMENT}, [], change("1")),
    "payments.void": ({"connector_transaction_id": PAYMENT}, [], change("1")),
    "payments.refund": (
        {"connector_transaction_id": PAYMENT, "merchant_refund_id": "refund_1", "amount": SIX},
        [details("settledSuccessfully", payment={"creditCard": {"cardNumber": "XXXX1111"}})],
        change("1", transId=REFUND, ref_id="refund_1"),
    ),
    "recurring.charge": (
        {**PAYING, "connector_mandate_id": KEPT, "connector_customer_id": CUSTOMER},
        [],
        transaction("1", profile=PROFILE),
    ),
    "recurring.setup": (
        {
            "merchant_mandate_id": "order_1001",
            "payment_method": Token(KEPT),
            "connector_customer_id": CUSTOMER,
            "amount": TEN,
        },
        [],
        transaction("1", profile=PROFILE),
    ),
    "recurring.revoke": (
        {"connector_mandate_id": KEPT, "connector_customer_id": CUSTOMER},
        [],
        {"refId": KEPT, "messages": OK},
    ),
    "customers.create": (
        {"merchant_customer_id": "user_42"},
        [],
        {"customerProfileId": CUSTOMER, "refId": "user_42", "messages": OK},
    ),
    "customers.update": (
        {"connector_customer_id": CUSTOMER, "description": "first"},
        [{**FOUND, "messages": OK}],
        {"refId": CUSTOMER, "messages": OK},
    ),
    "customers.delete": (
        {"connector_customer_id": CUSTOMER},
        [],
        {"refId": CUSTOMER, "messages": OK},
    ),
    "payment_methods.tokenize": (
        {
            "payment_method": card(),
            "connector_customer_id": CUSTOMER,
            "merchant_payment_method_id": "card_1",
        },
        [],
        {**PROFILE, "refId": "card_1", "messages": OK},
    ),
    "payment_methods.delete": (
        {"connector_payment_method_id": KEPT, "connector_customer_id": CUSTOMER},
        [],
        {"refId": KEPT, "messages": OK},
    ),
}


def told(result: Any) -> set[tuple[str, str]]:
    """The fields that differ, and what the answer says of them."""
    return {(one.field, one.reported) for one in result.discrepancies}


def answering(gateway: Gateway, name: str, *last: Any) -> dict[str, Any]:
    """Lets the server answer a call's lookups, and then with these; the call's fields."""
    fields, lookups, _ = CALLS[name]
    for answer in (*lookups, *last):
        gateway.answer(answer)
    return fields


@pytest.mark.parametrize("name", CALLS)
def test_every_operation_ends_well_with_its_own_answer(
    gateway: Gateway, ask: Ask, name: str
) -> None:
    """The answers of these tests, as they are, come to results without discrepancies."""
    assert told(ask(name, **answering(gateway, name, CALLS[name][2]))) == set()


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
