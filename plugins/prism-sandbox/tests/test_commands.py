"""`prism demo` and `prism sandbox` as a user runs them."""

from __future__ import annotations

import json
import socket
import sys
from typing import Any

import pytest
from click.testing import CliRunner

from prism_core.cli.app import prism as prism_command
from prism_sandbox.command import sandbox
from prism_sandbox.demo import demo


def test_the_demo_shows_each_step() -> None:
    """The demo prints the customer's id, an authorized payment and what becomes of it, a decline,
    a recovery, an order, a debit, a challenge, a subscription and its end, and the events; no card
    number."""
    done = CliRunner().invoke(demo, [])
    assert done.exit_code == 0, done.output
    for shown in (
        "connector_customer_id: cus_", "status: AUTHORIZED", "status: AUTHORIZATION_FAILED",
        "connector_refund_id: ref_", "status: REFUND_SUCCESS", "status: VOIDED",
        "INSUFFICIENT_FUNDS", "outcome: unknown", "Recovered: looked up",
        "status: PAYMENT_METHOD_AWAITED", "paid_with: visa 4242", "status: PENDING",
        "status: MANDATE_PENDING", "status: ACTIVE", "kept: visa 4242", "status: REVOKED",
        "deliveries: ",
    ):  # fmt: skip
        assert shown in done.output
    assert "4242424242424242" not in done.output


def test_the_demo_as_json() -> None:
    """With --json each step is a line, what was authorized is captured, both ways of recovering
    find the same payment, what its customer paid on a page or from an account is charged, and what
    they confirmed can be charged again."""
    steps = [json.loads(line) for line in CliRunner().invoke(demo, ["--json"]).output.splitlines()]
    assert len(steps) == 22
    assert steps[1]["connector_customer_id"] == steps[3]["connector_customer_id"]
    assert steps[3]["connector_transaction_id"] == steps[4]["connector_transaction_id"]
    assert steps[4]["status"] == "PARTIAL_CHARGED_AND_CHARGEABLE"
    assert steps[9]["connector_transaction_id"] == steps[10]["connector_transaction_id"]
    assert steps[12]["status"] == steps[14]["status"] == steps[18]["status"] == "CHARGED"
    assert steps[17]["status"] == "ACTIVE"
    assert steps[19]["unified_code"] == "INSUFFICIENT_FUNDS"
    assert steps[21]["events"] <= steps[21]["deliveries"]


@pytest.mark.parametrize("command", [sandbox, demo])
def test_without_the_server_extra(command: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without starlette and uvicorn the command names its extra, in one line."""
    for name in [name for name in sys.modules if name.startswith("prism_sandbox.server")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.setitem(sys.modules, "starlette", None)
    done = CliRunner().invoke(command, [])  # type: ignore[arg-type]
    assert done.exit_code == 1
    assert "pip install 'prism-payments-sandbox[server]'" in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_a_port_in_use_is_one_line() -> None:
    """Where another program has the port, one line says how to take another."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = CliRunner().invoke(sandbox, ["--port", str(port)])
    assert done.exit_code == 1
    assert f"port {port} is in use: choose another with --port" in done.output
    assert "PRISM_SANDBOX_BASE_URL" in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_where_the_port_of_the_shop_is_in_use_it_says_so() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = CliRunner().invoke(sandbox, ["--port", str(port - 1), "--shop"])
    assert done.exit_code == 1
    assert f"no shop on port {port}" in done.output or f"port {port - 1} is in use" in done.output


def test_a_sandbox_that_cannot_start_is_one_line() -> None:
    done = CliRunner().invoke(sandbox, ["--port", "0", "--database", "/nonexistent/folder/x.db"])
    assert done.exit_code == 1
    assert "the sandbox could not start" in done.output


@pytest.mark.parametrize(
    ("args", "status"), [([], "CHARGED"), (["--token", "tok_decline"], "AUTHORIZATION_FAILED")]
)
def test_a_new_user_tries_it(
    url: str, monkeypatch: pytest.MonkeyPatch, args: list[str], status: str
) -> None:
    """`prism try sandbox` prints a Python program of what it did, which does it again."""
    monkeypatch.setenv("PRISM_SANDBOX_API_KEY", "sandbox_new_user")
    monkeypatch.setenv("PRISM_SANDBOX_BASE_URL", url)
    done = CliRunner().invoke(prism_command, ["try", "sandbox", *args])
    assert done.exit_code == (1 if args else 0), done.output
    assert f"# status: {status}" in done.stdout
    assert "sandbox_new_user" not in done.output
    if not args:
        space: dict[str, Any] = {}
        exec(done.stdout, space)  # it is what was printed
        space["prism"].close()
        assert space["payment"].status.value == status
