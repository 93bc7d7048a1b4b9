"""HTTP/1.1 as bytes, one call at a time, and the limits of an answer. No I/O: h11 does the parsing.

`converse` neither reads nor writes: it yields the bytes to write, then None for each read.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

import h11

from prism_core.connector.http import HttpRequest, HttpResponse

LARGEST_HEAD = 100 * 1024
LARGEST_BODY = 16 * 1024 * 1024
"""Bytes. Processors answer in kilobytes; a larger answer is a mistake or an attack."""
AGENT = "prism-payments"


class AnswerRefused(Exception):
    """The answer exceeds one of our limits; the text says which."""


class Origin(NamedTuple):
    """Scheme, host and port of a connection; requests to the same origin can share it."""

    secure: bool
    host: str
    port: int


@lru_cache(maxsize=256)
def origin_of(url: str) -> tuple[Origin, bytes, bytes]:
    """The origin of a URL, its `Host` header and its request target. Cached: most calls of a client
    use the same few URLs."""
    parts = urlsplit(url)
    secure, host = parts.scheme == "https", parts.hostname or ""
    port = parts.port or (443 if secure else 80)
    named = parts.netloc.rpartition("@")[2]
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Origin(secure, host, port), named.encode("ascii"), target.encode("ascii")


def written_host(url: str) -> str:
    """The host of a URL, with its port if the URL names one."""
    return origin_of(url)[1].decode("ascii")


def headers_of(request: HttpRequest) -> dict[str, str]:
    """The headers that are sent with every request. No compression is accepted, so that a small
    answer cannot expand to a huge one."""
    return {**request.headers, "accept-encoding": "identity", "user-agent": AGENT}


def converse(
    http: h11.Connection, request: HttpRequest
) -> Generator[bytes | HttpResponse | None, bytes, None]:
    """One request and its answer over an idle connection.

    Yields the bytes to write, then None whenever it needs more bytes; it is sent these, or `b""` if
    the peer closed. Yields the answer last. Raises `h11.ProtocolError` and `AnswerRefused`.
    """
    yield _written(http, request)
    status, headers, body = 0, {}, bytearray()
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data((yield None))
        elif isinstance(event, h11.Response):
            status, headers = event.status_code, header_map(event.headers.raw_items())
            check_head(headers)
        elif isinstance(event, h11.Data):
            add_to(body, event.data)
        elif not isinstance(event, h11.InformationalResponse):
            break
    yield HttpResponse(status, headers, bytes(body))


def _written(http: h11.Connection, request: HttpRequest) -> bytes:
    _, host, target = origin_of(request.url)
    fields = [(b"host", host)]
    fields += [(k.encode("ascii"), v.encode("ascii")) for k, v in headers_of(request).items()]
    if request.body or request.method not in ("GET", "DELETE"):
        fields.append((b"content-length", b"%d" % len(request.body)))
    head = h11.Request(method=request.method, target=target, headers=fields)
    parts = [http.send(head)]
    if request.body:
        parts.append(http.send(h11.Data(data=request.body)))
    parts.append(http.send(h11.EndOfMessage()))
    return b"".join(part for part in parts if part)


def start_next(http: h11.Connection) -> bool:
    """Makes a connection ready for another call. False if it cannot be reused: the peer closes it,
    or sent more than the answer, which the next call would read as its own answer."""
    if http.our_state is not h11.DONE or http.their_state is not h11.DONE:
        return False
    if http.trailing_data != (b"", False):
        return False
    http.start_next_cycle()
    return True


def header_map(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name in lower case; repeated headers are joined (RFC 9110, 5.3)."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def check_head(headers: dict[str, str]) -> None:
    """Refuses an answer whose status or headers exceed the limits."""
    if sum(map(len, headers)) + sum(map(len, headers.values())) > LARGEST_HEAD:
        raise AnswerRefused(f"the answer's head is larger than {LARGEST_HEAD} bytes")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise AnswerRefused("the answer is compressed, which was not asked for")
    length = headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length[:18]) > LARGEST_BODY:
        raise AnswerRefused(f"the answer is larger than {LARGEST_BODY} bytes")


def add_to(body: bytearray, chunk: bytes) -> None:
    """Adds bytes to a body, up to the largest size."""
    body += chunk
    if len(body) > LARGEST_BODY:
        raise AnswerRefused(f"the answer is larger than {LARGEST_BODY} bytes")
