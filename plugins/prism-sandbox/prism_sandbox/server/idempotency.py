"""Idempotency keys: the same key and request give the same answer, and its effect happens once."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from prism_sandbox.server.errors import ApiError, invalid
from prism_sandbox.server.objects import Document
from prism_sandbox.server.rules import Fault
from prism_sandbox.server.store import Store

_KEY = re.compile(r"[!-~]{1,255}")


@dataclass(frozen=True)
class Answer:
    """What a request led to, and what shall go wrong on the way back to the client."""

    status: int
    body: Document
    fault: Fault = "none"
    replayed: bool = False


class InFlight:
    """The keys whose first request is being handled right now.

    Kept in memory, so that a crash cannot leave a key locked for ever.
    """

    def __init__(self) -> None:
        self._scopes: set[str] = set()
        self._lock = threading.Lock()

    @contextmanager
    def claim(self, scope: str | None) -> Iterator[None]:
        """Hold a key for as long as its request is handled; None (no key) is always free."""
        if scope is None:
            yield
            return
        with self._lock:
            if scope in self._scopes:
                raise _conflict("idempotency_in_progress", "A request with this key is under way.")
            self._scopes.add(scope)
        try:
            yield
        finally:
            with self._lock:
                self._scopes.discard(scope)


def scope_of(store: Store, api_key: str, key: str | None) -> str | None:
    """Where the answer for this `Idempotency-Key` is kept: each API key has its own keys."""
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise invalid("Idempotency-Key", "Must be 1 to 255 visible ASCII characters.")
    return _hash(store, api_key, key)


def fingerprint_of(store: Store, path: str, body: Any) -> str:
    """A keyed hash of a request: a plain one would let its card number be guessed."""
    return _hash(store, path, json.dumps(body, sort_keys=True))


def once(
    store: Store,
    scope: str | None,
    fingerprint: str,
    work: Callable[[], Answer],
    existing: Callable[[Document], str | None],
) -> Answer:
    """Do the work and keep its answer, or give the kept one; errors raised are not kept."""
    with store.transaction():
        kept = store.answer(scope) if scope else None
        if kept:
            return _replay(fingerprint, *kept, existing)
        answer = work()
        if scope:
            store.add_answer(scope, fingerprint, answer.status, answer.body)
        return answer


def _replay(
    fingerprint: str,
    kept_fingerprint: str,
    status: int,
    body: Document,
    existing: Callable[[Document], str | None],
) -> Answer:
    if not hmac.compare_digest(fingerprint, kept_fingerprint):
        message = "This key was used for another request; use a new key for a new request."
        error = _conflict("idempotency_key_reused", message)
        error.customer = existing(body)
        raise error
    return Answer(status, body, replayed=True)


def _conflict(code: str, message: str) -> ApiError:
    return ApiError(409, "idempotency_error", code, message, param="Idempotency-Key")


def _hash(store: Store, *parts: str) -> str:
    message = "\0".join(parts).encode()
    return hmac.new(store.secret, message, hashlib.sha256).hexdigest()
