"""One request through another library (httpx, httpx2, httpcore), and whether it was sent.

`LibrarySender.send` is written once, as a coroutine. With a blocking library it never awaits
anything that is not ready, and `run_blocking` runs it to its end.

Only httpcore's trace proves that no part of a request was sent. The class of an exception proves
nothing: a hook of the caller can raise any class after the request was sent.
"""

from __future__ import annotations

import sys
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext
from typing import Any, TypeVar

import anyio

from prism_core.connector.http import Failure, HttpRequest, HttpResponse
from prism_core.errors.interruptions import is_interruption, returned_by
from prism_core.transport import reasons
from prism_core.transport.http11 import (
    AnswerRefused,
    add_to,
    check_head,
    origin_of,
    written_host,
)
from prism_core.transport.reasons import Cause, no_connection

T = TypeVar("T")

# The libraries below the interfaces of httpx and httpx2 that a request passes.
_STACK = frozenset({"httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2", "socksio"})
# The trace events before a request's first byte; all others may come after it.
_BEFORE = frozenset(
    {
        *("connect_tcp", "connect_unix_socket", "setup_socks5_connection", "start_tls", "retry"),
        *("send_connection_init", "response_closed"),
    }
)
# Where the TLS of these starts, a proxy has opened the connection to the processor.
_TUNNELS = ("proxy", "socks")


class Trace:
    """Records the events of one request (https://www.encode.io/httpcore/extensions/#trace).

    `began`: opening a connection for it began. `left`: part of it may have been sent, because
    httpcore reports each write before it. `step`: what began last. `is_elsewhere`: whether that is
    at another host than the request's: at a proxy, until it has opened the connection. `handled`:
    the exception that the caller was handling before the request; Python chains it to each one
    that is raised later.
    """

    __slots__ = ("began", "handled", "is_elsewhere", "left", "step", "url")

    def __init__(self, url: str) -> None:
        self.url, self.step = url, ""
        self.began = self.left = self.is_elsewhere = False
        self.handled = sys.exc_info()[1]

    def saw(self, event: str, info: Mapping[str, Any]) -> None:
        """The `trace` extension of a blocking request."""
        if not event.endswith(".started"):
            return
        self.began = True
        layer, self.step = event.split(".")[:2]
        sent = getattr(info.get("request"), "method", None)
        # CONNECT to a proxy comes first; it holds no part of the request.
        if self.step not in _BEFORE and sent != b"CONNECT":
            self.left = True
        if self.step == "connect_tcp":
            self.is_elsewhere = (info.get("host"), info.get("port")) != origin_of(self.url)[0][1:]
        elif self.step == "start_tls" and layer in _TUNNELS:
            self.is_elsewhere = False

    async def saw_async(self, event: str, info: Mapping[str, Any]) -> None:
        """The `trace` extension of a request in an event loop."""
        self.saw(event, info)

    def extensions(self, blocking: bool, seconds: float) -> dict[str, Any]:
        """The httpcore extensions for a request: the trace, and a time limit for each step."""
        phases = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
        return {"timeout": phases, "trace": self.saw if blocking else self.saw_async}


