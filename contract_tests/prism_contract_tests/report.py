"""Report: what was checked, with the evidence; plain values that become JSON and pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

Verdict = Literal["passed", "failed", "excepted", "reported"]
"""`excepted`: failed as a declared exception says. `reported`: failed, and the check is newer than
the edition that the plugin names, so that it does not count yet."""
SHIPPED = "contract-report.json"
"""The file in a connector's package that holds its last report, where it ships one."""
LONGEST = 20_000


class Evidence(msgspec.Struct, kw_only=True):
    """What a check saw: the request and response on the wire, what was expected, what it got.

    Everything here is text that may be shown: checks put no secret in it.
    """

    request: str | None = None
    response: str | None = None
    expected: str | None = None
    got: str | None = None
    differences: str | None = None
    """Where `got` is another than `expected`, a path a line, if both are documents."""

    def told(self) -> list[tuple[str, str]]:
        """Its texts by label, to be read: the differences, if there are any, for both documents."""
        labels = ["request", "response", "expected", "got"]
        if self.differences:
            labels = ["differences", "request", "response"]
        texts = [(label, getattr(self, label)) for label in labels]
        return [(label, text) for label, text in texts if text is not None]


class Finding(msgspec.Struct, kw_only=True):
    """One check on one case. `count` says how many things it tried (inputs, faults)."""

    check: str
    case: str
    verdict: Verdict
    message: str = ""
    count: int = 1
    seconds: float = 0.0
    evidence: Evidence | None = None


class Report(msgspec.Struct, kw_only=True):
    """A whole run. `ok` is the verdict: nothing failed, nothing is missing, nothing is stale."""

    connector: str
    distribution: str
    version: str
    kit_version: str
    core_version: str
    python: str
    edition: str
    started: str
    seconds: float
    live: bool
    required: int
    executed: int
    findings: list[Finding]
    problems: list[str]
    """What is wrong with the run itself: checks not run, stale exceptions, a changed kit."""
    exceptions: dict[str, str]
    """Check and case to the reason and link declared for it."""
    files: dict[str, str]
    """The plugin's files and their SHA-256 digests."""
    operations: list[str] = []
    """What the connector implements."""
    calls: int = 0
    """How many calls of the connector were made."""
    thorough: bool = False
    """Whether everything was tried, with no sampling."""

    @property
    def failed(self) -> list[Finding]:
        """The findings that count against the connector."""
        return self.of("failed")

    @property
    def ok(self) -> bool:
        """Whether the connector is certified."""
        return not self.failed and not self.problems and self.executed == self.required > 0

    @property
    def summary(self) -> str:
        """The verdict in one line."""
        verdict = "certified" if self.ok else "not certified"
        said = [f"{self.executed} of {self.required} required checks ran"]
        for kind in ("failed", "excepted", "reported"):
            said += [f"{len(self.of(kind))} {kind}"] if self.of(kind) else []
        if self.problems:
            said.append(f"problems: {len(self.problems)}")
        if self.calls:
            said.append(f"{self.calls} calls{', with no sampling' if self.thorough else ''}")
        return f"{self.connector}: {verdict}; {', '.join(said)}"

    def of(self, verdict: str) -> list[Finding]:
        """The findings with that verdict."""
        return [finding for finding in self.findings if finding.verdict == verdict]

    def reason(self, finding: Finding) -> str:
        """The reason of the exception that covers a finding."""
        exact, every = f"{finding.check} on {finding.case}", f"{finding.check} on *"
        return self.exceptions.get(exact) or self.exceptions.get(every, "")

    def to_json(self) -> bytes:
        """The report as JSON, with its verdict."""
        return msgspec.json.encode({"ok": self.ok, **msgspec.structs.asdict(self)})


def presentable(text: str, secrets: Iterable[str] = ()) -> str:
    """Text as it may go into a report: encodable, not endless, without these secrets."""
    for secret in secrets:
        text = text.replace(secret, "[secret]")
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}\n[{len(text) - LONGEST} more characters]"
    return text.encode("utf-8", "backslashreplace").decode()


def printable(text: str) -> str:
    """Text for a terminal or XML: control characters, which could redraw a screen, spelled out."""
    return "".join(
        c if c in "\n\t" or (c.isprintable() and c not in "\ufffe\uffff") else ascii(c)[1:-1]
        for c in text
    )
