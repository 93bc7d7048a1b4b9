"""`prism exchanges`: recording, showing, checking and formatting the files of exchanges."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from lab import Mutant, installed
from planted import PLANTED
from servers import answering
from support import REFERENCE

import prism_contract_tests
from prism_contract_tests.commands.exchanges import exchanges
from prism_contract_tests.target import open_target

pytestmark = pytest.mark.once

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


@pytest.mark.parametrize("command", ["check", "show"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, command: str) -> None:
    """It hides all other exchanges, so that nothing can be said to be as it should be."""
    broken = {"prism_acme/exchanges/get_payment/success.json": '{"operation": "get_payment"'}
    with installed(tmp_path, files=broken) as name:
        code, said = run(command, name)
    assert code == 1
    assert "get_payment/success.json" in said
