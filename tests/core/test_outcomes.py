"""What an answer means: a decline, or the right error; and what the log says of it."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from support import Server, acme_source

from prism_core import (
    AuthenticationError,
    Card,
    Conflict,
    ConnectorError,
    ErrorKind,
    MalformedResponse,
    NotFound,
    PaymentStatus,
    Prism,
    PrismError,
    RateLimited,
    Unavailable,
)

from .samples import ASKED, AUTHORIZING, GOOD


def test_a_decline_is_a_result(prism: Prism, server: Server) -> None:
    """A decline comes back as a status with the processor's words, without personal data."""
    message = "no money on 4242424242424242"
    server.answer(402, {"code": "nsf", "kind": "DECLINED", "message": message})
    payment = prism.payments.authorize(**ASKED)
    assert payment.status is PaymentStatus.AUTHORIZATION_FAILED
    assert payment.error is not None
    assert payment.error.connector is not None
    assert payment.error.connector.code == "nsf"
    assert payment.error.connector.message == "no money on **********"
    assert payment.status_code == 402


def test_a_decline_keeps_its_codes_whoever_is_declined(prism: Prism, server: Server) -> None:
    """A cardholder whose name is a code, or a CVC that is one, changes no code; text is cleaned."""
    server.answer(402, {"code": "DECLINED", "kind": "DECLINED", "message": "123 Declined said no"})
    card = Card("4242424242424242", 12, 2090, "123", "DECLINED")
    payment = prism.payments.authorize(**{**ASKED, "payment_method": card})
    assert payment.error is not None
    assert payment.error.connector is not None
    assert payment.error.connector.code == "DECLINED"
    assert payment.error.connector.message == "********** ********** said no"


@pytest.mark.parametrize(
    "status",
    [
        *("AUTHORIZED", "PARTIALLY_AUTHORIZED", "CAPTURE_INITIATED", "CHARGED", "PARTIAL_CHARGED"),
        "PARTIAL_CHARGED_AND_CHARGEABLE",
    ],
)
def test_a_decline_whose_body_says_paid_makes_no_sense(
    plugin: Any, server: Server, status: str
) -> None:
    """An answer that declines and claims money at once is malformed, never a paid result."""
    believing = (
        "        from prism_core import Declined\n"
        "        try:\n"
        "            response = yield account.post('/payments', json=order)\n"
        "        except Declined:\n"
        f"            return Payment(status=PaymentStatus.{status})\n"
    )
    imported = ("    Payment,\n", "    Payment,\n    PaymentStatus,\n")
    plugin("acme", acme_source((AUTHORIZING, believing), imported))
    server.answer(402, {"code": "nsf", "kind": "DECLINED"})
    with (
        Prism("acme", api_key="k", base_url=server.url) as prism,
        pytest.raises(MalformedResponse, match="declines, and its body says") as caught,
    ):
        prism.payments.authorize(**ASKED)
    assert caught.value.outcome == "unknown"


def test_a_server_failure_is_no_decline(prism: Prism, server: Server) -> None:
    """A 5xx is unknown, whatever its body is taken for."""
    server.answer(500, {"code": "nsf", "kind": "DECLINED"})
    with pytest.raises(Unavailable) as caught:
        prism.payments.authorize(**ASKED, max_retries=0)
    assert caught.value.outcome == "unknown"


def test_only_payments_are_declined(prism: Prism, server: Server) -> None:
    """Where a result has no room for a decline, it is a refusal like any other."""
    server.answer(402, {"code": "nsf", "kind": "DECLINED", "message": "no"})
    with pytest.raises(ConnectorError, match="nsf: no") as caught:
        prism.customers.create(merchant_customer_id="user_42")
    assert caught.value.outcome == "rejected"


