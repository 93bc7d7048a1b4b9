"""Report: what was checked, with the evidence; plain values that become JSON and pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

Verdict = Literal["passed", "failed", "excepted", "reported"]
"""`excepted`: failed as a declared exception says. `reported`: failed, and the check is newer than
the edition that the plugin names, so that it does not count yet."""
SHIPPED = "contract-report.json"
"""The file in a connector's package that holds its last report, where it ships one."""
LONGEST = 20_000
MOST_LINES, MOST_CHARACTERS = 6, 600
"""What is shown of each text of evidence where it is read as lines."""


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
        """Its texts by label, to be read: the differences alone, if there are any, and no more of
        each text than a screen has room for. HTML and JSON have all of it."""
        labels = ["request", "response", "expected", "got"]
        if self.differences:
            labels = ["differences"]
        texts = [(label, getattr(self, label)) for label in labels]
        return [(label, _shortened(text)) for label, text in texts if text is not None]


def _shortened(text: str) -> str:
    lines = text.splitlines()
    kept = "\n".join(lines[:MOST_LINES])[:MOST_CHARACTERS]
    left = len(text) - len(kept)
    return text if left <= 0 else f"{kept} [{left} more characters; --html has all of it]"


class Finding(msgspec.Struct, kw_only=True):
    """One check on one case. `count` says how many things it tried (inputs, faults)."""

    check: str
    case: str
    verdict: Verdict
    message: str = ""
    waits_for: str | None = None
    """The failure that this one follows from, as "check on case": no report tells it twice."""
    count: int = 1
    seconds: float = 0.0
    evidence: Evidence | None = None

    @property
    def name(self) -> str:
        """What it is called wherever one is named."""
        return f"{self.check} on {self.case}"


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
    hooks: list[str] = []
    """What the connector implements."""
    left_out: int = 0
    """How many of the required checks the run was not asked to try."""
    calls: int = 0
    """How many calls of the connector were made."""
    thorough: bool = False
    """Whether everything was tried, with no sampling."""

    @property
    def failed(self) -> list[Finding]:
        """The findings that count against the connector."""
        return self.of("failed")

    @property
    def faults(self) -> list[tuple[Finding, Counter[str]]]:
        """What failed and follows from no other failure, each with the checks that wait for it: how
        many findings of each."""
        failed = {one.name: one for one in self.failed}
        roots = {name: _root(one, failed) for name, one in failed.items()}
        waiting: dict[str, Counter[str]] = {root: Counter() for root in roots.values()}
        for name, root in roots.items():
            waiting[root].update([failed[name].check] if name != root else [])
        return [(failed[root], checks) for root, checks in waiting.items()]

    @property
    def ok(self) -> bool:
        """Whether the connector is certified."""
        return self.is_sound and not self.left_out

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with what the run was asked to try."""
        return not self.failed and not self.problems and self.is_balanced

    @property
    def is_balanced(self) -> bool:
        """Whether as many checks ran as were asked for."""
        return self.executed == self.required - self.left_out > 0

    @property
    def verdict(self) -> str:
        """The verdict in few words. Who left checks out has certified nothing."""
        if self.left_out:
            return "a part of the contract" + (", nothing failed" if self.is_sound else "")
        return "certified" if self.ok else "not certified"

    @property
    def summary(self) -> str:
        """The verdict in one line."""
        said = [f"{self.executed} of {self.required} required checks ran"]
        said += [f"{self.left_out} left out"] if self.left_out else []
        waiting = len(self.failed) - len(self.faults)
        for kind in ("failed", "excepted", "reported"):
            number = f"{len(self.of(kind))} {kind}"
            if kind == "failed" and waiting:
                number += f" ({waiting} wait for another failure)"
            said += [number] if self.of(kind) else []
        if self.problems:
            said.append(f"problems: {len(self.problems)}")
        if self.calls:
            said.append(f"{self.calls} calls{', with no sampling' if self.thorough else ''}")
        return f"{self.connector}: {self.verdict}; {', '.join(said)}"

    def of(self, verdict: str) -> list[Finding]:
        """The findings with that verdict."""
        return [finding for finding in self.findings if finding.verdict == verdict]

    def reason(self, finding: Finding) -> str:
        """The reason of the exception that covers a finding."""
        exact, every = finding.name, f"{finding.check} on *"
        return self.exceptions.get(exact) or self.exceptions.get(every, "")

    def to_json(self) -> bytes:
        """The report as JSON, with its verdict."""
        return msgspec.json.encode({"ok": self.ok, **msgspec.structs.asdict(self)})


def _root(finding: Finding, failed: Mapping[str, Finding]) -> str:
    """The name of the failure that a finding follows from in the end; its own, if from none."""
    seen = [finding.name]
    while (cause := failed[seen[-1]].waits_for or "") in failed:
        if cause in seen:  # in a circle, which no kit of ours makes
            return finding.name
        seen.append(cause)
    return seen[-1]


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
