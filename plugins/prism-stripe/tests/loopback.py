"""Servers on 127.0.0.1 that stand in for Stripe: one answers by script, one runs localstripe."""

from __future__ import annotations

import asyncio
import json
import queue
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest

from .stripe_openapi import read_form


class Seen(NamedTuple):
    """One request that a server got; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, Any]:
        """The body, read as Stripe reads a form: every leaf a string."""
        return read_form(self.body.decode())


class Answer(NamedTuple):
    """One answer of a script; `promised` lies about the body's length."""

    status: int
    headers: dict[str, str]
    body: bytes
    promised: int | None = None


class Answering:
    """Answers by `script`, in order, the last one again and again; keeps what it has `seen`."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.script: list[Answer] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def answer(
        self, status: int, body: Any, headers: dict[str, str] | None = None, **more: Any
    ) -> Answering:
        """Adds an answer. A body that is not bytes is sent as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        usual = {"content-type": "application/json", "request-id": f"req_{len(self.script) + 1}"}
        self.script.append(Answer(status, {**usual, **(headers or {})}, raw, **more))
        return self

    def close(self) -> None:
        """Stops serving."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers.get("content-length", "0")))
                server.seen.append(Seen(self.command, self.path, headers, body))
                answer = server.script[min(len(server.seen), len(server.script)) - 1]
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                promised = len(answer.body) if answer.promised is None else answer.promised
                self.send_header("content-length", str(promised))
                self.end_headers()
                self.wfile.write(answer.body)
                self.close_connection = answer.promised is not None

            do_GET = do_POST = do_DELETE = handle_one

            def log_message(self, *args: object) -> None:
                """Says nothing."""

        return Handler


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
