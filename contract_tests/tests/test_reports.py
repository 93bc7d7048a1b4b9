"""Reports: the same run on a terminal, as JSON, as JUnit XML and as a page."""

from __future__ import annotations

import io
import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from click.testing import CliRunner
from rich.console import Console
from small import DEFECT, after, small

from prism_contract_tests.check import CHECKS
from prism_contract_tests.commands.contract import contract
from prism_contract_tests.render import junit, page, terminal
from prism_contract_tests.report import Evidence, Finding, Report, Verdict, presentable, printable

pytestmark = pytest.mark.once

EVIL = "<script>alert(1)</script>[red]\x1b[2J\x00\ud800 & ]]>"


def finding(verdict: Verdict, message: str = "", check: str = "exchange-result") -> Finding:
    evidence = None if verdict == "passed" else Evidence(expected='{\n  "a": 1\n}', got=EVIL)
    return Finding(
        check=check, case=f"authorize/{verdict}", verdict=verdict, message=message,
        evidence=evidence,
    )  # fmt: skip


def report(*findings: Finding, problems: tuple[str, ...] = ()) -> Report:
    return Report(
        connector="acme", distribution="prism-payments-acme", version="1.0", kit_version="0.1.0",
        core_version="0.1.0", python="3.11.7", edition="2026.11",
        started="2026-11-23T09:00:00+00:00", seconds=1.5, live=False, required=len(findings),
        executed=len(findings), findings=list(findings), problems=list(problems),
        exceptions={"exchange-result on authorize/excepted": "known (https://a.example/1)"},
        files={"__init__.py": "0" * 64},
    )  # fmt: skip


MIXED = report(
    finding("passed"), finding("failed", EVIL), finding("excepted", "as said"),
    finding("reported", "too new"), problems=("exchange-async did not run on x",),
)  # fmt: skip


def test_the_verdict() -> None:
    """Certified is: something is required, all of it ran, nothing failed, nothing is wrong."""
    good = report(finding("passed"), finding("excepted"), finding("reported"))
    assert good.ok
    assert good.summary == ("acme: certified; 3 of 3 required checks ran, 1 excepted, 1 reported")
    for bad in (MIXED, report(), report(finding("passed"), problems=("p",))):
        assert not bad.ok
    good.executed = 2
    assert not good.ok


def test_the_terminal_shows_all_that_matters() -> None:
    """Failures with requirement, message and evidence; exceptions with their reason; problems;
    the count. What is shown cannot be markup or move the cursor."""
    text = shown(MIXED)
    assert CHECKS["exchange-result"].requirement in text
    assert "exchange-result on authorize/failed" in text
    assert "<script>alert(1)</script>[red]\\x1b[2J\\x00" in text
    assert "\x1b" not in text
    assert "exception: known (https://a.example/1)" in text
    assert "exchange-async did not run on x" in text
    assert "4 of 4 required checks ran, 1 failed, 1 excepted, 1 reported, problems: 1" in text


def shown(made: Report) -> str:
    """What a terminal shows of a report."""
    out = io.StringIO()
    terminal.print_reports([made], Console(file=out, width=200, highlight=False))
    return out.getvalue()


def waiting(check: str, cause: str | None, verdict: Verdict = "failed") -> Finding:
    """A finding that follows from another one."""
    found = finding(verdict, f"{check} says", check)
    found.waits_for, found.evidence = cause, Evidence(got="something")
    return found


def test_a_fault_is_told_once() -> None:
    """What follows from another failure is counted there, by checks; every report counts it as
    failed, and all but the terminal have each of them with what it waits for."""
    first = waiting("exchange-request", None)
    made = report(
        first,
        waiting("exchange-async", first.name),
        waiting("money-exact", "exchange-async on authorize/failed"),
        waiting("not-sent", "exchange-result on another/case"),
    )
    assert [(one.check, dict(checks)) for one, checks in made.faults] == [
        ("exchange-request", {"exchange-async": 1, "money-exact": 1}),
        ("not-sent", {}),
    ]
    assert not made.ok
    assert "4 of 4 required checks ran, 4 failed (2 wait for another failure)" in made.summary
    text = shown(made)
    assert "2 checks wait for it: exchange-async, money-exact\n" in text
    assert "money-exact says" not in text
    assert "not-sent says" in text
    suite = Xml.fromstring(junit.render([made])).find("testsuite")
    assert suite is not None
    failures = suite.findall("testcase/failure")
    assert suite.get("failures") == str(len(failures)) == "4"
    assert failures[1].get("message") == "waits for exchange-request on authorize/failed"
    assert failures[1].text is None
    for whole in (page.render([made]), made.to_json().decode()):
        assert whole.count("money-exact says") == 1
        assert whole.count("exchange-async on authorize/failed") >= 1
    assert "4 failed, 2 of them wait for another" in page.render([made])


def test_no_failure_hides_behind_a_circle() -> None:
    """Two that name each other, as no run of ours has them, are both told."""
    made = report(
        waiting("money-exact", "not-sent on authorize/failed"),
        waiting("not-sent", "money-exact on authorize/failed"),
    )
    assert len(made.faults) == 2


def test_long_evidence_is_shortened_where_it_is_read() -> None:
    """A screen has some lines of it; the page and the JSON have all."""
    long = finding("failed")
    long.evidence = Evidence(got="\n".join(f"line {n}" for n in range(100)))
    made = report(long)
    for text in (shown(made), junit.render([made]).decode()):
        assert "line 5 [" in text.replace("\n", " ")
        assert "line 6" not in text
    for text in (page.render([made]), made.to_json().decode()):
        assert "line 99" in text


