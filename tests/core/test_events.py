"""Events: verified in constant time before they are read; forged, old and unsigned ones refused."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import Install, acme_source

from prism_core import (
    AsyncPrism,
    ConfigurationError,
    EventClient,
    EventKind,
    EventRejected,
    HandleEventRequest,
    InvalidRequest,
    MalformedResponse,
    PaymentStatus,
    Prism,
    Secret,
)
from prism_core.connector import signatures
from prism_core.discovery.loading import load

PAID = {"id": "evt_1", "type": "paid", "payment": {"id": "pay_1", "state": "paid"}}
BODY = json.dumps(PAID).encode()


@pytest.fixture
def prism(acme: str) -> Iterator[Prism]:
    with Prism(acme, api_key="key", webhook_secret="whsec_new whsec_old") as opened:
        yield opened


def genuine(prism: Prism, body: bytes = BODY, ago: int = 0, secret: str = "") -> Mapping[str, str]:
    """The headers that Acme would send with a body."""
    account = prism._engine.account
    if secret:
        account = type(account)(api_key=Secret("key"), webhook_secret=Secret(secret))  # type: ignore[call-arg]
    request = HandleEventRequest(body=body, headers={}, received_at=int(time.time()) - ago)
    headers: Mapping[str, str] = load("acme").hooks["sign_event"](request=request, account=account)
    return headers


def test_a_genuine_event_is_read(prism: Prism) -> None:
    """Verified first, then typed, with the processor's id for telling duplicates apart."""
    ready = HandleEventRequest(
        body=BODY, headers=genuine(prism, ago=9000), received_at=int(time.time()) - 9000
    )
    assert prism.events.handle(ready).kind is EventKind.PAYMENT  # as of when it was received
    event = prism.events.handle(body=BODY, headers=genuine(prism))
    assert (event.kind, event.event_type) == (EventKind.PAYMENT, "paid")
    assert event.connector_event_id == "evt_1"
    assert event.payment is not None
    assert event.payment.status is PaymentStatus.CHARGED


def test_headers_come_in_any_case(prism: Prism) -> None:
    """Frameworks write header names as they like."""
    headers = {name.title(): value for name, value in genuine(prism).items()}
    assert prism.events.handle(body=BODY, headers=headers).kind is EventKind.PAYMENT


def test_an_unknown_event_comes_through_verified(prism: Prism) -> None:
    """A word that the connector does not know is an event all the same."""
    body = b'{"id": "evt_2", "type": "moon.landed"}'
    event = prism.events.handle(body=body, headers=genuine(prism, body))
    assert (event.kind, event.event_type, event.payment) == (EventKind.UNKNOWN, "moon.landed", None)


@pytest.mark.parametrize("secret", ["whsec_new", "whsec_old"])
def test_secrets_are_rotated(prism: Prism, secret: str) -> None:
    """While a secret is replaced, events signed with the old or the new one are genuine."""
    headers = genuine(prism, secret=secret)
    assert prism.events.handle(body=BODY, headers=headers).kind is EventKind.PAYMENT


@pytest.mark.parametrize("ago", [-301, 301, 10_000_000])
def test_an_event_out_of_time_is_rejected(prism: Prism, ago: int) -> None:
    """Signed long ago or in the future, by the right secret: it may be a recorded one."""
    with pytest.raises(EventRejected, match="no time within 300 s of now") as caught:
        prism.events.handle(body=BODY, headers=genuine(prism, ago=ago))
    assert caught.value.outcome == "rejected"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"acme-signature": ""},
        {"acme-signature": "now.abc"},
        {"acme-signature": "9" * 40 + ".abc"},
        {"acme-signature": "\u0661\u0662.abc"},
        {"acme-signature": "1.abc\r\nx: y"},
        {"acme-signature": b"1.abc"},
    ],
)
def test_an_unsigned_event_is_rejected(prism: Prism, headers: dict[str, Any]) -> None:
    """Missing and nonsensical signatures fail closed."""
    with pytest.raises(EventRejected):
        prism.events.handle(body=BODY, headers=headers)


def test_without_a_secret_there_is_no_event(acme: str) -> None:
    """A client that was not given the secret cannot believe anything."""
    with (
        Prism(acme, api_key="key", webhook_secret="whsec_1") as signer,
        EventClient(acme, api_key="key") as events,
        pytest.raises(ConfigurationError, match="webhook_secret"),
    ):
        events.handle(body=BODY, headers=genuine(signer))


def test_text_is_no_body(prism: Prism) -> None:
    """A parsed or decoded body is refused: only the bytes as received can be verified."""
    with pytest.raises(InvalidRequest) as caught:
        prism.events.handle(body=BODY.decode(), headers={})  # type: ignore[call-overload]
    assert caught.value.field == "body"


