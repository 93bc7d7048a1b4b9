"""A fault is told once: how much one small mistake prints, and that nothing is lost by it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from lab import Mutant, installed
from rich.console import Console

from prism_contract_tests.causes import Causes
from prism_contract_tests.check import Failed
from prism_contract_tests.differences import differences
from prism_contract_tests.render import terminal
from prism_contract_tests.report import Evidence, Finding, Report
from prism_contract_tests.runner import Run, certify

pytestmark = pytest.mark.once

SUCCESS = "prism_acme/exchanges/{}/success.json"
MISTAKES = {
    "a missing exchange": (
        Mutant("", "", file=SUCCESS.format("capture"), new=None),
        "exchanges-complete on capture",
        "capture has no exchange of kind success",
    ),
    "a missing exchange that others name": (
        Mutant("", "", file=SUCCESS.format("authorize"), new=None),
        "exchanges-complete on authorize",
        "authorize has no exchange of kind success",
    ),
    "a file that is no JSON": (
        Mutant("", "", file=SUCCESS.format("capture"), new="{"),
        "exchanges-readable on connector",
        "capture/success.json is no JSON",
    ),
    "a wrong path": (
        Mutant("", "", '"/payments/{}/capture"', '"/payments/{}/captures"'),
        "exchange-request on capture/success",
        'steps[1].request.path: expected "/payments/pay_1/capture", got',
    ),
    "a misspelt field": (
        Mutant("", "", '"currency": request.amount', '"curency": request.amount'),
        "exchange-request on authorize/authentication-required",
        'json.curency: not expected, got "USD"',
    ),
    "a wrong id": (
        Mutant("", "", "connector_customer_id=body.id", 'connector_customer_id="x" + body.id'),
        "exchange-result on create_customer/success",
        'connector_customer_id: expected "cust_1", got "xcust_1"',
    ),
    "a flow that raises": (
        Mutant("", "", '"ref": request.merchant_tr', '"ref": request.mercant_tr'),
        "exchange-request on authorize/authentication-required",
        "AttributeError in authorize, line ",
    ),
}
MOST_LINES = 11
"""Of them three are the connector's name, the verdict and the versions."""


def told(report: Report) -> str:
    out = io.StringIO()
    terminal.print_reports([report], Console(file=out, width=120, highlight=False))
    return out.getvalue()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_one_mistake_is_told_once(tmp_path: Path, mistake: str) -> None:
    """In eleven lines with the file or the path that is wrong; whatever else failed for it is
    counted, as failed and as waiting."""
    mutant, name, said = MISTAKES[mistake]
    with installed(tmp_path, mutant) as connector:
        report = certify(connector)
    text = told(report)
    assert [one.name for one, _ in report.faults] == [name]
    assert said in " ".join(text.split())
    long_path = 2 if "raises" in mistake else 0  # that of this test's folder, in several lines
    assert len(text.splitlines()) <= MOST_LINES + long_path
    assert not report.ok
    (waiting,) = (checks.total() for _, checks in report.faults)
    assert len(report.failed) == waiting + 1 > 2
    assert f"{waiting} checks wait for it: " in text


VERIFIED = "        signatures.verify(secrets, message, [signatures.from_hex(given)])\n"


def test_a_handler_that_verifies_nothing_is_told_once_by_each_check(tmp_path: Path) -> None:
    """However many exchanges of events there are, each of which ends otherwise."""
    with installed(tmp_path, Mutant("", "", VERIFIED)) as connector:
        report = certify(connector)
    failed = [one for one in report.failed if one.check.startswith("events-")]
    names = [one.name for one, _ in report.faults if one.check.startswith("events-")]
    assert {one.check for one in failed} == {name.split()[0] for name in names}
    assert len(failed) > len(names) == len({name.split()[0] for name in names})


MISSPELT = "Cannot query field 'x' on type 'Payment'. (line 1)"
LONG_TEXT = 'json.query: from character {} on, expected ..."orderId"..., got ..."orderIdd"...'
PATH = 'steps[{}].request.path: expected "/pay/{}/{}", got "/pays/{}/{}"'


