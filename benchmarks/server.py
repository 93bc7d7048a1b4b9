"""The loopback server that every peer calls: in a process of its own, and next to no work."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

PERSON: dict[str, Any] = {
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "phone": "+14155552671",
}
CUSTOMER = json.dumps(
    {"id": "cus_1", "object": "customer", "metadata": {"merchant_customer_id": "user_42"}, **PERSON}
).encode()
PAYMENT = json.dumps(
    {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": 1000,
        "amount_capturable": 1000,
        "amount_received": 0,
        "capture_method": "manual",
        "currency": "usd",
        "customer": "cus_1",
        "status": "requires_capture",
        "metadata": {"merchant_transaction_id": "order_1001"},
        "payment_method": "pm_1",
        "latest_charge": {
            "id": "ch_1",
            "object": "charge",
            "amount": 1000,
            "amount_captured": 0,
            "amount_refunded": 0,
            "captured": False,
            "outcome": {"network_status": "approved_by_network", "type": "authorized"},
            "payment_method_details": {
                "type": "card",
                "card": {
                    "amount_authorized": 1000,
                    "checks": {"cvc_check": "pass"},
                    "network_transaction_id": "123456789012345",
                },
            },
        },
    }
).encode()
HEADERS = {"content-type": "application/json", "request-id": "req_1"}


def _answer(body: bytes) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    return b"HTTP/1.1 200 OK\r\n%scontent-length: %d\r\n\r\n%s" % (head.encode(), len(body), body)


class _Answering(asyncio.Protocol):
    """One connection: finds where a request ends, and writes an answer made beforehand."""

    customer, payment = _answer(CUSTOMER), _answer(PAYMENT)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if found and len(body) >= _length(head):
            self.buffer = b""
            self.transport.write(self.payment if b"/payment_intents " in head else self.customer)


def _length(head: bytes) -> int:
    value = head.lower().partition(b"\r\ncontent-length:")[2]
    return int(value.partition(b"\r\n")[0] or 0)


def _serve(ready: Connection) -> None:
    async def forever() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: None)  # clients hang up as they like
        server = await loop.create_server(_Answering, "127.0.0.1", 0, backlog=4096)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


@contextmanager
def serving() -> Iterator[str]:
    """The server's URL. Its CPU time is not ours."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()
