"""Servers on 127.0.0.1 that stand in for Stripe: one answers by script, one runs localstripe."""

from __future__ import annotations

import asyncio
import queue
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from prism_contract_tests.scripted import Server


class Answering(Server):
    """Answers by script as Stripe does, with its usual headers."""

    def answer(
        self,
        status: int,
        body: Any,
        headers: dict[str, str] | None = None,
        promised: int | None = None,
    ) -> Answering:
        """Adds an answer; `promised` lies about the body's length."""
        number = len(self.answers) + 1
        usual = {"content-type": "application/json", "request-id": f"req_{number}"}
        if promised is not None:
            usual |= {"content-length": str(promised), "connection": "close"}
        return super().answer(status, body, {**usual, **(headers or {})})


@contextmanager
def running_localstripe() -> Iterator[str]:
    """localstripe's own application, in a thread, on a free port, keeping nothing on disk.

    Its command is not used: that binds every interface.
    """
    from localstripe import resources

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resources.Store, "dump_to_disk", lambda store: None)
        started: queue.Queue[tuple[int, Callable[[], object]]] = queue.Queue()
        serving = _serve(_application(), started)
        thread = threading.Thread(target=lambda: asyncio.run(serving), daemon=True)
        thread.start()
        port, stop = started.get(timeout=10)
        yield f"http://127.0.0.1:{port}"
        stop()
        thread.join(10)


def _application() -> Any:
    with warnings.catch_warnings():
        # localstripe's routes are plain functions, which aiohttp would rather not have.
        warnings.filterwarnings("ignore", "Bare functions are deprecated", DeprecationWarning)
        from localstripe.server import app
    return app


async def _serve(app: Any, started: queue.Queue[tuple[int, Callable[[], object]]]) -> None:
    """Serves until it is stopped; tells its port, and how to stop it from another thread."""
    from aiohttp import web

    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    started.put((runner.addresses[0][1], lambda: loop.call_soon_threadsafe(stopped.set)))
    await stopped.wait()
    await runner.cleanup()
