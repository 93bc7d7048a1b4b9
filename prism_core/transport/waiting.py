"""The loops that run the steps of an exchange and wait: one blocking, one for event loops."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import anyio.lowlevel

from prism_core.connector.http import Failure, HttpResponse
from prism_core.errors.interruptions import raise_if_interruption
from prism_core.transport.connecting import Address, Lookup, Ready
from prism_core.transport.pool import Exchange


def drive(steps: Exchange) -> HttpResponse | Failure:
    """Runs the steps one by one; waiting blocks the thread."""
    try:
        step = next(steps)
        while not isinstance(step, (HttpResponse, Failure)):
            found = None
            if isinstance(step, Ready):
                _wait(step)
            else:
                found = find(step)
            step = steps.send(found)
        return step
    finally:
        steps.close()


def _wait(step: Ready) -> None:
    seconds = max(0.0, step.until - time.monotonic())
    if not hasattr(select, "poll"):  # Windows
        writing = step.sockets if step.write else ()
        select.select(() if step.write else step.sockets, writing, writing, seconds)
        return
    poll, event = select.poll(), select.POLLOUT if step.write else select.POLLIN
    for sock in step.sockets:
        poll.register(sock, event)
    poll.poll(seconds * 1000)


def find(step: Lookup) -> list[Address] | None:
    """The addresses of a host, blocking; None if it has none."""
    try:
        return list(socket.getaddrinfo(step.host, step.port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError) as error:
        raise_if_interruption(error)
        return None


async def drive_async(steps: Exchange) -> HttpResponse | Failure:
    """Runs the steps one by one, in an event loop of asyncio or trio."""
    try:
        await anyio.lowlevel.checkpoint_if_cancelled()
        step = next(steps)
        while not isinstance(step, (HttpResponse, Failure)):
            found = None
            with anyio.move_on_after(step.until - time.monotonic()):
                if isinstance(step, Ready):
                    await _wait_async(step)
                else:
                    found = await _find_async(step)
            step = steps.send(found)
        return step
    finally:
        steps.close()


async def _wait_async(step: Ready) -> None:
    wait: Callable[[Any], Awaitable[None]]
    wait = anyio.wait_writable if step.write else anyio.wait_readable
    if len(step.sockets) == 1:
        await wait(step.sockets[0])
        return
    async with anyio.create_task_group() as group:

        async def one(sock: socket.socket) -> None:
            await wait(sock)
            group.cancel_scope.cancel()

        for sock in step.sockets:
            group.start_soon(one, sock)


async def _find_async(step: Lookup) -> list[Address] | None:
    try:
        return list(await anyio.getaddrinfo(step.host, step.port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError) as error:
        raise_if_interruption(error)
        return None
