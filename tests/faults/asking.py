"""How the tests ask: one payment, through each kind of client, and what its end shows."""

from __future__ import annotations

import contextlib
import pickle
import re
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from anyio.from_thread import start_blocking_portal

from prism_core import (
    AsyncPaymentClient,
    Card,
    Money,
    Payment,
    PaymentClient,
    PrismError,
    transport,  # noqa: F401 - loaded before anything is timed
)

CLIENTS = ("sync", "asyncio", "trio")
KEY = "sk_test_51FaultTable"
SECRETS = (KEY, "4000056655665556", "737", "Grace Hopper", "Grace+Hopper")
CARD = Card(SECRETS[1], 12, 2090, SECRETS[2], SECRETS[3])
ASKED: dict[str, dict[str, Any]] = {
    "authorize": {
        "merchant_transaction_id": "order_1",
        "amount": Money(1000, "USD"),
        "payment_method": CARD,
        "capture_method": "MANUAL",
    },
    "get": {"connector_transaction_id": "pi_own"},
    "capture": {"connector_transaction_id": "pi_own", "amount": Money(1000, "USD")},
    "refund": {
        "connector_transaction_id": "pi_own",
        "merchant_refund_id": "refund_1",
        "amount": Money(1000, "USD"),
    },
}
_HERE = str(Path(__file__).parent)


class End(NamedTuple):
    """How a call ended: a result or an error, after so many seconds."""

    result: Payment | None
    error: PrismError | None
    seconds: float

    @property
    def attempts(self) -> int:
        """How many attempts the caller can see."""
        return len((self.result or self.error).attempts)  # type: ignore[union-attr]

    @property
    def key(self) -> str | None:
        """The idempotency key that the caller is given back."""
        return (self.result or self.error).idempotency_key  # type: ignore[union-attr]

    @property
    def outcome(self) -> str | None:
        """What the error says of the operation; None for a result."""
        return None if self.error is None else self.error.outcome


Ask = Callable[..., End]


@contextlib.contextmanager
def opened(client: str, url: str, *, connector: str = "stripe", **options: Any) -> Iterator[Ask]:
    """A client of one kind at a server: `ask("authorize", ...)` gives the call's `End`.

    The async ones run in an event loop of another thread, so that tests are written once.
    """
    options = {"api_key": KEY, "base_url": url, "max_retries": 0, "timeout": 5, **options}
    brought = options.get("http_client") or options.get("transport")
    if client == "sync":
        with PaymentClient(connector, **options) as payments:
            yield lambda method, **changes: _ask(payments, method, changes)
        if brought is not None:
            brought.close()
        return
    with (
        start_blocking_portal(client) as portal,
        portal.wrap_async_context_manager(AsyncPaymentClient(connector, **options)) as waiting,
    ):
        yield lambda method, **changes: portal.call(_ask_async, waiting, method, changes)
        if brought is not None:
            portal.call(brought.aclose)


def _ask(payments: PaymentClient, method: str, changes: dict[str, Any]) -> End:
    started = time.monotonic()
    try:
        result = getattr(payments, method)(**{**ASKED[method], **changes})
    except PrismError as error:
        return End(None, error, time.monotonic() - started)
    return End(result, None, time.monotonic() - started)


async def _ask_async(payments: AsyncPaymentClient, method: str, changes: dict[str, Any]) -> End:
    started = time.monotonic()
    try:
        result = await getattr(payments, method)(**{**ASKED[method], **changes})
    except PrismError as error:
        return End(None, error, time.monotonic() - started)
    return End(result, None, time.monotonic() - started)


def identity(end: End) -> str | None:
    """The payment that a call was answered with."""
    assert end.error is None, end.error
    assert end.result is not None
    return end.result.connector_transaction_id


def about(method: str, payment: str) -> dict[str, str]:
    """What a lookup asks for, so that its answer is about the same payment."""
    return {"connector_transaction_id": payment} if method == "get" else {}


def leaks(error: BaseException) -> list[str]:
    """The secrets that an error tracker would store with an error, and where they were found."""
    found = []
    for place, text in _everything(error):
        for secret in SECRETS:
            if re.search(rf"(?<![0-9A-Za-z.]){re.escape(secret)}(?![0-9A-Za-z])", text):
                found.append(f"{secret} in {place}")
    return sorted(set(found))


def _everything(error: BaseException) -> Iterator[tuple[str, str]]:
    """All that is said, formatted, pickled or held in a local variable of an error, and of every
    error that it is chained to. The test's own frames hold what was asked, and are left out."""
    with contextlib.suppress(Exception):  # not every foreign error pickles
        yield "the pickle", str(pickle.dumps(error))
    waiting, known = [error], set()
    while waiting:
        current = waiting.pop()
        known.add(id(current))
        yield "the message", f"{current} {current!r} {current.__dict__}"
        formatted = traceback.TracebackException.from_exception(current, capture_locals=True)
        for summary in formatted.stack:
            if not summary.filename.startswith(_HERE):
                yield f"{summary.filename}:{summary.name}", f"{summary.line} {summary.locals}"
        yield from _frames(current.__traceback__)
        linked = [current.__cause__, current.__context__, *getattr(current, "exceptions", ())]
        waiting += [other for other in linked if other is not None and id(other) not in known]


def _frames(place: TracebackType | None) -> Iterator[tuple[str, str]]:
    while place is not None:
        frame, code = place.tb_frame, place.tb_frame.f_code
        if not code.co_filename.startswith(_HERE):
            for name, value in frame.f_locals.items():
                yield f"{code.co_filename}:{code.co_name} ({name})", _text(value)
        place = place.tb_next


def _text(value: object, depth: int = 4) -> str:
    """A value as error trackers write it: containers opened, anything else by its repr."""
    if depth and isinstance(value, dict):
        return " ".join(f"{_text(k, depth - 1)} {_text(v, depth - 1)}" for k, v in value.items())
    if depth and isinstance(value, (list, tuple, set)):
        return " ".join(_text(entry, depth - 1) for entry in value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("latin-1")
    try:
        return repr(value)
    except Exception as reason:
        return f"no repr: {reason!r}"
