"""The check of events that are looked up: an honest connector passes; credulous ones are caught."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from lab import installed
from support import REFERENCE, acme_source

from prism_contract_tests.runner import Run

EVENTS = acme_source()["events.py"]
SIGNED = EVENTS[
    EVENTS.index("        yield from ()") : EVENTS.index("\n    @hookimpl\n    def sign")
]
LOOKUP = """        told = dict(parse_qsl(request.body.decode("ascii", "replace")))
        if "id" not in told:
            raise EventRejected("the event has no id")
        body = yield from account.fetch(account.get("/payments/{}", told["id"]), PaymentBody)
        expect_same("connector_transaction_id", told["id"], body.id)
        paid = payment_of(body)
        return Event(kind=EventKind.PAYMENT, event_type="payment", payment=paid)
"""
LOOKED_UP = (
    (SIGNED, LOOKUP),
    ("    @hookimpl\n    def sign_event(", "    def _sign("),
    (
        "import msgspec\n\nfrom prism_core import (\n    Event,\n",
        "from urllib.parse import parse_qsl\n\nimport msgspec\n\n"
        "from prism_core import (\n    EventRejected,\n    expect_same,\n"
        "    Event,\n",
    ),
)
BODY = "id=pay_1&state=taken"
MUTANTS = {
    "believes the body's own state": (
        "        paid = payment_of(body)\n        return Event(",
        "        body.state = told.get('state', body.state)\n"
        "        paid = payment_of(body)\n        return Event(",
    ),
    "takes the event's id from the body": (
        'event_type="payment", payment=paid',
        'event_type="payment", payment=paid, connector_event_id=request.body.decode()',
    ),
    "takes the event's type from the body": (
        'event_type="payment"',
        'event_type=told.get("state", "payment")',
    ),
    "believes an answer about another payment": (
        '        expect_same("connector_transaction_id", told["id"], body.id)\n',
        "",
    ),
    "trips over rubbish": ('.decode("ascii", "replace")', '.decode("ascii")'),
    "trips over a body without an id": (
        '        if "id" not in told:\n            raise EventRejected("the event has no id")\n',
        "",
    ),
}


def verdicts(folder: Path, *broken: tuple[str, str]) -> list[str]:
    """What the check of looked up events says of the connector with texts replaced."""
    exchanges = REFERENCE / "prism_acme" / "exchanges"
    found: dict[str, Any] = json.loads((exchanges / "get_payment" / "success.json").read_text())
    made_id = hashlib.sha256(BODY.encode()).hexdigest()  # as far as the shape of the file goes
    found |= {
        "operation": "handle_event",
        "request": {"body": BODY, "headers": {}, "received_at": 1_790_000_000},
        "result": {"kind": "PAYMENT", "event_type": "payment", "connector_event_id": made_id},
    }
    files = {"prism_acme/exchanges/handle_event/success.json": json.dumps(found)}
    with installed(folder, changes=(*LOOKED_UP, *broken), files=files) as name:
        run = Run(name)
        ran = [
            run.execute(one) for one in run.owed if one == ("events-asked", "handle_event/success")
        ]
    return [one.verdict for one in ran]


def test_an_honest_connector_passes(tmp_path: Path) -> None:
    """One that takes nothing but the id from the body."""
    assert verdicts(tmp_path) == ["passed"]


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_credulous_connector_is_caught(tmp_path: Path, mutant: str) -> None:
    """One that believes anything else, or fails on what it cannot read."""
    assert verdicts(tmp_path, MUTANTS[mutant]) == ["failed"]
