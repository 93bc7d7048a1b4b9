"""Shared answers: those that serve many calls of one account, such as access tokens."""

from __future__ import annotations

import time

from prism_core.http import HttpResponse, SharedRequest

MARGIN = 60.0
"""Seconds before its end at which an answer is no longer given out; for one that lives shorter
than ten minutes, a tenth of its life."""


class SharedAnswers:
    """The answers that an account's calls have in common. Safe to use from many threads."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, bytes], tuple[HttpResponse, float]] = {}

    def find(self, request: SharedRequest) -> HttpResponse | None:
        """An answer to this request that still serves, unless it is the one refused."""
        answer, end = self._kept.get((request.url, request.body), (None, 0.0))
        if answer is request.refused or time.monotonic() >= end:
            return None
        return answer

    def keep(self, request: SharedRequest, answer: HttpResponse) -> None:
        """Keeps an answer for as long as it says that it serves, and a little shorter."""
        life = request.lifetime(answer)
        end = time.monotonic() + life - min(MARGIN, life / 10)
        self._kept[request.url, request.body] = (answer, end)

    def clear(self) -> None:
        """Forgets them all."""
        self._kept.clear()
