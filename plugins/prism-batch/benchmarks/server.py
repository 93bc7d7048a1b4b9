"""A processor on 127.0.0.1 that does next to nothing: it creates customers, keeps their keys, and
counts those that it made twice."""

from __future__ import annotations

import asyncio
import json
import sys

MADE: dict[bytes, int] = {}
KEYS: dict[bytes, bytes] = {}
COUNTS = {"asked": 0, "doubled": 0}


def _between(text: bytes, begin: bytes, end: bytes) -> bytes:
    return text.partition(begin)[2].partition(end)[0]


class Answering(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if found and len(body) >= int(_between(head.lower(), b"content-length: ", b"\r\n") or 0):
            self.buffer = b""
            self.transport.write(answer(head, body))


def answer(head: bytes, body: bytes) -> bytes:
    """The answer to a request."""
    if head.startswith(b"GET"):
        return framed(json.dumps({**COUNTS, "made": len(MADE)}).encode())
    COUNTS["asked"] += 1
    key = _between(head, b"key: ", b"\r\n")
    if key not in KEYS:
        own = _between(body, b'"ref":"', b'"')
        COUNTS["doubled"] += own in MADE
        MADE[own] = len(MADE)
        KEYS[key] = framed(b'{"id":"c_%d"}' % MADE[own])
    return KEYS[key]


def framed(body: bytes) -> bytes:
    """A body with its head."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    return head % len(body) + body


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
