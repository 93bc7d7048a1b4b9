"""A sandbox for the tests of an application: what the pytest fixture `prism_sandbox` gives.

Nothing happens by chance: no webhook is sent on its own, and time passes when the test says so.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx

from prism_core import Prism
from prism_core.connector.credentials import variable
from prism_sandbox.server.application import create_app
from prism_sandbox.server.later import let_happen
from prism_sandbox.server.objects import Document
from prism_sandbox.server.serving import bound, in_thread, url_of
from prism_sandbox.server.store import Store
from prism_sandbox.server.webhooks import Receiver, Webhooks, event_of, signature

API_KEY = "sandbox_tests"
SECRET = "whsec_tests"  # noqa: S105 - of nobody
HOUR = 3600.0
"""Seconds that a bank debit takes to settle or bounce, and again until it is returned."""
_SOON = 0.2


class Webhook(NamedTuple):
    """One webhook, signed at the time it happened: a request that a test can make to its
    application, once, twice, late or not at all."""

    id: str
    """The event's id, the `connector_event_id` of `events.handle`."""
    type: str
    """Such as "payment.captured": the kind of object, and its status."""
    body: bytes
    headers: dict[str, str]

    @property
    def data(self) -> dict[str, Any]:
        """The object that it is about, in the sandbox's own words."""
        data: dict[str, Any] = json.loads(self.body)["data"]
        return data

    def post(self, url: str) -> int:
        """Send it to an application that listens there; returns the status of its answer."""
        answer = httpx.post(url, content=self.body, headers=self.headers, trust_env=False)
        return answer.status_code


class SandboxServer:
    """A running sandbox. `base_url` is where it listens."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.options: dict[str, Any] = {
            "api_key": API_KEY,
            "webhook_secret": SECRET,
            "base_url": base_url,
        }
        """Keyword arguments of a client: `AsyncPrism("sandbox", **options)`."""
        self.environ = {variable("sandbox", name): value for name, value in self.options.items()}
        """The same as environment variables, for `Prism.from_env("sandbox")`."""
        self.prism = Prism("sandbox", **self.options)
        """A ready client, closed at the end of the session."""
        self.app = create_app(settle_seconds=HOUR, tell=self._tell)
        self._store: Store = self.app.state.store
        self._told: list[Webhook] = []
        self._changed = threading.Condition()
        self._delivering: Webhooks | None = None

    @property
    def webhooks(self) -> list[Webhook]:
        """Every webhook of this test so far, each once, in the order of what happened."""
        with self._changed:
            return list(self._told)

    def wait_for(self, type: str, *, count: int = 1, timeout: float = 5.0) -> Webhook:
        """The `count`-th webhook of a type, such as "payment.captured", as soon as it is there.
        Raises `AssertionError` if it is not after `timeout` seconds, and says what there was."""
        limit = time.monotonic() + timeout
        with self._changed:
            while True:
                found = [one for one in self._told if one.type == type]
                if len(found) >= count:
                    return found[count - 1]
                left = limit - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            there = ", ".join(one.type for one in self._told) or "none"
        raise AssertionError(
            f"no webhook {type!r} number {count} within {timeout:g} s; there were: {there}"
        )

    def deliver_to(self, url: str) -> None:
        """Send the webhooks from now on to an application that listens there, as processors do:
        every third twice, every fourth late, and again after an answer that is not 2xx."""
        self._end_delivery()
        self._delivering = Webhooks(Receiver(url, SECRET, _SOON), self.base_url)

    def pass_time(self, seconds: float = HOUR) -> None:
        """Let so many seconds pass for what happens by itself: a bank debit settles, bounces or is
        returned after an hour each, an order that nobody pays expires after a day."""
        self._store.bring_forward(seconds)
        let_happen(self._store)

    def reset(self) -> None:
        """Forget every payment, customer, idempotency key and webhook."""
        self._end_delivery()
        self._store.forget()
        with self._changed:
            self._told.clear()

    def close(self) -> None:
        """Close the client, and end deliveries."""
        self._end_delivery()
        self.prism.close()

    def _end_delivery(self) -> None:
        if self._delivering is not None:
            self._delivering.close()
            self._delivering = None

    def _tell(self, document: Document) -> None:
        event = event_of(document, self.base_url)
        if self._delivering is not None:
            self._delivering.deliver(event, document.get("webhook_url"))
        body = json.dumps(event).encode()
        headers = {
            "content-type": "application/json",
            "prism-signature": signature(SECRET, body, int(time.time())),
        }
        with self._changed:
            self._told.append(Webhook(event["id"], event["type"], body, headers))
            self._changed.notify_all()


@contextmanager
def serving() -> Iterator[SandboxServer]:
    """A sandbox on a free port of 127.0.0.1 while the block runs."""
    with bound("127.0.0.1", 0) as listener:
        server = SandboxServer(url_of(listener))
        with in_thread(server.app, listener):
            try:
                yield server
            finally:
                server.close()
