"""Forks while other threads use Prism for the first time: pieces of work for a process of its own.

Run as a script. It imports nothing of Prism before its work does.
"""

from __future__ import annotations

import importlib.abc
import os
import random
import signal
import sys
import threading
import time
from typing import Any


class Slow(importlib.abc.MetaPathFinder):
    """Makes importing one module take a while."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.begun = threading.Event()

    def find_spec(self, name: str, *_: object) -> None:
        if name == self.name:
            self.begun.set()
            time.sleep(0.3)


def call(url: str) -> None:
    """A client, and its first call."""
    from prism_core import PaymentClient

    with PaymentClient("stripe", api_key="sk_test_1", base_url=url, timeout=10) as payments:
        payments.get(connector_transaction_id="pi_own")


def in_a_child(work: Any, *given: object) -> None:
    """Does the work in a forked child, for ten seconds at most."""
    child = os.fork()
    if child == 0:
        signal.alarm(10)
        work(*given)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    sys.stdout.write("done\n" if status == 0 else f"child ended with {status}\n")


def importing(url: str, module: str) -> None:
    """A fork while another thread imports a module on the way to its first call."""
    slow = Slow(module)
    sys.meta_path.insert(0, slow)
    thread = threading.Thread(target=call, args=(url,))
    thread.start()
    slow.begun.wait(10)
    in_a_child(call, url)
    thread.join()


def first_calls(url: str) -> None:
    """Forks at any moment while four threads make a client's first calls."""
    from prism_core import PaymentClient

    for _ in range(40):
        with PaymentClient("stripe", api_key="sk_test_1", base_url=url, timeout=10) as payments:

            def get(payments: PaymentClient = payments) -> None:
                payments.get(connector_transaction_id="pi_own")

            threads = [threading.Thread(target=get) for _ in range(4)]
            for thread in threads:
                thread.start()
            time.sleep(random.uniform(0, 0.004))
            in_a_child(get)
            for thread in threads:
                thread.join()


def turns(_: str) -> None:
    """A fork while another thread has its turn to fetch an access token."""
    from prism_core.runtime.token_cache import TokenCache, Turn

    answers, now = TokenCache(), time.monotonic()

    def take() -> None:
        assert answers.take(Turn(answers, now + 1000))

    take()
    assert not answers.take(Turn(answers, now + 1000))
    in_a_child(take)


if __name__ == "__main__":
    {work.__name__: work for work in (importing, first_calls, turns)}[sys.argv[1]](*sys.argv[2:])
