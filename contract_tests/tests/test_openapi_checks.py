"""The checks against a processor's document: the reference connector's, and Stripe's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lab import Mutant, installed
from support import REFERENCE

from prism_contract_tests.check import CHECKS, Failed
from prism_contract_tests.openapi import Description
from prism_contract_tests.runner import Run
from prism_contract_tests.target import open_target

STRIPE = Path(__file__).parents[3].joinpath("shared", "specs", "stripe.openapi.json")


def _body(kind: str, schema: Any) -> dict[str, Any]:
    return {"content": {kind: {"schema": schema}}, "required": True, "description": ""}


def acme_document() -> dict[str, Any]:
    """What the reference connector's processor would publish."""
    text, whole = {"type": "string"}, {"type": "integer"}
    card = {"number": text, "month": whole, "year": whole, "cvc": text, "holder": text}
    asked = {
        "ref": text,
        "amount": whole,
        "currency": text,
        "card": {"type": "object", "properties": card},
        "customer": text,
        "take": {"type": "boolean"},
        "return_url": text,
        "off_session": {"type": "boolean"},
        "metadata": {"type": "object", "additionalProperties": text},
    }
    person = {"ref": text, "name": text, "email": text, "metadata": asked["metadata"]}
    person |= {"phone": text, "address": {"type": "object"}}
    error = _body("application/json", {"type": "object", "required": ["code"]})

    def post(properties: Any, answer: Any) -> dict[str, Any]:
        asked = _body("application/json", {"type": "object", "properties": properties})
        return {"post": {"requestBody": asked, "responses": {"201": answer, "4XX": error}}}

    payment = {
        "type": "object",
        "required": ["id", "state"],
        "properties": {
            "amount": whole,
            "state": {"anyOf": [{"$ref": "#/components/schemas/State"}, {"type": "integer"}]},
            "currency": {"type": "string", "enum": ["JPY", "KWD", "USD"]},
        },
    }
    state = {"type": "string", "enum": ["ok", "paid", "refused", "waiting", "challenge", "void"]}
    paid = _body("application/json", payment)
    made = _body("application/json", {"type": "object", "required": ["id"]})
    paying = post(asked, paid)
    paying["post"]["responses"].update({"202": paid, "402": paid})
    looked = {"get": {"responses": {"200": paid, "401": error, "404": error}}}
    taking = post({"amount": whole}, paid)
    taking["post"]["responses"].update({"200": paid, "402": paid})
    paths = {
        "/customers": post(person, made),
        "/payments": paying,
        "/payments/{id}": looked,
        "/payments/{id}/capture": taking,
    }
    schemas = {"State": state}
    return {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}


def failures(folder: Path, mutant: Mutant | None) -> dict[str, list[str]]:
    """The cases that fail, by check."""
    with installed(folder, mutant) as name:
        target = open_target(name)
        target.openapi = acme_document()
        found: dict[str, list[str]] = {}
        for check in ("openapi-requests", "openapi-responses", "status-words"):
            for case in CHECKS[check].cases(target):
                try:
                    CHECKS[check].run(target, case)
                except Failed:
                    found.setdefault(check, []).append(case)
    return found


SUCCESS = "prism_acme/exchanges/authorize/success.json"
NAMED = Mutant("", "", '"name": request.name,', '"full_name": request.name,')
TYPED = Mutant("", "", '"month": method.exp_month', '"month": str(method.exp_month)')
SENT = Mutant("", "", '"/payments",', '"/payment",')
VOIDED = Mutant("", "", '    "void": PaymentStatus.VOIDED,\n', "")
ANSWERED = Mutant("", "", '"id": "pay_1"', '"uid": "pay_1"', SUCCESS)


@pytest.mark.parametrize(
    ("mutant", "killer"),
    [
        (None, None),
        (NAMED, "openapi-requests"),
        (TYPED, "openapi-requests"),
        (SENT, "openapi-requests"),
        (ANSWERED, "openapi-responses"),
        (VOIDED, "status-words"),
    ],
    ids=["acme", "another name", "another type", "another path", "another answer", "a word less"],
)
def test_the_checks_kill_their_mutants(
    tmp_path: Path, mutant: Mutant | None, killer: str | None
) -> None:
    """The reference connector conforms; one that sends or expects something else is caught."""
    assert list(failures(tmp_path, mutant)) == ([] if killer is None else [killer])


def test_words_are_told_by_their_field(tmp_path: Path) -> None:
    """One case for each enumerated field; the words that are missing are in one sentence, also
    where another field decides nothing. A word that an exchange shows as UNRESOLVED is known."""
    with installed(tmp_path, VOIDED) as name:
        target = open_target(name)
        target.openapi = acme_document()
        assert list(CHECKS["status-words"].cases(target)) == ["currency", "state"]
        assert CHECKS["status-words"].run(target, "currency") > 3
        with pytest.raises(Failed, match=r"words: void \(authorize/[a-z-]+ \$\.state\)$"):
            CHECKS["status-words"].run(target, "state")
    shown = json.loads((REFERENCE / SUCCESS).read_text())
    shown["steps"][0]["response"]["json"]["state"] = "void"
    shown["kind"], shown["result"]["status"] = "other", "UNRESOLVED"
    more = {"prism_acme/exchanges/authorize/void.json": json.dumps(shown)}
    with installed(tmp_path, VOIDED, files=more) as name:
        target = open_target(name)
        target.openapi = acme_document()
        assert CHECKS["status-words"].run(target, "state") > 3


def test_a_document_that_cannot_be_used_has_no_words(tmp_path: Path) -> None:
    """The other checks say what is wrong with it."""
    with installed(tmp_path) as name:
        target = open_target(name)
        target.openapi = acme_document()
        del target.openapi["components"]
        assert list(CHECKS["status-words"].cases(target)) == []


def test_without_a_document_nothing_is_owed(tmp_path: Path) -> None:
    """The two checks have no cases until the user gives a document."""
    with installed(tmp_path) as name:
        target = open_target(name)
        assert CHECKS["openapi-requests"].cases(target) == []
        assert CHECKS["openapi-responses"].cases(target) == []
        assert CHECKS["status-words"].cases(target) == []


def test_stripe_is_certified_against_its_own_document() -> None:
    """Every request and answer of prism-stripe's exchanges is valid by what Stripe publishes."""
    if not STRIPE.is_file():
        pytest.skip("shared/specs/stripe.openapi.json is not beside the repository")
    run = Run("stripe", openapi=msgspec.json.decode(STRIPE.read_bytes()))
    judged = [run.execute(entry) for entry in run.owed if entry[0].startswith("openapi-")]
    assert [(one.case, one.message) for one in judged if one.verdict != "passed"] == []
    assert len(judged) > 40


def test_a_list_may_have_empty_brackets_in_its_name() -> None:
    """Razorpay's `expand[]=card`: the parameter's own name, and no nested form."""
    expand = {"name": "expand[]", "in": "query", "schema": {"type": "array"}}
    get = {"parameters": [expand], "responses": {}}
    known = Description({"openapi": "3.0.3", "paths": {"/payments": {"get": get}}})
    assert known.violations("GET", "https://api.acme.example/payments?expand[]=card", {}) == []
    wrong = known.violations("GET", "https://api.acme.example/payments?other[]=card", {})
    assert "brackets" in wrong[0]