def test_paths_that_differ_stand_for_two_documents() -> None:
    """On a terminal and in JUnit the paths are in place of the documents; the page and the JSON
    have all of it. No path redraws a screen."""
    found = finding("failed")
    found.evidence = Evidence(
        response="an answer", expected="one document", got="a document", differences="a.b: \x1b[2J"
    )
    made = report(found)
    for text in (shown(made), junit.render([made]).decode()):
        assert "differences:" in text
        assert "a.b: \\x1b[2J" in text
        assert "an answer" not in text
        assert " document" not in text
    for text in (page.render([made]), made.to_json().decode()):
        assert all(part in text for part in ("a.b: ", "one document", "a document", "an answer"))
    assert "\x1b" not in page.render([made])


def test_junit_is_what_a_ci_reads() -> None:
    """A suite per connector; failures with evidence, exceptions as skipped with the reason, and a
    case for the ledger; it parses whatever the evidence is."""
    root = Xml.fromstring(junit.render([MIXED, report(finding("passed"))]))
    suites = root.findall("testsuite")
    assert [suite.get("failures") for suite in suites] == ["2", "0"]
    cases = {case.get("name"): case for case in suites[0].findall("testcase")}
    failure = cases["exchange-result[authorize/failed]"].find("failure")
    assert failure is not None
    assert "expected:" in (failure.text or "")
    skipped = cases["exchange-result[authorize/excepted]"].find("skipped")
    assert skipped is not None
    assert "known" in (skipped.get("message") or "")
    assert cases["ledger"].find("failure") is not None
    assert suites[1].find("testcase[@name='ledger']/failure") is None
    assert suites[0].get("tests") == str(len(cases))


def test_the_page_is_one_file_and_escapes_everything() -> None:
    """No external asset, and evidence is text whatever it holds."""
    text = page.render([MIXED])
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    for asset in ("src=", "<link", "@import", "url("):
        assert asset not in text
    for fact in ("prism-payments-acme", "2026-11-23", "edition 2026.11", "0" * 64):
        assert fact in text


def test_expected_and_got_are_compared_line_by_line() -> None:
    """A line that only one side has is marked; with nothing in common, nothing is."""
    marked = page.sides(Evidence(expected="a\nb", got="a\nc", request="r"))
    assert marked == [
        ("expected", [("a", True), ("b", False)]),
        ("got", [("a", True), ("c", False)]),
        ("request", [("r", True)]),
    ]
    assert page.sides(Evidence(expected="a", got="b"))[0] == ("expected", [("a", True)])


def test_texts_are_made_fit_to_show() -> None:
    """Evidence is bounded and encodable, and holds no credential of a live run."""
    assert presentable("key sk_live_1", ["sk_live_1"]) == "key [secret]"
    assert len(presentable("x" * 10**6)) < 30_000
    assert presentable("\ud800") == "\\ud800"
    assert printable("a\tb\n\x07é") == "a\tb\n\\x07é"


def run(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(contract, args)
    return done.exit_code, done.output


def test_the_command_writes_every_report(tmp_path: Path) -> None:
    """`prism contract NAME --json --junit --html` writes them all and exits 0 when certified."""
    files = {kind: tmp_path / f"report.{kind}" for kind in ("json", "junit", "html")}
    options = [part for kind, path in files.items() for part in (f"--{kind}", str(path))]
    with small(tmp_path) as name:
        code, output = run(name, *options)
    assert code == 0, output
    found = json.loads(files["json"].read_bytes())
    assert found["ok"] is True
    assert found["executed"] == found["required"] > 0
    assert "__init__.py" in found["files"]
    assert Xml.parse(files["junit"]).getroot().find("testsuite") is not None
    assert "✓ certified" in files["html"].read_text("utf-8")


def test_several_connectors(tmp_path: Path) -> None:
    """Several names make one set of reports; one that cannot be loaded is a line and exit 1."""
    path = tmp_path / "report.json"
    with small(tmp_path) as name:
        code, output = run(name, "no_such", "sandbox", "--json", str(path))
    assert code == 1
    assert "no installed connector is called 'no_such'" in output
    names = [one["connector"] for one in json.loads(path.read_bytes())]
    assert names == [name, "sandbox"]


def test_a_connector_that_cannot_be_loaded_is_one_line(tmp_path: Path) -> None:
    """What is wrong with the plugin is said in a line, without a traceback."""
    with small(tmp_path, after("raise RuntimeError('half-installed')\n")) as name:
        code, output = run(name)
    assert code == 1
    assert "half-installed" in output
    assert len(output.strip().splitlines()) == 1


def test_shipping(tmp_path: Path) -> None:
    """`--ship` puts the report into the package, and shipping it does not make it stale; what is
    not certified is not shipped."""
    with small(tmp_path) as name:
        assert run(name, "--ship")[0] == 0
        (shipped,) = tmp_path.glob("site*/prism_acme_*/contract-report.json")
        first = json.loads(shipped.read_bytes())
        assert run(name, "--ship")[0] == 0
        assert json.loads(shipped.read_bytes())["files"] == first["files"]
    with small(tmp_path, DEFECT) as name:
        code, output = run(name, "--ship")
    assert (code, "no report shipped" in output) == (1, True)


def test_listing_and_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--list` names every check; wrong input is a usage error that says what is wrong."""
    code, output = run("--list")
    assert code == 0
    assert all(id in output for id in CHECKS)
    assert run()[0] == 2
    monkeypatch.delenv("PRISM_SANDBOX_API_KEY", raising=False)
    code, output = run("sandbox", "--live")
    assert (code, "set PRISM_SANDBOX_" in output) == (1, True)
    with small(tmp_path) as name:
        code, output = run(name, "--json", str(tmp_path / "no" / "report.json"))
    assert (code, "cannot write" in output) == (1, True)
