"""Recording, showing and checking exchanges: nothing private is written, and it all replays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from lab import Mutant, installed
from planted import PLANTED
from servers import answering, localstripe, stripe_token
from support import REFERENCE

import prism_contract_tests
from prism_contract_tests import recording, scrub
from prism_contract_tests.check import CHECKS
from prism_contract_tests.commands.exchanges import exchanges
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.target import Target, open_target
from prism_sandbox.server import running

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
REPLAYED = ("exchange-request", "exchange-result", "exchange-async", "exchanges-scrubbed")
PERSON = {
    "name": "Augusta King",
    "email": "augusta@king.name",
    "phone": "+14155552671",
    "address": {"line1": "12 St James Square", "city": "Westminster", "zip_code": "SW1Y 4JH"},
}
PRIVATE = ("Augusta", "king.name", "4155552671", "James Square", "Westminster", "SW1Y")
CARD = {"type": "card", "number": "4242424242424242", "exp_month": 12, "exp_year": 2090}


def written(made: Exchange) -> Exchange:
    """The exchange as it is read back from its file."""
    back = msgspec.json.decode(recording.as_json(made), type=Exchange)
    back.name = made.name
    return back


def assert_replays(target: Target, made: Exchange) -> None:
    """The file passes the checks of exchanges."""
    alone = msgspec.structs.replace(target, exchanges=[written(made)])
    for name in REPLAYED:
        CHECKS[name].run(alone, made.name)


def take(
    target: Target, operation: str, kind: Any, request: dict[str, Any], **account: Any
) -> Exchange:
    """Records one exchange."""
    docs = target.connector.info.docs
    return recording.record(
        target, operation, kind, request, account, documentation=docs, recorded="a test"
    )


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """The address of a sandbox server."""
    with running() as url:
        yield url


@pytest.fixture(scope="module")
def stripe() -> Iterator[str]:
    """The address of a localstripe."""
    with localstripe() as url:
        yield url


def test_a_customer_is_recorded_without_the_person(sandbox: str) -> None:
    """A name, an email address, a phone and a street that were sent are nowhere in the file."""
    target = open_target("sandbox")
    request = {"merchant_customer_id": "user_7", **PERSON}
    made = take(
        target,
        "create_customer",
        "success",
        request,
        api_key="sandbox_9f8e7d6c5b",
        base_url=sandbox,
    )
    text = recording.as_json(made)
    assert [word for word in (*PRIVATE, "sandbox_9f8e7d6c5b") if word in text] == []
    assert made.request["merchant_customer_id"] == "user_7"
    assert made.recorded == "a test"
    assert_replays(target, made)


@pytest.mark.parametrize(
    ("kind", "number", "status"),
    [
        ("success", "4242424242424242", "CHARGED"),
        ("decline", "4000000000009995", "AUTHORIZATION_FAILED"),
        ("authentication_required", "4000002500003155", "AUTHENTICATION_PENDING"),
        ("pending", "4000000000000101", "PENDING"),
    ],
)
def test_a_payment_of_every_kind_is_recorded(
    sandbox: str, kind: str, number: str, status: str
) -> None:
    """What the sandbox server answers to its test cards becomes an exchange that replays."""
    target = open_target("sandbox")
    request = {
        "merchant_transaction_id": "order_7",
        "amount": {"minor_amount": 1999, "currency": "EUR"},
        "payment_method": {**CARD, "number": number, "cvc": "987"},
    }
    made = take(target, "authorize", kind, request, api_key="sandbox_example", base_url=sandbox)
    assert made.result is not None
    assert made.result["status"] == status
    assert made.request["payment_method"]["cvc"] == "123"
    assert_replays(target, made)


@pytest.mark.parametrize(
    ("kind", "changes", "key"),
    [
        ("authentication_error", {}, "no_such_account"),
        ("validation_error", {"connector_customer_id": "cus_nobody"}, "sandbox_example"),
    ],
)
def test_an_error_is_recorded(sandbox: str, kind: str, changes: dict[str, str], key: str) -> None:
    """A refused key and a refused request become exchanges that end in the same error."""
    target = open_target("sandbox")
    request = {
        "merchant_transaction_id": "order_8",
        "amount": {"minor_amount": 100, "currency": "USD"},
        "payment_method": {**CARD, "cvc": None},
        **changes,
    }
    made = take(target, "authorize", kind, request, api_key=key, base_url=sandbox)
    assert made.error is not None
    assert "no_such_account" not in recording.as_json(made)
    assert_replays(target, made)


def test_a_card_that_is_no_test_card_becomes_one(sandbox: str) -> None:
    """The number of a real card is replaced in the request; its holder's name too."""
    target = open_target("sandbox")
    request = {
        "merchant_transaction_id": "order_9",
        "amount": {"minor_amount": 100, "currency": "USD"},
        "payment_method": {**CARD, "number": "4929421234600821", "holder_name": "Augusta King"},
    }
    request["payment_method"]["cvc"] = "987"  # type: ignore[index]
    made = take(target, "authorize", "decline", request, api_key="sandbox_k", base_url=sandbox)
    assert "4929421234600821" not in recording.as_json(made)
    assert made.request["payment_method"]["number"] == scrub.PLACEHOLDERS["card"]
    assert made.request["payment_method"]["holder_name"] == "Ada Lovelace"
    assert_replays(target, made)


