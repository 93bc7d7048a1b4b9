"""What is shared: one pool by all services, one client by threads; and nothing after a fork."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import Any

from support import Server

from prism_core import AsyncPrism, CustomerClient, Prism
from prism_core.clients.prism import SERVICES
from prism_core.runtime.token_cache import Turn

from .samples import CUSTOMER, GOOD, PAYMENT, options


def test_services_share_one_connection_pool(acme: str, server: Server) -> None:
    """The services of a Prism send through the same transport."""
    server.answer(200, {"id": "cus_1"}).answer(200, GOOD)
    with Prism(acme, **options(server)) as prism:
        prism.customers.create(CUSTOMER)
        prism.payments.authorize(PAYMENT)
        assert prism.customers._engine is prism.payments._engine
        assert prism.customers is prism.customers


def test_all_services_share_one_engine(acme: str, server: Server) -> None:
    """A `Prism` has every service over one connection pool, blocking and async alike."""
    for kind in (Prism, AsyncPrism):
        prism: Any = kind(acme, **options(server))
        services = [getattr(prism, name) for name in SERVICES]
        assert {id(one._engine) for one in services} == {id(prism._engine)}


def test_one_client_serves_many_threads(acme: str, server: Server) -> None:
    """Threads share a client; every one gets its own answer."""
    server.answer(200, {"id": "cus_1"})
    got: list[str] = []

    with CustomerClient(acme, **options(server)) as customers:

        def work(number: int) -> None:
            created = customers.create(merchant_customer_id=f"user_{number}")
            got.append(str(created.merchant_customer_id))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(got) == sorted(f"user_{number}" for number in range(20))


def test_a_forked_child_makes_its_own_connections(acme: str, server: Server) -> None:
    """After a fork (gunicorn's preload, Celery's prefork) parent and child share no socket."""
    server.answer(200, {"id": "cus_1"})
    with CustomerClient(acme, **options(server)) as customers:
        customers.create(CUSTOMER)
        mine = customers._engine._transport
        customers._engine._process -= 1  # as it looks to a child
        customers.create(CUSTOMER)
        assert customers._engine._transport is not mine
        mine.close()


def test_a_client_that_never_called_closes(acme: str) -> None:
    with Prism(acme, api_key="k"):
        pass


class _Owner:
    """Whose turn it is."""


def test_a_turn_ends_with_its_call_or_its_time() -> None:
    """A call that was cut off without a word keeps no other one waiting."""
    owners = [_Owner(), _Owner()]
    first, second = (Turn(owner, time.monotonic() + 60) for owner in owners)
    assert Turn(owners[0], time.monotonic() - 1).is_over()
    assert not first.is_over()
    owners.pop(0)
    assert (first.is_over(), second.is_over()) == (True, False)
    second.ended = True
    assert second.is_over()


def test_a_turn_is_of_its_process() -> None:
    """What a call of the parent had begun before a fork keeps no call of the child waiting."""
    forking = (
        "import os, time; from prism_core.runtime.token_cache import TokenCache, Turn\n"
        "owner = TokenCache.find; turn = Turn(owner, time.monotonic() + 60)\n"
        "child = os.fork()\n"
        "if not child: os._exit(42 if turn.is_over() else 1)\n"
        "ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])\n"
        "assert (ended, turn.is_over()) == (42, False)\n"
    )
    subprocess.run([sys.executable, "-c", forking], check=True)
