"""A program frozen by PyInstaller has its connectors: a real one is frozen, and pays."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from prism_sandbox.server.serving import running

from .conftest import Layer
from .environment import Environment

pytestmark = pytest.mark.once

PROGRAM = """
import asyncio
import sys

from prism_core import AsyncPrism, Money, Prism, Token
from prism_core.cli import main

URL = sys.argv[1]
if not URL.startswith("http"):
    main()
OPTIONS = {"api_key": "sandbox_key", "base_url": URL}
with Prism("sandbox", **OPTIONS) as prism:
    customer = prism.customers.create(merchant_customer_id="user_42")
    payment = prism.payments.authorize(
        merchant_transaction_id="order_1",
        amount=Money(1000, "USD"),
        payment_method=Token("tok_approve"),
        connector_customer_id=customer.connector_customer_id,
    )


async def status():
    async with AsyncPrism("sandbox", **OPTIONS) as prism:
        found = await prism.payments.get(connector_transaction_id=payment.connector_transaction_id)
        return found.status


print(payment.status, asyncio.run(status()))
"""


@pytest.fixture(scope="module")
def program(
    layer: Layer,
    install: Callable[[Environment, str], None],
    tmp_path_factory: pytest.TempPathFactory,
) -> Environment:
    """A frozen program in a folder of its own, as an environment in which nothing else is."""
    environment = layer()
    install(environment, "pyinstaller")
    folder = tmp_path_factory.mktemp("frozen")
    (folder / "shop.py").write_text(PROGRAM)
    freeze = [environment.folder / "bin" / "pyinstaller", "--log-level", "ERROR", "--noconfirm"]
    environment.run(*freeze, "--distpath", folder / "dist", "--workpath", folder / "build",
                    "--specpath", folder, folder / "shop.py")  # fmt: skip
    return Environment(folder / "dist" / "shop")


def test_a_frozen_program_pays(program: Environment) -> None:
    """With a hook that PyInstaller finds by itself, and no option of the author's: blocking and
    in an event loop."""
    with running() as url:
        assert program.run(program.folder / "shop", url).stdout == "CHARGED CHARGED\n"


def test_a_frozen_program_explains_its_connectors(program: Environment) -> None:
    """Every installed connector is in it, once, with the version of the core to compare."""
    shop = program.folder / "shop"
    rows = json.loads(program.run(shop, "doctor", "--json").stdout)
    assert {row["name"]: row["state"] for row in rows} == {
        "sandbox": "loadable",
        "stripe": "loadable",
    }
    assert all(Path(row["path"]).is_relative_to(program.folder) for row in rows)
    assert "sandbox" in program.run(shop, "--help").stdout
    assert program.run(shop, "--version").stdout.strip()
    only = {"PRISM_CONNECTORS": "stripe"}
    blocked = program.run(shop, "doctor", "--json", variables=only).stdout
    assert '"blocked"' in blocked
