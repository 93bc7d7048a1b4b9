"""`prism hooks` and `prism schema`: what an author reads in the terminal, with nothing built."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from prism_core import ConnectorInfo, PaymentStatus
from prism_core.cli import described
from prism_core.cli.app import prism
from prism_core.connector.operations import OPERATIONS, request_type, result_type
from prism_core.schema import event_kinds, status
from prism_core.schema.meanings import MEANINGS


def said(*args: str) -> str:
    return run(*args).output


def run(*args: str) -> Result:
    return CliRunner().invoke(prism, list(args))


def read(*args: str) -> Any:
    return json.loads(said(*args, "--json"))


def test_every_hook_is_listed() -> None:
    """With what it takes, returns and is for."""
    listed = {one["hook"]: one for one in read("hooks")}
    assert set(listed) == {*OPERATIONS, "parse_error", "sign_event"}
    assert listed["refund"] == {
        "hook": "refund",
        "client": "payments.refund",
        "takes": {"request": "RefundRequest", "account": "Account"},
        "returns": "Refund",
        "summary": "Refund captured money: `request.amount`, or all that is left if no amount is "
        "given.",
    }
    text = said("hooks")
    for one in listed.values():
        assert one["summary"]
        assert one["hook"] in text
        assert one["returns"] in text


def test_one_hook_is_shown_in_full() -> None:
    text = said("hooks", "authorize")
    assert text.startswith("def authorize(self, request: AuthorizeRequest, account: Account) -> ")
    assert str(inspect.getdoc(OPERATIONS["authorize"])) in text
    assert "prism schema authorize" in text
    assert read("hooks", "authorize")["about"] in text
    parsing = said("hooks", "parse_error")
    assert "(self, response: HttpResponse, account: Account) -> ErrorAnswer | None" in parsing
    assert "prism schema" not in parsing


def test_an_operations_fields_are_shown() -> None:
    """Type, meaning and units; what a connector must send, and what it may leave out."""
    found = read("schema", "authorize")
    assert found["client"] == "payments.authorize"
    fields = {one["field"]: one for one in found["request"]["fields"]}
    assert fields["amount"] == {
        "field": "amount",
        "type": "Money",
        "given": "needed",
        "meaning": "The amount, in the currency's minor units.",
    }
    given = {name: one["given"] for name, one in fields.items()}
    assert given["return_url"] == "optional"
    assert given["locale"] == "descriptive"
    assert given["timeout"] == given["idempotency_key"] == "core"
    assert fields["capture_method"]["type"] == "CaptureMethod"
    assert "'en-US'" in fields["locale"]["meaning"]
    reported = {one["field"]: one["given"] for one in found["result"]["fields"]}
    assert reported["status"] == "needed"
    assert reported["captured_amount"] == "optional"
    assert reported["not_sent"] == "core"
    assert "class" not in reported.values()
    names = [one["name"] for one in found["enumerations"]]
    assert names[0] == "CaptureMethod"
    assert names[-1] == "PaymentStatus"


def test_an_operation_is_readable() -> None:
    text = said("schema", "refund")
    for words in (
        "refund is called by payments.refund",
        "RefundRequest: Captured money",
        "needed: must be given",
        "REFUND_PENDING",
    ):
        assert words in text
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_field_has_a_meaning(name: str) -> None:
    """In the docstring of its class, or once for all classes."""
    for kind in (request_type(name), result_type(name)):
        for field in described.struct(kind)["fields"]:
            assert field["meaning"], f"{kind.__name__}.{field['field']}"


def test_no_meaning_is_of_a_field_that_is_not_there() -> None:
    kinds = [of(name) for name in OPERATIONS for of in (request_type, result_type)]
    fields = {name for kind in kinds for name in kind.__struct_fields__}
    assert set(MEANINGS) <= fields | {"name", "email", "phone"}


@pytest.mark.parametrize(
    "kind",
    [
        one
        for module in (status, event_kinds)
        for one in vars(module).values()
        if isinstance(one, type) and one.__module__ == module.__name__
    ],
    ids=lambda kind: kind.__name__,
)
def test_every_status_has_a_meaning(kind: Any) -> None:
    assert all(described.enumeration(kind)["values"].values())


def test_a_final_status_says_so() -> None:
    values = described.enumeration(PaymentStatus)["values"]
    final = {name for name, meaning in values.items() if meaning.endswith("Final.")}
    assert final == {one for one in PaymentStatus if not one.can_still_change}


def test_a_type_is_shown_by_name() -> None:
    text = said("schema", "PaymentStatus")
    assert "AUTHORIZED" in text
    assert "The money is held" in text
    assert read("schema", "PaymentStatus")["values"]["VOIDED"].startswith("It was cancelled")
    assert "12 to 19 digits" in said("schema", "Card")
    assert read("schema", "Card")["fields"][0]["type"] == "Secret"
    about_info = {one["field"]: one["meaning"] for one in read("schema", "ConnectorInfo")["fields"]}
    assert all(about_info.values())
    assert set(about_info) == set(ConnectorInfo.__struct_fields__)


def test_what_an_account_declares_is_shown() -> None:
    """The attributes of the class, too: they are most of an account."""
    fields = {one["field"]: one for one in read("schema", "OAuthAccount")["fields"]}
    assert fields["idempotency_header"]["given"] == "class"
    assert fields["idempotency_header"]["type"] == "str"
    assert fields["token_path"]["given"] == "class"
    assert fields["client_secret"]["given"] == "needed"
    assert "descriptive" not in fields


def test_what_there_is_is_listed() -> None:
    assert "operations: create_customer" in said("schema")
    listed = read("schema")
    assert "authorize" in listed["operations"]
    assert {"Card", "PaymentStatus", "ErrorAnswer"} <= set(listed["types"])


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("hooks", "authorise"), "did you mean authorize?"),
        (("hooks", "recurring.setup"), "did you mean setup_recurring?"),
        (("hooks", "qqq"), "there are create_customer, get_customer"),
        (("schema", "payments.get"), "did you mean get_payment?"),
        (("schema", "Crad"), "did you mean Card?"),
    ],
)
def test_a_wrong_name_says_which_is_meant(args: tuple[str, ...], words: str) -> None:
    done = run(*args)
    assert done.exit_code == 2
    assert words in done.output


def test_without_sources_the_meanings_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a frozen program: all else is shown."""

    def missing(kind: object) -> str:
        raise OSError("could not get source code")

    monkeypatch.setattr(described, "getsource", missing)
    described.attributes.cache_clear()
    try:
        assert set(described.enumeration(PaymentStatus)["values"].values()) == {""}
    finally:
        described.attributes.cache_clear()
