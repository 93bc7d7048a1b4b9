"""No card number, CVC, key or personal datum is seen in anything that comes of a failure.

For every kind of failure, also where Stripe's message quotes what it was sent: repr, str, JSON,
log records at DEBUG, the pickle, and a traceback that shows local variables.
"""

from __future__ import annotations

import copy
import json
import logging
import pickle
import re
import traceback
from typing import Any

import pytest

from prism_core import AsyncPrism, ConfigurationError, InvalidRequest, Prism, PrismError, Token

from . import samples
from .loopback import Answering
from .samples import CVC, EMAIL, KEY, NAME, NUMBER, PERSONAL, PHONE, STREET

SPACED = "4242 4242 4242 4242"
HYPHENED = "4242-4242-4242-4242"
ECHO = (
    f"Invalid email address: {EMAIL}; card {NUMBER} ({SPACED}, {HYPHENED}), cvc {CVC}; "
    f"key {KEY}: '{NAME}', {PHONE}, {STREET}."
)
SECRETS = (*PERSONAL, KEY, SPACED, HYPHENED)
AT_ONCE = {"retry-after": "0"}
FAILURES: dict[str, tuple[int, Any]] = {
    "400": (400, samples.error(code="email_invalid", param="email", message=ECHO)),
    "401": (401, samples.error(message=ECHO)),
    "403": (403, samples.error(message=ECHO)),
    "404": (404, samples.error(code="resource_missing", message=ECHO)),
    "409": (409, samples.error(message=ECHO)),
    "in use": (409, samples.error(code="idempotency_key_in_use", message=ECHO)),
    "429": (429, samples.error(message=ECHO)),
    "500": (500, samples.error(type="api_error", message=ECHO)),
    "HTML 502": (502, f"<html>{ECHO}</html>".encode()),
    "HTML 402": (402, f"<html>{ECHO}</html>".encode()),
    "codes": (400, samples.error(code=NUMBER, message=EMAIL, decline_code=KEY)),
    "text": (200, ECHO.encode()),
    "truncated": (200, json.dumps(samples.intent(description=ECHO)).encode()[:-1]),
    "wrong type": (200, samples.intent(amount=ECHO)),
    "wrong key": (200, samples.intent(metadata={ECHO: 1})),
    "wrong currency": (200, samples.intent(currency=ECHO)),
    "wrong id": (200, samples.intent(id=f" {ECHO}\n")),
    "redirect": (302, ECHO.encode()),
}


def pay(prism: Prism) -> Any:
    """Pays with everything that is private, built where no frame of the test can hold it."""
    return prism.payments.authorize(private_payment(max_retries=1))


def private_payment(**changes: Any) -> Any:
    """A payment full of personal data."""
    whole = samples.address(first_name=NAME, email=EMAIL, phone_number=PHONE)
    return samples.payment_request(
        payment_method=samples.card(holder_name=NAME), billing_address=whole, **changes
    )


def shown(value: object) -> str:
    """Everything that a program could show of a result or an error."""
    parts = [repr(value), str(value), f"{value}"]
    parts += [pickle.dumps(value).decode("latin-1"), repr(copy.deepcopy(value))]
    parts += [json.dumps(value.to_dict(), default=repr)] if hasattr(value, "to_dict") else []
    if isinstance(value, BaseException):
        parts += [repr(value.__dict__), repr(value.args)]
        told = traceback.TracebackException.from_exception(value, capture_locals=True)
        parts += told.format()
    return "\n".join(parts)


def leaks(text: str) -> list[str]:
    """The secrets that a text has in it, as words: four digits are in many an address."""
    words = (rf"(?<![\w.]){re.escape(secret)}(?!\w)" for secret in SECRETS)
    return [secret for secret, word in zip(SECRETS, words, strict=True) if re.search(word, text)]


