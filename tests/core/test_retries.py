"""Retries: which requests are sent again, when, and with which key."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from support import Server, acme_source

from prism_core import (
    Conflict,
    InvalidRequest,
    Prism,
    RateLimited,
    TransportError,
    Unavailable,
)
from prism_core.connector.http import Failure
from prism_core.discovery.loading import load
from prism_core.runtime import retries
from prism_core.runtime.keys import derived_key

from .samples import ASKED, AUTHORIZING, GOOD, hang_up


@pytest.mark.parametrize("first", [500, 429, 503])
def test_a_passing_failure_is_retried_with_the_same_key(
    prism: Prism, server: Server, first: int
) -> None:
    """A processor that honours the key gets the same request again, and the result says so."""
    server.answer(first).answer(200, GOOD)
    payment = prism.payments.authorize(**ASKED)
    keys = {seen.headers["acme-key"] for seen in server.seen}
    assert keys == {payment.idempotency_key}
    assert len({seen.body for seen in server.seen}) == 1
    assert [attempt.status_code for attempt in payment.attempts] == [first, 200]


def test_each_call_has_a_key_of_its_own(prism: Prism, server: Server) -> None:
    """Without a key from the caller two calls never share one; it is a random UUID, the one form
    that every processor takes."""
    server.answer(200, GOOD)
    keys = {prism.payments.authorize(**ASKED).idempotency_key for _ in range(3)}
    assert len(keys) == 3
    for key in keys:
        assert key is not None
        found = uuid.UUID(key)
        assert (str(found), found.version, found.variant) == (key, 4, uuid.RFC_4122)


def test_a_derived_key_is_the_same_everywhere() -> None:
    """Another process, and a later release, derives the same key: so it makes no second customer.
    It is a UUID as well."""
    key = derived_key("customer", "user_42")
    assert key == "36313387-4493-8be1-a2b3-3878f8fea05f"
    found = uuid.UUID(key)
    assert (str(found), found.version, found.variant) == (key, 8, uuid.RFC_4122)
    assert derived_key("customer", "user_43") != key != derived_key("customeruser_42")


def test_no_pause_is_longer_than_eight_seconds() -> None:
    """However often a call was repeated, the next attempt follows after four to eight seconds."""
    silence = Failure("unknown", "no answer in time")
    pauses = [retries.pause_before(20, silence) for _ in range(300)]
    assert 4 <= min(pauses) < 4.5
    assert 7.5 < max(pauses) <= 8


@pytest.mark.parametrize(("retryable", "tries"), [(True, 3), (False, 1), (None, 1)])
def test_a_connector_can_say_whether_a_retry_helps(
    prism: Prism, server: Server, retryable: bool | None, tries: int
) -> None:
    """What `parse_error` says of retrying is followed, up to `max_retries`."""
    server.answer(409, {"code": "busy", "kind": "CONFLICT", "retryable": retryable})
    with pytest.raises(Conflict):
        prism.payments.authorize(**ASKED)
    assert len(server.seen) == tries


def test_retries_end(prism: Prism, server: Server) -> None:
    """After `max_retries` repetitions the last error is raised with every attempt in it."""
    server.answer(500)
    with pytest.raises(Unavailable) as caught:
        prism.payments.authorize(**ASKED)
    assert [attempt.status_code for attempt in caught.value.attempts] == [500, 500, 500]


def test_retry_after_is_honoured_or_given_up(prism: Prism, server: Server) -> None:
    """A wait that fits in the timeout is kept; one that does not ends the call at once."""
    server.answer(429, None, {"Retry-After": "0"}).answer(429, None, {"Retry-After": "60"})
    with pytest.raises(RateLimited) as caught:
        prism.payments.authorize(**ASKED)
    assert len(caught.value.attempts) == 2
    assert caught.value.retry_after == caught.value.to_dict()["retry_after"] == 60.0


def test_a_date_to_wait_for_is_told_in_seconds(prism: Prism, server: Server) -> None:
    """Who sends many calls knows how long to send none, whichever form the processor writes."""
    until = datetime.now(UTC) + timedelta(seconds=60)
    server.answer(429, None, {"Retry-After": format_datetime(until, usegmt=True)})
    with pytest.raises(RateLimited) as caught:
        prism.payments.authorize(**ASKED)
    assert 50 < (caught.value.retry_after or 0) <= 60


def test_a_processor_that_does_not_say_how_long_is_not_quoted(
    prism: Prism, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
    server.answer(429)
    with pytest.raises(RateLimited) as caught:
        prism.payments.authorize(**ASKED)
    assert caught.value.retry_after is None
    assert "retry_after" not in caught.value.to_dict()


def test_a_lookup_is_retried_freely(prism: Prism, server: Server) -> None:
    """A GET changes nothing, so it is repeated without a key."""
    server.answer(500).answer(200, GOOD)
    assert len(prism.payments.get(connector_transaction_id="pay_1").attempts) == 2


def test_a_post_without_an_honoured_key_is_never_repeated(
    acme: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the processor honours no key, a POST that may have been done is sent once only."""
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
    server.answer(500)
    monkeypatch.setattr(load(acme).info.account, "idempotency_header", None)
    with Prism(acme, api_key="k", base_url=server.url) as prism:
        with pytest.raises(Unavailable) as caught:
            prism.payments.authorize(**ASKED)
        with pytest.raises(InvalidRequest, match="cannot send idempotency_key"):
            prism.payments.authorize(**ASKED, idempotency_key="mine")
    assert len(server.seen) == 1
    assert caught.value.idempotency_key is None


def test_a_key_that_a_5xx_wipes_out_protects_no_repetition(
    acme: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The processor would pay again; a 429 and a lost answer are repeated with the key as ever, and
    so is a lookup."""
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(load(acme).info.account, "keys_survive_5xx", False)
    server.answer(429).act(hang_up).answer(503)
    with Prism(acme, api_key="k", base_url=server.url) as prism:
        with pytest.raises(Unavailable) as caught:
            prism.payments.authorize(**ASKED, max_retries=5)
        assert [attempt.status_code for attempt in caught.value.attempts] == [429, None, 503]
        assert caught.value.outcome == "unknown"
        server.answer(503).answer(200, GOOD)
        assert len(prism.payments.get(connector_transaction_id="pay_1").attempts) == 2


def test_a_request_that_takes_no_key_is_sent_once(plugin: Any, server: Server) -> None:
    """The key that was made for the call says nothing about a request that it does not stand in;
    a caller's own is refused (`test_placing`)."""
    keyless = AUTHORIZING.replace("json=order)", "json=order, keyed=False)")
    plugin("acme", acme_source((AUTHORIZING, keyless)))
    server.act(hang_up)
    with (
        Prism("acme", api_key="k", base_url=server.url) as prism,
        pytest.raises(TransportError),
    ):
        prism.payments.authorize(**ASKED)
    assert len(server.seen) == 1
    assert "acme-key" not in server.seen[0].headers
