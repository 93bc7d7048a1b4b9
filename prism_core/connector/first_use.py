"""A lock for work that is done once per process and must not be cut by a fork: imports, loading
connectors, reading the certificate authorities.

A child process has only the thread that forked. If another thread was importing a module, that
module's lock stays taken in the child for ever. So a fork waits until such work is done.
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
    """The lock to hold while importing or loading something that other threads may need, too."""
    _let_forks_wait()
    return _lock


@lru_cache(maxsize=1)
def _let_forks_wait() -> None:
    # The handler registered last runs first. `logging` takes its own lock before a fork, and
    # imports need that lock; so the handler of `logging` must run after ours.
    import logging  # noqa: F401

    # Windows has no fork and no such function.
    register: Callable[..., Any] = getattr(os, "register_at_fork", lambda **_: None)
    register(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_in_the_child)


def _in_the_child() -> None:
    with suppress(RuntimeError):  # a fork in C code may not have taken the lock
        _lock.release()
