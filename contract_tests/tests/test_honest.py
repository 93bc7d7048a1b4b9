"""What is right is not refused: connectors of honest, unusual processors pass every check."""

from __future__ import annotations

from pathlib import Path

import pytest
from honest import Honest, honestly

from prism_contract_tests import certify

_STATE = "status=STATES.get(body.state, PaymentStatus.UNRESOLVED),"
_TAKEN = "        return payment_of((yield from account.fetch(taking, PaymentBody)))\n"
_CAPTURED = """
        "json": {
          "id": "pay_1",
          "ref": "order_1",
          "amount": 1000,
          "currency": "USD",
          "customer": "cust_1",
          "state": "paid",
          "authorized": 1000,
          "captured": 1000
        }
      }
    }
  ],
  "result": {
    "connector_transaction_id": "pay_1",
    "merchant_transaction_id": "order_1",
    "connector_customer_id": "cust_1",
    "amount": {"minor_amount": 1000, "currency": "USD"},
    "status": "CHARGED",
    "authorized_amount": {"minor_amount": 1000, "currency": "USD"},
    "captured_amount": {"minor_amount": 1000, "currency": "USD"}
  }"""
_BEGUN = """
  "result": {"connector_transaction_id": "pay_1", "status": "CAPTURE_INITIATED"}"""


def _taking(*lines: str) -> tuple[str, str, str]:
    """The end of the capture's flow is this instead, after the import of PaymentStatus."""
    done = ("from prism_core import PaymentStatus", *lines)
    return "__init__.py", _TAKEN, "".join(f"        {line}\n" for line in done)


HONEST = [
    Honest(
        "gets an acknowledgement with its own id alone for a capture",
        (
            (
                "answers.py",
                "STATES = {",
                "class Begun(msgspec.Struct):\n    action: str\n\n\nSTATES = {",
            ),
            _taking(
                "from .answers import Begun",
                "yield from account.fetch(taking, Begun)",
                "status = PaymentStatus.CAPTURE_INITIATED",
                "return Payment(status=status, connector_transaction_id=payment)",
            ),
            (
                "capture/success.json",
                _CAPTURED,
                """ "json": {"action": "act_1"}
      }
    }
  ],"""
                + _BEGUN
                + """,
  "no_status": "captures are done later" """,
            ),
        ),
    ),
    Honest(
        "gets an empty 202 for a capture",
        (
            _taking(
                "account.expect_empty((yield taking), 202)",
                "status = PaymentStatus.CAPTURE_INITIATED",
                "return Payment(status=status, connector_transaction_id=payment)",
            ),
            (
                "capture/success.json",
                """"status": 200,
        "headers": {"content-type": "application/json", "acme-request": "req_1"},"""
                + _CAPTURED,
                """"status": 202}
    }
  ],"""
                + _BEGUN,
            ),
        ),
    ),
    Honest(
        "tells by an amount that is null or missing that nothing is captured yet",
        (
            (
                "answers.py",
                _STATE,
                "status=PaymentStatus.AUTHORIZED\n"
                '        if body.state == "paid" and body.captured is None\n'
                "        else STATES.get(body.state, PaymentStatus.UNRESOLVED),",
            ),
            (
                "get_payment/success.json",
                '"account": {"api_key": "key_example"},',
                '"account": {"api_key": "key_example"},\n'
                '  "optional": {"steps[0].response.json.captured": "null until it is captured"},',
            ),
            (
                "capture/success.json",
                '"account": {"api_key": "key_example"},',
                '"account": {"api_key": "key_example"},\n'
                '  "optional": {"steps[1].response.json.captured": "null until it is captured"},',
            ),
        ),
    ),
    Honest(
        "answers with a long value that is public, and with the id of a key",
        (
            (
                "create_customer/success.json",
                '"account": {"api_key": "key_example"},',
                '"account": {"api_key": "key_example"},\n'
                '  "public": {"steps[0].response.json.nonce": "for the browser\'s library"},',
            ),
            (
                "create_customer/success.json",
                '"id": "cust_1",',
                '"id": "cust_1",\n          "key_id": "0123456789abcdef0123456789abcdef",\n'
                '          "nonce": "0123456789abcdef0123456789abcdef",',
            ),
        ),
    ),
    Honest(
        "keeps payment methods for payments with the customer only",
        (
            (
                "pages.py",
                '            "keep": request.setup_future_usage,\n',
                '            "keep": usage(request.setup_future_usage),\n',
            ),
            (
                "pages.py",
                "def way(",
                "def usage(asked: object) -> object:\n"
                "    from prism_core import InvalidRequest\n"
                '    if asked == "OFF_SESSION":\n'
                '        raise InvalidRequest("not that", field="setup_future_usage")\n'
                "    return asked\n\n\ndef way(",
            ),
            (".json", '"OFF_SESSION"', '"ON_SESSION"'),
        ),
        pages=True,
    ),
]


@pytest.mark.once
@pytest.mark.parametrize("honest", HONEST, ids=lambda honest: honest.name)
def test_an_honest_connector_passes_every_check(tmp_path: Path, honest: Honest) -> None:
    with honestly(tmp_path, honest) as name:
        report = certify(name)
    found = [f"{f.check} on {f.case}: {f.message} {f.evidence}" for f in report.failed]
    assert [*found, *report.problems] == []
