"""Access tokens: calls take turns to fetch one. What another thread may do at the worst moment
is done here by the same thread, at just that moment."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from support import Server

from prism_core import Prism, Unavailable
from prism_core.runtime import attempts, token_cache

from .granting import ASKED, Processor, opened

Act = Callable[[], object]


def interpose(monkeypatch: pytest.MonkeyPatch, **acts: Act) -> None:
    """Lets something happen once, `before` the first call gets its turn or `after` it ended it."""

    class Interposed(token_cache.Turn):
        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if name == "ended" and value is True:
                act("after")

    def act(when: str) -> None:
        found = acts.pop(when, None)  # taken out first: what happens may take turns as well
        if found is not None:
            found()

    take = token_cache.TokenCache.take

    def taken(self: token_cache.TokenCache, turn: token_cache.Turn) -> bool:
        act("before")
        return take(self, turn)

    monkeypatch.setattr(token_cache.TokenCache, "take", taken)
    monkeypatch.setattr(attempts, "Turn", Interposed)


@pytest.mark.parametrize("revoked", [False, True])
def test_a_new_token_is_at_hand_when_the_turn_ends(
    processor: Processor, server: Server, monkeypatch: pytest.MonkeyPatch, revoked: bool
) -> None:
    """A call that gets its turn the moment another's ends is given the token which that one
    fetched; fetching one more would end that token where a processor lets only the last serve."""
    with opened(Prism, server) as prism:
        if revoked:
            prism.customers.create(**ASKED)
            processor.valid = set()
        tokens = processor.granted
        interpose(monkeypatch, after=lambda: prism.customers.create(**ASKED))
        assert prism.customers.create(**ASKED).connector_customer_id == "cus_1"
    assert processor.granted == tokens + 1


@pytest.mark.parametrize(("lifetime", "tokens"), [(3600, 1), (0, 2)])
def test_what_was_fetched_during_the_wait_is_used_while_it_serves(
    processor: Processor,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    lifetime: int,
    tokens: int,
) -> None:
    """A call whose turn comes looks again: the token that another fetched meanwhile is used, but
    not one that has expired by then."""
    processor.lifetime = lifetime
    with opened(Prism, server) as prism:
        interpose(monkeypatch, before=lambda: prism.customers.create(**ASKED))
        assert prism.customers.create(**ASKED).connector_customer_id == "cus_1"
    assert processor.granted == tokens


def test_anothers_failed_fetch_is_not_shared(
    processor: Processor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that waited while another failed to fetch a token fetches one on its own."""

    def fail() -> None:
        processor.token_answer = (503, {})
        with pytest.raises(Unavailable):
            prism.customers.create(**ASKED)
        processor.token_answer = None

    with opened(Prism, server) as prism:
        interpose(monkeypatch, before=fail)
        assert prism.customers.create(**ASKED).connector_customer_id == "cus_1"
    assert [seen.path for seen in server.seen] == ["/token", "/token", "/customers"]


def test_a_late_401_fetches_nothing(
    processor: Processor, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 401 that arrives when another call has already replaced the token leads to the new one."""
    answer = processor._customer
    with opened(Prism, server) as prism:
        prism.customers.create(**ASKED)
        processor.valid = set()
        others: list[Act] = [lambda: prism.customers.create(**ASKED)]

        def late(handler: BaseHTTPRequestHandler) -> tuple[int, dict[str, Any]]:
            while others:
                others.pop()()  # whole, before the first call hears of its 401
            return answer(handler)

        monkeypatch.setattr(processor, "_customer", late)
        result = prism.customers.create(**ASKED)
    assert [one.status_code for one in result.attempts] == [401, 201]
    assert processor.granted == 2
