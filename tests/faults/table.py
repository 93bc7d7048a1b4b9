"""The one table: each fault, the call that meets it, and how that call must end.

"unknown" is the honest end wherever the request may have arrived. "not_sent" is claimed only
where no byte of it can have left. `EITHER` is for the one fault where both are true: the server
read nothing, which the client may or may not be able to tell.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any

from faults import brought, proxies, secure, servers
from faults import misbehaving as bad
from faults.brought import LIBRARIES, Options, of
from faults.misbehaving import HTML, answer, answering, first, good, intent, saying
from faults.servers import Fault, Server

from prism_core import (
    MalformedResponse,
    PrismError,
    RateLimited,
    TransportError,
    Unavailable,
)

SHORT = 0.8
"""Seconds: the timeout where the fault is that time passes. Long enough to send a request while
other tests have the processors."""
EITHER = ("not_sent", "unknown")


@dataclass(frozen=True)
class Row:
    """A fault, a call (with `retries` at most) and its end. `error` None is a result; `reason` is
    that of a TransportError; `seen` is how many whole requests the server gets, as many as
    `attempts` where nothing is said."""

    name: str
    place: Callable[[], AbstractContextManager[Any]]
    error: type[PrismError] | None = TransportError
    outcome: str | tuple[str, ...] | None = "unknown"
    reason: str | None = None
    method: str = "authorize"
    retries: int = 0
    attempts: int = 1
    seen: int | None = None
    timeout: float = 5.0
    changes: tuple[tuple[str, Any], ...] = ()
    options: Options = lambda client, place: {}

    @property
    def requests(self) -> int:
        """How many whole requests the server gets."""
        return self.attempts if self.seen is None else self.seen

    @property
    def outcomes(self) -> tuple[str | None, ...]:
        """The outcomes that are true."""
        return self.outcome if isinstance(self.outcome, tuple) else (self.outcome,)

    def reasons(self, outcome: str | None) -> tuple[str | None, ...]:
        """The reasons that are true; a reset can come while the connection is still opened."""
        if self.outcome is EITHER and outcome == "not_sent":
            return (None, "unreachable")
        return (self.reason,)


def row(name: str, fault: Fault, **more: Any) -> Row:
    """The fault met by a POST with a key, where nothing else is said."""
    return Row(name, partial(Server, fault), **more)


def both(name: str, fault: Fault, **more: Any) -> list[Row]:
    """The fault met by a POST with a key and by a GET."""
    return [row(name, fault, method=method, **more) for method in ("authorize", "get")]


LARGE = (("return_url", f"https://shop.example/{'x' * 4_000_000}"),)
"""More than the kernel's buffers take from a server that does not read."""
OK_HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(intent())
AGAIN = answer(503, HTML, "retry-after: 0")
LATER = answer(503, HTML, "retry-after: 3600")
BUSY = answer(429, b'{"error": {"type": "invalid_request_error", "code": "rate_limit"}}')
GOOD_END = {"error": None, "outcome": None}
THRICE = {"retries": 2, "attempts": 3}
MANY_FIELDS = [f"x-{number}: {'x' * 1000}" for number in range(110)]
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def unconnected(name: str, place: Any, reason: str, **more: Any) -> Row:
    """A place to which no connection can be opened."""
    return Row(name, place, outcome="not_sent", reason=reason, seen=0, **more)


