"""Hosts with several addresses, some of them dead: how long finding the living one takes."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from faults import proxies
from faults.asking import opened
from faults.conftest import Measure
from faults.misbehaving import answering, good
from faults.servers import Server

from prism_core import TransportError
from prism_core.transport import proxied  # noqa: F401 - loaded before anything is timed
from prism_core.transport.connecting import ATTEMPT_DELAY, Ready, connect, interleaved
from prism_core.transport.waiting import _wait

ALIVE, DEAD, DEAD_TOO, REFUSING = "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"
NO_SUCH_FAMILY, EVERYBODY = "no such family", "255.255.255.255"
DESCRIPTORS = Path("/proc/self/fd")
linux = pytest.mark.skipif(not DESCRIPTORS.exists(), reason="fills queues as Linux does")


def address(host: str, port: int) -> tuple[Any, ...]:
    """As the system gives it."""
    family = -2 if host == NO_SUCH_FAMILY else socket.AF_INET
    return (family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port))


@contextlib.contextmanager
def dead(port: int) -> Iterator[list[socket.socket]]:
    """Addresses that never answer: listeners whose queues are full."""
    with contextlib.ExitStack() as stack:
        listeners = [stack.enter_context(socket.socket()) for _ in range(2)]
        for host, listener in zip((DEAD, DEAD_TOO), listeners, strict=True):
            listener.bind((host, port))
            listener.listen(0)
            stack.enter_context(socket.create_connection((host, port)))
        yield listeners


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[tuple[Any, ...]]]:
    """Names that this process finds so; every other, as the system finds it."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    system = socket.getaddrinfo

    def look(host: Any, *more: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name in found and named.get("flags", 0) & socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "not an address")
        return found[name] if name in found else system(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look)
    return found


CASES = {
    "a dead one first": ((DEAD, ALIVE), ATTEMPT_DELAY),
    "two dead ones first": ((DEAD, DEAD_TOO, ALIVE), 2 * ATTEMPT_DELAY),
    "one that refuses first": ((REFUSING, ALIVE), 0.0),
    "a dead one, then one that refuses": ((DEAD, REFUSING, ALIVE), ATTEMPT_DELAY),
    "a dead one last": ((ALIVE, DEAD), 0.0),
    "one that this machine cannot use first": ((NO_SUCH_FAMILY, ALIVE), 0.0),
    "one that this machine refuses first": ((EVERYBODY, ALIVE), 0.0),
}


@linux
@pytest.mark.parametrize(("hosts", "seconds"), CASES.values(), ids=list(CASES))
def test_a_dead_address_costs_a_quarter_of_a_second(
    client: str,
    names: dict[str, list[tuple[Any, ...]]],
    measure: Measure,
    hosts: tuple[str, ...],
    seconds: float,
) -> None:
    """An address that never answers delays a new connection by a quarter of a second, whatever
    the call's timeout is; the attempts that were not needed leave nothing open."""
    with Server(answering(good())) as server:
        port = int(server.url.rpartition(":")[2])
        names["localhost"] = [address(host, port) for host in hosts]
        with dead(port), opened(client, f"http://localhost:{port}", timeout=20) as ask:
            before = len(os.listdir(DESCRIPTORS))
            end = ask("authorize")
            assert end.error is None
            assert len(os.listdir(DESCRIPTORS)) == before + 2  # both ends of one connection
            assert seconds <= end.seconds < seconds + 0.2
            assert ask("authorize").seconds < 0.2
        assert server.connections == 1
    shown = " ".join("dead" if host in (DEAD, DEAD_TOO) else "other" for host in hosts)
    measure("figure", what=f"addresses {shown}", value=f"{end.seconds:.2f} s")


