"""What a server may do to a client: the good answer, and one short function per fault."""

from __future__ import annotations

import contextlib
import json
import socket
import zlib
from collections.abc import Iterator

from faults.servers import BEAT, BOMB, HUGE, PATIENCE, Fault, Server, Wire

# What a good answer looks like.


def intent(name: str = "pi_own") -> bytes:
    """A payment as Stripe answers it, which the test connector `acme` reads as well."""
    return json.dumps(
        {
            "id": name,
            "object": "payment_intent",
            "status": "requires_capture",
            "amount": 1000,
            "currency": "USD",
            "amount_capturable": 1000,
            "amount_received": 0,
            "metadata": {"merchant_transaction_id": "order_1"},
            "state": "ok",
        }
    ).encode()


def answer(status: int, body: bytes, *headers: str, length: int | str | None = None) -> bytes:
    """A whole answer; `length` says another length than is true."""
    said = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status} Whatever", f"content-length: {said}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def good(name: str = "pi_own") -> bytes:
    """The answer to a payment that went well."""
    return answer(200, intent(name), "content-type: application/json")


HTML = b"<html><body>Bad gateway</body></html>"


def answering(*answers: bytes) -> Fault:
    """Answers the server's first request with the first answer, and so on; the last for all."""

    def fault(wire: Wire) -> None:
        while wire.request():
            wire.send(answers[min(len(wire.server.seen), len(answers)) - 1])

    return fault


def saying(*parts: bytes) -> Fault:
    """Reads a request, says this instead of an answer, and closes."""

    def fault(wire: Wire) -> None:
        wire.request()
        wire.send(*parts)

    return fault


def holding(*parts: bytes) -> Fault:
    """Reads a request, says this, and then nothing more."""

    def fault(wire: Wire) -> None:
        wire.request()
        wire.send(*parts)
        wire.wait_for_end()

    return fault


def dripping(begin: bytes, rest: bytes) -> Fault:
    """Reads a request, says the beginning at once, and the rest a byte at every beat."""

    def fault(wire: Wire) -> None:
        wire.request()
        wire.send(begin)
        wire.drip(rest)

    return fault


def first(fault: Fault) -> Fault:
    """The fault on the first connection; a good answer on every other."""

    def either(wire: Wire) -> None:
        (answering(good()) if wire.index else fault)(wire)

    return either


# Faults, one function each.


def silent(wire: Wire) -> None:
    wire.request()
    wire.wait_for_end()


def deaf(wire: Wire) -> None:
    """Never reads, so that a large request cannot be written whole."""
    wire.server.ended.wait(PATIENCE)


def reset_before_the_request(wire: Wire) -> None:
    wire.reset()


def reset_during_the_request(wire: Wire) -> None:
    wire.part(20)
    wire.reset()


def reset_after_the_request(wire: Wire) -> None:
    wire.request()
    wire.reset()


def reset_in_the_answer(wire: Wire) -> None:
    wire.request()
    wire.send(good()[:-20])
    wire.server.ended.wait(BEAT)
    wire.reset()


def closed_before_the_request(wire: Wire) -> None:
    wire.sock.shutdown(socket.SHUT_RDWR)


def closed_after_the_request(wire: Wire) -> None:
    wire.request()


def interim_for_ever(wire: Wire) -> None:
    """Interim answers at every beat, and never a final one."""
    wire.request()
    for _ in range(int(PATIENCE / BEAT)):
        wire.send(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n")
        wire.server.ended.wait(BEAT)


def endless_head(wire: Wire) -> None:
    """A head of 400 MB."""
    wire.request()
    wire.send(b"HTTP/1.1 200 OK\r\nx-long: ")
    _pour(wire, HUGE)


def huge(wire: Wire) -> None:
    """A body of 400 MB that says its length."""
    wire.request()
    wire.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % HUGE)
    _pour(wire, HUGE)


def huge_without_length(wire: Wire) -> None:
    """A body of 400 MB that ends when the connection does."""
    wire.request()
    wire.send(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
    _pour(wire, HUGE)


def huge_in_chunks(wire: Wire) -> None:
    """A body of 400 MB in chunks of 64 KB."""
    wire.request()
    wire.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    for _ in range(HUGE // 65536):
        wire.send(b"10000\r\n", b"x" * 65536, b"\r\n")
    wire.send(b"0\r\n\r\n")


def _pour(wire: Wire, size: int) -> None:
    for _ in range(size // 65536):
        wire.send(b"x" * 65536)


def bomb(wire: Wire) -> None:
    """A gzip body of some 300 KB that unpacks to 300 MB."""
    wire.request()
    wire.send(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n")
    packer, block = zlib.compressobj(wbits=31), b" " * (1024 * 1024)
    for _ in range(BOMB // len(block)):
        wire.send(packer.compress(block))
    wire.send(packer.flush())


def lost_then_limited(wire: Wire) -> None:
    """The first request is lost; whatever comes later is too much."""
    fault = answering(answer(429, HTML)) if wire.index else closed_after_the_request
    fault(wire)


@contextlib.contextmanager
def redirecting(status: int) -> Iterator[Server]:
    """A server that sends its clients to another one, where nobody may ever come."""
    with Server(answering(good("pi_elsewhere"))) as other:
        location = f"location: {other.url}/v1/payment_intents"
        with Server(answering(answer(status, b"", location))) as server:
            yield server
        assert other.connections == 0, "a redirect was followed"


OTHERS = "pi_forged"
"""A payment that nobody asked for."""


def own(wire: Wire) -> bytes:
    """The answer to the server's latest request, with an id of its own."""
    return good(f"pi_{len(wire.server.seen)}")


def closing(wire: Wire) -> None:
    """Answers, keeps the connection, and closes it after all."""
    wire.request()
    wire.send(own(wire))
    wire.sock.close()
    wire.server.happened.set()
