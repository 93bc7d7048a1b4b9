"""Running a certification: every entry of the ledger, once, in order; then the balance."""

from __future__ import annotations

import builtins
import importlib
import platform
import sys
import time
import types
import warnings
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import msgspec

from prism_contract_tests import check as register
from prism_contract_tests import checks as _all_checks  # noqa: F401 - importing registers them
from prism_contract_tests import ledger
from prism_contract_tests.check import Failed
from prism_contract_tests.report import SHIPPED, Evidence, Finding, Report, presentable
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
    """Runs the whole contract on an installed connector, in this process.

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
        sealed: Seal | None = None,
    ) -> None:
        # Before the plugin is imported: what it changes in the kit afterwards shows.
        self._broken = (Seal() if sealed is None else sealed).broken
        self.started = datetime.now(UTC)
        self._clock = time.monotonic()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.target: Target = open_target(name)
            self.target.openapi, self.target.live = openapi, live
            self.owed = ledger.required(self.target)
        self.findings: list[Finding] = []

    def execute(self, entry: ledger.Entry) -> Finding:
        """Runs one check on one case, whatever the warning filters are outside."""
        check = register.CHECKS[entry[0]]
        started = time.monotonic()
        finding = Finding(check=check.id, case=entry[1], verdict="passed")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                finding.count = check.run(self.target, entry[1])
        except Failed as failure:
            self._fail(finding, failure.message, failure.evidence)
        except (Exception, SystemExit) as error:  # a connector may raise anything anywhere
            self._fail(finding, f"the check ended with {type(error).__name__}: {error}", None)
        finding.seconds = round(time.monotonic() - started, 4)
        self.findings.append(finding)
        return finding

    def _fail(self, finding: Finding, message: str, evidence: Evidence | None) -> None:
        secrets = _secrets(self.target.live)
        finding.verdict = ledger.verdict_of_failure(self.target, (finding.check, finding.case))
        finding.message = presentable(message, secrets)
        if evidence is not None:
            said = {k: v for k, v in msgspec.structs.asdict(evidence).items() if v is not None}
            finding.evidence = Evidence(**{k: presentable(v, secrets) for k, v in said.items()})

    def report(self) -> Report:
        """The report of what ran so far, with what is missing."""
        target, candidate = self.target, self.target.connector.candidate
        problems = [*target.problems, *ledger.balance(target, self.owed, self.findings)]
        problems += [f"the kit was changed while it ran: {what}" for what in self._broken()]
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
                f"{one.check} on {one.case}": f"{one.reason} ({one.link})"
                + (" Only live." if one.only == "live" else "")
                for one in target.settings.exceptions
            },
            files=files_of(target),
            operations=target.operations,
            calls=target.calls,
            thorough=target.thorough,
        )


def files_of(target: Target) -> dict[str, str]:
    """The digests of the connector's files, but for the report that it may carry."""
    return {path: digest for path, digest in digests(target.package).items() if path != SHIPPED}


def _secrets(live: dict[str, Any] | None) -> list[str]:
    given = (live or {}).items()
    return [str(v) for k, v in given if k not in ("environment", "base_url") and len(str(v)) > 3]


_SEALED = ("prism_contract_tests", "prism_core")


class Seal:
    """The kit and the core as they are in memory, to find later what was changed in them.

    It holds every name of every module, the inside of every function and class, and the contents
    of the kit's constants (names in capitals), such as the register of checks.
    """

    def __init__(self) -> None:
        # What a run imports late must be there now, or it would be sealed by nobody.
        for name in ("exchange", "replay", "check", "ledger", "report"):
            importlib.import_module(f"prism_contract_tests.{name}")
        self.parts = dict(_parts())
        self.builtins = dict(vars(builtins))

    def broken(self) -> list[str]:
        """The names that are no longer what they were."""
        now = dict(_parts())
        changed = [name for name, part in self.parts.items() if not _same(now.get(name), part)]
        known = {name.partition(":")[0] for name in self.parts}
        added = [
            name
            for name, part in now.items()
            if name not in self.parts
            and name.partition(":")[0] in known
            and not isinstance((*part, None)[0], types.ModuleType)
        ]
        changed += [name for name, value in self.builtins.items() if _rebound(name, value)]
        return sorted(changed + added)


def _rebound(name: str, value: object) -> bool:
    return name != "_" and vars(builtins).get(name, value) is not value


def _same(now: tuple[Any, ...] | None, then: tuple[Any, ...]) -> bool:
    if now is None or len(now) != len(then):
        return False
    return all(a is b for a, b in zip(now, then, strict=True))


def _parts() -> Iterator[tuple[str, tuple[Any, ...]]]:
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] in _SEALED and module is not None:
            for attribute, value in list(vars(module).items()):
                if attribute.startswith("__") or "@" in attribute:  # Python's own, pytest's own
                    continue
                label = f"{name}:{attribute}"
                yield label, (value, *_inside(value))
                yield from _members(label, value, name)


def _members(label: str, value: object, module: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The members of a class of that module, and the contents of a constant of the kit."""
    if isinstance(value, type) and value.__module__ == module:
        for attribute, member in list(vars(value).items()):
            if attribute not in _VOLATILE and not attribute.startswith("_pytest"):
                yield f"{label}.{attribute}", (member, *_inside(member))
    elif label.startswith(_SEALED[0]) and label.partition(":")[2].isupper():
        contents: Iterable[Any] = ()
        if isinstance(value, dict):
            contents = [thing for pair in value.items() for thing in pair]
        elif isinstance(value, (list, set, frozenset)):
            contents = value
        inner = [part for thing in contents for part in _fields(thing)]
        yield f"{label} (contents)", tuple(part for p in inner for part in (p, *_inside(p)))


_VOLATILE = ("__weakref__", "__dict__", "__abstractmethods__", "_abc_impl", "__annotations__",
             "__annotations_cache__", "__static_attributes__", "__msgspec_cache__")  # fmt: skip


def _fields(thing: object) -> tuple[Any, ...]:
    if isinstance(thing, msgspec.Struct):
        return (thing, *(getattr(thing, name) for name in thing.__struct_fields__))
    return (thing,)


def _inside(value: object) -> tuple[Any, ...]:
    """What makes a function do what it does; of a property and the like, its functions."""
    if isinstance(value, property):
        return tuple(p for f in (value.fget, value.fset) for p in (f, *_inside(f)))
    if isinstance(value, (staticmethod, classmethod)):
        return (value.__func__, *_inside(value.__func__))
    if not isinstance(value, types.FunctionType):
        return ()
    cells = [cell.cell_contents for cell in value.__closure__ or () if _filled(cell)]
    defaults = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
    return (value.__code__, *defaults, *cells)


def _filled(cell: types.CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - reading an empty cell raises
    except ValueError:
        return False
    return True