@linux
@pytest.mark.parametrize(
    ("hosts", "seconds"),
    [
        ((DEAD, ALIVE), ATTEMPT_DELAY),
        ((DEAD, DEAD_TOO, ALIVE), 2 * ATTEMPT_DELAY),
        ((REFUSING, ALIVE), 0.0),
        ((DEAD,), 1.0),
        ((DEAD, DEAD_TOO), 1.0),
        ((REFUSING, REFUSING), 0.0),
    ],
)
def test_a_proxys_dead_address_costs_no_more(
    client: str,
    names: dict[str, list[tuple[Any, ...]]],
    hosts: tuple[str, ...],
    seconds: float,
) -> None:
    """The same for the addresses of a proxy: one that is dead costs a quarter of a second, and
    all together no more than the call's time."""
    with Server(proxies.working) as proxy, Server(answering(good())) as server:
        port = int(proxy.url.rpartition(":")[2])
        names["proxy"] = [address(host, port) for host in hosts]
        with (
            dead(port),
            opened(client, server.url, proxy=f"http://proxy:{port}", timeout=1) as ask,
        ):
            end = ask("authorize", max_retries=0)
    assert end.outcome == (None if ALIVE in hosts else "not_sent")
    assert seconds <= end.seconds + 0.01
    assert end.seconds < seconds + 0.3


@linux
@pytest.mark.parametrize(
    ("hosts", "seconds", "reason"),
    [
        ((DEAD, REFUSING, DEAD_TOO), 0.6, "timeout"),
        ((REFUSING, NO_SUCH_FAMILY), 0.0, "refused"),
        ((EVERYBODY, NO_SUCH_FAMILY), 0.0, "unreachable"),
        ((), 0.0, "dns"),
    ],
)
def test_where_no_address_answers_nothing_was_sent(
    client: str,
    names: dict[str, list[tuple[Any, ...]]],
    hosts: tuple[str, ...],
    seconds: float,
    reason: str,
) -> None:
    """A call to a host none of whose addresses can be reached ends in time, and is certainly not
    sent; nothing stays open."""
    with Server(answering(good())) as server:
        port = int(server.url.rpartition(":")[2])
        names["localhost"] = [address(host, port) for host in hosts]
        with dead(port), opened(client, f"http://localhost:{port}", timeout=0.6) as ask:
            before = len(os.listdir(DESCRIPTORS))
            end = ask("authorize")
            assert len(os.listdir(DESCRIPTORS)) == before
        assert isinstance(end.error, TransportError)
        assert (end.outcome, end.error.reason) == ("not_sent", reason)
        assert seconds <= end.seconds < seconds + 0.2
        assert server.connections == 0


def test_families_take_turns() -> None:
    """Addresses are tried with their families in turn, as the system ordered them, each once:
    where IPv6 leads nowhere, the second attempt is IPv4 (RFC 8305, section 4)."""
    six, four = socket.AF_INET6, socket.AF_INET
    found = [(six, "1"), (six, "2"), (six, "2"), (six, "3"), (four, "4"), (four, "5")]
    assert [name for _, name in interleaved(found)] == ["1", "4", "2", "5", "3"]
    assert interleaved([]) == []


@linux
def test_the_first_of_two_attempts_can_still_win() -> None:
    """An address that answers while another is being tried is used all the same, and the other
    attempt is closed."""
    with socket.socket() as free, contextlib.ExitStack() as accepted:
        free.bind((ALIVE, 0))
        port = free.getsockname()[1]
        with dead(port) as (late, _):
            steps = connect([address(DEAD, port), address(DEAD_TOO, port)], time.monotonic() + 9)
            attempts: set[socket.socket] = set()
            try:
                while True:
                    step = next(steps)
                    assert isinstance(step, Ready)
                    if len(attempts) < 2 == len(step.sockets):
                        accepted.enter_context(late.accept()[0])  # there is room in its queue now
                    attempts |= set(step.sockets)
                    _wait(step)
            except StopIteration as stop:
                used = accepted.enter_context(stop.value)
            assert used.getpeername() == (DEAD, port)
            assert [one.fileno() for one in attempts - {used}] == [-1]
