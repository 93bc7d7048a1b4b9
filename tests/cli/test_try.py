"""`prism try`: what a new user is told before and during a first payment."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from support import Install, Server, acme_source

PAID = {"id": "pay_1", "state": "ok", "customer": "cus_1"}


def answer(server: Server, **payment: Any) -> None:
    """Acme creates the customer and takes the payment: looked up, looked up, captured."""
    server.answer(200, {"id": "cus_1"})
    now = {**PAID, **payment}
    taken = {**now, "state": "paid"}
    for one in (now, now, now, taken):
        server.answer(200, one)


def test_it_prints_a_program_that_runs(
    tried: Callable[..., Result], server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each call is shown as Python, with what came of it in comments. The whole can be run."""
    answer(server, amount=1000, currency="EUR")
    done = tried()
    assert done.exit_code == 0, done.output
    assert "# PRISM_ACME_API_KEY is set." in done.output
    assert "key_secret" not in done.output
    assert "# status: AUTHORIZED" in done.output
    assert "# status: CHARGED" in done.output
    assert "# It works." in done.output
    first = [(seen.method, seen.path, seen.body and seen.json) for seen in server.seen]
    assert [path for _, path, _ in first] == [
        "/customers", "/payments", "/payments/pay_1", "/payments/pay_1", "/payments/pay_1/capture",
    ]  # fmt: skip
    assert first[1][2]["amount"] == 1000
    assert first[1][2]["currency"] == "EUR"
    server.seen.clear()
    answer(server, amount=1000, currency="EUR")
    space: dict[str, Any] = {}
    exec(done.stdout, space)  # it is what was printed
    space["prism"].close()
    assert [(seen.method, seen.path, seen.body and seen.json) for seen in server.seen] == first


@pytest.mark.parametrize(
    ("variables", "args", "code", "words"),
    [
        ({"API_KEY": ""}, [], 5, "set PRISM_ACME_API_KEY to your test credentials"),
        ({"ENVIRONMENT": "production"}, [], 5, "unset PRISM_ACME_ENVIRONMENT"),
        ({"API_KEY": "sk_live_1"}, [], 5, "PRISM_ACME_API_KEY looks like a live key"),
        ({"BASE_URL": "http://127.0.0.1:1"}, [], 4, "need a proxy?"),
        ({}, ["--amount", "10"], 2, "such as '10.00 USD'"),
        ({}, ["--token", "tok_1"], 2, "Its fields: prism schema authorize"),
    ],
)
def test_it_says_what_is_missing(
    tried: Callable[..., Result],
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    args: list[str],
    code: int,
    words: str,
) -> None:
    """On standard error, with an exit code; no credential is repeated."""
    server.answer(200, {"id": "cus_1"})
    for name, value in variables.items():
        monkeypatch.setenv(f"PRISM_ACME_{name}", value)
    done = tried(*args)
    assert (done.exit_code, words in " ".join(done.stderr.split())) == (code, True), done.stderr
    assert "sk_live_1" not in done.output


@pytest.mark.parametrize(
    ("status", "body", "code", "words"),
    [
        (401, {"code": "who"}, 5, "Look at the variables above"),
        (500, {}, 3, "outcome unknown"),
        (402, {"id": "pay_1", "state": "refused"}, 1, ""),
    ],
)
def test_it_ends_where_a_step_fails(
    tried: Callable[..., Result], server: Server, status: int, body: Any, code: int, words: str
) -> None:
    """With what to look at; a decline is told as a result."""
    server.answer(200, {"id": "cus_1"})
    for _ in range(3):
        server.answer(status, body)
    done = tried()
    assert (done.exit_code, words in done.stderr) == (code, True)
    assert ("# It was declined." in done.stdout) == (code == 1)


def test_what_is_special_is_told_where_a_step_is_refused(
    tried: Callable[..., Result], plugin: Install, server: Server
) -> None:
    """Many processors want something set up first."""
    variant(plugin, (INFO, INFO + "        notes=('Make the field first.',),\n"))
    server.answer(400, {"code": "no_such_field"})
    done = tried()
    assert (done.exit_code, "\n- Make the field first.\n" in done.stderr) == (1, True), done.stderr
    assert "--amount '10.00 EUR'" in done.stderr