class LibrarySender(ABC):
    """Sends requests through a library, with its blocking or its async classes."""

    checks_hooks = True
    """Whether hooks of the caller may raise in the middle of a request."""

    def __init__(self, blocking: bool) -> None:
        self.blocking = blocking

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """The answer, or the failure. Raises only exceptions that are not the library's own."""
        problem = self.problem()
        if problem is not None:
            return Failure("not_sent", problem)
        trace = Trace(request.url)
        try:
            with self._bounded(timeout):
                return await self._exchange(request, timeout, trace)
        except AnswerRefused as refused:
            return Failure("unknown", str(refused))
        except Exception as reason:
            raise_callers_error(reason, trace, self.checks_hooks)
            return self._failure(reason, trace)
        return self._failure(None, trace)

    def _failure(self, reason: Exception | None, trace: Trace) -> Failure:
        """The failure of a request that got no answer; `reason` is None if its time was up."""
        if self.is_certain(trace, reason):
            return not_connected(reason, trace, self.has_proxy())
        if reason is None or "Timeout" in type(reason).__name__:
            return Failure("unknown", "no answer in time")
        return Failure("unknown", f"no answer ({type(reason).__name__})")

    async def _exchange(self, request: HttpRequest, timeout: float, trace: Trace) -> HttpResponse:
        deadline = time.monotonic() + timeout
        async with AsyncExitStack() as stack:
            response = await self.open(stack, request, timeout, trace)
            status, headers, body = self.head(response, request)
            check_head(headers)
            async for chunk in self.chunks(response):
                add_to(body, chunk)
                if time.monotonic() > deadline:
                    raise AnswerRefused("the answer did not end in time")
            return HttpResponse(status, headers, bytes(body))

    def _bounded(self, timeout: float) -> AbstractContextManager[Any]:
        return nullcontext() if self.blocking else anyio.move_on_after(timeout)

    def problem(self) -> str | None:
        """Why nothing can be sent, if that is certain before sending."""
        return None

    @abstractmethod
    async def open(
        self, stack: AsyncExitStack, request: HttpRequest, timeout: float, trace: Trace
    ) -> Any:
        """The library's response, before its body is read. The stack closes what was opened."""

    @abstractmethod
    def head(self, response: Any, request: HttpRequest) -> tuple[int, dict[str, str], bytearray]:
        """Status, headers, and the part of the body that was read already."""

    @abstractmethod
    def chunks(self, response: Any) -> AsyncIterator[bytes]:
        """The rest of the body."""

    def is_certain(self, trace: Trace, reason: Exception | None) -> bool:
        """Whether it is certain that no part of the request was sent."""
        return trace.began and not trace.left

    def has_proxy(self) -> bool:
        """Whether a proxy can be on the way."""
        return True

    async def done(self, result: Any) -> Any:
        """The result of a function of the library; awaits it if the function is async."""
        return result if self.blocking else await result


class Chunks:
    """A blocking iterator that can be used in `async for`."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        for chunk in self._chunks:  # not `next`: a signal handler may raise StopIteration there
            return chunk
        raise StopAsyncIteration


def run_blocking(send: Callable[..., Coroutine[Any, Any, T]], *given: Any) -> T:
    """The result of a coroutine that never has to wait."""
    coroutine = send(*given)
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        found: T = returned_by(stop)
        return found
    finally:
        coroutine.close()


def raise_callers_error(reason: Exception, trace: Trace, hooks: bool) -> None:
    """Raises the exception of a signal handler of the caller, and with `hooks` also that of a hook:
    every exception whose class is not from the HTTP libraries. Prism does not translate these."""
    root = _chain(reason, trace.handled)[-1]
    is_handlers = is_interruption(root)  # httpcore may take its TimeoutError for a socket's
    own = root if is_handlers else reason
    roots = {kind.__module__.partition(".")[0] for kind in type(own).__mro__}
    if isinstance(own, StopIteration):  # it would end the loop that drives the call
        raise RuntimeError("a hook or signal handler of the caller's raised StopIteration")
    if is_handlers or (hooks and roots.isdisjoint(_STACK)):
        raise own


def _chain(error: BaseException, handled: BaseException | None) -> list[BaseException]:
    """An exception and those below it, without the one that was handled before the request."""
    below = error.__cause__ or error.__context__
    return [error, *([] if below is None or below is handled else _chain(below, handled))]


def not_connected(error: Exception | None, trace: Trace, has_proxy: bool) -> Failure:
    """The failure of a request that was certainly not sent; `error` is None if its time was up."""
    cause = _cause(error, trace)
    if trace.is_elsewhere:  # without a proxy, a hook of the caller has changed the host
        cause = Cause("proxy", (cause or _refusal(error)).words) if has_proxy else None
    if cause is not None:
        return no_connection("the proxy" if trace.is_elsewhere else written_host(trace.url), cause)
    named = "in time" if error is None else type(error).__name__
    return Failure("not_sent", f"no connection ({named}): nothing was sent")


def _cause(error: Exception | None, trace: Trace) -> Cause | None:
    """Why the step that began last failed, if it is one that opens a connection."""
    if error is None or "Timeout" in type(error).__name__:
        opening = trace.is_elsewhere or trace.step in ("connect_tcp", "start_tls")
        return reasons.TIMEOUT if opening else None
    chain = _chain(error, trace.handled)
    if trace.step == "start_tls":
        return reasons.of_handshake(chain)
    return reasons.of_connecting(chain) if trace.step == "connect_tcp" else None


def _refusal(error: Exception | None) -> Cause:
    """That the proxy refused, with its status, such as 407; no other part of its text is shown."""
    status = str(error)[:3]
    if type(error).__name__ == "ProxyError" and status.isdecimal():
        return Cause("proxy", f"{{}} answered with status {status}")
    return reasons.NO_TUNNEL
