"""The checks of GraphQL: the connector for a GraphQL API is certified with its schema, and its
mutants are named by the check of what is wrong with them, and by no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lab import WITH_GRAPHQL, installed

from prism_contract_tests import certify
from prism_contract_tests.check import CHECKS
from prism_contract_tests.render import terminal
from prism_contract_tests.report import Report
from prism_contract_tests.target import open_target

SCHEMA = WITH_GRAPHQL.joinpath("schema.graphql").read_text()
ERRORS = "prism_acme/exchanges/errors.json"
PARSE = "return account.error_of(response)"
BY_CLASS = """found = account.error_of(response)
        if found is None:
            return None
        code = found.details.connector.code
        kind = account.error_kinds.get(code)
        return found if kind is None else ErrorAnswer(kind=kind, details=found.details)"""


@dataclass(frozen=True)
class Broken:
    """A broken connector: texts that are replaced in all of its files, as an author would who
    believes in them; files that are removed; the check that must notice, or two,
    and what it says."""

    killer: str
    said: str
    everywhere: Mapping[str, str] = field(default_factory=dict)
    removed: tuple[str, ...] = ()


BROKEN = {
    "asks for a field that is not there": Broken(
        "graphql-requests",
        "Cannot query field 'reasn' on type 'Payment'. Did you mean 'reason'?",
        {"{ id } reason": "{ id } reasn"},
    ),
    "sends a document that nobody can read": Broken(
        "graphql-requests graphql-errors",
        "Syntax Error: Expected '$', found '{'.",
        {"CaptureInput!)": "CaptureInput!"},
    ),
    "gives an argument that is not there": Broken(
        "graphql-requests",
        "Unknown argument 'inputs' on field 'Mutation.capture'.",
        {"capture(input: $input)": "capture(inputs: $input)"},
    ),
    "gives a field of an input that is not there": Broken(
        "graphql-requests",
        "unknown field 'mont'. Did you mean 'month'?",
        {'"month": card.exp_month': '"mont": card.exp_month', '"month": 12': '"mont": 12'},
    ),
    "gives a number for a text": Broken(
        "graphql-requests",
        "String cannot represent a non string value: 12",
        {'"holder": card.holder_name': '"holder": card.exp_month',
         '"holder": "Ada Lovelace"': '"holder": 12'},
    ),
    "reads a field that it does not select": Broken(
        "graphql-responses",
        "pay.payment.reason: the document does not select it on Payment",
        {"{ id } reason": "{ id }"},
    ),
    "shows an answer without a field that it selects": Broken(
        "graphql-responses",
        "pay.payment.reason: the document selects it, and the answer has it not",
        {'"reason": null': '"kit": null'},
    ),
    "takes an error in a payment that was made for a refusal": Broken(
        "graphql-errors",
        "after a known error about a field inside, the call says that nothing was done",
        {PARSE: BY_CLASS},
    ),
    "does not see the errors in a 200": Broken(
        "error-answers",
        "",
        {PARSE: "return None"},
    ),
    "does not know a documented status": Broken(
        "status-words",
        "the connector does not know these documented words: WAITING (authorize/",
        {'    "WAITING": PaymentStatus.PENDING,\n': "", '("decline", "pending")': '("decline",)'},
        ("prism_acme/exchanges/authorize/pending.json",),
    ),
}  # fmt: skip


def changed(broken: Broken) -> dict[str, str | None]:
    """The files of the connector, with the texts replaced."""
    found: dict[str, str | None] = dict.fromkeys(broken.removed)
    unseen = set(broken.everywhere)
    for path in sorted(WITH_GRAPHQL.glob("prism_acme/**/*.*")):
        name = path.relative_to(WITH_GRAPHQL).as_posix()
        if path.suffix in (".py", ".json") and name not in found:
            text = path.read_text()
            for old, new in broken.everywhere.items():
                unseen -= {old} if old in text else set()
                text = text.replace(old, new)
            found[name] = text
    assert not unseen
    return found


def certified(folder: Path, broken: Broken) -> Report:
    with installed(folder, files=changed(broken), base=WITH_GRAPHQL) as name:
        return certify(name, graphql=SCHEMA)


def test_the_connector_for_a_graphql_api_is_certified(tmp_path: Path) -> None:
    """With a key in the variables, errors in a 200, and a schema: every check passes, and each of
    GraphQL tried something."""
    report = certified(tmp_path, Broken("", ""))
    assert [f"{one.check} on {one.case}: {one.message}" for one in report.failed] == []
    assert report.ok
    tried = {one.check for one in report.findings if one.count}
    assert tried >= {"graphql-requests", "graphql-responses", "graphql-errors", "status-words"}


@pytest.mark.once
@pytest.mark.parametrize("name", BROKEN)
def test_a_mutant_is_named_by_its_check_alone(tmp_path: Path, name: str) -> None:
    broken = BROKEN[name]
    report = certified(tmp_path, broken)
    assert {one.check for one in report.failed} == {*broken.killer.split()}
    assert any(broken.said in (one.message or "") for one in report.failed)


@pytest.mark.once
def test_a_misspelt_field_is_told_in_a_few_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, whatever operations send the field, and without the document."""
    monkeypatch.setenv("COLUMNS", "120")
    terminal.print_reports([certified(tmp_path, BROKEN["asks for a field that is not there"])])
    printed = capsys.readouterr().out
    assert printed.count("Cannot query field 'reasn'") == 1
    assert "2 checks wait for it: graphql-requests (2)" in printed
    assert len(printed.splitlines()) <= 8
    assert "mutation" not in printed


def test_the_pyproject_completes_a_schema_that_lags(tmp_path: Path) -> None:
    """https://spec.graphql.org/October2021/#sec-Input-Object-Extensions"""
    with installed(tmp_path, base=WITH_GRAPHQL) as name:
        target = open_target(name)
        target.graphql = SCHEMA.replace("  month: Int!\n", "")
        assert target.graphql != SCHEMA
        with pytest.raises(Exception, match="unknown field 'month'"):
            CHECKS["graphql-requests"].run(target, "authorize")
        target.settings.graphql = "extend input CardInput { month: Int! }"
        assert CHECKS["graphql-requests"].run(target, "authorize")


def test_a_schema_for_a_connector_without_documents_proves_nothing(tmp_path: Path) -> None:
    """It is red, and not silently green; without a schema, only errors are checked."""
    with installed(tmp_path) as name:
        target = open_target(name)
        assert CHECKS["graphql-requests"].cases(target) == []
        target.graphql = SCHEMA
        assert CHECKS["graphql-requests"].cases(target) == ["connector"]
        with pytest.raises(Exception, match="no exchange has a GraphQL request"):
            CHECKS["graphql-requests"].run(target, "connector")
        assert CHECKS["graphql-errors"].cases(target) == []
