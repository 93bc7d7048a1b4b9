"""Voids that refund: of themselves, of a payment that is settled, or after the void was refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lab import Change, installed
from support import REFERENCE

from prism_contract_tests.report import Finding
from prism_contract_tests.runner import Run

EXCHANGES = "prism_acme/exchanges"
VOID = '        asked = changing(request, account, "void")\n'
HELD: dict[str, Any] = {"id": "pay_1", "amount": 1000, "currency": "USD", "state": "ok"}
PAID = {**HELD, "state": "paid", "captured": 1000}
DONE = {"id": "re_1", "state": "done", "amount": 1000, "currency": "USD", "payment": "pay_1"}
REFUND = 'changing(request, account, "refund")'
LOOKS = (
    "        from prism_core import GetPaymentRequest\n"
    "        found = yield account.get('/payments/{}', request.connector_transaction_id)\n"
    "        is_paid = b'paid' in found.body\n"
)
# One address for all, and the body says what is to be done.
ONE_ADDRESS: list[Change] = [
    (
        '        "/payments/{}/{}",\n        request.connector_transaction_id,\n        what,\n',
        '"/do",',
    ),
    (
        'json={"amount"',
        'json={"what": what, "payment": request.connector_transaction_id, "amount"',
    ),
]


def exchange(operation: str, answer: Any, kind: str = "success", status: int = 200) -> str:
    """An exchange; what was asked is not compared here."""
    request = {"connector_transaction_id": "pay_1"}
    if operation == "refund":
        request |= {"merchant_refund_id": "refund_1"}
    asked = {"method": "POST", "path": f"/payments/pay_1/{operation}"}
    step = {"request": asked, "response": {"status": status, "json": answer}}
    made: dict[str, Any] = {"operation": operation, "kind": kind, "request": request}
    made |= {"documentation": "https://acme.example/docs", "account": {"api_key": "key_example"}}
    made["steps"] = [step]
    if kind == "success":
        made["result"] = {"status": "CHARGED"} if operation == "get_payment" else {}
    else:
        made["error"] = {"type": "ConnectorError", "outcome": "rejected", "code": answer["code"]}
    return json.dumps(made)


def found(folder: Path, *changes: Change) -> Finding:
    """What the check finds."""
    project = (REFERENCE / "pyproject.toml").read_text()
    files: dict[str, str | None] = {
        "pyproject.toml": project.replace("prism_acme:connector", "prism_acme.whole:connector"),
        f"{EXCHANGES}/void/success.json": exchange("void", {**HELD, "state": "void"}),
        f"{EXCHANGES}/void/settled.json": exchange(
            "void", {"code": "settled"}, "validation_error", 400
        ),
        f"{EXCHANGES}/refund/success.json": exchange("refund", DONE),
        f"{EXCHANGES}/get_payment/paid.json": exchange("get_payment", PAID),
    }
    with installed(folder, changes=changes, files=files) as name:
        run = Run(name)
        assert run.target.problems == []
        (one,) = [run.execute(entry) for entry in run.owed if entry[0] == "void-no-refund"]
        return one


@pytest.mark.parametrize("changes", [[], ONE_ADDRESS], ids=["paths", "one address"])
def test_a_void_that_only_voids_passes(tmp_path: Path, changes: list[Change]) -> None:
    one = found(tmp_path, *changes)
    assert (one.verdict, one.message) == ("passed", "")
    assert one.count > 2


@pytest.mark.parametrize("changes", [[], ONE_ADDRESS], ids=["paths", "one address"])
@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (f"        asked = {REFUND}\n", "is the request that a refund sends"),
        (
            f"{LOOKS}        asked = {REFUND} if is_paid else changing(request, account, 'void')\n",
            "is made a refund",
        ),
        (
            "        from prism_core import ConnectorError\n"
            f"{VOID}"
            "        try:\n"
            "            return payment_of((yield from account.fetch(asked, PaymentBody)))\n"
            "        except ConnectorError:\n"
            f"            asked = {REFUND}\n",
            "is made a refund",
        ),
    ],
    ids=["itself", "settled", "refused"],
)
def test_a_void_that_refunds_fails(
    tmp_path: Path, changes: list[Change], lines: str, words: str
) -> None:
    one = found(tmp_path, (VOID, lines), *changes)
    assert one.verdict == "failed"
    assert words in one.message