def test_the_users_own_card_is_not_printed(
    tried: Callable[..., Result], server: Server, tmp_path: Path
) -> None:
    """A card of a file is used, and shown without its digits."""
    card = tmp_path / "card.json"
    number = {"number": "4000056655665556", "exp_month": 12, "exp_year": 2090, "cvc": "987"}
    card.write_text(json.dumps(number))
    answer(server, amount=500, currency="JPY")
    done = tried("--card", str(card), "--amount", "500 JPY")
    assert done.exit_code == 0, done.stderr
    assert 'Card(number="...", exp_month=12, exp_year=2090, cvc="...")' in done.stdout
    assert server.seen[1].json["card"]["number"] == "4000056655665556"
    assert "4000056655665556" not in done.output


def test_a_customer_who_must_confirm(tried: Callable[..., Result], server: Server) -> None:
    """The page is shown; the payment is looked up afterwards, and captured if it is authorized."""
    server.answer(200, {"id": "cus_1"})
    server.answer(200, {**PAID, "state": "challenge", "page": "https://acme.example/confirm"})
    server.answer(200, {**PAID, "state": "waiting"})
    done = tried()
    assert done.exit_code == 0, done.stderr
    assert "# The customer pays or confirms here: https://acme.example/confirm" in done.stdout
    assert "payments.capture" not in done.stdout


def variant(plugin: Install, *changes: tuple[str, str]) -> None:
    plugin("acme", acme_source(*changes))


URLS = 'urls = {"SANDBOX": "https://sandbox.acme.example"}'
ONE = URLS.replace("}", ', "PRODUCTION": "https://sandbox.acme.example"}')


@pytest.mark.parametrize(
    ("key", "answered", "code"), [("key_1", "n\n", 5), ("key_1", "y\n", 0), ("sk_test_1", "", 0)]
)
def test_where_one_address_serves_both_it_asks(
    tried: Callable[..., Result],
    plugin: Install,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    answered: str,
    code: int,
) -> None:
    """Unless the key itself says that it is a test."""
    variant(plugin, (URLS, ONE))
    monkeypatch.setenv("PRISM_ACME_API_KEY", key)
    answer(server, amount=1000, currency="EUR")
    done = tried(stdin=answered)
    assert (done.exit_code, bool(server.seen)) == (code, code == 0), done.stderr
    assert ("Are these test credentials?" in done.stderr) == bool(answered)


