"""Payments that are completed after a lookup: never one of another amount than was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from honest import Honest, honestly

from prism_contract_tests import certify
from prism_contract_tests.runner import Run

_FLOW = '''
    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/payments#complete"""
        payment, amount = request.connector_transaction_id, request.amount
        known = yield from account.fetch(account.get("/payments/{}", payment), PaymentBody)
        expect_same("connector_transaction_id", payment, known.id)
        found = payment_of(known)
        if amount is not None:
            expect_same("amount", str(amount), str(found.amount))
        taking = account.post("/payments/{}/complete", payment)
        return payment_of((yield from account.fetch(taking, PaymentBody)))
'''
_LOOKUP = "\n    @hookimpl\n    def get_payment"
_EXCHANGE = """{
  "operation": "complete",
  "kind": "success",
  "documentation": "https://acme.example/docs/payments#complete",
  "account": {"api_key": "key_example"},
  "request": {"connector_transaction_id": "pay_1", "idempotency_key": "key_1"},
  "steps": [
    {"like": "capture/success#0"},
    {
      "request": {
        "method": "POST",
        "path": "/payments/pay_1/complete",
        "headers": {"authorization": "Bearer key_example", "acme-key": "key_1"}
      },
      "response": {"like": "authorize/success", "status": 200}
    }
  ],
  "result": {
    "connector_transaction_id": "pay_1",
    "merchant_transaction_id": "order_1",
    "connector_customer_id": "cust_1",
    "amount": {"minor_amount": 1000, "currency": "USD"},
    "status": "AUTHORIZED",
    "authorized_amount": {"minor_amount": 1000, "currency": "USD"}
  }
}
"""
COMPLETES = Honest(
    "completes what it has looked up",
    (
        ("__init__.py", _LOOKUP, f"{_FLOW}{_LOOKUP}"),
        ("__init__.py", "    Card,\n", "    Card,\n    CompletePaymentRequest,\n"),
        (
            "errors.json",
            '"operations": ["get_payment"]',
            '"operations": ["get_payment", "complete"]',
        ),
    ),
    (("prism_acme/exchanges/complete/success.json", _EXCHANGE),),
)


@pytest.mark.once
def test_a_connector_that_compares_first_is_certified(tmp_path: Path) -> None:
    with honestly(tmp_path, COMPLETES) as name:
        report = certify(name)
    assert [(one.check, one.case, one.message) for one in report.failed] == []
    assert report.problems == []


_COMPARED = """        if amount is not None:
            expect_same("amount", str(amount), str(found.amount))
"""
_COPIED = """        from msgspec.structs import replace
        return replace(found, amount=amount or found.amount, authorized_amount=None)
"""


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("", "is sent all the same"),
        (_COPIED, "nothing says so"),
        (_COMPARED.replace("str(found.amount)", '"10.00"'), "with its own amount"),
    ],
    ids=["pays any amount", "tells the amount that was asked", "refuses every amount"],
)
def test_one_that_does_not_is_killed(tmp_path: Path, new: str, said: str) -> None:
    mutant = Honest("mutant", (*COMPLETES.edits, ("__init__.py", _COMPARED, new)), COMPLETES.new)
    with honestly(tmp_path, mutant) as name:
        finding = Run(name).execute(("complete-amount", "complete"))
    assert finding.verdict == "failed"
    assert said in finding.message
