"""Reports as JUnit XML: a suite per connector, a case per entry of the ledger, one for the rest."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from prism_contract_tests.report import Evidence, Finding, Report, printable


def render(reports: list[Report]) -> bytes:
    """The reports as one XML document."""
    root = Xml.Element("testsuites", name="prism contract")
    for report in reports:
        root.append(_suite(report))
    Xml.indent(root)
    made: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _suite(report: Report) -> Xml.Element:
    suite = Xml.Element(
        "testsuite",
        name=f"prism-contract.{report.connector}",
        tests=str(len(report.findings) + 1),
        failures=str(len(report.failed) + _is_wrong(report)),
        errors="0",
        skipped=str(len(report.of("excepted")) + len(report.of("reported"))),
        time=str(report.seconds),
        timestamp=report.started,
    )
    properties = Xml.SubElement(suite, "properties")
    for name in ("distribution", "version", "kit_version", "core_version", "python", "edition"):
        Xml.SubElement(properties, "property", name=name, value=printable(getattr(report, name)))
    for finding in report.findings:
        suite.append(_case(report, finding))
    suite.append(_ledger(report))
    return suite


def _case(report: Report, finding: Finding) -> Xml.Element:
    case = Xml.Element(
        "testcase",
        classname=f"prism-contract.{report.connector}.{finding.check}",
        name=printable(f"{finding.check}[{finding.case}]"),
        time=str(finding.seconds),
    )
    message = printable(finding.message)
    if finding.verdict == "failed":
        failure = Xml.SubElement(case, "failure", message=message, type=finding.check)
        if finding.waits_for is not None:
            failure.set("message", printable(f"waits for {finding.waits_for}"))
        else:
            failure.text = printable(evidence_text(finding.evidence))
    elif finding.verdict == "excepted":
        why = f"excepted: {report.reason(finding)}"
        Xml.SubElement(case, "skipped", message=printable(why)).text = message
    elif finding.verdict == "reported":
        why = "reported only: the check is newer than the plugin's edition"
        Xml.SubElement(case, "skipped", message=why).text = message
    return case


def _ledger(report: Report) -> Xml.Element:
    """The case that fails when the run itself is wrong."""
    case = Xml.Element("testcase", classname=f"prism-contract.{report.connector}", name="ledger")
    if _is_wrong(report):
        said = f"{report.executed} of {report.required} required checks ran"
        failure = Xml.SubElement(case, "failure", message=said, type="ledger")
        failure.text = printable("\n".join(report.problems))
    return case


def _is_wrong(report: Report) -> bool:
    return bool(report.problems) or not report.is_balanced


def evidence_text(evidence: Evidence | None) -> str:
    """Evidence as labelled text."""
    given = [] if evidence is None else evidence.told()
    return "\n".join(f"{label}:\n{text}" for label, text in given)
