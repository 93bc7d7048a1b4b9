"""A shop with Sentry's default options, for test_trackers: fails in several ways, and prints what
would have been sent. Usage: tracked.py URL, with the private values on standard input."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from prism_core import Address, AsyncPrism, Card, Money, Prism


class Memory(Transport):
    """Prints in place of sending."""

    def capture_envelope(self, envelope: Envelope) -> None:
        sys.stdout.buffer.write(envelope.serialize() + b"\n")


def without_own_frames(event: Any, hint: Any) -> Any:
    """The shop's own variables are its own to hide."""
    for value in event.get("exception", {}).get("values", []):
        frames = value["stacktrace"]["frames"]
        frames[:] = [frame for frame in frames if frame["abs_path"] != __file__]
    return event


def failing(url: str) -> Iterator[Callable[[], Any]]:
    """Calls that fail."""
    number, cvc, name = sys.stdin.readline().strip().split("|")
    yield lambda: Prism("acme", api_key=f"{number}\n")
    yield lambda: AsyncPrism("acme", api_key="x", base_url=f"https://u:{number}@acme.example")
    yield lambda: Card(int(number), 12, 2090, cvc)  # type: ignore[arg-type]
    yield lambda: Address(line1=name, email=name)
    prism = Prism("acme", api_key="key_secret", base_url=url, max_retries=0)
    yield lambda: prism.customers.create(merchant_customer_id="u", name=name, phone=name)
    yield lambda: prism.customers.create(merchant_customer_id="u", name=name)
    card, amount = Card(number, 12, 2090, cvc, name), Money(1000, "USD")
    paid = {"merchant_transaction_id": "o", "amount": amount, "payment_method": card}
    yield lambda: prism.payments.authorize(**paid)
    twin = AsyncPrism("acme", api_key="key_secret", base_url=url, max_retries=0)
    yield lambda: asyncio.run(twin.payments.authorize(**paid))


def main() -> None:
    """Fails, and logs each failure with its traceback: an event for Sentry."""
    logging.basicConfig(level=logging.DEBUG)
    sentry_sdk.init(
        dsn="http://key@127.0.0.1:9/1", transport=Memory, before_send=without_own_frames
    )
    for call in failing(sys.argv[1]):
        try:
            call()
        except Exception:
            logging.getLogger("shop").exception("failed")
        else:
            raise AssertionError("it should have failed")


if __name__ == "__main__":
    main()
