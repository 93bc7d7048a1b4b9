"""Idempotency keys in a field of the body: an honest connector passes, broken ones are caught."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lab import Change, installed
from support import REFERENCE

from prism_contract_tests.runner import Run

IN_BODY = ('idempotency_header = "Acme-Key"', 'idempotency_field = "once"')
MUTANTS: dict[str, tuple[Change, str, str]] = {
    "has no body to put it in": (
        ('account.post("/payments/{}/capture", payment, json=order)',
         'account.post("/payments/{}/capture", payment)'),
        "idempotency-key",
        "capture",
    ),
    "puts its own into the field": (
        (
            '"card": card_fields(',
            '"once": request.merchant_transaction_id,\n            "card": card_fields(',
        ),
        "idempotency-key",
        "authorize",
    ),
    "puts it where nobody looks": (
        ("        return bearer(self.api_key)\n",
         "        return bearer(self.api_key)\n\n"
         "    def auth_flow(self, request):\n"
         "        request.body = request.body.replace(b'\"once\"', b'\"never\"')\n"
         "        return (yield request)\n"),
        "idempotency-key",
        "authorize",
    ),
    "sends another key than it gives back": (
        ("        return bearer(self.api_key)\n",
         "        return bearer(self.api_key)\n\n"
         "    def auth_flow(self, request):\n"
         "        request.body = request.body.replace(b'\"once\":\"', b'\"once\":\"1-')\n"
         "        return (yield request)\n"),
        "timeout-unknown",
        "authorize/success",
    ),
}  # fmt: skip


def exchanges() -> dict[str, str | None]:
    """The exchanges of the reference connector, with the key in the body."""
    found: dict[str, str | None] = {}
    for path in REFERENCE.glob("prism_acme/exchanges/*/*.json"):
        exchange = json.loads(path.read_text())
        for step in exchange["steps"]:
            key = step["request"]["headers"].pop("acme-key", None)
            if key is not None:
                step["request"]["json"]["once"] = key
        found[path.relative_to(REFERENCE).as_posix()] = json.dumps(exchange)
    return found


def failures(folder: Path, *changes: Change, check: str = "", case: str = "") -> list[str]:
    with installed(folder, changes=(IN_BODY, *changes), files=exchanges()) as name:
        run = Run(name)
        owed = [one for one in run.owed if check in ("", one[0]) and case in ("", one[1])]
        found = [run.execute(one) for one in owed]
    assert found
    return [f"{one.check} on {one.case}: {one.message}" for one in found if one.verdict != "passed"]


def test_a_connector_with_its_key_in_the_body_is_certified(tmp_path: Path) -> None:
    """Every check finds the key where the account says that it stands."""
    assert failures(tmp_path) == []


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_key_that_goes_astray_is_noticed(tmp_path: Path, mutant: str) -> None:
    """As it is in a header."""
    change, killer, case = MUTANTS[mutant]
    assert failures(tmp_path, change, check=killer, case=case)
