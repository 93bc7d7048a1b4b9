"""What httpcore's trace shows of one request: the only proof that nothing of it left.

The class of an exception proves nothing: a hook of the caller's can raise any of them, after the
request was sent.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from prism_core.connector.http import Failure
from prism_core.errors.interruptions import is_interruption

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

    `began` is whether a connection was begun for it, `left` whether anything of it may have left:
    before each write httpcore tells of it. `handled` is the exception that the caller was handling
    before, which hangs on each that is raised later.
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
        """The `trace` extension of an async request."""
        self.saw(event, info)


def raise_foreign(reason: Exception, trace: Trace, hooks: bool = True) -> None:
    """Raises what is the caller's own, a hook's or a signal handler's, and not for Prism to judge:
    whatever is of no kind that the HTTP libraries raise. Without `hooks`, a handler's alone."""
    root = _root(reason, trace.handled)
    is_handlers = is_interruption(root)  # a TimeoutError say, taken for a socket's by httpcore
    own = root if is_handlers else reason
    roots = {kind.__module__.partition(".")[0] for kind in type(own).__mro__}
    if isinstance(own, StopIteration):  # it would end the loop that drives the call, instead
        raise RuntimeError("a hook or signal handler of the caller's raised StopIteration")
    if is_handlers or (hooks and roots.isdisjoint(_STACK)):
        raise own


def _root(error: BaseException, handled: BaseException | None) -> BaseException:
    """What an exception began with, short of what was being handled before the request."""
    below = error.__cause__ or error.__context__
    return error if below is None or below is handled else _root(below, handled)


def failure(reason: Exception | None, not_sent: bool) -> Failure:
    """What is reported of a request that got no answer; `reason` None is that its time is up."""
    name = "" if reason is None else type(reason).__name__
    if not_sent:
        said = f"no connection ({name or 'in time'}{_refusal(reason)})"
        return Failure("not_sent", f"{said}: nothing was sent")
    if reason is None or "Timeout" in name:
        return Failure("unknown", "no answer in time")
    return Failure("unknown", f"no answer ({name})")


def _refusal(reason: Exception | None) -> str:
    """The status with which a proxy refused, such as 407: all of its words that are shown."""
    status = str(reason)[:3]
    return f" {status}" if type(reason).__name__ == "ProxyError" and status.isdecimal() else ""
