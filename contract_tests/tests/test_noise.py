"""A fault is told once: how much one small mistake prints, and that nothing is lost by it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from lab import Mutant, installed
from rich.console import Console

from prism_contract_tests.differences import differences
from prism_contract_tests.render import terminal
from prism_contract_tests.report import Finding, Report
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
