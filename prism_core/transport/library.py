"""One request through another library (httpx, httpx2, httpcore), and what its exceptions prove.

`LibrarySender.send` is written once, as a coroutine. Where the library blocks, nothing in it ever
waits, and `run_blocking` runs it to its end.

httpcore's trace is the only proof that nothing of a request left. The class of an exception proves
nothing: a hook of the caller's can raise any of them, after the request was sent.
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
from prism_core.transport.http11 import AnswerRefused, add_to, check_head

T = TypeVar("T")

# The libraries that a request goes through beneath httpx's and httpx2's interfaces.
_STACK = frozenset({"httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2", "socksio"})
# What happens before a request's first byte; the rest may be after it.
_BEFORE = frozenset(
    {
        *("connect_tcp", "connect_unix_socket", "setup_socks5_connection", "start_tls", "retry"),
        *("send_connection_init", "response_closed"),
    }
)


class Trace:
    """Sees the events of one request (https://www.encode.io/httpcore/extensions/#trace).

    `began`: a connection was begun for it. `left`: part of it may have been sent, since httpcore
    tells of each write before it. `handled`: the exception that the caller was handling before the
    request; Python chains it to each that is raised later.
    """

    __slots__ = ("began", "handled", "left")

    def __init__(self) -> None:
        self.began = self.left = False
        self.handled = sys.exc_info()[1]

    def saw(self, event: str, info: Mapping[str, Any]) -> None:
        """The `trace` extension of a blocking request."""
        if not event.endswith(".started"):
            return
        self.began = True
        sent = getattr(info.get("request"), "method", None)
        # A proxy is asked to CONNECT first, which holds nothing of the request.
        if event.split(".")[1] not in _BEFORE and sent != b"CONNECT":
            self.left = True

    async def saw_async(self, event: str, info: Mapping[str, Any]) -> None:
        """The `trace` extension of a request in an event loop."""
        self.saw(event, info)

    def extensions(self, blocking: bool, seconds: float) -> dict[str, Any]:
        """The extensions of a request that is traced, and whose every step ends in time."""
        phases = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
        return {"timeout": phases, "trace": self.saw if blocking else self.saw_async}


class LibrarySender(ABC):
    """Sends requests through a library: its blocking classes, or those for event loops."""

    checks_hooks = True
    """Whether hooks of the caller's may raise in the middle of a request."""

    def __init__(self, blocking: bool) -> None:
        self.blocking = blocking

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """The answer, or what went wrong. Raises only what is no exception of the library's."""
        problem = self.problem()
        if problem is not None:
            return Failure("not_sent", problem)
        trace = Trace()
        try:
            with self._bounded(timeout):
                return await self._exchange(request, timeout, trace)
        except AnswerRefused as refused:
            return Failure("unknown", str(refused))
        except Exception as reason:
            raise_callers_error(reason, trace, self.checks_hooks)
            return failure(reason, self.is_certain(trace, reason))
        return failure(None, self.is_certain(trace, None))

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
        """Why nothing can be sent, where that is certain beforehand."""
        return None

    @abstractmethod
    async def open(
        self, stack: AsyncExitStack, request: HttpRequest, timeout: float, trace: Trace
    ) -> Any:
        """The library's response, before its body is read. What is to be closed is on the stack."""

    @abstractmethod
    def head(self, response: Any, request: HttpRequest) -> tuple[int, dict[str, str], bytearray]:
        """Status, headers, and what of the body has been read already."""

    @abstractmethod
    def chunks(self, response: Any) -> AsyncIterator[bytes]:
        """The rest of the body."""

    def is_certain(self, trace: Trace, reason: Exception | None) -> bool:
        """Whether nothing of the request left."""
        return trace.began and not trace.left

    async def done(self, result: Any) -> Any:
        """What a function of the library came to: of its async ones, once they are awaited."""
        return result if self.blocking else await result


class Chunks:
    """A blocking iterator, for `async for`."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        for chunk in self._chunks:  # not `next`: a signal handler may raise StopIteration there
            return chunk
        raise StopAsyncIteration


def run_blocking(send: Callable[..., Coroutine[Any, Any, T]], *given: Any) -> T:
    """What a coroutine comes to in which nothing ever waits."""
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
    """Raises what a signal handler of the caller's raised, and with `hooks` what a hook did: each
    exception of a class that is not of the HTTP libraries. Prism has nothing to say about these."""
    root = _root(reason, trace.handled)
    is_handlers = is_interruption(root)  # a TimeoutError say, taken for a socket's by httpcore
    own = root if is_handlers else reason
    roots = {kind.__module__.partition(".")[0] for kind in type(own).__mro__}
    if isinstance(own, StopIteration):  # it would end the loop that drives the call, instead
        raise RuntimeError("a hook or signal handler of the caller's raised StopIteration")
    if is_handlers or (hooks and roots.isdisjoint(_STACK)):
        raise own


def _root(error: BaseException, handled: BaseException | None) -> BaseException:
    """The first exception of a chain, without what was being handled before the request."""
    below = error.__cause__ or error.__context__
    return error if below is None or below is handled else _root(below, handled)


def failure(reason: Exception | None, not_sent: bool) -> Failure:
    """The failure of a request that got no answer; `reason` is None where its time was up."""
    name = "" if reason is None else type(reason).__name__
    if not_sent:
        said = f"no connection ({name or 'in time'}{_refusal(reason)})"
        return Failure("not_sent", f"{said}: nothing was sent")
    if reason is None or "Timeout" in name:
        return Failure("unknown", "no answer in time")
    return Failure("unknown", f"no answer ({name})")


def _refusal(reason: Exception | None) -> str:
    """The status with which a proxy refused, such as 407; nothing else of its text is shown."""
    status = str(reason)[:3]
    return f" {status}" if type(reason).__name__ == "ProxyError" and status.isdecimal() else ""
