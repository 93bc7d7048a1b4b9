"""Recording from servers: nothing private is written, and it all replays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lab import installed
from servers import answering, localstripe, stripe_token

from prism_contract_tests import recording, scrub
from prism_contract_tests.check import CHECKS
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.target import Target, open_target
from prism_sandbox.server import running

pytestmark = pytest.mark.once

REPLAYED = ("exchange-request", "exchange-result", "exchange-async", "exchanges-scrubbed")
PERSON = {
    "name": "Augusta King",
    "email": "augusta@king.name",
    "phone": "+14155552671",
    "address": {"line1": "12 St James Square", "city": "Westminster", "zip_code": "SW1Y 4JH"},
}
PRIVATE = ("Augusta", "king.name", "4155552671", "James Square", "Westminster", "SW1Y")
CARD = {"type": "card", "number": "4242424242424242", "exp_month": 12, "exp_year": 2090}


def written(made: Exchange) -> Exchange:
    """The exchange as it is read back from its file."""
    back = msgspec.json.decode(recording.as_json(made), type=Exchange)
    back.name = made.name
    return back


def assert_replays(target: Target, made: Exchange) -> None:
    """The file passes the checks of exchanges."""
    alone = msgspec.structs.replace(target, exchanges=[written(made)])
    for name in REPLAYED:
        CHECKS[name].run(alone, made.name)


def take(
    target: Target, operation: str, kind: Any, request: dict[str, Any], **account: Any
) -> Exchange:
    """Records one exchange."""
    docs = target.connector.info.docs
    return recording.record(
        target, operation, kind, request, account, documentation=docs, recorded="a test"
    )


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """The address of a sandbox server."""
    with running() as url:
        yield url


@pytest.fixture(scope="module")
def stripe() -> Iterator[str]:
    """The address of a localstripe."""
    with localstripe() as url:
        yield url


def test_a_customer_is_recorded_without_the_person(sandbox: str) -> None:
    """A name, an email address, a phone and a street that were sent are nowhere in the file."""
    target = open_target("sandbox")
    request = {"merchant_customer_id": "user_7", **PERSON}
    made = take(
        target,
        "create_customer",
        "success",
        request,
        api_key="sandbox_9f8e7d6c5b",
        base_url=sandbox,
    )
    text = recording.as_json(made)
    assert [word for word in (*PRIVATE, "sandbox_9f8e7d6c5b") if word in text] == []
    assert made.request["merchant_customer_id"] == "user_7"
    assert made.recorded == "a test"
    assert_replays(target, made)


@pytest.mark.parametrize(
    ("kind", "number", "status"),
    [
        ("success", "4242424242424242", "CHARGED"),
        ("decline", "4000000000009995", "AUTHORIZATION_FAILED"),
        ("authentication_required", "4000002500003155", "AUTHENTICATION_PENDING"),
        ("pending", "4000000000000101", "PENDING"),
    ],
)
def test_a_payment_of_every_kind_is_recorded(
    sandbox: str, kind: str, number: str, status: str
) -> None:
    """What the sandbox server answers to its test cards becomes an exchange that replays."""
    target = open_target("sandbox")
    request = {
        "merchant_transaction_id": "order_7",
        "amount": {"minor_amount": 1999, "currency": "EUR"},
        "payment_method": {**CARD, "number": number, "cvc": "987"},
    }
    made = take(target, "authorize", kind, request, api_key="sandbox_example", base_url=sandbox)
    assert made.result is not None
    assert made.result["status"] == status
    assert made.request["payment_method"]["cvc"] == "123"
    assert_replays(target, made)


@pytest.mark.parametrize(
    ("kind", "changes", "key"),
    [
        ("authentication_error", {}, "no_such_account"),
        ("validation_error", {"connector_customer_id": "cus_nobody"}, "sandbox_example"),
    ],
)
def test_an_error_is_recorded(sandbox: str, kind: str, changes: dict[str, str], key: str) -> None:
    """A refused key and a refused request become exchanges that end in the same error."""
    target = open_target("sandbox")
    request = {
        "merchant_transaction_id": "order_8",
        "amount": {"minor_amount": 100, "currency": "USD"},
        "payment_method": {**CARD, "cvc": None},
        **changes,
    }
    made = take(target, "authorize", kind, request, api_key=key, base_url=sandbox)
    assert made.error is not None
    assert "no_such_account" not in recording.as_json(made)
    assert_replays(target, made)


def test_a_card_that_is_no_test_card_becomes_one(sandbox: str) -> None:
    """The number of a real card is replaced in the request; its holder's name too."""
    target = open_target("sandbox")
    request = {
        "merchant_transaction_id": "order_9",
        "amount": {"minor_amount": 100, "currency": "USD"},
        "payment_method": {**CARD, "number": "4929421234600821", "holder_name": "Augusta King"},
    }
    request["payment_method"]["cvc"] = "987"  # type: ignore[index]
    made = take(target, "authorize", "decline", request, api_key="sandbox_k", base_url=sandbox)
    assert "4929421234600821" not in recording.as_json(made)
    assert made.request["payment_method"]["number"] == scrub.PLACEHOLDERS["card"]
    assert made.request["payment_method"]["holder_name"] == "Ada Lovelace"
    assert_replays(target, made)


