"""What happens once in a process, and not while it forks: imports, loading, TLS's authorities.

A child has only the thread that forked. What another thread was importing at that moment stays
locked in the child for ever, so a fork waits until that is done.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from functools import lru_cache
from typing import Any

_lock = threading.RLock()


def held() -> AbstractContextManager[Any]:
    """The lock that a thread holds while it imports or loads what others may want, too."""
    _let_forks_wait()
    return _lock


@lru_cache(maxsize=1)
def _let_forks_wait() -> None:
    # Who is registered last is asked first. `logging` holds its own lock during a fork, which
    # imports need; so it must be asked after us.
    import logging  # noqa: F401

    # Windows has no fork, and no such function.
    register: Callable[..., Any] = getattr(os, "register_at_fork", lambda **_: None)
    register(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_in_the_child)


def _in_the_child() -> None:
    with suppress(RuntimeError):  # a fork in C code may not have asked before
        _lock.release()
