"""The token cache: access tokens that many calls of one account use, and which call fetches one.

There is no lock here: an interrupt could leave it taken for ever. Instead one call has the turn to
fetch; a turn ends by itself, at the latest at the deadline of its call.
"""

from __future__ import annotations

import os
import time
import weakref

from prism_core.connector.http import HttpResponse, TokenRequest

MARGIN = 60.0
"""How many seconds before its end a token is no longer used; for one that is valid for less than
ten minutes, a tenth of that time."""


class Turn:
    """One call's turn to fetch a token, while the others wait. It is over when it is ended, when
    its call no longer exists, at the call's deadline, and in a forked process."""

    __slots__ = ("_deadline", "_owner", "_process", "ended", "following")

    def __init__(self, owner: object, deadline: float) -> None:
        self._owner, self._deadline = weakref.ref(owner), deadline
        self._process = os.getpid()
        self.ended = False
        self.following: dict[str, Turn] = {}

    def is_over(self) -> bool:
        """Whether another call may take the turn."""
        if self.ended or self._owner() is None or self._process != os.getpid():
            return True
        return time.monotonic() >= self._deadline


class TokenCache:
    """The answers with access tokens, by token request. Threads and event loops may share it."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, bytes], tuple[HttpResponse, float]] = {}
        self._last = Turn(self, 0.0)

    def find(self, request: TokenRequest) -> HttpResponse | None:
        """A valid answer to this request, unless its token was refused."""
        answer, end = self._kept.get((request.url, request.body), (None, 0.0))
        if answer is request.refused or time.monotonic() >= end:
            return None
        return answer

    def keep(self, request: TokenRequest, answer: HttpResponse) -> None:
        """Stores an answer until shortly before its token expires."""
        life = request.lifetime(answer)
        end = time.monotonic() + life - min(MARGIN, life / 10)
        self._kept[request.url, request.body] = (answer, end)

    def take(self, turn: Turn) -> bool:
        """Whether the call gets the turn: the last one is over, and no other call was faster.

        `setdefault` is atomic: exactly one of many calls gets the next turn.
        """
        last = self._last
        while (later := last.following.get("turn")) is not None:
            last = later
        self._last = last
        return last.is_over() and last.following.setdefault("turn", turn) is turn

    def clear(self) -> None:
        """Forgets them all."""
        self._kept.clear()