NOTHING_LEFT = [
    unconnected("refused", servers.refusing, "refused"),
    unconnected("refused, repeated", servers.refusing, "refused", retries=2, attempts=3),
    unconnected("refused", servers.refusing, "refused", method="get"),
    unconnected("no address", servers.nameless, "dns"),
    unconnected("connect timeout", servers.full, "timeout", timeout=SHORT),
    unconnected("TLS: untrusted certificate", secure.certified, "certificate"),
    unconnected("TLS: closed in the handshake", secure.hanging_up, "tls"),
    unconnected("TLS: answered in plain text", secure.plain, "tls"),
    unconnected("TLS: silent", secure.silent, "timeout", timeout=SHORT),
    unconnected("TLS: dripping handshake", secure.dripping, "timeout", timeout=SHORT),
]
BROKEN_OFF = [
    *both("reset before the request", bad.reset_before_the_request, outcome=EITHER, seen=0),
    *both("closed before the request", bad.closed_before_the_request, outcome=EITHER, seen=0),
    *both("reset during the request", bad.reset_during_the_request, seen=0),
    row("reset in a large request", bad.reset_during_the_request, seen=0, changes=LARGE),
    *both("reset after the request", bad.reset_after_the_request),
    *both("closed after the request", bad.closed_after_the_request),
    *both("closed after half a head", saying(good()[:30])),
    *both("closed after half a body", saying(good()[:-20])),
    row("closed after half a chunk", saying(CHUNKED, b"ff\r\n{")),
    row("closed before the last chunk", saying(CHUNKED, b"2\r\n{}\r\n")),
    row("reset in the answer", bad.reset_in_the_answer),
]
TIME_PASSES = [
    *both("silence", bad.silent, timeout=SHORT),
    row("silence, retries left", bad.silent, timeout=SHORT, retries=5),
    row("a server that never reads", bad.deaf, timeout=1.5, seen=0, changes=LARGE),
    row("half a head, then silence", bad.holding(good()[:30]), timeout=SHORT),
    row("half a body, then silence", bad.holding(good()[:-20]), timeout=SHORT),
    row("dripping head", bad.dripping(b"", good()), timeout=SHORT),
    row("dripping body", bad.dripping(OK_HEAD, intent()), timeout=SHORT),
    row("dripping chunks", bad.dripping(CHUNKED, b"1\r\n{\r\n" * 99), timeout=SHORT),
    row("interim answers for ever", bad.interim_for_ever, timeout=SHORT),
]
NO_HTTP = [
    *both("garbage bytes", saying(bytes(range(256)) * 8)),
    row("no status", saying(b"HTTP/1.1 abc\r\n\r\n")),
    row("a head of garbage", saying(b"HTTP/1.1 200 OK\r\n\x00\xff: \x01\r\n\r\n")),
    row("a length that is no number", saying(answer(200, intent(), length="many"))),
    row("a negative length", saying(answer(200, intent(), length=-1))),
    row("two lengths", saying(answer(200, intent(), "content-length: 5"))),
    row("a length too long", saying(answer(200, intent(), length=4000))),
    row("chunks of garbage", saying(CHUNKED, b"xyz\r\n\x00\r\n")),
    row("another transfer encoding", saying(b"HTTP/1.1 200 OK\r\ntransfer-encoding: x\r\n\r\n")),
    row("an upgrade", saying(b"HTTP/1.1 101 Other\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")),
]
TOO_LARGE = [
    row("a head of 110 KB", answering(answer(200, intent(), f"x-long: {'x' * 110_000}"))),
    row("a head of 110 KB in many fields", answering(answer(200, intent(), *MANY_FIELDS))),
    row("400 MB", bad.huge),
    row("400 MB without a length", bad.huge_without_length),
    row("400 MB in chunks", bad.huge_in_chunks),
    row("a head of 400 MB", bad.endless_head),
    row("a gzip bomb", bad.bomb),
    row("a length beyond all numbers", saying(answer(200, b"x", length="9" * 5000))),
]
LARGE_ENOUGH = [
    row("a head of 50 KB", answering(answer(200, intent(), f"x-long: {'x' * 50_000}")), **GOOD_END),
    row("a head of 90 KB", answering(answer(200, intent(), f"x-long: {'x' * 90_000}")), **GOOD_END),
    row("a body of 15 MB", answering(answer(200, b" " * 15_000_000 + intent())), **GOOD_END),
]
NO_SENSE = [
    *both("a length too short", saying(answer(200, intent(), length=9)), error=MalformedResponse),
    *both("an empty answer", answering(answer(200, b"")), error=MalformedResponse),
    *both("HTML with 200", answering(answer(200, HTML)), error=MalformedResponse),
    row("204", answering(b"HTTP/1.1 204 None\r\n\r\n"), error=MalformedResponse),
    *(
        Row(f"{status} to another host", partial(bad.redirecting, status), MalformedResponse)
        for status in (302, 303, 307, 308)
    ),
]
UNAVAILABLE = [
    *both("HTML with 502", answering(answer(502, HTML)), error=Unavailable),
    *both("HTML with 502, repeated", answering(answer(502, HTML)), error=Unavailable, **THRICE),
    *both("HTML with 503", answering(answer(503, HTML)), error=Unavailable),
    *both("503, Retry-After: 0", answering(AGAIN), error=Unavailable, **THRICE),
    *both("503, Retry-After: 3600", answering(LATER), error=Unavailable, retries=2),
    *both("429", answering(BUSY), error=RateLimited, outcome="rejected"),
    *both("429, repeated", answering(BUSY), error=RateLimited, outcome="rejected", **THRICE),
    row("429 of somebody in between", answering(answer(429, HTML)), error=RateLimited),
    row("lost, then 429", bad.lost_then_limited, error=RateLimited, retries=1, attempts=2),
]
SECOND_TIME = [
    row(f"{name}, then good", first(fault), error=None, outcome=None, retries=1, attempts=2)
    for name, fault in (
        ("closed after the request", bad.closed_after_the_request),
        ("reset after the request", bad.reset_after_the_request),
        ("closed after half a body", saying(good()[:-20])),
        ("garbage bytes", saying(bytes(range(256)) * 8)),
        ("503", saying(answer(503, HTML, "connection: close"))),
        ("429", saying(answer(429, HTML, "connection: close"))),
    )
]


