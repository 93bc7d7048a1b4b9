"""One application script does the checkout with every connector, unchanged but for its name."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from standin import standing_in
from test_plugins import NAMES, ROOT

from prism_contract_tests.target import open_target

SCRIPT = ROOT / "examples" / "checkout.py"
OWN_ID = "merchant_customer_id"


@pytest.mark.parametrize("name", NAMES)
def test_the_script_runs_with_every_connector(name: str) -> None:
    """The same file, with another name and other credentials, creates or finds the customer and
    authorizes the payment linked to it, and the processor reports all as it was asked."""
    target = open_target(name)
    found = [one for one in target.of("get_customer", "success") if OWN_ID in one.request]
    customers = found or [target.success("create_customer")]  # one who is found is not created
    exchanges = [one for one in (customers[0], target.success("authorize")) if one is not None]
    credentials = {f"PRISM_{name.upper()}_{k.upper()}": v for k, v in exchanges[-1].account.items()}
    with standing_in(exchanges) as url:
        done = subprocess.run(
            [sys.executable, str(SCRIPT), name],
            env={**os.environ, **credentials, f"PRISM_{name.upper()}_BASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    keeps = target.connector.info.keeps_customers
    linked = "connector_customer_id" if keeps else "merchant_customer_id"
    customer, payment, *rest = done.stdout.splitlines()
    assert customer.endswith(f"linked by {linked}")
    assert payment.endswith(", AUTHORIZED")
    assert [line for line in rest if not line.startswith("not sent: ")] == []
