"""Events whose body only names what to look up: nothing is believed but the processor's answer."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from support import Install, Server, acme_source

from prism_core import (
    AsyncPrism,
    Event,
    EventRejected,
    HandleEventRequest,
    MalformedResponse,
    NotFound,
    PaymentStatus,
    Prism,
    PrismError,
    TransportError,
    Unavailable,
)

from .granting import CHANGES

EVENTS = acme_source()["events.py"]
OLD = EVENTS[EVENTS.index("        yield from ()") : EVENTS.index("\n    @hookimpl\n    def sign")]
LOOKUP = """        try:
            asked = account.get("/payments/{}", request.body.decode())
            paid = payment_of((yield from account.fetch(asked, PaymentBody)))
        except Declined as declined:
            refused, said = PaymentStatus.AUTHORIZATION_FAILED, declined.details
            paid = Payment(status=refused, error=said, avs_code="N of key_of_acme")
        return Event(kind=EventKind.PAYMENT, event_type="payment", payment=paid)
"""
IMPORTED = "    HttpResponse,\n    hookimpl,\n"
FETCHING = [
    (OLD, LOOKUP),
    (IMPORTED, f"{IMPORTED}    Declined,\n    Payment,\n    PaymentStatus,\n"),
]
"""What makes of Acme a processor whose webhooks are only an id to be looked up."""
PAID = {"id": "pay_1", "state": "paid", "amount": 1000}


@pytest.fixture
def fetching(plugin: Install, server: Server) -> Iterator[Prism]:
    plugin("acme", acme_source(*FETCHING))
    options: dict[str, Any] = {"base_url": server.url, "max_retries": 0, "timeout": 5}
    with Prism("acme", api_key="key_of_acme", **options) as opened:
        yield opened


def handle(prism: Prism, body: bytes = b"pay_1") -> Event:
    return prism.events.handle(body=body, headers={})


def test_what_was_fetched_is_the_event(fetching: Prism, server: Server) -> None:
    """The payment behind the id, and the body, which is in no repr, JSON or pickle."""
    server.answer(200, PAID)
    event = handle(fetching)
    assert event.payment is not None
    assert event.payment.status is PaymentStatus.CHARGED
    assert event.body == b"pay_1"
    assert "body" not in repr(event)
    assert "body" not in event.to_dict()
    assert pickle.loads(pickle.dumps(event)).body is None


def test_a_declined_payment_behind_an_id_is_an_event(fetching: Prism, server: Server) -> None:
    """The processor's answer to the lookup is a decline: that is news, and no error."""
    server.answer(402, {"code": "card_declined", "kind": "DECLINED", "message": "no"})
    event = handle(fetching)
    assert event.payment is not None
    assert event.payment.status is PaymentStatus.AUTHORIZATION_FAILED
    assert event.payment.error is not None
    assert event.payment.error.connector is not None
    assert event.payment.error.connector.code == "card_declined"


def test_what_hangs_on_an_event_is_redacted(fetching: Prism, server: Server) -> None:
    """Private words that a processor quotes are taken out of an event's payment, too."""
    quoted = {"code": "no", "kind": "DECLINED", "message": "key_of_acme of 4242 4242 4242 4242"}
    server.answer(402, quoted)
    event = handle(fetching)
    assert event.payment is not None
    assert event.payment.error is not None
    assert "key_of_acme" not in repr(event.payment.error)
    assert "4242 4242" not in repr(event.payment.error)
    assert event.payment.avs_code == "N of **********"


def test_a_forged_id_is_rejected(fetching: Prism, server: Server) -> None:
    """The processor knows no such payment: nothing of the event is believed."""
    server.answer(404, {"code": "missing", "kind": "NOT_FOUND"})
    with pytest.raises(EventRejected, match=r"does not know.*missing") as caught:
        handle(fetching, b"pay_forged")
    assert caught.value.outcome == "rejected"
    assert [attempt.status_code for attempt in caught.value.attempts] == [404]


def test_what_was_confirmed_is_not_forged(plugin: Install, server: Server) -> None:
    """Where the processor answered a first question about the event, a second thing that it does
    not know makes no forgery of it: the error says what is missing."""
    after = "        except Declined as declined:\n"
    asked = (after, f"            yield account.get('/more')\n{after}")
    plugin("acme", acme_source(*FETCHING, asked))
    server.answer(200, PAID).answer(404, {"code": "missing", "kind": "NOT_FOUND"})
    with (
        Prism("acme", api_key="key", base_url=server.url) as prism,
        pytest.raises(NotFound, match="missing"),
    ):
        handle(prism)