@pytest.mark.parametrize(
    ("first", "second", "waits"),
    [
        (("money-read", "refund", "1 JPY"), ("money-read", "capture", "1 JPY"), False),
        (("events-named", "refund/a", "no"), ("events-named", "refund/b", "no"), True),
        (("events-named", "refund/a", "no"), ("events-signed", "refund/b", "no"), False),
        (("error-answers", "void/errors:a", "no"), ("error-answers", "get/errors:a", "no"), True),
        (("error-answers", "void/errors:a", "no"), ("error-answers", "void/errors:b", "x"), False),
        (("error-answers", "void/errors:a", "no"), ("error-answers", "get/errors:b", "no"), False),
        (("graphql-requests", "void", MISSPELT), ("graphql-requests", "refund", MISSPELT), True),
        (("graphql-requests", "void", MISSPELT),
         ("graphql-requests", "refund", f"{MISSPELT}; Unknown argument 'y'"), False),
        (("graphql-responses", "void", "x is not selected (void/a)"),
         ("graphql-responses", "refund", "x is not selected (refund/b)"), True),
        (("exchange-request", "void/a", "", LONG_TEXT.format(82)),
         ("exchange-request", "refund/b", "", LONG_TEXT.format(101)), True),
        (("exchange-request", "void/a", "", PATH.format(0, 1, "void", 1, "void")),
         ("exchange-request", "refund/b", "", PATH.format(1, 2, "refund", 2, "refund")), True),
        (("exchange-request", "void/a", "", PATH.format(0, 1, "void", 1, "void")),
         ("exchange-request", "refund/b", "", PATH.format(1, 2, "refund", 2, "refunds")), False),
    ],
)  # fmt: skip
def test_the_same_fault_is_known_by_what_is_said_of_it(
    tmp_path: Path, first: tuple[str, ...], second: tuple[str, ...], waits: bool
) -> None:
    """The ends of two calls are never quite the same, and neither are the ids in their paths."""
    with installed(tmp_path) as connector:
        causes = Causes(Run(connector).target, [])
        told = [
            causes.of((check, case), Failed(said, Evidence(got=case, differences="\n".join(more))))
            for check, case, said, *more in (first, second)
        ]
    assert told == [None, first[:2] if waits else None]


def test_two_mistakes_are_both_told(tmp_path: Path) -> None:
    """What is wrong in one operation hides nothing that is wrong in another, nor a file that is
    wrong by itself."""
    changes = (
        ('"/customers"', '"/customer"'),
        ('"/payments/{}/capture"', '"/payments/{}/captures"'),
    )
    name = SUCCESS.format("get_payment")
    page = Mutant("", "", '"documentation": "https', '"documentation": "http', file=name)
    with installed(tmp_path, page, changes) as connector:
        report = certify(connector)
    assert {one.name for one, _ in report.faults} == {
        "exchange-request on capture/success",
        "exchange-request on create_customer/success",
        "exchanges-documented on get_payment/success",
    }


def test_nothing_waits_for_what_does_not_run(tmp_path: Path) -> None:
    """Where the failure that says it is left out of the run, the next one says it."""
    mutant = MISTAKES["a wrong id"][0]
    entry = ("exchange-async", "create_customer/success")
    with installed(tmp_path, mutant) as connector:
        run = Run(connector)
        waiting = run.execute(entry)
        run.expect([entry])
        alone: Finding = run.execute(entry)
    assert waiting.waits_for == "exchange-result on create_customer/success"
    assert alone.waits_for is None


def test_of_long_texts_the_place_is_shown_where_they_part() -> None:
    """A GraphQL document, say: not all of it twice."""
    query = "query { node(id: 1) { id " + "field " * 200 + "} }"
    other = query.replace("node(id: 1) { id", "node(id: 1) { idd")
    (line,) = differences({"query": query}, {"query": other}, "json").splitlines()
    assert line.startswith("json.query: from character 24 on, expected ")
    assert "{ idd field" in line
    assert len(line) < 200