def test_customers_and_payments_are_recorded_from_localstripe(stripe: str) -> None:
    """A customer, a charge and a decline at localstripe replay, with their own data gone."""
    target, account = open_target("stripe"), {"api_key": "sk_test_12345", "base_url": stripe}
    created = take(
        target,
        "create_customer",
        "success",
        {"merchant_customer_id": "user_7", **PERSON},
        **account,
    )
    for kind, number in [("success", "4242424242424242"), ("decline", "4000000000000341")]:
        request = {
            "merchant_transaction_id": "order_7",
            "amount": {"minor_amount": 1234, "currency": "EUR"},
            "payment_method": stripe_token(stripe, number),
        }
        assert_replays(target, take(target, "authorize", kind, request, **account))
    text = recording.as_json(created)
    assert [word for word in (*PRIVATE, "sk_test_12345") if word in text] == []
    assert_replays(target, created)


HEADERS = {"set-cookie": "session=3f9a1c0de5b72844", "x-request-id": "req_81732"}


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Path]:
    """The reference connector without its first exchange; gives where that belongs."""
    lost = "prism_acme/exchanges/get_payment/success.json"
    with installed(tmp_path, Mutant("", "", file=lost, new=None)) as name:
        yield open_target(name).package / "exchanges" / "get_payment" / "success.json"


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    """Runs `prism exchanges ...`; its exit code and what it said."""
    env = {"PRISM_ACME_API_KEY": "key_of_a_merchant", **environment}
    done = CliRunner().invoke(exchanges, arguments, env=env)
    return done.exit_code, done.output


def test_a_secret_planted_in_an_answer_does_not_reach_the_file(acme: Path, tmp_path: Path) -> None:
    """`prism exchanges record` writes keys, tokens, people and cookies of an answer nowhere."""
    asked = tmp_path / "request.json"
    asked.write_text('{"connector_transaction_id": "pay_77"}')
    body = {"id": "pay_77", "state": "paid", "amount": 5, "currency": "JPY", "x": {"y": [PLANTED]}}
    with answering((200, HEADERS, body)) as url:
        code, said = run(
            *("record", "acme", "get_payment", "--kind", "success", "--as", "success"),
            *("--request", str(asked)),
            PRISM_ACME_BASE_URL=url,
        )
    assert (code, said) == (
        0,
        "wrote exchanges/get_payment/success.json; read it before you publish it\n",
    )
    text = acme.read_text()
    left = [name for name, value in {**PLANTED, **HEADERS}.items() if value in text]
    assert left == []
    assert "key_of_a_merchant" not in text
    assert "127.0.0.1, 20" in text
    assert run("check", "acme")[0] == 0


WAYS = {
    "DE44718392540663917284": {"type": "sepa", "holder_name": "Augusta King"},
    "Kk3pZ9vQm2XtR8s": {"type": "apple_pay"},
    "839217": {"type": "redirect", "payment_method_type": "BLIK"},
}


