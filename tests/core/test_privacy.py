"""No secret and no personal datum in anything that Prism prints, raises, logs or pickles."""

from __future__ import annotations

import logging
import pickle
import re
from collections.abc import Iterator
from typing import Any

import pytest
from support import Server

from prism_core import (
    Address,
    AsyncCustomerClient,
    AsyncPrism,
    Card,
    ConnectorDetails,
    ConnectorError,
    CustomerClient,
    ErrorDetails,
    InvalidRequest,
    IssuerError,
    Money,
    NetworkError,
    PaymentClient,
    Prism,
    PrismError,
    Secret,
    Token,
    UnifiedCode,
    unified_error,
)
from prism_core.runtime import retries
from prism_core.runtime.redaction import redacted_details
from prism_core.schema.secrets import MASK

from .showing import everything

SECRETS = ["sk_live_51secret", "4000056655665556", "737"]
PERSONAL = ["grace@navy.example", "Grace Hopper", "+12025550123", "1 Compiler Row", "94107"]


@pytest.fixture
def prism(acme: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prism]:
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
    with Prism(acme, api_key=SECRETS[0], base_url=server.url, timeout=2) as client:
        yield client


SPELLED = ["4000.0566.5566.5556", "4000/0566/5566/5556", "4000\u00a00566\u00a05566\u00a05556"]
ECHO = " ".join([*SECRETS, *PERSONAL, *SPELLED])
ANSWERS: dict[str, tuple[int, Any]] = {
    "echoing error": (400, {"code": "bad", "message": f"cannot use {ECHO}"}),
    "shouting error": (400, {"code": "bad", "message": ECHO.upper()}),
    "echoing code": (409, {"code": f"bad {ECHO}", "kind": "CONFLICT"}),
    "html": (502, f"<html>{ECHO}</html>".encode()),
    "garbage": (200, f"{{{ECHO}".encode()),
    "wrong type": (200, {"id": [ECHO], "state": ECHO}),
    "wrong currency": (200, {"id": "x", "state": "ok", "currency": ECHO}),
    "decline": (402, {"code": "nsf", "kind": "DECLINED", "message": ECHO}),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_private_comes_out_of_a_payment(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """Whatever the processor answers, even quoting us, no key, card or person is shown."""
    caplog.set_level(logging.DEBUG)
    server.answer(*ANSWERS[name])
    try:
        payment = prism.payments.authorize(
            merchant_transaction_id="order_1",
            amount=Money(1000, "USD"),
            payment_method=Card(SECRETS[1], 12, 2090, SECRETS[2], "Grace Hopper"),
            max_retries=1,
        )
    except PrismError as error:
        shown = everything(error, caplog.text)
    else:
        shown = f"{payment!r} {payment.to_dict()} {pickle.dumps(payment)!r} {caplog.text}"
    found = [
        secret for secret in SECRETS if re.search(rf"(?<![0-9a-f]){secret}(?![0-9a-f])", shown)
    ]
    assert found == []
    assert "Grace Hopper" not in shown
    assert not [spelled for spelled in SPELLED if spelled in shown]


@pytest.mark.parametrize("name", sorted(set(ANSWERS) - {"wrong currency"}))
def test_nothing_private_comes_out_of_a_customer(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """The same for a customer's name, email, phone and address."""
    caplog.set_level(logging.DEBUG)
    server.answer(*ANSWERS[name])
    with pytest.raises(PrismError) as caught:
        prism.customers.create(
            merchant_customer_id="user_42",
            name="Grace Hopper",
            email="grace@navy.example",
            phone="+12025550123",
            address=Address(line1="1 Compiler Row", zip_code="94107"),
            max_retries=0,
        )
    shown = everything(caught.value, caplog.text)
    found = [private for private in [SECRETS[0], *PERSONAL] if private.lower() in shown.lower()]
    assert found == []
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_every_text_of_an_error_is_cleaned_and_every_code_kept(
    prism: Prism, server: Server
) -> None:
    """Issuer, network and processor may all quote the customer; what is a code stays one."""
    private = [Secret("Grace Hopper"), Secret("sk_live_51secret")]
    quoted = "no, grace hopper"
    details = ErrorDetails(
        unified=unified_error(UnifiedCode.DECLINED),
        issuer=IssuerError(
            code="05",
            message=quoted,
            network=NetworkError(
                advice_code="02", decline_code="sk_live_51secret", error_message=quoted
            ),
        ),
        connector=ConnectorDetails(code="card_declined", message=quoted, reason=quoted),
    )
    found = redacted_details(details, private)
    assert found.unified == details.unified
    assert found.issuer == IssuerError(
        code="05",
        message="no, **********",
        network=NetworkError(
            advice_code="02", decline_code="**********", error_message="no, **********"
        ),
    )
    assert found.connector == ConnectorDetails(
        code="card_declined", message="no, **********", reason="no, **********"
    )
    coded = IssuerError(code="05")
    assert redacted_details(ErrorDetails(issuer=coded), private).issuer == coded


@pytest.mark.parametrize(
    ("value", "quoted", "left"),
    [
        ({"name": "Ada Lovelace"}, "Lovelace is too short", f"{MASK} is too short"),
        ({"name": "Bo Li"}, "LI is too short, Lily", f"{MASK} is too short, Lily"),
        ({"name": "J Li"}, "J: Li is too short", f"J: {MASK} is too short"),
        ({"phone": "+14155552671"}, "14155552671 is no number", f"{MASK} is no number"),
        ({"phone": "+2901234"}, "290-1234 is no number", f"{MASK} is no number"),
        ({"phone": "+14155552671"}, "1 (415) 555-2671 is no number", f"{MASK} is no number"),
        ({"email": "ada@example.com"}, "\u0130: ada@example.com", f"\u0130: {MASK}"),
        ({"name": "Ada"}, "no\r\nERROR ada \x1b[31mpaid\u2028", f"no  ERROR {MASK} paid "),
    ],
)  # fmt: skip
def test_what_a_connector_takes_apart_is_private_too(
    prism: Prism, server: Server, value: dict[str, str], quoted: str, left: str
) -> None:
    """Processors quote the part that they were sent, and write it in their own way; the message
    is one line, and its other words stay."""
    server.answer(400, {"code": "bad", "message": quoted})
    with pytest.raises(ConnectorError) as caught:
        prism.customers.create(merchant_customer_id="user_42", **value)
    assert str(caught.value).endswith(f"bad: {left}")
    assert caught.value.details.connector is not None
    assert caught.value.details.connector.message == left


def test_metadata_is_private_too(prism: Prism, server: Server) -> None:
    """What a caller puts into metadata is not repeated when the processor quotes it."""
    server.answer(400, {"code": "bad", "message": "cannot keep likes-gin"})
    with pytest.raises(PrismError) as caught:
        prism.payments.authorize(
            merchant_transaction_id="order_1",
            amount=Money(1000, "USD"),
            payment_method=Card(SECRETS[1], 12, 2090, SECRETS[2]),
            metadata={"taste": "likes-gin", "n": "1"},
        )
    assert "likes-gin" not in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "grace@navy.example@", "name": "Grace Hopper"},
        {"phone": "+12025550123x", "email": "grace@navy.example"},
        {"nmae": "Grace Hopper", "email": "grace@navy.example"},
        {"name": "Grace Hopper", "description": "1 Compiler Row"},
        {"name": ("Grace Hopper",), "email": "grace@navy.example"},
        {"merchant_customer_id": 3, "phone": 12025550123, "name": ["Grace Hopper"]},
        {"address": {"line1": "1 Compiler Row"}, "metadata": [("a", "Grace Hopper")]},
    ],
)
def test_refused_input_is_not_repeated(
    prism: Prism, caplog: pytest.LogCaptureFixture, fields: dict[str, Any]
) -> None:
    """An error about bad input names the field and never the value, local variables included."""
    with pytest.raises(PrismError) as caught:
        prism.customers.create(**{"merchant_customer_id": "user_42", **fields})
    shown = everything(caught.value, caplog.text)
    assert [private for private in PERSONAL if private.lstrip("+") in shown] == []


