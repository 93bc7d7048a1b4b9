"""A sandbox with its shop in processes of their own."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_CONTROL = """
import sys
import time
from prism_core import Card, Money, Prism
card = Card(sys.stdin.readline().strip(), 12, 2090, "123")
with Prism("sandbox", api_key="sandbox_control", base_url=sys.argv[1]) as prism:
    paid = prism.payments.authorize(
        merchant_transaction_id="control", amount=Money(1290, "EUR"), payment_method=card
    )
    print(paid.status.value, flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True)
class Selling:
    """A sandbox and its shop, and where they keep what happened."""

    sandbox: str
    shop: str
    sandbox_pid: int
    shop_pid: int
    folder: Path

    def payments(self, order: str) -> list[tuple[str, str]]:
        """The payments of an order, as the shop's database has them."""
        with closing(sqlite3.connect(self.folder / "sandbox.db.shop")) as database:
            query = "SELECT id, status FROM payments WHERE shop_order = ? ORDER BY rowid"
            return database.execute(query, (order,)).fetchall()


@contextmanager
def selling(folder: Path) -> Iterator[Selling]:
    """`prism sandbox --shop`, as a user runs it, with its output in a file."""
    if sys.platform != "linux":
        pytest.skip("it reads /proc")
    log = folder / "output.log"
    command = (
        *(sys.executable, "-m", "prism_core.cli", "sandbox", "--port", "0", "--shop"),
        *("--settle-seconds", "0.5", "--database", str(folder / "sandbox.db")),
    )
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as run:
        try:
            while not (shop := re.search(r"Shop: (\S+)", log.read_text())):
                assert run.poll() is None, log.read_text()
                time.sleep(0.05)
            sandbox = re.search(r"Prism sandbox: (\S+)", log.read_text())
            assert sandbox
            children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
            (shop_pid,) = children
            yield Selling(sandbox[1], shop[1], run.pid, int(shop_pid), folder)
        finally:
            run.terminate()


@contextmanager
def paying_with_a_card(sandbox: str, number: str) -> Iterator[int]:
    """A process that paid with this card number; gives its id."""
    with subprocess.Popen(
        [sys.executable, "-c", _CONTROL, sandbox],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdin
        assert run.stdout
        try:
            run.stdin.write(f"{number}\n")
            run.stdin.flush()
            assert run.stdout.readline() == "CHARGED\n"
            yield run.pid
        finally:
            run.stdin.close()
