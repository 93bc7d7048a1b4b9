"""Where what was built is another than an exchange: each path that differs, and no secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lab import Mutant, findings_of
from small import small

from prism_contract_tests.differences import differences
from prism_contract_tests.report import Evidence
from prism_contract_tests.runner import Run

LIVE = "sk_live_of_somebody"
VALUES = st.recursive(
    st.none() | st.integers(0, 2) | st.sampled_from(["", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
)


@pytest.mark.parametrize(
    ("expected", "got", "lines"),
    [
        ({"amount": 1000}, {"amount": 999}, ["amount: expected 1000, got 999"]),
        ({"key": "k"}, {}, ['key: missing, expected "k"']),
        ({}, {"extra": {"a": None}}, ['extra: not expected, got {"a":null}']),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3, 4]}},
         ["a.b[1]: expected 2, got 3", "a.b[2]: not expected, got 4"]),
        ({"card": {"cvc": "1"}}, {"card": "1"}, ['card: expected {"cvc":"1"}, got "1"']),
        ({"a": None}, {"a": 0}, ["a: expected null, got 0"]),
        ({"a": None}, {}, ["a: missing, expected null"]),
        ({"a": True}, {"a": 1}, ["a: expected true, got 1"]),
    ],
)  # fmt: skip
def test_each_path_that_differs_is_a_line(expected: Any, got: Any, lines: list[str]) -> None:
    """Another value, one that is missing and one too many are said apart, at the deepest path."""
    assert differences(expected, got).splitlines() == lines
    assert differences([expected], [got], "steps").startswith(f"steps[0].{lines[0]}")


@given(VALUES, VALUES)
def test_no_path_differs_only_between_equals(one: Any, other: Any) -> None:
    """What decides is whether anything differs, so nothing that differs goes unsaid."""
    assert (differences(one, other) == "") is (one == other)
    assert differences(one, one) == ""


@pytest.fixture
def wrong(request: pytest.FixtureRequest, tmp_path: Path) -> Evidence:
    """What the contract saw of a connector with one text replaced."""
    check, old, new = request.param
    found = findings_of(tmp_path, Mutant("wrong", check, old, new), check)
    (evidence,) = (one.evidence for one in found if one.case == "create_customer/success")
    assert evidence is not None
    return evidence


REQUESTS = [
    ('"email": request.email', '"mail": request.email',
     'json.email: missing, expected "ada@example.com"\n'
     'json.mail: not expected, got "ada@example.com"'),
    ('idempotency_header = "Acme-Key"', 'idempotency_header = "Request-Key"',
     'headers.acme-key: missing, expected "key_1"'),
    ('"/customers"', '"/customer"', 'path: expected "/customers", got "/customer"'),
]  # fmt: skip
RESULTS = [
    ("connector_customer_id=body.id", 'connector_customer_id="x" + body.id',
     'connector_customer_id: expected "cust_1", got "xcust_1"'),
    ("connector_customer_id=body.id", "existed=True, connector_customer_id=body.id",
     "existed: not expected, got true"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "lines"),
    [
        *(((check, old, new), said)
          for check in ("exchange-request", "exchange-async") for old, new, said in REQUESTS),
        *(((check, old, new), said)
          for check in ("exchange-result", "exchange-async") for old, new, said in RESULTS),
    ],
    indirect=["wrong"],
)  # fmt: skip
def test_a_check_of_an_exchange_names_the_paths(wrong: Evidence, lines: str) -> None:
    """A wrong field, header, path or result is said in the words of the exchange's own file."""
    assert wrong.differences == lines
    assert wrong.expected is not None
    assert wrong.got is not None


def test_another_error_names_what_differs_and_says_it(tmp_path: Path) -> None:
    """Of an error its type, outcome or code; and the message says what the call ended in."""
    mutant = Mutant("wrong", "", "401: ErrorKind.AUTHENTICATION", "401: ErrorKind.NOT_FOUND")
    found = findings_of(tmp_path, mutant, "error-answers")
    (finding,) = (one for one in found if one.case == "get_payment/errors:key-invalid")
    assert finding.evidence is not None
    assert finding.evidence.differences == 'type: expected "AuthenticationError", got "NotFound"'
    assert "otherwise than the exchange says: NotFound (rejected): " in finding.message


def test_a_credential_of_a_live_run_is_masked_in_a_path(tmp_path: Path) -> None:
    """What a live run was given is nowhere in the evidence, the differences among it."""
    planted = ('"email": request.email', f'"email": "{LIVE}", "{LIVE}": "a"')
    with small(tmp_path, planted) as name:
        run = Run(name, live={"api_key": LIVE})
        finding = run.execute(("exchange-request", "create_customer/success"))
    assert finding.evidence is not None
    assert finding.evidence.differences == (
        'json.email: expected "ada@example.com", got "[secret]"\n'
        'json.[secret]: not expected, got "a"'
    )
    assert LIVE not in msgspec.json.encode(finding).decode()
