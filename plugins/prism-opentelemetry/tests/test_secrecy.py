"""Nothing secret and nothing personal reaches an exporter, whatever the processor answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from opentelemetry.trace import StatusCode

from prism_contract_tests.scripted import Server
from prism_core import (
    Address,
    Card,
    CustomerDetails,
    EventRejected,
    HandleEventRequest,
    Money,
    Prism,
    PrismError,
    SdkToken,
    Sepa,
)
from prism_core.discovery.loading import load

from .conftest import Telemetry
from .test_spans import opened

KEY, HOOK = "sandbox_" + "k3yk3yk3y", "whsec_s1gns1gn"
CARD, CVC, IBAN, BROWSER = "4000056655665556", "737", "DE89370400440532013000", "tok_br0wserbr0wser"
NAME, EMAIL, PHONE, STREET = "Grace Hopper", "grace@navy.example", "+12025550123", "1 Compiler Row"
NOTE = "a-private-note"
SENTINELS = [KEY, HOOK, CARD, IBAN, BROWSER, NAME, EMAIL, PHONE, STREET, NOTE, f"cvc {CVC}"]
ECHO = " ".join(SENTINELS)
PERSON: dict[str, Any] = {
    "name": NAME,
    "email": EMAIL,
    "phone": PHONE,
    "address": Address(line1=STREET, zip_code="94107"),
    "metadata": {"note": NOTE},
}
PAID = {"status": "captured", "amount": 1000, "currency": "EUR"}


def answers(echo: str, method: str = "") -> dict[str, tuple[int, Any]]:
    """What a processor answers that repeats all that it was sent, or what was paid with as an
    id."""
    paid = {"id": "pay_1", "reference": "order_1", **PAID}
    return {
        "kept": (201, {**paid, "payment_method": method, "mandate": method}),
        "approved": (201, {"id": f"pay {echo}", "status": "captured", "reference": "order_1"}),
        "declined": (402, {"id": "pay_1", "status": "declined", "decline": {"code": echo}}),
        "refused": (400, {"error": {"type": echo, "code": echo, "message": echo, "param": echo}}),
        "failed": (500, echo.encode()),
        "senseless": (200, echo.encode()),
        "another's": (201, {"id": "pay_1", "status": echo, "reference": echo, "customer": echo}),
    }


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.close()


def paying(prism: Prism, method: Any) -> Callable[[], object]:
    return lambda: prism.payments.authorize(
        merchant_transaction_id="order_1",
        amount=Money(1000, "EUR"),
        payment_method=method,
        customer=CustomerDetails(name=NAME, email=EMAIL),
    )


def calls(prism: Prism) -> Iterator[tuple[Callable[[], object], list[str]]]:
    """Every kind of call that takes private data, and what it takes."""
    customers, person = prism.customers, [NAME, EMAIL, PHONE, STREET, NOTE]
    yield lambda: customers.create(merchant_customer_id="user_1", **PERSON), [KEY, *person]
    yield lambda: customers.get(connector_customer_id="cus_1"), [KEY, HOOK]
    yield paying(prism, Card(CARD, 12, 2090, CVC)), [KEY, CARD, f"cvc {CVC}", NAME, EMAIL]
    yield paying(prism, SdkToken(BROWSER)), [KEY, BROWSER, NAME, EMAIL]
    yield paying(prism, Sepa(IBAN, holder_name=NAME)), [KEY, IBAN, NAME, EMAIL]


@pytest.mark.parametrize("name", answers(""))
def test_no_exporter_gets_private_data(server: Server, telemetry: Telemetry, name: str) -> None:
    """Keys, card numbers, CVCs, tokens, IBANs, names, addresses and metadata are in no span and no
    measurement, also if the processor repeats them in its ids, codes, messages and headers."""
    given: dict[str, Any] = {"api_key": KEY, "webhook_secret": HOOK, "max_retries": 0}
    with opened(Prism, server.url, telemetry, **given) as prism:
        for call, private in calls(prism):
            status, body = answers(" ".join(private), private[1])[name]
            server.begin()
            server.answer(status, body, headers={"X-Request-Id": " ".join(private)})
            with suppress(PrismError):
                call()
            assert len(server.seen) == 1
    shown = telemetry.everything().lower()
    assert {"customers.create", "payments.authorize"} <= {span.name for span in telemetry.spans}
    assert [one for one in SENTINELS if one.lower() in shown] == []


def test_nothing_of_a_webhook_is_exported_but_its_ids(telemetry: Telemetry) -> None:
    """A forged one and a genuine one whose ids are a person's name and address."""
    told = {"id": EMAIL, "type": "payment.captured", "data": {"id": NAME, **PAID}}
    body = json.dumps(told).encode()
    with opened(Prism, "http://127.0.0.1:1", telemetry, webhook_secret=HOOK) as prism:
        request = HandleEventRequest(body=body, headers={}, received_at=int(time.time()))
        sign = load("sandbox").hooks["sign_event"]
        headers = sign(request=request, account=prism._engine.account)
        prism.events.handle(body=body, headers=headers)
        with pytest.raises(EventRejected):
            prism.events.handle(body=ECHO.encode(), headers={"sandbox-signature": ECHO})
    genuine, forged = telemetry.spans
    assert genuine.attributes is not None
    assert genuine.attributes["prism.connector_transaction_id"] == "**********"
    assert forged.status.status_code is StatusCode.ERROR
    shown = telemetry.everything().lower()
    assert [one for one in SENTINELS if one.lower() in shown] == []
