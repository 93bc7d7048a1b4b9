"""Watch: runs a function and notes whether it, or anything it calls, reads a clock, draws random
numbers, or touches files, network, environment, threads or processes."""

from __future__ import annotations

import datetime
import gc
import random
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")

# Built-in functions by module and name; None for all of a module.
_BUILT_IN: dict[str, tuple[str, frozenset[str] | None]] = {
    "time": (
        "reads the clock",
        frozenset(
            name + unit
            for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time")
            for unit in ("", "_ns")
        )
        | {"sleep"},
    ),
    "_uuid": ("draws random numbers", None),
    "_socket": ("uses the network", None),
    "_ssl": ("uses the network", None),
    "_thread": ("starts a thread", frozenset({"start_new_thread", "start_joinable_thread"})),
    "_posixsubprocess": ("starts a process", None),
    "io": ("opens a file", frozenset({"open"})),
    "_io": ("opens a file", frozenset({"open"})),
    "posix": ("uses the system", frozenset({"open", "urandom", "getrandom", "system", "fork"})),
    "nt": ("uses the system", frozenset({"open", "urandom", "system"})),
}
# Modules of Python code of which nothing may run.
_PYTHON = {
    "socket": "uses the network",
    "ssl": "uses the network",
    "http.client": "uses the network",
    "urllib.request": "uses the network",
    "httpx": "uses the network",
    "requests": "uses the network",
    "aiohttp": "uses the network",
    "asyncio": "runs an event loop",
    "threading": "uses threads",
    "subprocess": "starts a process",
    "multiprocessing": "starts a process",
    "concurrent": "uses threads",
    "secrets": "draws random numbers",
    "pathlib": "uses files",
    "tempfile": "uses files",
}
_PURE = frozenset({("secrets", "compare_digest")})
_ENVIRONMENT = frozenset({"getenv", "getenvb"})


def watched(function: Callable[[], T]) -> tuple[T, list[str]]:
    """The function's result, and what it did that a flow must not."""
    seen: dict[str, None] = {}

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call" and not _importing(frame):
            said = _built_in(argument)
        else:
            said = _python(frame) if event == "call" else None
        if said is not None:
            seen[said] = None

    before, collects = sys.getprofile(), gc.isenabled()
    gc.disable()  # what others do when garbage is collected is not the function's doing
    sys.setprofile(profile)
    try:
        result = function()
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()
    return result, list(seen)


def _built_in(function: Any) -> str | None:
    name, owner = function.__name__, getattr(function, "__self__", None)
    if isinstance(owner, type) and issubclass(owner, datetime.date):
        return f"reads the clock ({name})" if name in ("now", "utcnow", "today") else None
    if isinstance(owner, random.Random):
        return f"draws random numbers ({name})"
    module = getattr(function, "__module__", None) or getattr(owner, "__name__", "")
    said, names = _BUILT_IN.get(str(module), ("", frozenset()))
    return f"{said} ({name})" if said and (names is None or name in names) else None


def _python(frame: FrameType) -> str | None:
    module, name = _module(frame), frame.f_code.co_name
    if name == "<module>" or (module, name) in _PURE or _importing(frame.f_back):
        return None
    if module == "os":
        environment = name in _ENVIRONMENT or isinstance(
            frame.f_locals.get("self"), type(__import__("os").environ)
        )
        return "reads the environment" if environment else None
    said = _PYTHON.get(module) or _PYTHON.get(module.partition(".")[0])
    return f"{said} ({module}.{name})" if said else None


def _importing(frame: FrameType | None) -> bool:
    return frame is not None and _module(frame).startswith("importlib")


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))
