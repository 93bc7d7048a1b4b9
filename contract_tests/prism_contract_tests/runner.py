"""Running a certification: every entry of the ledger, once, in order; then the balance."""

from __future__ import annotations

import platform
import time
import warnings
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import msgspec

from prism_contract_tests import check as register
from prism_contract_tests import checks as _all_checks  # noqa: F401 - importing registers them
from prism_contract_tests import ledger
from prism_contract_tests.causes import Causes
from prism_contract_tests.check import Failed
from prism_contract_tests.choice import Choice, Entry
from prism_contract_tests.report import SHIPPED, Evidence, Finding, Report, presentable
from prism_contract_tests.target import Target, digests, open_target

Progress = Callable[[int, int, Finding | None], None]
"""Called with how many entries are done, of how many, and the last finding."""


def certify(
    name: str,
    *,
    openapi: dict[str, Any] | None = None,
    graphql: str | None = None,
    live: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Runs the whole contract on an installed connector, in this process.

    `openapi` is the processor's own description, as parsed JSON, and `graphql` its schema, as
    text; `live` the credentials and base URL of a real server to try the behaviour on. Raises
    `ConfigurationError` if the connector cannot be loaded at all.
    """
    run = Run(name, openapi=openapi, graphql=graphql, live=live)
    for done, entry in enumerate(run.owed):
        if progress is not None:
            progress(done, len(run.owed), run.findings[-1] if run.findings else None)
        run.execute(entry)
    return run.report()


class Run:
    """One certification under way; the pytest plugin takes its entries one by one."""

    def __init__(
        self,
        name: str,
        *,
        openapi: dict[str, Any] | None = None,
        graphql: str | None = None,
        live: dict[str, Any] | None = None,
        choice: Choice = Choice(),  # noqa: B008 - it is frozen
    ) -> None:
        self.started = datetime.now(UTC)
        self._clock = time.monotonic()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.target: Target = open_target(name)
            self.target.openapi, self.target.graphql, self.target.live = openapi, graphql, live
            self.owed = ledger.required(self.target)
        self.findings: list[Finding] = []
        self.chosen = [entry for entry in self.owed if choice.takes(entry)]
        self.expect(self.chosen)

    def expect(self, entries: Iterable[Entry]) -> None:
        """Says which entries will be executed: no failure waits for one that is not among them."""
        self._causes = Causes(self.target, entries)

    def execute(self, entry: Entry) -> Finding:
        """Runs one check on one case, whatever the warning filters are outside."""
        check = register.CHECKS[entry[0]]
        started = time.monotonic()
        finding = Finding(check=check.id, case=entry[1], verdict="passed")
        self.target.asked, self.target.called = {}, False
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                finding.count = check.perform(self.target, entry[1])
            except Failed as failure:
                self._fail(finding, failure)
            except (Exception, SystemExit) as error:  # a connector may raise anything anywhere
                said = f"the check ended with {type(error).__name__}: {error}"
                self._fail(finding, Failed(said))
        finding.seconds = round(time.monotonic() - started, 4)
        self.findings.append(finding)
        return finding

    def _fail(self, finding: Finding, failure: Failed) -> None:
        secrets, entry = _secrets(self.target.live), (finding.check, finding.case)
        finding.verdict = ledger.verdict_of_failure(self.target, entry)
        finding.message = presentable(failure.message, secrets)
        if finding.verdict == "failed":
            cause = self._causes.of(entry, failure)
            finding.waits_for = None if cause is None else " on ".join(cause)
        if failure.evidence is not None:
            given = msgspec.structs.asdict(failure.evidence)
            said = {k: v for k, v in given.items() if v is not None}
            finding.evidence = Evidence(**{k: presentable(v, secrets) for k, v in said.items()})

    def report(self) -> Report:
        """The report of what ran so far, with what is missing."""
        target, candidate = self.target, self.target.connector.candidate
        unbalanced = ledger.balance(target, self.owed, self.chosen, self.findings)
        return Report(
            connector=target.name,
            distribution=candidate.distribution,
            version=candidate.version,
            kit_version=version("prism-payments-contract-tests"),
            core_version=version("prism-payments-core"),
            python=platform.python_version(),
            edition=target.settings.edition,
            started=self.started.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - self._clock, 3),
            live=target.live is not None,
            required=len(self.owed),
            executed=len(self.findings),
            left_out=len(self.owed) - len(self.chosen),
            findings=self.findings,
            problems=[*target.problems, *unbalanced],
            exceptions={
                f"{one.check} on {one.case}": f"{one.reason} ({one.link})"
                + ("" if one.only == "always" else f" Only with --{one.only}.")
                for one in target.settings.exceptions
            },
            files=files_of(target),
            operations=target.operations,
            hooks=sorted(target.connector.hooks),
            calls=target.calls,
            thorough=target.thorough,
        )


def files_of(target: Target) -> dict[str, str]:
    """The digests of the connector's files, but for the report that it may carry."""
    return {path: digest for path, digest in digests(target.package).items() if path != SHIPPED}


def _secrets(live: dict[str, Any] | None) -> list[str]:
    given = (live or {}).items()
    return [str(v) for k, v in given if k not in ("environment", "base_url") and len(str(v)) > 3]
