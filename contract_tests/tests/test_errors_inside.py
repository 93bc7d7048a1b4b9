"""Errors inside a 200: a connector that knows which of them did nothing passes, others fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lab import installed
from support import REFERENCE

from prism_contract_tests.report import Finding
from prism_contract_tests.runner import Run

ERRORS = "prism_acme/exchanges/errors.json"
INSIDE = {
    "documentation": "https://acme.example/docs/errors",
    "operations": ["authorize"],
    "answer": {
        "status": 200,
        "headers": {"content-type": "application/json", "acme-request": "req_1"},
        "json": {"code": "card_invalid", "message": "no such card"},
    },
    "error": {"type": "ConnectorError", "outcome": "rejected", "code": "card_invalid"},
}
OTHER = {
    **INSIDE,
    "answer": {**INSIDE["answer"], "json": {"code": "no_such_key", "message": "no such key"}},
    "error": {"type": "AuthenticationError", "outcome": "rejected", "code": "no_such_key"},
}
KNOWN = (
    'KNOWN = {"card_invalid": ErrorKind.INVALID_REQUEST, "no_such_key": ErrorKind.AUTHENTICATION}'
)
INTERNAL = KNOWN.replace("}", ', "INTERNAL": ErrorKind.INVALID_REQUEST}')
EACH = "ErrorKind.AUTHENTICATION if b'key' in response.body else ErrorKind.INVALID_REQUEST"


def found(folder: Path, known: str, kind: str) -> list[Finding]:
    """What the check finds for a connector that reads the kind of an error inside a 200 so."""
    changes = [
        ("class Acme(Events)", f"{known}\n\n\nclass Acme(Events)"),
        (
            "        problem = response.decode(Problem)\n",
            "        problem = response.decode(Problem)\n"
            "        if problem is not None and response.status_code == 200:\n"
            f"            kind = {kind}\n",
        ),
    ]
    errors = json.loads((REFERENCE / ERRORS).read_text())
    errors |= {"card-invalid": INSIDE, "no-such-key": OTHER}
    with installed(folder, changes=changes, files={ERRORS: json.dumps(errors)}) as name:
        run = Run(name)
        assert run.target.problems == []
        return [
            run.execute(entry)
            for entry in run.owed
            if entry[0] == "error-class-unknown" or "card-invalid" in entry[1]
        ]


def test_errors_that_the_connector_knows_pass(tmp_path: Path) -> None:
    kind = "KNOWN.get(problem.code, ErrorKind.OTHER)"
    assert [one for one in found(tmp_path, KNOWN, kind) if one.verdict != "passed"] == []


@pytest.mark.parametrize(
    ("known", "kind", "words"),
    [
        (KNOWN, "KNOWN.get(problem.code, ErrorKind.INVALID_REQUEST)", "no word of the error"),
        (KNOWN, EACH, "no word of the error"),
        (INTERNAL, "KNOWN.get(problem.code, ErrorKind.OTHER)", "INTERNAL"),
    ],
)
def test_errors_of_an_unknown_class_that_did_nothing_fail(
    tmp_path: Path, known: str, kind: str, words: str
) -> None:
    """An error of a class that nobody knows is told as rejected, or an internal error is."""
    wrong = [one for one in found(tmp_path, known, kind) if one.verdict != "passed"]
    assert {one.check for one in wrong} == {"error-class-unknown"}
    assert all(words in one.message for one in wrong)