def test_customers_and_payments_are_recorded_from_localstripe(stripe: str) -> None:
    """A customer, a charge and a decline at localstripe replay, with their own data gone."""
    target, account = open_target("stripe"), {"api_key": "sk_test_12345", "base_url": stripe}
    created = take(
        target,
        "create_customer",
        "success",
        {"merchant_customer_id": "user_7", **PERSON},
        **account,
    )
    for kind, number in [("success", "4242424242424242"), ("decline", "4000000000000341")]:
        request = {
            "merchant_transaction_id": "order_7",
            "amount": {"minor_amount": 1234, "currency": "EUR"},
            "payment_method": stripe_token(stripe, number),
        }
        assert_replays(target, take(target, "authorize", kind, request, **account))
    text = recording.as_json(created)
    assert [word for word in (*PRIVATE, "sk_test_12345") if word in text] == []
    assert_replays(target, created)


WAYS = {
    "DE44718392540663917284": {"type": "sepa", "holder_name": "Augusta King"},
    "Kk3pZ9vQm2XtR8s": {"type": "apple_pay"},
    "839217": {"type": "redirect", "payment_method_type": "BLIK"},
}


@pytest.mark.parametrize(
    ("kind", "part", "secret", "state"),
    [
        ("pending", "iban", "DE44718392540663917284", "waiting"),
        ("success", "payment_data", "Kk3pZ9vQm2XtR8s", "paid"),
        ("authentication_required", "code", "839217", "challenge"),
    ],
)
def test_what_pays_without_a_card_is_replaced(
    tmp_path: Path, kind: str, part: str, secret: str, state: str
) -> None:
    """An IBAN, a wallet's payment and a code of an app are in no recorded file, even if the answer
    repeats them."""
    value = f'{{"data":"{secret}"}}' if part == "payment_data" else secret
    request = {
        "merchant_transaction_id": "order_9",
        "amount": {"minor_amount": 100, "currency": "EUR"},
        "payment_method": {**WAYS[secret], part: value},
        "idempotency_key": "once_9",
    }
    body = {"id": "pay_77", "state": state, "ref": "order_9", "currency": "EUR", "said": value}
    with installed(tmp_path, pages=True) as name, answering((200, {}, body)) as url:
        target = open_target(name)
        made = take(target, "authorize", kind, request, api_key="key_x", base_url=url)
        assert_replays(target, made)
    assert secret not in recording.as_json(made)
    assert "Augusta" not in recording.as_json(made)
