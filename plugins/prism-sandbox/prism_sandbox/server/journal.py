"""What the live page remembers of requests and of deliveries: the newest few hundred, in memory.

Nothing here may disturb the API, and nothing that a client made up is kept but an idempotency key.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Generic, ParamSpec, TypeVar

from prism_sandbox.server.rules import passes_luhn

logger = logging.getLogger("prism_sandbox.server")

KEPT = 200
ELSE = "…"
"""Stands for what is not shown."""

_METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS")
_OWN_ID = re.compile(r"(cus|pay|ref|pm|man|ord)_[0-9a-f]{24}")
_DIGITS = re.compile(r"\d(?:[ ._-]?\d){12,}")

T = TypeVar("T")
P = ParamSpec("P")


def _harmless(keep: Callable[P, None]) -> Callable[P, None]:
    """Whatever goes wrong while something is noted down, what is noted goes on."""

    @wraps(keep)
    def quietly(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            keep(*args, **kwargs)
        except Exception as error:
            logger.warning("the live page missed something: %s", type(error).__name__)

    return quietly


class _Newest(Generic[T]):
    """The newest items by their ids, how many there were, and how often anything changed."""

    def __init__(self) -> None:
        self.count = 0
        self.version = 0
        self._items: dict[str, T] = {}
        self._lock = threading.RLock()

    def newest(self) -> list[T]:
        """What is kept, newest first."""
        with self._lock:
            return list(reversed(self._items.values()))

    def _add(self, name: str, make: Callable[[int], T]) -> None:
        with self._lock:
            self.count += 1
            self.version += 1
            self._items[name] = make(self.count)
            if len(self._items) > KEPT:
                del self._items[next(iter(self._items))]

    def _change(self, name: str, to: Callable[[T], T]) -> None:
        with self._lock:
            if name in self._items:
                self.version += 1
                self._items[name] = to(self._items[name])


@dataclass(frozen=True)
class Asked:
    """A request to the API; `status` is None while it is under way."""

    id: str
    at: float
    started: float
    method: str
    path: str
    key: str | None
    status: int | None = None
    replayed: bool = False
    took: float = 0.0


class Requests(_Newest[Asked]):
    """The requests to the API; those for pages are not among them."""

    def __init__(self, paths: Iterable[str]) -> None:
        super().__init__()
        self._words = {w for path in paths for w in path.split("/") if not w.startswith("{")}

    @_harmless
    def began(self, name: str, method: str, path: str, key: str | None) -> None:
        """Somebody asks for something."""
        if path == "/" or path.startswith(
            ("/page/", "/challenge/", "/bank/", "/pay/", "/health", "/favicon.ico")
        ):
            return
        shown = (method if method in _METHODS else ELSE, self._shown(path), _safe(key))
        asked = Asked(name, time.time(), time.monotonic(), *shown)
        self._add(name, lambda number: asked)

    @_harmless
    def ended(self, name: str, status: int, *, replayed: bool = False) -> None:
        """It is answered; only the first answer counts."""
        now = time.monotonic()

        def with_answer(asked: Asked) -> Asked:
            took = (now - asked.started) * 1000
            return replace(asked, status=status, replayed=replayed, took=took)

        self._change(name, lambda asked: with_answer(asked) if asked.status is None else asked)

    def _shown(self, path: str) -> str:
        """The path without what a client made up: a card number or a key may be part of it."""
        parts = path[:500].split("/")
        return "/".join(p if p in self._words or _OWN_ID.fullmatch(p) else ELSE for p in parts)


def _safe(key: str | None) -> str | None:
    """An idempotency key, without the digits among which a card number may be."""
    if key is None:
        return None
    return _DIGITS.sub(lambda found: ELSE if _holds_card(found[0]) else found[0], key[:255])


def _holds_card(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    ends = ((start, start + size) for start in range(len(digits)) for size in range(13, 20))
    return any(passes_luhn(digits[a:b]) for a, b in ends if b <= len(digits))


@dataclass(frozen=True)
class Try:
    """One delivery: when it was answered, and the status or the reason why there was none."""

    at: float
    answer: int | str

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it."""
        return isinstance(self.answer, int) and 200 <= self.answer < 300


@dataclass(frozen=True)
class WebhookEntry:
    """An event and its deliveries; `overtaken` counts later ones that were delivered before it."""

    id: str
    number: int
    type: str
    about: str
    at: float
    waiting: int
    tries: tuple[Try, ...] = field(default=())
    overtaken: int = 0

    @property
    def delivered(self) -> int:
        """How often the receiver took it."""
        return sum(one.delivered for one in self.tries)


class Deliveries(_Newest[WebhookEntry]):
    """The events that a receiver is told of."""

    @_harmless
    def told(self, name: str, kind: str, about: str, waiting: int) -> None:
        """There is an event, to be delivered so many times."""
        at = time.time()
        self._add(name, lambda number: WebhookEntry(name, number, kind, about, at, waiting))

    @_harmless
    def tried(self, name: str, answer: int | str, *, again: bool) -> None:
        """It was delivered, or was not; `again` if there will be another try for that."""
        one = Try(time.time(), answer)

        def with_try(told: WebhookEntry) -> WebhookEntry:
            first = one.delivered and not told.delivered
            later = [other for other in self.newest() if other.number > told.number]
            before = sum(bool(other.delivered) for other in later) if first else told.overtaken
            waiting = told.waiting if again else told.waiting - 1
            tries = (*told.tries, one)
            return replace(told, waiting=waiting, tries=tries, overtaken=before)

        self._change(name, with_try)
