"""Report: what was checked, with the evidence; plain values that become JSON and pages."""

from __future__ import annotations

from typing import Literal

import msgspec

Verdict = Literal["passed", "failed", "excepted", "reported"]
"""`excepted`: failed as a declared exception says. `reported`: failed, and the check is newer than
the edition that the plugin names, so that it does not count yet."""


class Evidence(msgspec.Struct, kw_only=True):
    """What a check saw: the request and response on the wire, what was expected, what it got.

    Everything here is text that may be shown: checks put no secret in it.
    """

    request: str | None = None
    response: str | None = None
    expected: str | None = None
    got: str | None = None


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
    """Check and case to the reason declared for it."""
    files: dict[str, str]
    """The plugin's files and their SHA-256 digests."""

    @property
    def failed(self) -> list[Finding]:
        """The findings that count against the connector."""
        return [finding for finding in self.findings if finding.verdict == "failed"]

    @property
    def ok(self) -> bool:
        """Whether the connector is certified."""
        return not self.failed and not self.problems and self.executed == self.required

    def to_json(self) -> bytes:
        """The report as JSON, with its verdict."""
        return msgspec.json.encode({"ok": self.ok, **msgspec.structs.asdict(self)})
