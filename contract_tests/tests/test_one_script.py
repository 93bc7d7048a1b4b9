"""One application script does the checkout with every connector, unchanged but for its name."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing

import pytest
from test_plugins import NAMES, ROOT

from prism_contract_tests.exchange import Exchange
from prism_contract_tests.served import StandIn
from prism_contract_tests.target import Target, open_target
from prism_core import SdkToken

OWN_ID = "merchant_customer_id"
SCRIPT = ROOT / "examples" / "checkout.py"


@pytest.mark.parametrize("name", NAMES)
def test_the_script_runs_with_every_connector(name: str) -> None:
    """The same file, with another name and other credentials, and no card number: it creates or
    finds the customer and authorizes the payment linked to it by the token of a page. Where the
    processor gives no such token, it opens an order on the processor's page. The processor reports
    all as it was asked."""
    target = open_target(name)
    info = target.connector.info
    takes_token = SdkToken in info.takes("authorize")
    exchanges = paying(target) if takes_token else [target.success("create_order")]
    account = target.exchanges[0].account
    credentials = {f"PRISM_{name.upper()}_{k.upper()}": v for k, v in account.items()}
    with closing(StandIn(one for one in exchanges if one is not None)) as stand_in:
        done = subprocess.run(
            [sys.executable, str(SCRIPT), name, *([info.sdk_token_example] if takes_token else [])],
            env={**os.environ, **credentials, f"PRISM_{name.upper()}_BASE_URL": stand_in.url},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    customer, *rest = done.stdout.splitlines()
    if takes_token:
        linked = "connector_customer_id" if info.keeps_customers else "merchant_customer_id"
        assert customer.endswith(f"linked by {linked}")
        payment, *rest = rest
        assert payment.endswith(", AUTHORIZED")
    else:
        assert customer.endswith(", PAYMENT_METHOD_AWAITED")
        page, *rest = rest
        assert page.startswith("send the customer to: https://")
    assert [line for line in rest if not line.startswith("not sent: ")] == []


def paying(target: Target) -> list[Exchange | None]:
    """The exchanges of a customer, who may be looked up first, and of a payment."""
    found = [one for one in target.of("get_customer", "success") if OWN_ID in one.request]
    # One who is found is not created.
    return [next(iter(found), target.success("create_customer")), target.success("authorize")]