@pytest.mark.parametrize("name", FAILURES)
def test_a_failed_payment_tells_no_secret(
    prism: Prism, answering: Answering, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """An error, whatever Stripe wrote, shows nothing private in any way it can be shown."""
    answering.answer(*FAILURES[name], AT_ONCE)
    with caplog.at_level(logging.DEBUG), pytest.raises(PrismError) as caught:
        pay(prism)
    assert leaks(shown(caught.value)) == []
    assert "prism_core" in {record.name for record in caplog.records}
    assert leaks(caplog.text) == []


@pytest.mark.parametrize("name", ["400", "401", "500", "HTML 502", "text", "redirect"])
def test_a_failed_customer_tells_no_secret(
    prism: Prism, answering: Answering, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """Creating a customer keeps name, email, phone and address private when it fails."""
    answering.answer(*FAILURES[name], AT_ONCE)
    with caplog.at_level(logging.DEBUG), pytest.raises(PrismError) as caught:
        prism.customers.create(samples.customer_request(max_retries=1))
    # The CVC in the message is none that this customer sent: four digits that mean nothing here.
    assert set(leaks(shown(caught.value))) <= {CVC}
    assert leaks(caplog.text) == []


def test_a_decline_tells_no_secret(
    prism: Prism, answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    """A declined payment's result is as private as an error, its decline message too."""
    answering.answer(402, samples.decline(decline_code="incorrect_number", message=ECHO))
    with caplog.at_level(logging.DEBUG):
        payment = pay(prism)
    assert payment.error is not None
    assert payment.error.connector.message.startswith("Invalid email address: *")
    assert leaks(shown(payment)) == []
    assert leaks(caplog.text) == []


def test_a_success_tells_no_secret(
    prism: Prism, answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    """Results of payments and customers show ids and statuses, never who or which card."""
    answering.answer(200, samples.intent(description=ECHO)).answer(200, samples.customer())
    with caplog.at_level(logging.DEBUG):
        payment = pay(prism)
        created = prism.customers.create(samples.customer_request())
    assert leaks(shown(payment) + shown(created) + caplog.text) == []
    assert "order_1001" in caplog.text


def test_a_client_secret_is_not_shown(prism: Prism, answering: Answering) -> None:
    """The client secret that Stripe.js needs is in the result, and not in its repr."""
    body = samples.redirecting(next_action={"type": "use_stripe_sdk"})
    answering.answer(200, body)
    payment = pay(prism)
    assert payment.redirection_data.sdk["client_secret"] == body["client_secret"]
    assert body["client_secret"] not in repr(payment)


def test_a_broken_connection_tells_no_secret(answering: Answering) -> None:
    """A payment that never left shows nothing of what it would have sent."""
    answering.close()
    with Prism("stripe", api_key=KEY, base_url=answering.url, max_retries=0) as prism:
        with pytest.raises(PrismError) as caught:
            prism.payments.authorize(private_payment())
        assert leaks(shown(caught.value)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"shipping_address": samples.address()},
        {"payment_method": Token("pm_1")},
        {"metadata": {"merchant_transaction_id": EMAIL}},
        {"payment_method": samples.card(holder_name="Somebody Else")},
        {"billing_address": samples.address(first_name=NAME, line3=EMAIL)},
    ],
)
def test_a_refused_request_tells_no_secret(prism: Prism, changes: dict[str, Any]) -> None:
    request = samples.payment_request(
        **{"billing_address": samples.address(first_name=NAME), **changes}
    )
    del changes
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.authorize(request)
    assert leaks(shown(caught.value)) == []


def test_a_wrong_key_is_not_shown() -> None:
    """A key for the other environment is refused without being quoted."""
    with pytest.raises(ConfigurationError) as caught:
        Prism("stripe", api_key=KEY, environment="PRODUCTION")
    assert leaks(shown(caught.value)) == []


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["400", "500", "text", "wrong type"])
async def test_the_async_client_tells_no_secret(
    answering: Answering, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """On asyncio and trio errors are as private as those of the blocking client."""
    answering.answer(*FAILURES[name], AT_ONCE)
    async with AsyncPrism("stripe", api_key=KEY, base_url=answering.url) as prism:
        with caplog.at_level(logging.DEBUG), pytest.raises(PrismError) as caught:
            await prism.payments.authorize(private_payment(max_retries=1))
    assert leaks(shown(caught.value)) == []
    assert leaks(caplog.text) == []


def test_the_search_for_secrets_finds_them() -> None:
    """The check of these tests can fail: it finds what a local variable or a message holds."""

    def careless() -> None:
        quoted = private_payment().payment_method.number.reveal()
        raise PrismError(f"wrong: {EMAIL}{quoted[:0]}")

    with pytest.raises(PrismError) as caught:
        careless()
    assert leaks(shown(caught.value)) == [NUMBER, EMAIL]
