"""Reports as one self-contained HTML page: a matrix of connectors by checks, evidence behind it.

Evidence is somebody else's text: everything is escaped by the template engine, and the page's
Content-Security-Policy lets no script or style run but its own two, by their hashes.
"""

from __future__ import annotations

from base64 import b64encode
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from prism_contract_tests.check import CHECKS, Check
from prism_contract_tests.report import Evidence, Finding, Report, Verdict, printable

TEMPLATES = Path(__file__).parent / "templates"
SYMBOLS = {"passed": "✓", "failed": "✗", "excepted": "≈", "reported": "i"}
WORST: tuple[Verdict, ...] = ("failed", "reported", "excepted", "passed")

Line = tuple[str, bool]
"""A line of evidence, and whether it is in the other side, too."""


class Cell(msgspec.Struct, kw_only=True):
    """One check on one connector: the worst verdict of its cases, and the cases."""

    id: str
    report: Report
    verdict: Verdict
    findings: list[Finding]

    @property
    def text(self) -> str:
        """How many cases passed, of how many."""
        passed = sum(finding.verdict == "passed" for finding in self.findings)
        total = len(self.findings)
        return str(total) if passed == total else f"{passed}/{total}"

    @property
    def label(self) -> str:
        """The cell for those who hear it."""
        passed = sum(finding.verdict == "passed" for finding in self.findings)
        where = f"{self.findings[0].check} on {self.report.connector}"
        return f"{where}: {self.verdict}, {passed} of {len(self.findings)} cases passed"


class Row(msgspec.Struct, kw_only=True):
    """One check over all connectors; no cell where it is not required."""

    id: str
    check: Check | None
    cells: list[Cell | None]

    @property
    def failed(self) -> bool:
        """Whether it failed on any connector."""
        return any(cell is not None and cell.verdict == "failed" for cell in self.cells)


def render(reports: list[Report]) -> str:
    """The page, whole."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(printable=printable, with_code=_with_code)
    style, script = _asset("report.css"), _asset("report.js")
    template = environment.get_template("report.html")
    return template.render(
        reports=reports,
        rows=_rows(reports),
        totals={verdict: sum(len(r.of(verdict)) for r in reports) for verdict in WORST[::-1]},
        waiting=sum(len(report.failed) - len(report.faults) for report in reports),
        symbols=SYMBOLS,
        sides=sides,
        style=Markup(style),  # noqa: S704 - our own files, with no value in them
        script=Markup(script),  # noqa: S704
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'",
    )


def _with_code(text: str) -> Markup:
    """Escaped text with what stands between backquotes as code."""
    parts = text.split("`")
    parts[::2] = [escape(part) for part in parts[::2]]
    parts[1::2] = [Markup("<code>{}</code>").format(part) for part in parts[1::2]]
    return Markup("").join(parts)


def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _rows(reports: list[Report]) -> list[Row]:
    """The checks that ran anywhere, in the order of the register."""
    ran = {finding.check for report in reports for finding in report.findings}
    ids = [*(id for id in CHECKS if id in ran), *sorted(ran - set(CHECKS))]
    return [
        Row(id=id, check=CHECKS.get(id), cells=[_cell(report, id) for report in reports])
        for id in ids
    ]


def _cell(report: Report, id: str) -> Cell | None:
    findings = [finding for finding in report.findings if finding.check == id]
    if not findings:
        return None
    findings.sort(key=lambda finding: WORST.index(finding.verdict))
    where = f"{report.connector}/{id}"
    return Cell(id=where, report=report, verdict=findings[0].verdict, findings=findings)


def sides(evidence: Evidence) -> list[tuple[str, list[Line]]]:
    """The texts of evidence by label, line by line; expected and got compared with each other."""
    given = {
        label: printable(text).splitlines()
        for label in ("expected", "got", "request", "response")
        if (text := getattr(evidence, label)) is not None
    }
    alike: dict[str, set[int]] = {}
    if "expected" in given and "got" in given:
        matcher = SequenceMatcher(None, given["expected"], given["got"], autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        if blocks:
            alike["expected"] = {block.a + n for block in blocks for n in range(block.size)}
            alike["got"] = {block.b + n for block in blocks for n in range(block.size)}
    return [
        (label, [(line, label not in alike or n in alike[label]) for n, line in enumerate(lines)])
        for label, lines in given.items()
    ]
