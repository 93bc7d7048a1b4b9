"""What happens once in a process, and not while it forks: imports, loading, TLS's authorities.

A child has only the thread that forked. What another thread was importing at that moment stays
locked in the child for ever, so a fork waits until that is done.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

lock = threading.RLock()
"""Held by a thread while it imports or loads what other threads may want, too."""


def _in_the_child() -> None:
    with suppress(RuntimeError):  # a fork in C code may not have asked before
        lock.release()


# Windows has no fork, and no such function.
_register: Callable[..., Any] = getattr(os, "register_at_fork", lambda **_: None)
_register(before=lock.acquire, after_in_parent=lock.release, after_in_child=_in_the_child)
