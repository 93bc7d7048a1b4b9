"""The access tokens that many calls of one account share, and whose turn it is to fetch one.

Nothing here is locked: a lock that an interrupt leaves taken would be taken for ever. A turn ends
by itself, at the latest when the time of the call that took it is up.
"""

from __future__ import annotations

import os
import time
import weakref

from prism_core.connector.http import HttpResponse, TokenRequest

MARGIN = 60.0
"""Seconds before its end at which an answer is no longer given out; for one that lives shorter
than ten minutes, a tenth of its life."""


class Turn:
    """One call's turn to fetch, while the others wait. Over when it is ended, when the call that
    owns it is no more, at the call's deadline, and in another process (a fork's)."""

    __slots__ = ("_deadline", "_owner", "_process", "ended", "following")

    def __init__(self, owner: object, deadline: float) -> None:
        self._owner, self._deadline = weakref.ref(owner), deadline
        self._process = os.getpid()
        self.ended = False
        self.following: dict[str, Turn] = {}

    def is_over(self) -> bool:
        """Whether another call may take its turn."""
        if self.ended or self._owner() is None or self._process != os.getpid():
            return True
        return time.monotonic() >= self._deadline


class TokenCache:
    """The answers with access tokens, by the request for them. Safe to use from many threads, and
    event loops."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, bytes], tuple[HttpResponse, float]] = {}
        self._last = Turn(self, 0.0)

    def find(self, request: TokenRequest) -> HttpResponse | None:
        """An answer to this request that still serves, unless it is the one refused."""
        answer, end = self._kept.get((request.url, request.body), (None, 0.0))
        if answer is request.refused or time.monotonic() >= end:
            return None
        return answer

    def keep(self, request: TokenRequest, answer: HttpResponse) -> None:
        """Keeps an answer for as long as it says that it serves, and a little shorter."""
        life = request.lifetime(answer)
        end = time.monotonic() + life - min(MARGIN, life / 10)
        self._kept[request.url, request.body] = (answer, end)

    def take(self, turn: Turn) -> bool:
        """Whether a call's turn has come: the last one's is over, and no other call was faster.

        `setdefault` is one step, in which one of many calls becomes the one that follows.
        """
        last = self._last
        while (later := last.following.get("turn")) is not None:
            last = later
        self._last = last
        return last.is_over() and last.following.setdefault("turn", turn) is turn

    def clear(self) -> None:
        """Forgets them all."""
        self._kept.clear()
