"""Webhooks: what changed, told to a receiver by signed POSTs from a thread of its own.

As processors do, it delivers some events twice and some late, so that others overtake them, and
tries again with growing pauses when the receiver does not answer 2xx. Events that still wait when
the sandbox stops are lost.
"""

from __future__ import annotations

import hashlib
import heapq
import hmac
import itertools
import json
import logging
import secrets
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from prism_sandbox.server.asking import shown_at
from prism_sandbox.server.checks import web_url
from prism_sandbox.server.errors import ApiError
from prism_sandbox.server.journal import Deliveries
from prism_sandbox.server.objects import Document, new_id
from prism_sandbox.server.own import is_loopback

logger = logging.getLogger("prism_sandbox.server")

TRIES = 8
LONGEST_PAUSE = 300.0
_TIMEOUT = 10.0
_MOST_WAITING = 10_000


@dataclass(frozen=True)
class Receiver:
    """Who is told: the URL (None: only those that payments name), the secret that signs, and how
    long the first pause is, which each later one doubles."""

    url: str | None
    secret: str
    first_pause: float = 1.0


def receiver(
    url: str | None = None, secret: str | None = None, first_pause: float = 1.0
) -> Receiver:
    """A receiver, with a new secret if none is given. Raises `ValueError` for what is no URL."""
    try:
        if url is not None:
            web_url(url, "webhook")
    except ApiError as error:
        raise ValueError(f"The webhook address: {error.message}") from None
    return Receiver(url, secret or f"whsec_{secrets.token_hex(24)}", first_pause)


def signature(secret: str, body: bytes, at: int) -> str:
    """The `Prism-Signature` of a body: the time, and the HMAC of time, full stop and body."""
    message = str(at).encode() + b"." + body
    return f"t={at},v1={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}"


def event_of(document: Document, origin: str) -> Document:
    """The event that tells how a payment, refund, mandate, order or dispute stands now; `origin`
    is where its pages are."""
    return {
        "object": "event",
        "id": new_id("evt"),
        "type": f"{document['object']}.{document['status']}",
        "created": int(time.time()),
        "data": shown_at(document, origin),
    }


@dataclass(frozen=True)
class _Delivery:
    """An event on its way."""

    event: str
    to: str
    body: bytes


class Webhooks:
    """A queue of deliveries and the thread that makes them; whoever adds to it never waits."""

    def __init__(self, to: Receiver, origin: str) -> None:
        self._to = to
        self._origin = origin
        self.deliveries = Deliveries()
        self._waiting: list[tuple[float, int, int, _Delivery]] = []
        self._count = itertools.count(1)
        self._told = 0
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="prism-webhooks", daemon=True)
        self._thread.start()

    def tell(self, document: Document) -> None:
        """Let the receiver know how a payment, refund, mandate, order or dispute stands now: the
        one that it names itself (`webhook_url`), or else this one."""
        self.deliver(event_of(document, self._origin), document.get("webhook_url"))

    def deliver(self, event: Document, own: str | None = None) -> None:
        """Deliver an event to the receiver that its object names, or else to this one."""
        to = own or self._to.url
        if to is None:
            return
        name, body = event["id"], json.dumps(event).encode()
        with self._changed:
            self._told += 1
            # Every third comes twice, and every fourth late.
            pauses = [2 * self._to.first_pause if self._told % 4 == 0 else 0.0]
            if self._told % 3 == 0:
                pauses.append(self._to.first_pause)
            self.deliveries.told(name, event["type"], event["data"]["id"], len(pauses))
            if to != self._to.url and not is_loopback(urlsplit(to).netloc):
                for _ in pauses:
                    self.deliveries.tried(name, "not on this machine", again=False)
                return
            for pause in pauses:
                self._add(pause, 0, _Delivery(name, to, body))

    def close(self) -> None:
        """Stop delivering; at most one delivery under way is waited for, and briefly."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(0.5)

    def _add(self, pause: float, tried: int, what: _Delivery) -> None:
        if len(self._waiting) >= _MOST_WAITING:
            logger.warning("webhook %s dropped: too many wait", what.event)
            self.deliveries.tried(what.event, "dropped, too many wait", again=False)
            return
        due = time.monotonic() + pause
        heapq.heappush(self._waiting, (due, next(self._count), tried, what))
        self._changed.notify()

    def _run(self) -> None:
        with httpx.Client(timeout=_TIMEOUT, trust_env=False) as client:
            while (next_one := self._next()) is not None:
                _, _, tried, what = next_one
                answer = self._deliver(client, what)
                taken = isinstance(answer, int) and 200 <= answer < 300
                last = tried + 1 >= TRIES
                self.deliveries.tried(what.event, answer, again=not taken and not last)
                if taken:
                    continue
                if last:
                    logger.warning("webhook %s given up after %d tries", what.event, TRIES)
                    continue
                pause = min(self._to.first_pause * 2**tried, LONGEST_PAUSE)
                with self._changed:
                    self._add(pause, tried + 1, what)

    def _next(self) -> tuple[float, int, int, _Delivery] | None:
        """The next delivery, once it is due; None when there will be none."""
        with self._changed:
            while not self._closing:
                left = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._waiting)
                self._changed.wait(left)
            return None

    def _deliver(self, client: httpx.Client, what: _Delivery) -> int | str:
        """The status that the receiver answers, or why there is none."""
        headers = {
            "Content-Type": "application/json",
            # Signed anew at each try, so that a late one is not taken for a recorded one.
            "Prism-Signature": signature(self._to.secret, what.body, int(time.time())),
            "User-Agent": "prism-sandbox",
        }
        try:
            answer = client.post(what.to, content=what.body, headers=headers)
            status: int | str = answer.status_code
        except httpx.HTTPError as error:
            status = type(error).__name__
        logger.info("webhook %s: %s", what.event, status)
        return status
