"""Loopback servers for faults: raw sockets in threads. What they do is in misbehaving.py.

A fault is a function of one connection, a `Wire`. It reads requests, sends what it likes, and
the connection is closed when it returns. `Server` runs it for every connection and keeps what
came: `seen` holds the whole requests, `connections` counts. `happened` is for a fault to tell a
test that it has done its work.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

BEAT = 0.05
"""Seconds between two bytes of a server that drips."""
PATIENCE = 2.0
"""Seconds that a server goes on: a client that would wait for ever fails, and hangs no test."""
HUGE = 400 * 1024 * 1024
"""Bytes: an answer far larger than any client should keep."""
BOMB = 300 * 1024 * 1024
"""Bytes: what a compressed answer unpacks to."""


class Seen(NamedTuple):
    """One whole request that the server got, and when."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def key(self) -> str | None:
        """The idempotency key on the wire."""
        return self.headers.get("idempotency-key")


class Wire:
    """One connection, as a fault has it. `index` counts the server's connections from 0."""

    def __init__(self, server: Server, sock: socket.socket, index: int) -> None:
        self.server, self.sock, self.index = server, sock, index
        self._unread = b""

    def part(self, size: int = 65536) -> bytes:
        """Some bytes of a request; none when the client has left."""
        return self.sock.recv(size)

    def request(self) -> Seen | None:
        """One whole request, or None when the client leaves."""
        raw = self._unread
        while b"\r\n\r\n" not in raw:
            more = self.part()
            if not more:
                return None
            raw += more
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        length = int(headers.get("content-length", 0))
        while len(body) < length:
            more = self.part()
            if not more:
                return None
            body += more
        body, self._unread = body[:length], body[length:]
        method, path, _ = first.split(" ")
        seen = Seen(method, path, headers, body, time.monotonic())
        self.server.seen.append(seen)
        return seen

    def send(self, *parts: bytes) -> None:
        """All of it, in one go."""
        self.sock.sendall(b"".join(parts))

    def drip(self, data: bytes) -> None:
        """A byte at every beat, as long as the client stays and patience lasts."""
        for place in range(min(len(data), int(PATIENCE / BEAT))):
            self.send(data[place : place + 1])
            if self.server.ended.wait(BEAT):
                return

    def wait_for_end(self) -> None:
        """Reads and forgets until the client leaves."""
        while self.sock.recv(65536):
            pass

    def reset(self) -> None:
        """Ends the connection with an RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Fault = Callable[[Wire], None]


class Server:
    """Runs a fault for every connection, each in a thread of its own."""

    def __init__(
        self, fault: Fault, context: ssl.SSLContext | None = None, scheme: str = "http"
    ) -> None:
        self.seen: list[Seen] = []
        self.connections = 0
        self.ended = threading.Event()
        self._fault, self._context = fault, context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.happened = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        scheme = scheme if context is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._start(self._accept)

    def _start(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            if self.ended.is_set():
                sock.close()
                return
            sock.settimeout(PATIENCE)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._open.add(sock)
            self._start(self._serve, sock, self.connections - 1)

    def _serve(self, sock: socket.socket, index: int) -> None:
        with contextlib.suppress(OSError):
            if self._context is not None:
                self._open.discard(sock)
                sock = self._context.wrap_socket(sock, server_side=True)
                self._open.add(sock)
            self._fault(Wire(self, sock, index))
        self._open.discard(sock)
        sock.close()

    def close(self) -> None:
        """Ends every connection and waits for the threads."""
        self.ended.set()
        with contextlib.suppress(OSError):
            socket.create_connection(self._listener.getsockname()).close()
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Nowhere(NamedTuple):
    """An address where no request can arrive."""

    url: str
    seen: tuple[Seen, ...] = ()


@contextlib.contextmanager
def refusing() -> Iterator[Nowhere]:
    """A port that nothing listens on, and nothing else can take."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield Nowhere(f"http://127.0.0.1:{bound.getsockname()[1]}")


@contextlib.contextmanager
def nameless() -> Iterator[Nowhere]:
    """A host that no name server knows (RFC 6761, section 6.4)."""
    yield Nowhere("https://no-such-host.invalid")


@contextlib.contextmanager
def full() -> Iterator[Nowhere]:
    """A listener whose queue is full: Linux drops what further clients send to connect."""
    with socket.socket() as listener, socket.socket() as filler:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        filler.connect(listener.getsockname())
        yield Nowhere(f"http://127.0.0.1:{listener.getsockname()[1]}")
