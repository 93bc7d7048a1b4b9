"""The peers that the benchmark compares: each makes the same call to the same loopback server."""

from __future__ import annotations

import json
import multiprocessing
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

FIELDS = {"name": "Ada Lovelace", "email": "ada@example.com", "phone": "+14155552671"}
BODY = json.dumps(
    {"id": "cus_1", "object": "customer", "metadata": {"merchant_customer_id": "user_42"}, **FIELDS}
).encode()
ANSWER = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nrequest-id: req_1\r\n"
    b"content-length: %d\r\n\r\n%s" % (len(BODY), BODY)
)


def _serve(ready: Connection) -> None:
    """A server that costs next to nothing: it finds a request's end and answers, blocking."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        ready.send(listener.getsockname()[1])
        while True:
            import threading

            threading.Thread(target=_answer, args=(listener.accept()[0],), daemon=True).start()


def _answer(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    buffer = b""
    with connection:
        while data := connection.recv(65536):
            buffer += data
            head, found, body = buffer.partition(b"\r\n\r\n")
            if found and len(body) >= _length(head):
                buffer = b""
                connection.sendall(ANSWER)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


@contextmanager
def serving() -> Iterator[str]:
    """The server in a process of its own, so that its CPU time is not ours."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs,), daemon=True
    )
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()


def _prism(url: str) -> Callable[[], Any]:
    from prism_core import CustomerClient

    client = CustomerClient(connector="stripe", api_key="sk_test_1", base_url=url)
    return lambda: client.create(merchant_customer_id="user_42", **FIELDS)


def _httpx_client(url: str) -> Callable[[], Any]:
    import httpx

    client = httpx.Client(headers={"authorization": "Bearer sk_test_1"})
    data = {**FIELDS, "metadata[merchant_customer_id]": "user_42"}
    return lambda: client.post(f"{url}/v1/customers", data=data).json()


def _httpx_transport(url: str) -> Callable[[], Any]:
    import httpx

    transport = httpx.HTTPTransport()
    data = {**FIELDS, "metadata[merchant_customer_id]": "user_42"}
    headers = {"authorization": "Bearer sk_test_1"}

    def call() -> Any:
        request = httpx.Request("POST", f"{url}/v1/customers", headers=headers, data=data)
        response = transport.handle_request(request)
        return json.loads(response.read())

    return call


def _stripe(url: str) -> Callable[[], Any]:
    import stripe

    client = stripe.StripeClient("sk_test_1", base_addresses={"api": url})
    params: Any = {**FIELDS, "metadata": {"merchant_customer_id": "user_42"}}
    return lambda: client.v1.customers.create(params=params)


PEERS: dict[str, Callable[[str], Callable[[], Any]]] = {
    "Prism customers.create": _prism,
    "httpx.Client": _httpx_client,
    "httpx.HTTPTransport": _httpx_transport,
    "Stripe SDK": _stripe,
}