@pytest.mark.parametrize(
    ("kind", "part", "secret", "state"),
    [
        ("pending", "iban", "DE44718392540663917284", "waiting"),
        ("success", "payment_data", "Kk3pZ9vQm2XtR8s", "paid"),
        ("authentication_required", "code", "839217", "challenge"),
    ],
)
def test_what_pays_without_a_card_is_replaced(
    tmp_path: Path, kind: str, part: str, secret: str, state: str
) -> None:
    """An IBAN, a wallet's payment and a code of an app are in no recorded file, even if the answer
    repeats them."""
    value = f'{{"data":"{secret}"}}' if part == "payment_data" else secret
    request = {
        "merchant_transaction_id": "order_9",
        "amount": {"minor_amount": 100, "currency": "EUR"},
        "payment_method": {**WAYS[secret], part: value},
        "idempotency_key": "once_9",
    }
    body = {"id": "pay_77", "state": state, "ref": "order_9", "currency": "EUR", "said": value}
    with installed(tmp_path, pages=True) as name, answering((200, {}, body)) as url:
        target = open_target(name)
        made = take(target, "authorize", kind, request, api_key="key_x", base_url=url)
        assert_replays(target, made)
    assert secret not in recording.as_json(made)
    assert "Augusta" not in recording.as_json(made)


def test_an_answer_of_another_kind_is_not_written(acme: Path, tmp_path: Path) -> None:
    """A success that was none, or a server that does not answer, leaves no file behind."""
    asked = tmp_path / "request.json"
    asked.write_text('{"connector_transaction_id": "pay_77"}')
    command = ["record", "acme", "get_payment", "--kind", "success", "--as", "success"]
    with answering((404, {}, {"code": "unknown_payment"})) as url:
        code, said = run(*command, "--request", str(asked), PRISM_ACME_BASE_URL=url)
    assert code == 1
    assert "asked for a success, and the call came to NotFound" in said
    code, said = run(*command, "--request", str(asked), PRISM_ACME_BASE_URL=url)
    assert code == 1
    assert "nothing was answered" in said
    assert not acme.exists()


def test_a_file_that_is_there_is_not_overwritten(acme: Path) -> None:
    """Recording over an exchange needs --force."""
    code, said = run("record", "acme", "authorize", "--kind", "decline", "--as", "decline")
    assert code == 1
    assert "--force" in said


def test_show_lists_exchanges_and_shows_one(acme: Path) -> None:
    """Every exchange is a line; one of them is shown whole, on request."""
    code, said = run("show", "acme")
    assert (code, len(said.splitlines())) == (0, 19)
    code, said = run("show", "acme", "authorize/decline")
    assert code == 0
    for part in ("sent POST /payments", "answered 402", "came to AUTHORIZATION_FAILED"):
        assert part in said
    assert run("show", "acme", "authorize/nothing")[0] == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"kind": "decline"', '"kind": "refusal"', "decline.json: schema: kind: 'refusal'"),
        ('"ada', '"augusta', ""),
        ('"Ada Lovelace"', '"ada@lovelace.name"', "exchanges-scrubbed: it holds an email"),
        ('"no_funds"', '"no_money"', "exchange-result: the result is another"),
        ('"capture_method"', '"capture"', "no request.capture"),
    ],
)
def test_check_names_what_is_wrong(tmp_path: Path, old: str, new: str, said: str) -> None:
    """`prism exchanges check` prints one line for each thing wrong, and exits with 1."""
    file = "prism_acme/exchanges/authorize/decline.json"
    text = (REFERENCE / file).read_text()
    with installed(tmp_path, Mutant("", "", old if old in text else "", text, file)) as name:
        path = open_target(name).package / "exchanges/authorize/decline.json"
        path.write_text(text.replace(old, new))
        code, printed = run("check", "acme")
    assert said in printed
    assert code == (1 if old in text else 0)


def test_format_gives_every_file_the_usual_form(acme: Path) -> None:
    """`prism exchanges format` writes the files that have another form, and no others."""
    files = acme.parents[1]
    file = files / "authorize" / "decline.json"
    before, times = file.read_text(), {path: path.stat().st_mtime_ns for path in files.rglob("*")}
    file.write_text(json.dumps(json.loads(before), indent=8))
    assert run("format", "acme") == (0, "1 files of acme written anew\n")
    assert file.read_text() == before
    assert [path for path in times if path.stat().st_mtime_ns != times[path]] == [file]
    file.write_text("{")
    assert run("format", "acme") == (1, f"Error: {file.name} is no JSON: {BROKEN}\n")


BROKEN = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"


def test_the_published_schema_is_printed() -> None:
    """`prism exchanges schema` prints what exchange.schema.json holds."""
    path = Path(prism_contract_tests.__file__).parent / "exchange.schema.json"
    assert path.read_text() == run("schema")[1], "run: nox -s pages"
