"""The name of a worker, which tells whether it still lives on this machine."""

from __future__ import annotations

import os
import platform
import secrets


def _machine() -> str:
    """This machine, and the namespace of its process ids: each container has its own."""
    try:
        space = os.readlink("/proc/self/ns/pid")
    except OSError:
        space = ""
    return f"{platform.node()} {space}".strip()


def new_owner() -> str:
    """A name that no other worker has."""
    return f"{_machine()}/{os.getpid()}/{secrets.token_hex(6)}"


def dead(owners: set[str], mine: str) -> set[str]:
    """The workers that ran on this machine and are gone: their chunks need not wait for the end of
    their leases."""
    return {owner for owner in owners if owner != mine and _is_gone(owner)}


def _is_gone(owner: str) -> bool:
    machine, _, rest = owner.partition("/")
    process, _, _ = rest.partition("/")
    if os.name != "posix" or machine != _machine() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False  # it lives, and is somebody else's
    return False
