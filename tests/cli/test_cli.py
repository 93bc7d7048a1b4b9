"""The `prism` command: what it prints, what it reads, how it fails."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result
from support import Install, Server

from prism_core import cli
from prism_core.cli.app import prism

CARD = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2090, "cvc": "123"}
GOOD = {"id": "pay_1", "state": "ok", "ref": "order_1"}
PAY = ["payments", "authorize", "--merchant-transaction-id", "order_1", "--amount", "10.00 USD"]


def test_help_imports_no_connector(run: Callable[..., Result]) -> None:
    """`prism --help` lists every command, those of other packages too, and imports none."""
    done = run("--help")
    assert done.exit_code == 0
    for name in ("connectors", "doctor", "customers", "payments", "checkout", "demo", "sandbox"):
        assert f"\n  {name} " in done.output


def test_a_shell_can_complete_commands(run: Callable[..., Result], plugin: Install) -> None:
    """Every command, an added one too, is offered to the shell's completion."""
    plugin("extra", COMMAND, group="prism.commands")
    offered = prism.list_commands(click.Context(prism))
    assert offered[:2] == ["connectors", "doctor"]
    assert "extra" in offered


def test_creating_a_customer(run: Callable[..., Result], server: Server) -> None:
    """`prism customers create` prints the ids and the status, or JSON."""
    server.answer(200, {"id": "cus_1"})
    done = run("customers", "create", "--merchant-customer-id", "user_42", "--email", "a@b.co")
    assert done.exit_code == 0
    assert "connector_customer_id: cus_1\n" in done.output
    assert "status: ACTIVE\n" in done.output
    as_json = run("customers", "create", "--merchant-customer-id", "user_42", "--json")
    assert json.loads(as_json.output)["connector_customer_id"] == "cus_1"
    assert server.seen[0].headers["authorization"] == "Bearer key_secret"
    assert server.seen[0].json == {"ref": "user_42", "email": "a@b.co"}


