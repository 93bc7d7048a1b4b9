"""The check with random requests: each is answered by the exchange that fits it."""

from __future__ import annotations

import json
from pathlib import Path

from lab import Change, installed
from support import REFERENCE

from prism_contract_tests.report import Finding
from prism_contract_tests.runner import Run

SENT = '        response = yield account.post("/payments", json=order)\n'
FOR_GUESTS = """        if order["customer"] is None:
            asked = account.post("/guests", json={"kind": "guest"})
            order["customer"] = (yield from account.fetch(asked, Guest)).guest
"""
GUESTS: tuple[Change, ...] = (
    (SENT, FOR_GUESTS + SENT),
    ("class PaymentBody(", "class Guest(msgspec.Struct):\n    guest: str\n\n\nclass PaymentBody("),
    ("CustomerBody, PaymentBody, Problem,", "CustomerBody, Guest, PaymentBody, Problem,"),
)
"""A flow that opens something first if there is no customer: its first answer is no payment."""


def guest() -> str:
    """The exchange of a payment without a customer."""
    found = json.loads((REFERENCE / "prism_acme/exchanges/authorize/success.json").read_text())
    (paid,) = found["steps"]
    del found["request"]["connector_customer_id"], paid["response"]["json"]["customer"]
    paid["request"]["json"]["customer"] = "guest_1"
    opened = {
        "request": {"method": "POST", "path": "/guests", "json": {"kind": "guest"}},
        "response": {"status": 201, "json": {"guest": "guest_1"}},
    }
    return json.dumps({**found, "steps": [opened, paid]})


def findings(folder: Path, *changes: Change) -> list[Finding]:
    """What the check finds in the connector with guests."""
    files = {"prism_acme/exchanges/authorize/guest.json": guest()}
    with installed(folder, changes=[*GUESTS, *changes], files=files) as name:
        run = Run(name)
        return [run.execute(("property-requests", "authorize"))]


def test_a_flow_that_takes_other_steps_for_another_request_is_honest(tmp_path: Path) -> None:
    (found,) = findings(tmp_path)
    assert (found.verdict, found.message) == ("passed", "")


def test_what_is_wrong_after_such_steps_is_found(tmp_path: Path) -> None:
    """The id is cut short only if there is no customer, in the second request."""
    short = '            order["ref"] = request.merchant_transaction_id[:40]\n'
    cut = FOR_GUESTS, FOR_GUESTS + short
    (found,) = findings(tmp_path, cut)
    assert found.verdict == "failed"
    assert "caller's id" in str(found.message)


def refunded() -> str:
    """The exchange of a refund, whose request has no place for the caller's own id."""
    answer = {"id": "ref_1", "payment": "pay_1", "state": "done", "amount": 1000, "currency": "USD"}
    asked = {"method": "POST", "path": "/payments/pay_1/refund", "json": {"amount": 1000}}
    authorized = json.loads((REFERENCE / "prism_acme/exchanges/authorize/success.json").read_text())
    request = {
        "connector_transaction_id": "pay_1",
        "merchant_refund_id": "own_1",
        "amount": {"minor_amount": 1000, "currency": "USD"},
    }
    made = {
        "operation": "refund",
        "request": request,
        "steps": [{"request": asked, "response": {"status": 201, "json": answer}}],
        "result": {"status": "REFUND_SUCCESS", "connector_refund_id": "ref_1"},
    }
    return json.dumps({**authorized, **made})


def test_an_own_id_that_is_not_sent_need_not_be_on_the_wire(tmp_path: Path) -> None:
    """`not_sent` names it, also where an answer about another payment ends the call."""
    changes: list[Change] = [
        (', "refund", ref=request.merchant_refund_id)', ', "refund")'),
        ("class Acme(Events)", "class Acme(Refunds, Events)"),
        ("from .events import Events", "from .events import Events\nfrom .refunds import Refunds"),
    ]
    files = {"prism_acme/exchanges/refund/success.json": refunded()}
    with installed(tmp_path, changes=changes, files=files) as name:
        found = Run(name).execute(("property-requests", "refund"))
    assert (found.verdict, found.message) == ("passed", "")