def _foreign(library: str) -> list[Row]:
    """What can happen to a client or transport of the caller's own."""

    def bring(name: str, place: Any, made: brought.Make, **more: Any) -> Row:
        return Row(f"{library}: {name}", place, options=of(library, made), **more)

    def refused(name: str, made: brought.Make, outcome: str = "unknown", **more: Any) -> Row:
        known = {"outcome": outcome, "reason": "refused" if outcome == "not_sent" else None}
        return bring(f"refused, {name}", servers.refusing, made, seen=0, **known, **more)

    def unconnected(name: str, place: Any, reason: str, **more: Any) -> Row:
        known = {"outcome": "not_sent", "reason": reason}
        return bring(name, place, brought.plain_client, seen=0, **known, **more)

    answers = partial(Server, answering(good()))
    lost = partial(Server, bad.closed_after_the_request)
    drips = bad.dripping(OK_HEAD, intent())
    slow = {"timeout": SHORT}
    return [
        refused("client", brought.plain_client, "not_sent"),
        refused("client", brought.plain_client, "not_sent", method="get"),
        refused("repeated", brought.plain_client, "not_sent", retries=2, attempts=3),
        refused("transport", brought.plain_transport, "not_sent"),
        refused("connecting again", brought.connecting_again, "not_sent"),
        refused("HTTP/2", brought.http2, "not_sent"),
        refused("harmless hooks", brought.harmless_hooks, "not_sent"),
        refused("mounted elsewhere", brought.mounted_elsewhere, "not_sent"),
        refused("a trace of the caller's own", brought.own_trace),
        refused("mock", brought.mock),
        refused("a class of the caller's own", brought.repeating),
        refused("mock mounted elsewhere", brought.mock_elsewhere),
        refused("failing request hook", brought.failing_request_hook),
        unconnected("no address", servers.nameless, "dns"),
        unconnected("connect timeout", servers.full, "timeout", **slow),
        unconnected("TLS: untrusted certificate", secure.misnamed, "certificate"),
        unconnected("TLS: answered in plain text", secure.plain, "tls"),
        bring("lost", lost, brought.plain_client),
        bring("lost, repeated", lost, brought.plain_client, **THRICE),
        bring("silence", partial(Server, bad.silent), brought.plain_client, **slow),
        bring("dripping body", partial(Server, drips), brought.plain_client, **slow),
        bring("lost, then refused in the client", lost, brought.repeating),
        bring("sent before in the transport", answers, brought.sending_before),
        bring("sent before in a mount", answers, brought.mounted),
        bring("sent before, led into a mount", answers, brought.led_into_a_mount),
        bring("failing response hook", answers, brought.failing_response_hook),
        bring("failing response hook, repeated", answers, brought.failing_response_hook, **THRICE),
        bring("a hook that finds no connection", answers, brought.hooks_that_call),
        bring("400 MB", partial(Server, bad.huge), brought.plain_client),
        bring("good", answers, brought.plain_client, error=None, outcome=None),
        bring("good, HTTP/2 offered", secure.certified, brought.http2, error=None, outcome=None),
    ]