def test_it_says_where_the_credentials_are(
    tried: Callable[..., Result], plugin: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page that the account's docstring names."""
    variant(plugin, ("An account at Acme.", "An account: https://acme.example/keys."))
    monkeypatch.delenv("PRISM_ACME_API_KEY")
    assert "where to find it: https://acme.example/keys\n" in tried().stderr


INFO = '        docs="https://acme.example/docs",\n'
CREATE = "    @hookimpl\n    def create_customer("
PAID_ALONE = {"id": "pay_1", "state": "ok"}
CAPTURE = "    @hookimpl\n    def capture("


@pytest.mark.parametrize(
    ("changes", "answers", "shown"),
    [
        (
            [(INFO, INFO + "        keeps_customers=False,\n"), (CREATE, "    def _create(")],
            [*[PAID_ALONE] * 3, {**PAID_ALONE, "state": "paid"}],
            ["# Acme stores no customers", 'connector_customer_id="try_'],
        ),
        (
            [(CREATE, "    def _create(")],
            [PAID_ALONE, PAID_ALONE, PAID_ALONE, {**PAID_ALONE, "state": "paid"}],
            ["prism.payments.authorize("],
        ),
        (
            [(INFO, INFO + "        capture_methods=(CaptureMethod.AUTOMATIC,),\n")],
            [{"id": "cus_1"}, {**PAID, "state": "paid"}, {**PAID, "state": "paid"}],
            ["# status: CHARGED"],
        ),
        (
            [(CAPTURE, "    def _capture(")],
            [{"id": "cus_1"}, PAID, PAID, {**PAID, "state": "void"}],
            ["prism.payments.void(", "# It is cancelled.", "# status: VOIDED"],
        ),
        (
            [('            "customer": request.connector_customer_id,\n', "")],
            [{"id": "cus_1"}, {**PAID, "state": "paid"}, {**PAID, "state": "paid"}],
            ["prism.customers.create("],
        ),
        (
            [
                ("payment_methods=(Card,)", "payment_methods=(Card, SdkToken), notes=('Slow.',)"),
                ("import (\n    Address", "import (\n    SdkToken,\n    Address"),
            ],
            [{"id": "cus_1"}, {**PAID, "state": "paid"}, {**PAID, "state": "paid"}],
            ["gives an SdkToken: you see no card number", "# - Slow."],
        ),
        (
            [(INFO, INFO + "        needs={'authorize': ('order_details', 'browser_info')},\n")],
            [{"id": "cus_1"}, {**PAID, "state": "paid"}, {**PAID, "state": "paid"}],
            [
                "from prism_core import BrowserInfo, Card, Money, OrderLine, Prism",
                'order_details=[OrderLine(product_name="Tea", amount=Money(1000, "EUR"))]',
            ],
        ),
    ],
    ids=[
        "stores none",
        "no create",
        "automatic",
        "no capture",
        "no link",
        "tokens and notes",
        "needs",
    ],
)
def test_it_fits_the_connector(
    tried: Callable[..., Result],
    plugin: Install,
    server: Server,
    changes: Any,
    answers: Any,
    shown: list[str],
) -> None:
    """It does what this processor can do, and gives what it needs."""
    variant(plugin, *changes)
    for body in answers:
        server.answer(200, body)
    done = tried()
    assert done.exit_code == 0, done.output
    for words in shown:
        assert words in done.stdout


def test_a_payment_without_an_id_yet(
    tried: Callable[..., Result], plugin: Install, server: Server
) -> None:
    """There is nothing to look up: Acme finds no payment by the caller's id."""
    variant(plugin, ("    id: str\n    state: str\n", "    id: str | None\n    state: str\n"))
    server.answer(200, {"id": "cus_1"}).answer(200, {"id": None, "state": "waiting"})
    done = tried()
    assert (done.exit_code, "payments.get" in done.stdout) == (0, False), done.stderr


def test_an_operation_that_is_not_there(tried: Callable[..., Result], plugin: Install) -> None:
    """What cannot be tried is said, in the connector's words."""
    variant(plugin, ("    @hookimpl\n    def authorize(", "    def _authorize("))
    done = tried()
    assert (done.exit_code, "does not support payments.authorize" in done.stderr) == (2, True)


ORDERS = ("    @hookimpl\n    def create_order(", "    def _create_order(")
TOKENS = ("payment_methods=(Card,)", "payment_methods=(Card, SdkToken, Token)")
NEEDS = "        needs={'authorize': ('locale',)},\n"


@pytest.mark.parametrize(
    ("more", "live", "words"),
    [
        ([], "[tool", "with --card FILE or --payment-method FILE"),
        ([], "[tool.prism]\n", "acme names no payment method for tests"),
        (
            [TOKENS, ("import (\n    Address", "import (\n    Address,\n    SdkToken,\n    Token")],
            '[tool.prism.contract.live]\nlibrary = "Acme.js makes it"\n',
            "--card FILE or --sdk-token TOKEN (Acme.js makes it) or --token ID or --payment",
        ),
        ([(INFO, INFO + NEEDS)], None, "Acme needs locale with authorize"),
    ],
)
def test_what_it_cannot_know_is_said(
    tried: Callable[..., Result],
    plugin: Install,
    server: Server,
    tmp_path: Path,
    more: Any,
    live: str | None,
    words: str,
) -> None:
    """Without a payment method for tests, and without a page to pay on, the ways to give one."""
    if live is not None:
        (tmp_path / "site" / "pyproject.toml").write_text(live)
    variant(plugin, ORDERS, *more)
    server.answer(200, {"id": "cus_1"})
    done = tried()
    assert (done.exit_code, words in done.stderr) == (2, True), done.output
