"""The check of events that are looked up: an honest connector passes; credulous ones are caught."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from lab import HONEST, installed

from prism_contract_tests.runner import Run

HOOK = """
    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: HonestAccount) -> Flow[Event]:
        \"\"\"https://honest.example/docs/events: a form whose id is looked up\"\"\"
        told = dict(parse_qsl(request.body.decode("ascii", "replace")))
        if "id" not in told:
            raise EventRejected("the event has no id")
        response = yield account.get(f"/payments/{segment(told['id'])}")
        body = account.decode(response, PaymentBody)
        expect_same("connector_transaction_id", told["id"], body.id)
        paid = _payment(body)
        return Event(kind=EventKind.PAYMENT, event_type="payment", payment=paid)

    @hookimpl
    def parse_error("""
LOOKED_UP = [
    ("    @hookimpl\n    def parse_error(", HOOK),
    (
        '            "get_payment": ("connector_transaction_id",),\n',
        '            "get_payment": ("connector_transaction_id",),\n'
        '            "handle_event": ("body", "headers"),\n',
    ),
    ("import msgspec\n", "from urllib.parse import parse_qsl\n\nimport msgspec\n"),
    (
        "    Secret,\n",
        "    Secret,\n    Event,\n    EventKind,\n    EventRejected,\n    HandleEventRequest,\n",
    ),
]
BODY = "id=pay_1&state=taken"
MUTANTS = {
    "believes the body's own state": (
        "        paid = _payment(body)\n        return Event(",
        "        body.state = told.get('state', body.state)\n"
        "        paid = _payment(body)\n        return Event(",
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


def verdicts(folder: Path, old: str = "", new: str = "") -> list[str]:
    """What the check of looked up events says of the connector with one text replaced."""
    made = folder / "lookups"
    shutil.copytree(HONEST, made, ignore=shutil.ignore_patterns("__pycache__"))
    module = made / "prism_honest" / "__init__.py"
    source = module.read_text()
    for before, after in [*LOOKED_UP, (old, new)]:
        assert before in source, before
        source = source.replace(before, after, 1) if before else source
    module.write_text(source)
    exchanges = made / "prism_honest" / "exchanges"
    found: dict[str, Any] = json.loads((exchanges / "get_payment" / "success.json").read_text())
    made_id = hashlib.sha256(BODY.encode()).hexdigest()  # as far as the shape of the file goes
    found |= {
        "operation": "handle_event",
        "request": {"body": BODY, "headers": {}, "received_at": 1_790_000_000},
        "result": {"kind": "PAYMENT", "event_type": "payment", "connector_event_id": made_id},
    }
    (exchanges / "handle_event").mkdir()
    (exchanges / "handle_event" / "success.json").write_text(json.dumps(found))
    with installed(folder, source=made) as name:
        run = Run(name)
        ran = [run.execute(one) for one in run.owed if one[0] == "events-asked"]
    return [one.verdict for one in ran]


def test_an_honest_connector_passes(tmp_path: Path) -> None:
    """One that takes nothing but the id from the body."""
    assert verdicts(tmp_path) == ["passed"]


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_credulous_connector_is_caught(tmp_path: Path, mutant: str) -> None:
    """One that believes anything else, or fails on what it cannot read."""
    assert verdicts(tmp_path, *MUTANTS[mutant]) == ["failed"]
