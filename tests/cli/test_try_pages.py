"""`prism try` where the customer pays or confirms on a page: there, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from click.testing import Result
from support import Install, Server, acme_source

from prism_core import RedirectionData
from prism_core.cli.away import page_of

from .conftest import TRIED

PAGE = {"id": "ord_1", "page": "https://acme.example/pay/1"}
PAID = {"id": "pay_1", "state": "ok", "customer": "cus_1", "amount": 1000, "currency": "EUR"}
LIVE = """
[tool.prism.contract.live]
page = "Choose Paid: https://acme.example/docs/testing."
currency = "EUR"
amount = 1000
"""
BY_ORDER = (
    '            "/payments/{}/complete",\n            request.connector_transaction_id,',
    '            "/payments/{}/complete",\n'
    "            request.connector_transaction_id or request.connector_order_id,",
)
URI = "RedirectionData(uri=body.page, expires_at=body.expires)"
DOCS = '        docs="https://acme.example/docs",\n'
GET = ("    @hookimpl\n    def get_payment(", "    def _get_payment(")
COMPLETE = "    @hookimpl\n    def complete("


@pytest.fixture
def opened(
    tried: Callable[..., Result], plugin: Install, server: Server, tmp_path: Path
) -> Callable[..., Result]:
    """`prism try acme`, where Acme has a page; the answers are those after its customer's."""
    (tmp_path / "site" / "pyproject.toml").write_text(LIVE)

    def call(
        *answers: dict[str, Any], changes: Any = (), back: str = "\n", args: Any = ()
    ) -> Result:
        plugin("acme", acme_source(BY_ORDER, *changes))
        for body in ({"id": "cus_1"}, *answers):
            server.answer(200, body)
        return tried(*args, stdin=back)

    return call


def test_a_customer_pays_on_the_page_and_comes_back(
    opened: Callable[..., Result], server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """It shows where, and how in tests; it completes the payment with what the return URL got, and
    captures it. What it printed is a program that does the same."""
    taken = {**PAID, "state": "paid", "captured": 1000}
    back = "https://example.com/return?token=T1&payer=P%201#top"
    done = opened(PAGE, PAID, PAID, taken, back=f"{back}\n")
    assert done.exit_code == 0, done.output
    assert "# The customer pays or confirms here: https://acme.example/pay/1" in done.stdout
    assert "# Choose Paid: https://acme.example/docs/testing." in done.stdout
    assert "Pay or confirm at https://acme.example/pay/1. Then paste the address" in done.stderr
    assert "# It works." in done.stdout
    sent = [(seen.method, seen.path, seen.body and seen.json) for seen in server.seen]
    assert [path for _, path, _ in sent] == [
        "/customers", "/orders", "/payments/ord_1/complete", "/payments/pay_1",
        "/payments/pay_1/capture",
    ]  # fmt: skip
    assert sent[1][2]["back"] == "https://example.com/return"
    assert sent[2][2] == {"evidence": {"token": "T1", "payer": "P 1"}}
    server.seen.clear()
    for body in ({"id": "cus_1"}, PAGE, PAID, PAID, taken):
        server.answer(200, body)
    space: dict[str, Any] = {"input": lambda _: back.partition("#")[0]}
    exec(done.stdout, space)
    space["prism"].close()
    assert capsys.readouterr().out == "https://acme.example/pay/1\n"
    assert [(seen.method, seen.path, seen.body and seen.json) for seen in server.seen] == sent


@pytest.mark.parametrize(
    ("state", "code", "words"),
    [
        ("open", 0, "# It is not paid yet. Look it up later"),
        ("waiting", 0, "# It works."),
        ("failed", 1, "# It was declined or given up."),
    ],
)
def test_what_became_of_it_is_said(
    opened: Callable[..., Result], state: str, code: int, words: str
) -> None:
    """Without a terminal, too: nobody can have paid then."""
    done = opened(PAGE, {**PAID, "state": state}, back="")
    assert (done.exit_code, words in done.stdout) == (code, True), done.output


def test_a_customer_who_confirms_pays_as_asked(
    opened: Callable[..., Result], tmp_path: Path
) -> None:
    """A payment that is to be captured later is completed as such."""
    (tmp_path / "site" / "pyproject.toml").write_text(TRIED)
    challenged = {**PAID, "state": "challenge", "page": "https://acme.example/confirm"}
    done = opened(challenged, PAID, PAID, PAID)
    assert done.exit_code == 0, done.output
    completed = done.stdout.partition("prism.payments.complete(")[2]
    assert 'capture_method="MANUAL"' in completed.partition("\n)")[0]


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (
            RedirectionData(uri="https://acme.example/p", form={"key": "<&>"}),
            'value="&lt;&amp;&gt;"',
        ),
        (RedirectionData(html="<p>Pay</p>"), "<p>Pay</p>"),
    ],
)
def test_a_form_and_a_page_of_the_processors_are_opened_from_a_file(
    data: RedirectionData, shown: str
) -> None:
    """Nobody else may read it, and it is gone once the customer is back."""
    with page_of(data) as address:
        file = Path(url2pathname(urlsplit(address).path))
        assert shown in file.read_text("utf-8")
        assert file.parent.stat().st_mode & 0o077 == 0
    assert not file.exists()


def test_what_the_customer_is_shown(opened: Callable[..., Result]) -> None:
    """A voucher has a reference in place of a page."""
    voucher = (URI, 'RedirectionData(display={"reference": "1234"})')
    done = opened(PAGE, {**PAID, "state": "open"}, changes=[voucher])
    assert (done.exit_code, '# The customer is shown: {"reference": "1234"}' in done.stdout) == (
        0,
        True,
    ), done.output


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([], "# There is nothing to look up yet."),
        (
            [(DOCS, f'{DOCS}        unsupported={{"get_payment": "An event tells."}},\n'), GET],
            "# An event tells.",
        ),
    ],
)
def test_a_payment_that_cannot_be_asked_about(
    opened: Callable[..., Result], changes: Any, words: str
) -> None:
    """What the connector says to do instead."""
    done = opened(PAGE, changes=[(COMPLETE, "    def _complete("), *changes])
    assert (done.exit_code, words in done.stdout) == (0, True), done.output


def test_the_page_is_tried_on_demand(
    opened: Callable[..., Result], tmp_path: Path, server: Server
) -> None:
    """Where the connector declares a card, too."""
    (tmp_path / "site" / "pyproject.toml").write_text(TRIED)
    done = opened(PAGE, {**PAID, "state": "paid"}, args=["--page"])
    assert done.exit_code == 0, done.output
    assert [seen.path for seen in server.seen][1] == "/orders"


def test_the_currency_is_the_accounts(
    opened: Callable[..., Result],
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If the account has one; else the one for tests."""
    monkeypatch.setenv("PRISM_ACME_CURRENCY", "JPY")
    own = ("    api_key: Secret\n", "    api_key: Secret\n    currency: str\n")
    (tmp_path / "site" / "pyproject.toml").write_text(LIVE.replace("amount = 1000\n", ""))
    done = opened(PAGE, {**PAID, "state": "paid"}, changes=[own])
    assert 'amount=Money(10, "JPY")' in done.stdout, done.output
