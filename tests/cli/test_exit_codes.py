"""The exit codes that a script branches on: what each of them says about the money."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import Result
from support import Server

from prism_core import (
    ConnectorBug,
    EventRejected,
    MalformedResponse,
    Mandate,
    MandateStatus,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    TransportError,
    Unavailable,
)
from prism_core.cli.exit_codes import of_error, of_result

CARD = json.dumps({"number": "4242424242424242", "exp_month": 12, "exp_year": 2090, "cvc": "123"})
PAY = ["payments", "authorize", "--merchant-transaction-id", "order_1", "--amount", "10.00 USD"]
PAY += ["--card", "-", "--max-retries", "0"]
GET = ["payments", "get", "--connector-transaction-id", "pay_1", "--max-retries", "0"]


@pytest.mark.parametrize(
    ("args", "status", "answer", "code"),
    [
        (PAY, 200, {"id": "pay_1", "state": "ok"}, 0),
        (PAY, 402, {"id": "pay_1", "state": "refused"}, 1),
        (GET, 200, {"id": "pay_1", "state": "refused"}, 0),
        (GET, 404, {"code": "gone"}, 1),
        (PAY, 400, {"code": "wrong"}, 1),
        (PAY[:-4], 200, {}, 130),
        ([*PAY[:4], "--amount", "10"], 200, {}, 2),
        ([*PAY, "--colour", "red"], 200, {}, 2),
        (PAY, 500, {}, 3),
        (PAY, 200, {"id": "pay_1", "state": "new to us"}, 3),
        (GET, 200, {"id": "pay_1", "state": "new to us"}, 3),
        (PAY, 429, {"code": "slow down"}, 4),
        (PAY, 401, {"code": "who"}, 5),
        ([*PAY, "-c", "acmee"], 200, {}, 5),
    ],
)
def test_a_script_can_branch(
    run: Callable[..., Result],
    server: Server,
    args: list[str],
    status: int,
    answer: dict[str, Any],
    code: int,
) -> None:
    """With --json or without: what the processor answers decides."""
    server.answer(status, answer)
    assert run(*args, stdin=CARD if "-" in args else "").exit_code == code
    server.answer(status, answer)
    assert run(*args, "--json", stdin=CARD if "-" in args else "").exit_code == code


def test_a_processor_that_is_not_reached(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was sent: the same call can be made again."""
    monkeypatch.setenv("PRISM_ACME_BASE_URL", "http://127.0.0.1:1")
    done = run(*PAY, "--json", stdin=CARD)
    assert (done.exit_code, json.loads(done.stdout)["error"]["outcome"]) == (4, "not_sent")


def test_a_processor_that_is_down(run: Callable[..., Result], server: Server) -> None:
    """Where only a lookup was sent, nothing was done."""
    server.answer(500)
    args = ["customers", "get-or-create", "--merchant-customer-id", "u", "--max-retries", "0"]
    done = run(*args, "--json")
    assert (done.exit_code, json.loads(done.stdout)["error"]["type"]) == (4, "Unavailable")


def test_a_checkout_that_is_declined(run: Callable[..., Result], server: Server) -> None:
    """The customer was created, and the payment decides."""
    server.answer(200, {"id": "cus_1"}).answer(402, {"id": "pay_1", "state": "refused"})
    done = run("checkout", "--merchant-customer-id", "user_1", *PAY[2:], stdin=CARD)
    assert "connector_customer_id: cus_1" in done.stdout
    assert done.exit_code == 1


@pytest.mark.parametrize("end", [KeyboardInterrupt, click.Abort])
def test_an_interrupted_command(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    """Ctrl+C is no answer of the processor's."""

    def interrupted(*args: object) -> None:
        raise end

    monkeypatch.setattr("prism_core.cli.operations.Prism.from_env", interrupted)
    done = run(*PAY, stdin=CARD)
    assert (done.exit_code, done.stderr) == (130, "prism: interrupted\n")


def test_the_codes_are_in_the_help(run: Callable[..., Result]) -> None:
    said = run("--help").output
    for code in ("0    done", "1    the proc", "2    the comm", "3    unknown", "4    not", "5  "):
        assert f"\n    {code}" in said


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unavailable("down"), 3),
        (MalformedResponse("a page"), 3),
        (TransportError("slow"), 3),
        (TransportError("no route", outcome="not_sent"), 4),
        (EventRejected("forged"), 1),
        (ConnectorBug("a bug before anything was sent"), 5),
    ],
)
def test_every_error_has_a_code(error: Any, code: int) -> None:
    """What is unknown is never told as failed."""
    assert of_error(error) == code


@pytest.mark.parametrize(
    ("operation", "result", "code"),
    [
        ("authorize", Payment(status=PaymentStatus.AUTHENTICATION_PENDING), 0),
        ("authorize", Payment(status=PaymentStatus.VOIDED), 1),
        ("void", Payment(status=PaymentStatus.VOIDED), 0),
        ("void", Payment(status=PaymentStatus.VOID_FAILED), 1),
        ("capture", Payment(status=PaymentStatus.CAPTURE_FAILED), 1),
        ("refund", Refund(status=RefundStatus.REFUND_PENDING), 0),
        ("refund", Refund(status=RefundStatus.REFUND_FAILURE), 1),
        ("refund", Refund(status=RefundStatus.REFUND_MANUAL_REVIEW), 3),
        ("setup_recurring", Mandate(status=MandateStatus.MANDATE_INACTIVE), 1),
        ("revoke_mandate", Mandate(status=MandateStatus.REVOKED), 0),
        ("revoke_mandate", Mandate(status=MandateStatus.MANDATE_REVOKE_FAILED), 1),
        ("get_mandate", Mandate(status=MandateStatus.REVOKED), 0),
    ],
)
def test_every_result_has_a_code(operation: str, result: Any, code: int) -> None:
    """What was asked for is done where it ended as it was asked to."""
    assert of_result(operation, result) == code
