"""Running a certification: every entry of the ledger, once, in order; then the balance."""

from __future__ import annotations

import platform
import time
import types
from collections.abc import Callable
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any

from importlib_metadata import version

from prism_contract_tests import check as register
from prism_contract_tests import checks, ledger
from prism_contract_tests.check import Failed
from prism_contract_tests.report import Finding, Report, Verdict
from prism_contract_tests.target import Target, digests, open_target

Progress = Callable[[int, int, Finding | None], None]
"""Called with how many entries are done, of how many, and the last finding."""


def certify(
    name: str,
    *,
    openapi: dict[str, Any] | None = None,
    live: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Runs the whole contract on an installed connector.

    `openapi` is the processor's own description, as parsed JSON; `live` the credentials and base
    URL of a real server to try the behaviour on. Raises `ConfigurationError` if the connector
    cannot be loaded at all.
    """
    run = Run(name, openapi=openapi, live=live)
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
        live: dict[str, Any] | None = None,
    ) -> None:
        # Before the plugin is imported: what it changes in the kit afterwards shows.
        self._seal = seal()
        self.started = datetime.now(timezone.utc)
        self._clock = time.monotonic()
        self.target: Target = open_target(name)
        self.target.openapi, self.target.live = openapi, live
        self.owed = ledger.required(self.target)
        self.findings: list[Finding] = []

    def execute(self, entry: ledger.Entry) -> Finding:
        """Runs one check on one case."""
        check = register.CHECKS[entry[0]]
        started = time.monotonic()
        finding = Finding(check=check.id, case=entry[1], verdict="passed")
        try:
            finding.count = check.run(self.target, entry[1])
        except Failed as failure:
            finding.verdict = self._verdict(entry)
            finding.message, finding.evidence = failure.message, failure.evidence
        except Exception as error:  # a connector may raise anything anywhere
            finding.verdict = self._verdict(entry)
            finding.message = f"the check ended with {type(error).__name__}: {error}"
        finding.seconds = round(time.monotonic() - started, 4)
        self.findings.append(finding)
        return finding

    def _verdict(self, entry: ledger.Entry) -> Verdict:
        if ledger.exception_for(self.target, entry) is not None:
            return "excepted"
        newer = register.CHECKS[entry[0]].since > self.target.settings.edition
        return "reported" if newer else "failed"

    def report(self) -> Report:
        """The report of what ran so far, with what is missing."""
        target, candidate = self.target, self.target.connector.candidate
        problems = [*target.problems, *ledger.balance(target, self.owed, self.findings)]
        if seal() != self._seal:
            problems.append("the kit itself was changed while it ran")
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
            findings=self.findings,
            problems=problems,
            exceptions={
                f"{one.check} on {one.case}": one.reason for one in target.settings.exceptions
            },
            files=digests(target.package),
        )


def seal() -> str:
    """A digest of the kit's functions as they are in memory, and of the register of checks."""
    import sys

    parts: list[str] = [checks.__name__]
    for name, module in sorted(sys.modules.items()):
        if name.startswith("prism_contract_tests") and module is not None:
            for attribute, value in sorted(vars(module).items()):
                parts += [f"{name}.{attribute}:{code}" for code in _codes(value)]
    parts += [f"{c.id}:{_code(c.run)}:{_code(c.cases)}" for c in register.CHECKS.values()]
    return sha256("\n".join(parts).encode()).hexdigest()


def _codes(value: object) -> list[str]:
    if isinstance(value, types.FunctionType):
        return [_code(value)]
    if isinstance(value, type) and value.__module__.startswith("prism_contract_tests"):
        members = sorted(vars(value).items())
        return [f"{n}:{_code(m)}" for n, m in members if isinstance(m, types.FunctionType)]
    return []


def _code(function: object) -> str:
    code = getattr(function, "__code__", None)
    if code is None:
        return repr(function)
    return sha256(code.co_code + repr(code.co_consts).encode()).hexdigest()
