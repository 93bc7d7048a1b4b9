"""No secret and no personal datum in anything that Prism prints, raises, logs or pickles."""

from __future__ import annotations

import logging
import pickle
import re
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from support import Server

from prism_core import (
    Address,
    Card,
    ConnectorDetails,
    ErrorDetails,
    IssuerError,
    Money,
    NetworkError,
    Prism,
    PrismError,
    Secret,
    UnifiedCode,
    driver,
    unified,
)
from prism_core.redaction import redacted

SECRETS = ["sk_live_51secret", "4000056655665556", "737"]
PERSONAL = ["grace@navy.example", "Grace Hopper", "+12025550123", "1 Compiler Row", "94107"]


def everything(error: BaseException, caplog: pytest.LogCaptureFixture) -> str:
    """All that an error tracker or a log would show of a failure, local variables included."""
    formatted = traceback.TracebackException.from_exception(error, capture_locals=True)
    own = [line for line in formatted.format() if "tests" not in line.split("\n")[0]]
    shown = [repr(error), str(error), *own, caplog.text, str(pickle.dumps(error))]
    if isinstance(error, PrismError):
        shown += [str(error.to_dict()), str(error.__dict__)]
    return "\n".join(shown)


@pytest.fixture
def prism(acme: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prism]:
    monkeypatch.setattr(driver, "FIRST_PAUSE", 0.001)
    with Prism(acme, api_key=SECRETS[0], base_url=server.url, timeout=2) as client:
        yield client


ECHO = " ".join([*SECRETS, *PERSONAL])
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
        shown = everything(error, caplog)
    else:
        shown = f"{payment!r} {payment.to_dict()} {pickle.dumps(payment)!r} {caplog.text}"
    found = [
        secret for secret in SECRETS if re.search(rf"(?<![0-9a-f]){secret}(?![0-9a-f])", shown)
    ]
    assert found == []
    assert "Grace Hopper" not in shown


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
    shown = everything(caught.value, caplog)
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
        unified=unified(UnifiedCode.DECLINED),
        issuer=IssuerError(
            code="05",
            message=quoted,
            network=NetworkError(
                advice_code="02", decline_code="sk_live_51secret", error_message=quoted
            ),
        ),
        connector=ConnectorDetails(code="card_declined", message=quoted, reason=quoted),
    )
    found = redacted(details, private)
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
    assert redacted(ErrorDetails(issuer=IssuerError(code="05")), private).issuer == IssuerError(
        code="05"
    )


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ({"name": "Ada Lovelace"}, "last name Lovelace is too short"),
        ({"phone": "+14155552671"}, "14155552671 is no number"),
        ({"email": "ada@example.com"}, "\u0130: ada@example.com is no address"),
    ],
)
def test_what_a_connector_takes_apart_is_private_too(
    prism: Prism, server: Server, value: dict[str, str], quoted: str
) -> None:
    """Processors quote the part that they were sent, and letters that become two in lower case
    hide nothing."""
    server.answer(400, {"code": "bad", "message": quoted})
    with pytest.raises(PrismError) as caught:
        prism.customers.create(merchant_customer_id="user_42", **value)
    (private,) = value.values()
    assert not any(part in str(caught.value) for part in (*private.split(), private.lstrip("+")))


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
    ],
)
def test_refused_input_is_not_repeated(
    prism: Prism, caplog: pytest.LogCaptureFixture, fields: dict[str, Any]
) -> None:
    """An error about bad input names the field and never the value, local variables included."""
    with pytest.raises(PrismError) as caught:
        prism.customers.create(merchant_customer_id="user_42", **fields)
    shown = everything(caught.value, caplog)
    assert [private for private in PERSONAL if private in shown] == []


@pytest.mark.parametrize(
    "how",
    [
        {"api_key": SECRETS[0], "environment": "TEST"},
        {"api_key": SECRETS[0], "base_url": f"https://{SECRETS[0]}@acme.example"},
        {"api_key": SECRETS[0], "more": "x"},
        {"api_key": SECRETS[0], "merchant": 3},
        {"api_key": SECRETS[0] + "\n"},
        {"key": SECRETS[0]},
        {"api_key": SECRETS[0], "timeout": 0},
    ],
)
def test_a_refused_configuration_shows_no_credential(
    acme: str, caplog: pytest.LogCaptureFixture, how: dict[str, Any]
) -> None:
    """A client that cannot be set up raises an error without its credentials."""
    for make in (Prism, Prism.from_env):
        with pytest.raises(PrismError) as caught:
            make(acme, **how)  # type: ignore[operator]
        assert SECRETS[0] not in everything(caught.value, caplog)


def test_an_unknown_connector_shows_no_credential(caplog: pytest.LogCaptureFixture) -> None:
    """A mistyped connector name does not spill the key that came with it."""
    with pytest.raises(PrismError) as caught:
        Prism("acmee", api_key=SECRETS[0])
    assert SECRETS[0] not in everything(caught.value, caplog)
