"""The webhooks of `prism demo`: a receiver on loopback, and the events that it took."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from prism_core import Event, Payment, Prism

SECRET = "whsec_demo"  # noqa: S105 - of nobody

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


class Heard:
    """The events heard so far; some come twice, and have the same id."""

    def __init__(self, prism: Prism, delivered: Delivered) -> None:
        self.events: list[Event] = []
        self._prism = prism
        self._delivered = delivered

    def until_paid(self, reference: str) -> Payment:
        """Waits for the event that this payment is paid."""
        while True:
            payment = self._next().payment
            if payment and payment.merchant_transaction_id == reference and payment.status.is_paid:
                return payment

    def show(self, show: Show) -> None:
        """What was heard by the end."""
        while not self._delivered.empty():
            self._next()
        show(
            "Webhooks told of it all the while: each is verified before it can be read",
            deliveries=len(self.events),
            events=len({event.connector_event_id for event in self.events}),
            the_first=self.events[0].event_type,
        )

    def _next(self) -> Event:
        body, headers = self._delivered.get(timeout=10)
        self.events.append(self._prism.events.handle(body=body, headers=headers))
        return self.events[-1]
