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