def test_a_genuine_event_that_makes_no_sense(prism: Prism) -> None:
    """Signed, and not what the processor documents: malformed, and not forged."""
    with pytest.raises(MalformedResponse):
        prism.events.handle(body=b"[]", headers=genuine(prism, b"[]"))


def test_a_genuine_event_of_what_cannot_be(prism: Prism) -> None:
    """Signed, and with an id that is none: what the processor said is wrong, not the caller's
    request."""
    body = json.dumps({**PAID, "payment": {"id": "", "state": "paid"}}).encode()
    with pytest.raises(MalformedResponse, match="a value that is not allowed"):
        prism.events.handle(body=body, headers=genuine(prism, body))


def test_nothing_of_an_event_is_in_its_repr(prism: Prism) -> None:
    """Bodies and headers hold personal data and signatures."""
    request = HandleEventRequest(body=BODY, headers=genuine(prism))
    assert "pay_1" not in repr(request)
    assert "acme-signature" not in repr(request)


def test_the_async_client_does_the_same(acme: str, prism: Prism) -> None:
    """No request is sent, so that it needs no event loop of its own."""

    async def run() -> EventKind:
        async with AsyncPrism(acme, api_key="key", webhook_secret="whsec_new") as opened:
            return (await opened.events.handle(body=BODY, headers=genuine(prism))).kind

    assert anyio.run(run) is EventKind.PAYMENT


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_an_altered_event_is_rejected(prism: Prism, data: st.DataObject) -> None:
    """Whatever single byte of body or signature is changed, added or taken away."""
    headers = dict(genuine(prism))
    name = "acme-signature"
    in_body = data.draw(st.booleans())
    whole = BODY if in_body else headers[name].encode()
    at = data.draw(st.integers(0, len(whole) - 1))
    change = data.draw(st.sampled_from(["other", "more", "less"]))
    byte = bytes([data.draw(st.integers(33, 126).filter(lambda one: one != whole[at]))])
    altered = whole[:at] + (b"" if change == "less" else byte) + whole[at + (change != "more") :]
    body = altered if in_body else BODY
    if not in_body:
        if altered.lower() == whole.lower():
            return  # hexadecimal in capitals is the same signature
        headers[name] = altered.decode()
    with pytest.raises(EventRejected):
        prism.events.handle(body=body, headers=headers)


def test_base64_signatures() -> None:
    """For processors that write them so; nonsense matches nothing, and one signature is written
    in one way only."""
    secret, message = Secret("s"), b"m"
    good = base64.b64encode(signatures.signed(secret, message)).decode()
    signatures.verify([secret], message, [signatures.from_base64(good)])
    other = f"{good[:-2]}{chr(ord(good[-2]) + 1)}="  # the last two bits stand for nothing
    assert base64.b64decode(other) == base64.b64decode(good)
    for bad in ("", "!", "ä", other, good + "\n"):
        with pytest.raises(EventRejected):
            signatures.verify([secret], message, [signatures.from_base64(bad)])


def test_hexadecimal_signatures() -> None:
    """In capitals or not, and with nothing between the digits."""
    secret, message = Secret("s"), b"m"
    good = signatures.signed(secret, message).hex()
    for same in (good, good.upper()):
        signatures.verify([secret], message, [signatures.from_hex(same)])
    for bad in (f"{good[:2]} {good[2:]}", f" {good}", good[:-1], "x"):
        with pytest.raises(EventRejected):
            signatures.verify([secret], message, [signatures.from_hex(bad)])


def test_a_binary_key_signs_as_itself() -> None:
    """Some processors give a key in hexadecimal, and sign with the bytes that it stands for."""
    message, key = b"an event", bytes.fromhex("00ff")
    signatures.verify([Secret("other"), key], message, [signatures.signed(key, message)])
    with pytest.raises(EventRejected):
        signatures.verify([Secret("00ff")], message, [signatures.signed(key, message)])


def test_an_endpoint_answers_with_the_reply(plugin: Install) -> None:
    """What the connector gives reaches the application as it is: a signature is no secret."""
    asked = (
        "        secrets = signatures.secrets_of(account.webhook_secret)\n        at,",
        '        if request.body.startswith(b"challenge="):\n'
        "            kind = EventKind.UNKNOWN\n"
        '            said = signatures.signed(account.api_key, request.body, algorithm="sha1")\n'
        '            reply = f"acme|{said.hex()}"\n'
        '            return Event(kind=kind, event_type="challenge", reply=reply)\n'
        "        secrets = signatures.secrets_of(account.webhook_secret)\n        at,",
    )
    plugin("acme", acme_source(asked))
    with Prism("acme", api_key="key_of_acme") as prism:
        event = prism.events.handle(body=b"challenge=0123", headers={})
    expected = hmac.digest(b"key_of_acme", b"challenge=0123", "sha1").hex()
    assert event.reply == f"acme|{expected}"
    assert event.kind is EventKind.UNKNOWN
