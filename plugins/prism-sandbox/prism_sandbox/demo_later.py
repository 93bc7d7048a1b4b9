"""The second half of `prism demo`, after the first payments: one that its customer must confirm, a
stored card, a subscription, and the events that told of all of it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from prism_core import Card, Event, Money, Payment, Prism
from prism_sandbox.challenges import answer

CHALLENGES, RENEWS_NEVER, APPROVES = "4000002500003155", "4000000000000341", "4242424242424242"
SECRET = "whsec_demo"  # noqa: S105 - of nobody
PRICE = Money(1290, "EUR")

Delivered = queue.Queue[tuple[bytes, dict[str, str]]]
Show = Callable[..., None]


@contextmanager
def receiving() -> Iterator[tuple[str, Delivered]]:
    """A webhook receiver on loopback: its address, and what was delivered to it."""
    delivered: Delivered = queue.Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            delivered.put((body, dict(self.headers.items())))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", delivered
        finally:
            server.shutdown()


def confirm(prism: Prism, show: Show, customer_id: str) -> None:
    """A payment that its customer must confirm, and is completed then."""
    asked = prism.payments.authorize(
        merchant_transaction_id="order_1005",
        amount=Money(1000, "USD"),
        payment_method=Card(CHALLENGES, 12, 2030, "123"),
        connector_customer_id=customer_id,
    )
    page = str(asked.redirection_data.uri) if asked.redirection_data else ""
    show(
        "A bank asks its customer to confirm: send them to this page",
        status=asked.status,
        page=page,
    )
    # What the customer does there: press the button.
    answer(page)
    done = prism.payments.complete(connector_transaction_id=str(asked.connector_transaction_id))
    show(
        "They did, and came back: complete the payment (the processor is asked, not the browser)",
        connector_transaction_id=done.connector_transaction_id,
        status=done.status,
    )


def subscribe(prism: Prism, show: Show, customer_id: str) -> None:
    """A stored card, a permission to charge it again, two renewals, and its end."""
    kept = prism.payment_methods.tokenize(
        merchant_payment_method_id="card_1",
        connector_customer_id=customer_id,
        payment_method=Card(APPROVES, 12, 2030, "123"),
    )
    cards = prism.payment_methods.list(connector_customer_id=customer_id).payment_methods
    show(
        "Keep a card under the customer: your application stores its id, and no number",
        connector_payment_method_id=kept.connector_payment_method_id,
        kept=", ".join(f"{card.brand} {card.last_four}" for card in cards),
    )
    mandate = _set_up(prism, "subscription_1", APPROVES, customer_id, PRICE)
    show(f"Set up a subscription, {PRICE} at once", connector_mandate_id=mandate)
    _renew(prism, show, "Renew it, the customer not being there", mandate, customer_id)
    failing = _set_up(prism, "subscription_2", RENEWS_NEVER, customer_id, None)
    _renew(prism, show, "A renewal is declined: a result again", failing, customer_id)
    ended = prism.recurring.revoke(connector_mandate_id=mandate, connector_customer_id=customer_id)
    show("Cancel the subscription", connector_mandate_id=mandate, status=ended.status)


def _set_up(prism: Prism, name: str, number: str, customer_id: str, amount: Money | None) -> str:
    made = prism.recurring.setup(
        merchant_mandate_id=name,
        connector_customer_id=customer_id,
        payment_method=Card(number, 12, 2030, "123"),
        amount=amount,
    )
    return str(made.connector_mandate_id)


def _renew(prism: Prism, show: Show, step: str, mandate: str, customer_id: str) -> None:
    paid: Payment = prism.recurring.charge(
        merchant_transaction_id=f"renewal_of_{mandate[-6:]}",
        amount=PRICE,
        connector_mandate_id=mandate,
        connector_customer_id=customer_id,
    )
    unified = paid.error.unified if paid.error else None
    more = {} if unified is None else {"unified_code": unified.code}
    show(step, amount=str(paid.amount), status=paid.status, **more)


def hear(prism: Prism, show: Show, delivered: Delivered) -> None:
    """The events delivered meanwhile; some come twice, and have the same id."""
    told: list[Event] = []
    while not told or not delivered.empty():
        body, headers = delivered.get(timeout=10)
        told.append(prism.events.handle(body=body, headers=headers))
    show(
        "Webhooks told of it all the while: each is verified before it can be read",
        deliveries=len(told),
        events=len({event.connector_event_id for event in told}),
        the_first=told[0].event_type,
    )