@pytest.mark.anyio
async def test_what_is_no_request_is_not_shown(
    prism: Prism, acme: str, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """A dictionary in a request's place, by either client, through a class, or in a checkout."""
    person: Any = {"name": "Grace Hopper", "line1": "1 Compiler Row"}
    calls: list[Any] = [
        lambda: prism.customers.create(person),
        lambda: CustomerClient.create(prism.customers, person),
        lambda: prism.customers.create(person, name="Grace Hopper"),
        lambda: CustomerClient.create(prism.customers, nmae="Grace Hopper"),
        lambda: prism.checkout(payment=person, customer=person),
    ]
    for call in calls:
        with pytest.raises(InvalidRequest) as caught:
            call()
        shown = everything(caught.value, caplog.text)
        assert [private for private in PERSONAL if private in shown] == []
    async with AsyncPrism(acme, api_key=SECRETS[0], base_url=server.url) as twin:
        for waited in (
            twin.customers.create(person),
            AsyncCustomerClient.create(twin.customers, person),
            twin.checkout(payment=person, customer=person),
        ):
            with pytest.raises(InvalidRequest) as caught:
                await waited
            shown = everything(caught.value, caplog.text)
            assert [private for private in PERSONAL if private in shown] == []
    assert server.seen == []


@pytest.mark.parametrize(
    ("make", "values"),
    [
        (Card, (SECRETS[1] + "x", 12, 2090, SECRETS[2])),
        (Card, (int(SECRETS[1]), 12, 2090, SECRETS[2])),
        (Card, (SECRETS[1], 12, 2090, SECRETS[2] + "45", "Grace Hopper")),
        (Card, (SECRETS[1], 13, 2090, SECRETS[2], "Grace Hopper")),
        (Card, (SECRETS[1], 12, 2090, SECRETS[2], ("Grace Hopper",))),
        (Card, (SECRETS[1], "12", 2090, SECRETS[2], "Grace Hopper")),
        (Token, (f"{SECRETS[0]}\n",)),
        (Token, ([SECRETS[0]],)),
        (Address, {"line1": "1 Compiler Row", "zip_code": 94107, "email": "grace@navy.example"}),
        (Address, {"line1": "1 Compiler Row", "email": "grace@navy"}),
    ],
)
def test_a_refused_value_shows_nothing(make: Any, values: Any) -> None:
    """A card or an address that cannot be right is nowhere in what a tracker keeps of it."""
    named = values if isinstance(values, dict) else {}
    with pytest.raises(InvalidRequest) as caught:
        make(**named) if named else make(*values)
    shown = everything(caught.value, "")
    private = [SECRETS[0], SECRETS[1], "Grace Hopper", "grace@navy", "1 Compiler Row", "94107"]
    assert [one for one in private if one in shown] == []


@pytest.mark.parametrize(
    "how",
    [
        {"api_key": SECRETS[0], "environment": "TEST"},
        {"api_key": SECRETS[0], "base_url": f"https://{SECRETS[0]}@acme.example"},
        {"api_key": SECRETS[0], "more": "x"},
        {"api_key": SECRETS[0], "merchant": 3},
        {"api_key": SECRETS[0] + "\n"},
        {"api_key": f" {SECRETS[0]}"},
        {"api_key": [SECRETS[0]]},
        {"api_key": "x\n", "webhook_secret": SECRETS[0]},
        {"api_key": "x", "webhook_secret": SECRETS[0] + "\u2028"},
        {"api_key": SECRETS[0].encode()},
        {"api_key": SECRETS[0], "base_url": f"https://u:{SECRETS[0]}@acme.example"},
        {"api_key": "x", "base_url": f"http://{SECRETS[0]}.example"},
        {"api_key": "x", "base_url": f"https://acme.example/?key={SECRETS[0]}"},
        {"api_key": "x", "base_url": [SECRETS[0]]},
        {"key": SECRETS[0]},
        {"api_key": SECRETS[0], "timeout": 0},
    ],
)
def test_a_refused_configuration_shows_no_credential(
    acme: str, caplog: pytest.LogCaptureFixture, how: dict[str, Any]
) -> None:
    """A client that cannot be set up raises an error without its credentials."""
    for make in (Prism, Prism.from_env, AsyncPrism, AsyncPrism.from_env, PaymentClient):
        with pytest.raises(PrismError) as caught:
            make(acme, **how)  # type: ignore[operator]
        assert SECRETS[0] not in everything(caught.value, caplog.text)


def test_an_unknown_connector_shows_no_credential(caplog: pytest.LogCaptureFixture) -> None:
    """A mistyped connector name does not spill the key that came with it."""
    with pytest.raises(PrismError) as caught:
        Prism("acmee", api_key=SECRETS[0])
    assert SECRETS[0] not in everything(caught.value, caplog.text)
