"""Running the application on loopback: in the foreground, or in a thread while a block runs."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from typing import TypedDict

import uvicorn
from starlette.applications import Starlette

from prism_sandbox.server.application import create_app
from prism_sandbox.server.journal import Deliveries
from prism_sandbox.server.later import keep_happening
from prism_sandbox.server.objects import Document
from prism_sandbox.server.store import Store
from prism_sandbox.server.webhooks import Receiver, Webhooks


def serve(
    port: int = 8642,
    *,
    host: str = "127.0.0.1",
    database: str = ":memory:",
    hang_seconds: float = 60,
    settle_seconds: float = 3,
    webhook: Receiver | None = None,
    shop: Callable[[str], AbstractContextManager[str]] | None = None,
) -> None:
    """Run the sandbox in the foreground until Ctrl+C; `host` must be a loopback IPv4 address.
    `shop` runs a shop for the sandbox at this address, and gives its own."""
    with ExitStack() as stack:
        listener = stack.enter_context(bound(host, port))
        url = url_of(listener)
        told = stack.enter_context(_telling(webhook, url))
        app = create_app(database, hang_seconds=hang_seconds, settle_seconds=settle_seconds, **told)
        shop_url = stack.enter_context(shop(url)) if shop else None

        def announce() -> None:
            # Flushed, so that a script that started this can read where it listens.
            here = f"Prism sandbox: {url} (open it to watch; Ctrl+C stops it)"
            print(here, flush=True)  # noqa: T201
            if webhook is not None:
                to = webhook.url or "the webhook_url of a payment"
                print(f"Webhooks: to {to}, signed with {webhook.secret}", flush=True)  # noqa: T201
            if shop_url is not None:
                print(f"Shop: {shop_url} (buy something there)", flush=True)  # noqa: T201

        server = _Server(app, announce)
        try:
            asyncio.run(server.serve(sockets=[listener]))
        except KeyboardInterrupt:
            pass
        finally:
            app.state.store.close()


@contextmanager
def running(
    port: int = 0,
    database: str = ":memory:",
    hang_seconds: float = 60,
    settle_seconds: float = 3,
    webhook: Receiver | None = None,
) -> Iterator[str]:
    """Run the sandbox in a thread of this process while the block runs; gives its base URL.

    It stops within two seconds, even while a request hangs. Port 0 means any free one.
    """
    with bound("127.0.0.1", port) as listener, _telling(webhook, url_of(listener)) as told:
        app = create_app(database, hang_seconds=hang_seconds, settle_seconds=settle_seconds, **told)
        with in_thread(app, listener):
            yield url_of(listener)


@contextmanager
def in_thread(app: Starlette, listener: socket.socket) -> Iterator[None]:
    """Serve an application in a thread of this process while the block runs."""
    ready = threading.Event()
    server = _Server(app, ready.set)

    def run() -> None:
        try:
            asyncio.run(server.serve(sockets=[listener]))
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="prism-sandbox", daemon=True)
    thread.start()
    try:
        ready.wait()
        if not server.started:
            raise RuntimeError("The sandbox server could not start; see the error above.")
        yield
    finally:
        server.should_exit = True
        thread.join()
        app.state.store.close()


class _Telling(TypedDict, total=False):
    """The part of an application that tells a receiver of changes."""

    tell: Callable[[Document], None]
    deliveries: Deliveries


@contextmanager
def _telling(webhook: Receiver | None, origin: str) -> Iterator[_Telling]:
    """What tells a receiver of changes, while the block runs; nothing where there is none."""
    if webhook is None:
        yield {}
        return
    webhooks = Webhooks(webhook, origin)
    try:
        yield {"tell": webhooks.tell, "deliveries": webhooks.deliveries}
    finally:
        webhooks.close()


class _Server(uvicorn.Server):
    """Uvicorn, telling when it is ready and ending hanging requests when it stops."""

    def __init__(self, app: Starlette, on_ready: Callable[[], None]) -> None:
        # No access log: its lines hold paths and queries. No log_config: the caller's stays.
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self._on_ready = on_ready
        self._closing: asyncio.Event = app.state.closing
        self._store: Store = app.state.store
        self._happening: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self._happening = asyncio.create_task(keep_happening(self._store))
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go of the requests that hang, then stop."""
        self._closing.set()
        if self._happening is not None:
            self._happening.cancel()
        await super().shutdown(sockets=sockets)


def bound(host: str, port: int) -> closing[socket.socket]:
    """A socket bound to a loopback address; port 0 means any free one."""
    address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    if address.version != 4 or not address.is_loopback:
        raise ValueError(f"The sandbox listens on loopback only (127.0.0.1), not on {host}.")
    # asyncio turns off Nagle's algorithm (40 ms per answer) only on sockets that say TCP.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # where the option would share the port with strangers
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((str(address), port))
    except BaseException:
        listener.close()
        raise
    return closing(listener)


def url_of(listener: socket.socket) -> str:
    """The URL of what is served on a socket."""
    host, port = listener.getsockname()
    return f"http://{host}:{port}"