@pytest.mark.parametrize(
    ("status", "body", "error", "outcome"),
    [
        (400, {"code": "bad", "kind": "INVALID_REQUEST"}, ConnectorError, "rejected"),
        (422, {"code": "bad", "echoed": ["order_1"]}, ConnectorError, "rejected"),
        (422, {"code": "bad", "echoed": ["order_1", "order_2"]}, MalformedResponse, "unknown"),
        (402, {"code": "no", "kind": "DECLINED", "echoed": ["o"]}, MalformedResponse, "unknown"),
        (200, {"code": "key", "kind": "CONFLICT"}, Conflict, "unknown"),
        (200, {"code": "busy", "kind": "CONFLICT", "unknown": True}, Conflict, "unknown"),
        (409, {"code": "captured", "unknown": False}, Conflict, "rejected"),
        (200, {"code": "down", "kind": "UNAVAILABLE"}, Unavailable, "unknown"),
        (401, {"code": "who"}, AuthenticationError, "rejected"),
        (401, None, AuthenticationError, "unknown"),
        (403, b"<html>", AuthenticationError, "unknown"),
        (404, {"code": "what"}, NotFound, "rejected"),
        (404, None, NotFound, "unknown"),
        (408, None, ConnectorError, "unknown"),
        (408, {"code": "slow"}, ConnectorError, "unknown"),
        (409, b"<html>", Conflict, "unknown"),
        (409, {"code": "again"}, Conflict, "unknown"),
        (418, b"", ConnectorError, "unknown"),
        (422, {"code": "bad"}, ConnectorError, "rejected"),
        (429, {"code": "slowly"}, RateLimited, "rejected"),
        (429, None, RateLimited, "unknown"),
        (460, b"<html>", ConnectorError, "unknown"),
        (499, b"", ConnectorError, "unknown"),
        (500, None, Unavailable, "unknown"),
        (502, b"<html>bad gateway</html>", Unavailable, "unknown"),
        (500, {"code": "x", "kind": "OTHER"}, Unavailable, "unknown"),
        (200, {"code": "bad_card", "kind": "INVALID_REQUEST"}, ConnectorError, "rejected"),
        (200, {"code": "new", "kind": "OTHER"}, ConnectorError, "unknown"),
        (200, {"code": "known", "kind": "OTHER", "unknown": False}, ConnectorError, "rejected"),
        (302, None, MalformedResponse, "unknown"),
        (200, b"<html>", MalformedResponse, "unknown"),
        (200, b"", MalformedResponse, "unknown"),
        (200, {"id": 3, "state": "ok"}, MalformedResponse, "unknown"),
        (200, {**GOOD, "currency": "XXX"}, MalformedResponse, "unknown"),
        (200, {**GOOD, "id": ""}, MalformedResponse, "unknown"),
    ],
)
def test_every_answer_ends_in_the_right_error(
    prism: Prism, server: Server, status: int, body: Any, error: type[PrismError], outcome: str
) -> None:
    """Each kind of bad answer raises its type, and says truly what may have been done."""
    server.answer(status, body, {"Acme-Request": "req_1", "location": "https://evil.example"})
    with pytest.raises(error) as caught:
        prism.payments.authorize(**ASKED, idempotency_key="mine", max_retries=0)
    failure = caught.value
    assert failure.outcome == outcome
    assert failure.idempotency_key == "mine"
    assert failure.reference == "order_1"
    assert (failure.connector, failure.operation) == ("acme", "payments.authorize")
    assert [attempt.status_code for attempt in failure.attempts] == [status]
    assert getattr(failure, "request_id", "") == "req_1"
    assert getattr(failure, "status_code", 0) == status


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"code": "bad", "kind": "INVALID_REQUEST"}, ErrorKind.INVALID_REQUEST),
        (200, {"code": "key", "kind": "CONFLICT"}, ErrorKind.CONFLICT),
        (401, {"code": "who", "kind": "OTHER"}, ErrorKind.AUTHENTICATION),
        (422, {"code": "bad", "kind": "OTHER"}, ErrorKind.INVALID_REQUEST),
        (429, {"code": "slowly", "kind": "INVALID_REQUEST"}, ErrorKind.INVALID_REQUEST),
        (500, {"code": "down", "kind": "CONFLICT"}, ErrorKind.UNAVAILABLE),
        (404, None, ErrorKind.NOT_FOUND),
    ],
)
def test_an_error_tells_its_kind(
    prism: Prism, server: Server, status: int, body: Any, kind: ErrorKind
) -> None:
    """`error.kind` is what the connector reads in the answer; where it reads nothing, or the
    server failed, what the status says."""
    server.answer(status, body)
    with pytest.raises(ConnectorError) as caught:
        prism.payments.authorize(**ASKED, max_retries=0)
    assert caught.value.kind is kind


def test_one_log_record_tells_how_a_call_ended(
    prism: Prism, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names operation, connector, id, status and duration, and nothing else."""
    caplog.set_level(logging.INFO, "prism_core")
    server.answer(200, GOOD).answer(401)
    prism.payments.authorize(**ASKED)
    with pytest.raises(AuthenticationError):
        prism.customers.create(merchant_customer_id="user_42", email="ada@example.com")
    first, second = (record.getMessage() for record in caplog.records)
    assert first.startswith("acme payments.authorize order_1: AUTHORIZED in 0.")
    assert second.startswith("acme customers.create user_42: AuthenticationError in 0.")