def test_authorizing_with_a_card_from_standard_input(
    run: Callable[..., Result], server: Server
) -> None:
    """Card data comes from a file or standard input, so that it lands in no shell history."""
    server.answer(200, {**GOOD, "authorized": 1000})
    metadata = ["--metadata", "a=1", "--metadata", "b=x=y"]
    done = run(
        *PAY, "--card", "-", "--capture-method", "manual", *metadata,
        stdin=json.dumps({"type": "card", **CARD}),
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "status: AUTHORIZED\n" in done.output
    assert "authorized_amount: 10.00 USD\n" in done.output
    sent = server.seen[0].json
    assert (sent["card"]["number"], sent["amount"]) == ("4242424242424242", 1000)


def test_authorizing_with_a_card_typed_in(run: Callable[..., Result], server: Server) -> None:
    """Without --card and --token the card is asked for, and what is typed is not shown."""
    server.answer(200, GOOD)
    done = run(*PAY, stdin="4242424242424242\n12/2090\n123\n")
    assert done.exit_code == 0, done.output
    assert "4242" not in done.output
    refused = run(*PAY, stdin="4242424242424242\nsoon\n123\n")
    assert refused.exit_code == 2
    assert "must look like 12/2030" in refused.output


@pytest.mark.parametrize(
    ("option", "text"),
    [
        (["--sdk-token", "tok_1"], ""),
        (["--payment-method", "-"], '{"type": "sdk_token", "token": "tok_1"}'),
        (["--payment-method", "-"], '{"type": "sepa", "iban": "DE89370400440532013000", '
         '"holder_name": "Ada"}'),
    ],
)  # fmt: skip
def test_other_payment_methods(
    run: Callable[..., Result], server: Server, option: list[str], text: str
) -> None:
    """What the processor's form gave, and any other method from a file; Acme takes cards alone."""
    done = run(*PAY, *option, stdin=text)
    assert (done.exit_code, server.seen) == (2, [])
    assert "Acme takes Card here, not S" in done.stderr


def test_an_order_from_the_command_line(
    run: Callable[..., Result], server: Server, tmp_path: Path
) -> None:
    """Lists and objects of the request are JSON in a file; types are repeated."""
    server.answer(201, {"id": "ord_1", "page": "https://acme.example/pay"})
    lines = tmp_path / "lines.json"
    amount = {"minor_amount": 500, "currency": "USD"}
    lines.write_text(json.dumps([{"product_name": "Tea", "quantity": 2, "amount": amount}]))
    more = ["--payment-method-types", "IDEAL", "--payment-method-types", "CARD"]
    done = run("payments", "create-order", *PAY[2:], *more, "--order-details", str(lines))
    assert done.exit_code == 0, done.output
    assert "connector_order_id: ord_1" in done.output
    assert server.seen[0].json["kinds"] == ["IDEAL", "CARD"]
    assert server.seen[0].json["lines"] == [{"name": "Tea", "pieces": 2}]


def test_a_setup_may_have_no_method(run: Callable[..., Result], server: Server) -> None:
    """Then a page asks for it: nobody is asked for a card number here."""
    done = run("recurring", "setup", "--merchant-mandate-id", "sub_1")
    assert (done.exit_code, server.seen) == (2, [])
    assert "payment_method is needed here" in done.stderr


def test_a_lookup(run: Callable[..., Result], server: Server) -> None:
    """`prism payments get` prints a payment as it stands."""
    server.answer(200, GOOD)
    done = run("payments", "get", "--connector-transaction-id", "pay_1")
    assert "connector_transaction_id: pay_1\n" in done.output


def test_completing(run: Callable[..., Result], server: Server) -> None:
    """`prism payments complete` takes what came back with the customer, value by value."""
    server.answer(200, GOOD)
    came_back = ["--returned", "token=a=b", "--returned", "state=1"]
    done = run("payments", "complete", "--connector-transaction-id", "pay_1", *came_back)
    assert done.exit_code == 0, done.output
    assert server.seen[0].json == {"evidence": {"token": "a=b", "state": "1"}}
    assert "must be given" in run("payments", "complete", *came_back).stderr


def test_a_checkout(run: Callable[..., Result], server: Server, tmp_path: Path) -> None:
    """`prism checkout` takes the options of both requests and prints both results."""
    card = tmp_path / "card.json"
    card.write_text(json.dumps(CARD))
    address = tmp_path / "address.json"
    address.write_text(json.dumps({"city": "Paris"}))
    gone = {"code": "gone", "kind": "NOT_FOUND"}
    for _ in range(2):
        server.answer(404, gone).answer(200, {"id": "cus_1"}).answer(200, GOOD)
    args = ["checkout", "--merchant-customer-id", "user_42", *PAY[2:], "--card", str(card)]
    args += ["--customer-idempotency-key", "k1", "--address", str(address)]
    done = run(*args)
    assert done.exit_code == 0, done.output
    assert "connector_customer_id: cus_1" in done.output
    assert "status: AUTHORIZED" in done.output
    assert server.seen[1].headers["acme-key"] == "k1"
    as_json = json.loads(run(*args, "--json").output)
    assert as_json["customer"]["connector_customer_id"] == "cus_1"
    assert as_json["payment"]["status"] == "AUTHORIZED"


def test_a_checkout_of_a_customer_who_comes_back(
    run: Callable[..., Result], server: Server, tmp_path: Path
) -> None:
    """With the id that was kept, no customer is created; with no id at all, the call says so."""
    card = tmp_path / "card.json"
    card.write_text(json.dumps(CARD))
    server.answer(200, GOOD)
    args = ["checkout", *PAY[2:], "--card", str(card)]
    done = run(*args, "--connector-customer-id", "cus_1")
    assert done.exit_code == 0, done.output
    assert [seen.path for seen in server.seen] == ["/payments"]
    refused = run(*args)
    assert refused.exit_code == 2
    assert "for a returning one" in " ".join(refused.output.split())


@pytest.mark.parametrize(
    ("args", "stdin", "words"),
    [
        (["customers", "create", "--merchant-customer-id", "u", "--email", "x"], "", "email must"),
        ([*PAY[:4], "--amount", "10.001 USD", "--card", "-"], json.dumps(CARD), "amount has more"),
        ([*PAY[:4], "--amount", "10", "--card", "-"], json.dumps(CARD), "such as '10.00 USD'"),
        ([*PAY, "--card", "-"], "not json", "must hold a JSON object with number"),
        ([*PAY, "--card", "-"], "[" * 100_000, "must hold a JSON object with number"),
        ([*PAY, "--card", "-"], '{"pan": "4242"}', "must hold a JSON object with number"),
        ([*PAY, "--card", "-"], '{"number": "4242424242424242"}', "if you like, holder_name"),
        ([*PAY, "--token", "tok_1"], "", "takes Card here, not Token"),
        ([*PAY, "--card", "-", "--metadata", "oops"], json.dumps(CARD), "look like NAME=VALUE"),
        ([*PAY, "--payment-method", "-"], "[1]", "the file is not right: Expected `object`"),
        ([*PAY, "--payment-method", "-"], "{", "the file is not right: it must hold JSON"),
        (["payments", "get"], "", "must be given, and only one"),
        (["payments", "get", "-c", "acmee", "--connector-transaction-id", "x"], "", "Did you mean"),
    ],
)  # fmt: skip
def test_errors_are_one_line(
    run: Callable[..., Result], server: Server, args: list[str], stdin: str, words: str
) -> None:
    """Bad input ends with one readable line on standard error; nothing is sent."""
    done = run(*args, stdin=stdin)
    assert done.exit_code == (5 if "acmee" in args else 2)
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert server.seen == []


@pytest.mark.parametrize("more", [["--card"], [], ["--max-retries"], ["--card-number"]])
def test_a_card_number_in_the_wrong_place_is_not_repeated(
    run: Callable[..., Result], more: list[str]
) -> None:
    """What refuses an argument does not show it again, where it looks like a card's number."""
    done = run(*PAY, *more, "4242 4242 4242 4242")
    assert done.exit_code == 2
    assert "4242" not in done.output + done.stderr
    assert "Error: " in done.stderr


def test_an_unknown_outcome_says_how_to_go_on(run: Callable[..., Result], server: Server) -> None:
    """When it is not known what happened, the line says so and gives the key to repeat with."""
    server.answer(500)
    args = [*PAY, "--card", "-", "--max-retries", "0", "--idempotency-key", "mine"]
    done = run(*args, "--json", stdin=json.dumps(CARD))
    assert done.exit_code == 3
    assert (
        "[outcome unknown: look it up, or repeat payments.authorize with idempotency key mine]"
        in done.stderr
    )
    assert json.loads(done.stdout)["error"]["outcome"] == "unknown"
    lookup = run("payments", "get", "--connector-transaction-id", "x", "--max-retries", "0")
    assert "[outcome unknown: look it up, or repeat payments.get]" in lookup.stderr


def test_a_checkout_cut_in_half_names_the_customer(
    run: Callable[..., Result], server: Server
) -> None:
    """When the customer exists and the payment is unknown, the line has both ids to go on with."""
    server.answer(200, {"id": "cus_1"}).answer(500)
    args = ["checkout", "--merchant-customer-id", "user_42", *PAY[2:], "--card", "-"]
    args += ["--max-retries", "0", "--payment-idempotency-key", "mine", "--json"]
    done = run(*args, stdin=json.dumps(CARD))
    assert "repeat payments.authorize for cus_1 with idempotency key mine]" in done.stderr
    said = json.loads(done.stdout)["error"]
    assert said["completed"]["connector_customer_id"] == "cus_1"
    assert said["attempts"][0]["status_code"] == 500


def test_no_flag_takes_a_credential(run: Callable[..., Result]) -> None:
    """No command has an option for a key or a card number: shells keep their history."""
    for command in (["customers", "create"], ["payments", "authorize"], ["checkout"]):
        shown = run(*command, "--help").output
        assert "key" not in shown.replace("idempotency-key", "")
        assert "--number" not in shown
        assert "--cvc" not in shown


def test_missing_credentials_name_the_variable(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without credentials in the environment the error names what the connector takes, and the
    variable that holds it."""
    monkeypatch.delenv("PRISM_ACME_API_KEY")
    done = run("payments", "get", "--connector-transaction-id", "x")
    assert "missing: api_key" in done.stderr
    assert "or set PRISM_ACME_API_KEY, which from_env and the prism command read" in done.stderr


COMMAND = "import click\n@click.command()\ndef connector():\n    click.echo('from a plugin')\n"


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        (COMMAND, 0, "from a plugin"),
        ("connector = 3", 5, "is not a click command"),
        ("raise ValueError('oh')", 5, "'extra' of prism-payments-extra cannot be imported"),
    ],
)
def test_packages_add_commands(
    run: Callable[..., Result], plugin: Install, source: str, code: int, words: str
) -> None:
    """An installed package's command is found; a broken one breaks itself alone."""
    plugin("extra", source, group="prism.commands")
    done = run("extra")
    assert (done.exit_code, words in done.output) == (code, True)
    assert "extra" in run("--help").output
    assert run("connectors").exit_code == 0


def test_an_unknown_command(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped command is a usage error; a command of a package of ours that is not installed
    says what to install."""
    assert run("chekout").exit_code == 2
    monkeypatch.setattr("prism_core.cli.app.added", dict)
    for name, words in (
        ("demo", "pip install 'prism-payments-sandbox[server]'"),
        ("contract", "pip install prism-payments-contract-tests"),
        ("new", "pip install prism-payments-contract-tests"),
    ):
        done = run(name)
        assert done.exit_code == 2
        assert words in done.output


def test_without_its_extra_the_command_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without click and rich the script names the extra to install."""
    monkeypatch.setattr("prism_core.cli.find_spec", lambda name: None if name == "rich" else 1)
    with pytest.raises(SystemExit, match=r"prism-payments-core\[cli\]"):
        cli.main()


def test_the_script_runs(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(sys, "argv", ["prism", "--version"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert "0.1.0" in capsys.readouterr().out


def test_the_module_runs() -> None:
    """`python -m prism_core.cli` is the same command."""
    command = [sys.executable, "-m", "prism_core.cli", "--version"]
    assert "prism" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_an_error_is_one_line_and_no_log_record(
    run: Callable[..., Result],
    server: Server,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the log says of an unknown outcome, the command says itself. Where the command cannot,
    after an interruption, the log's warning stays: it has the key."""
    server.answer(500)
    args = ["payments", "get", "--connector-transaction-id", "x", "--max-retries", "0"]
    assert len(run(*args).stderr.splitlines()) == 1
    assert caplog.records == []

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("prism_core.transport.transports.SyncTransport.send", interrupt)
    run(*args)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "interrupted" in caplog.text