def test_a_forged_id_is_rejected_by_the_async_client(fetching: Prism, server: Server) -> None:
    server.answer(404, {"code": "missing", "kind": "NOT_FOUND"})

    async def run() -> None:
        async with AsyncPrism("acme", api_key="key", base_url=server.url) as prism:
            await prism.events.handle(body=b"pay_forged", headers={})

    with pytest.raises(EventRejected):
        anyio.run(run)


@pytest.mark.parametrize("body", [None, {}])
def test_a_404_that_is_not_the_processors_rejects_nothing(
    fetching: Prism, server: Server, body: object
) -> None:
    """Somebody in between knows no payments: the event may be genuine, and is asked for again."""
    server.answer(404, body)
    with pytest.raises(NotFound):
        handle(fetching, b"pay_1")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (500, {"code": "oops"}, Unavailable),
        (401, {"code": "who", "kind": "AUTHENTICATION"}, PrismError),
        (200, [], MalformedResponse),
    ],
)
def test_other_errors_of_the_lookup_say_try_again(
    fetching: Prism, server: Server, status: int, body: object, error: type[PrismError]
) -> None:
    """The event may be genuine: the handler fails, and the processor delivers once more."""
    server.answer(status, body)
    with pytest.raises(error) as caught:
        handle(fetching)
    assert not isinstance(caught.value, EventRejected)


def test_no_answer_to_the_lookup_is_no_rejection(fetching: Prism, server: Server) -> None:
    """A connection that breaks says nothing about the event."""
    server.act(lambda handler: handler.connection.close())
    with pytest.raises(TransportError):
        handle(fetching)


def test_a_token_that_cannot_be_had_is_no_forged_event(plugin: Install, server: Server) -> None:
    """That the processor has no such address for tokens says nothing about the event."""
    plugin("acme", acme_source(*FETCHING, *CHANGES))
    server.answer(404, {"code": "missing", "kind": "NOT_FOUND"})
    with (
        Prism("acme", client_id="id", client_secret="s3cret_of_acme", base_url=server.url) as prism,
        pytest.raises(NotFound),
    ):
        handle(prism)


def test_money_that_moved_and_a_decline_are_no_event(plugin: Install, server: Server) -> None:
    """An answer that declines, and that a connector takes for a payment all the same, is no
    news: as for a payment."""
    reading = "paid = payment_of((yield from account.fetch(asked, PaymentBody"
    careless = (reading, f"{reading}, declined=True")
    plugin("acme", acme_source(*FETCHING, careless))
    server.answer(402, {"code": "no", "kind": "DECLINED", "message": "", **PAID})
    with (
        Prism("acme", api_key="key", base_url=server.url) as prism,
        pytest.raises(MalformedResponse, match="declines"),
    ):
        handle(prism)


def test_each_change_of_a_payment_is_an_event_of_its_own(fetching: Prism, server: Server) -> None:
    """The body is the same for all that happens to a payment: what was fetched tells its events
    apart, and a redelivery has the same id."""
    for state in ("ok", "paid", "paid"):
        server.answer(200, {**PAID, "state": state})
    held, paid, again = (handle(fetching).connector_event_id for _ in range(3))
    assert held != paid == again


def test_a_payment_without_a_customer_is_an_event(fetching: Prism, server: Server) -> None:
    """A null in the processor's answer is None in the event, and its id is that of the same
    payment without the field."""
    server.answer(200, {**PAID, "customer": None})
    server.answer(200, PAID)
    with_null, without = handle(fetching), handle(fetching)
    assert with_null.payment is not None
    assert with_null.payment.connector_customer_id is None
    assert with_null.connector_event_id == without.connector_event_id


def test_an_event_without_an_id_gets_one_of_its_body(plugin: Install) -> None:
    """Where the processor signs the body and has no id for the event."""
    plugin("acme", acme_source(("            connector_event_id=body.id,\n", "")))
    with Prism("acme", api_key="key", webhook_secret="whsec_1") as prism:
        ids = []
        for kind in ("a", "b", "a"):
            body = json.dumps({"id": "e", "type": kind}).encode()
            headers, at = signed(prism, body, 1_790_000_000 + len(ids))
            event = prism.events.handle(body=body, headers=headers, received_at=at)
            made = hashlib.sha256(body).hexdigest()
            assert event.connector_event_id == f"prism-{made[:16]}-{made[16:32]}"
            ids.append(event.connector_event_id)
    assert ids[0] == ids[2] != ids[1]


def signed(prism: Prism, body: bytes, at: int) -> tuple[dict[str, str], int]:
    """The headers of a delivery at a time, as Acme makes them."""
    request = HandleEventRequest(body=body, headers={}, received_at=at)
    made = prism._engine.connector.hooks["sign_event"](
        request=request, account=prism._engine.account
    )
    return dict(made), at