def _behind(name: str, proxy: Fault, place: Any = secure.certified, **more: Any) -> Row:
    """A fault of a proxy, or of a server that is reached through a working one."""
    scheme, user = more.pop("scheme", "http"), more.pop("user", "")
    there = partial(proxies.behind, proxy, place, scheme, user)
    return Row(f"proxy: {name}", there, options=lambda client, place: place.options, **more)


def _beyond(name: str, fault: Fault, **more: Any) -> Row:
    return _behind(name, proxies.working, partial(secure.with_fault, fault), **more)


NO_TUNNEL = {"outcome": "not_sent", "reason": "proxy", "seen": 0}
UNTRUSTED = {**NO_TUNNEL, "reason": "certificate"}
WELL = {"error": None, "outcome": None}
SECRETLY = f"user:{proxies.PASSWORD.replace('+', '%2B')}@"
PROXIES = [
    _behind("good", proxies.working, **WELL),
    _behind("good, asked in TLS", proxies.working, scheme="https", **WELL),
    _behind("good, with a password", proxies.working, user=SECRETLY, **WELL),
    _behind("good, SOCKS", proxies.socks, scheme="socks5", **WELL),
    _behind("good, SOCKS with a password", proxies.socks, scheme="socks5h", user=SECRETLY, **WELL),
    _behind("good, no TLS", proxies.working, partial(Server, answering(good())), **WELL),
    Row("proxy: refused", proxies.none, options=lambda client, place: place.options, **NO_TUNNEL),
    _behind("407", proxies.refusing(407), user=SECRETLY, **NO_TUNNEL),
    _behind("407, repeated", proxies.refusing(407), retries=2, attempts=3, **NO_TUNNEL),
    _behind("hanging up", proxies.hanging_up, **NO_TUNNEL),
    _behind("a tunnel to nowhere", proxies.lying, **{**NO_TUNNEL, "reason": "tls"}),
    _behind("garbage", proxies.garbage, **NO_TUNNEL),
    _behind("garbage, SOCKS", proxies.garbage, scheme="socks5", user=SECRETLY, **NO_TUNNEL),
    _behind("silence", bad.silent, timeout=SHORT, **NO_TUNNEL),
    _behind("dripping", proxies.dripping, timeout=SHORT, **NO_TUNNEL),
    _behind("untrusted certificate", proxies.working, secure.misnamed, **UNTRUSTED),
    _behind("untrusted, SOCKS", proxies.socks, secure.misnamed, scheme="socks5", **UNTRUSTED),
    _behind(
        *("closed in the handshake", proxies.working, secure.hanging_up),
        **{**NO_TUNNEL, "reason": "tls"},
    ),
    _behind("lost", proxies.working, partial(secure.with_fault, bad.closed_after_the_request)),
    _behind(
        "silent server", proxies.working, partial(secure.with_fault, bad.silent), timeout=SHORT
    ),
    _behind("400 MB", proxies.working, partial(secure.with_fault, bad.huge)),
]
TABLE = [
    *(*NOTHING_LEFT, *BROKEN_OFF, *TIME_PASSES, *NO_HTTP, *TOO_LARGE),
    *(*LARGE_ENOUGH, *NO_SENSE, *UNAVAILABLE, *SECOND_TIME),
    *(row for library in LIBRARIES for row in _foreign(library)),
    *PROXIES,
    row("two answers at once", saying(good(), good("pi_forged")), error=None, outcome=None),
]
