"""Checks of the distribution: entry point, requirements, a quiet import."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from prism_contract_tests import probe
from prism_contract_tests.check import Failed, check, once
from prism_contract_tests.replay import replay
from prism_contract_tests.report import Evidence
from prism_contract_tests.requirements import allowed, applies, parsed, top_levels
from prism_contract_tests.sources import entry, imports, reachable, sources
from prism_contract_tests.target import Target
from prism_core.discovery.allow_list import normalized
from prism_core.discovery.index import CORE

BUDGET = 1.0
"""The seconds that importing a connector may take, after the core was imported."""


@check(
    "requires-core",
    since="2026.11",
    cases=once,
    why="A plugin that is installed with a version of the core that it was not written for fails "
    "in production. The installer and the core can prevent that only if the plugin declares the "
    "versions that it works with.",
    how="Add prism-payments-core with a version range to the dependencies in pyproject.toml.",
)
def requires_core(target: Target, case: str) -> int:
    """The distribution requires prism-payments-core, with a version range."""
    lines = target.connector.candidate.requires
    found = [one for one in parsed(lines) if normalized(one.name) == CORE and applies(one)]
    if not found:
        raise Failed(f"no Requires-Dist names {CORE}", Evidence(got="\n".join(lines)))
    if not any(one.specifier for one in found):
        raise Failed(
            f"Requires-Dist names {CORE} without a version range",
            Evidence(expected=f"{CORE}>=0.1,<0.2", got="\n".join(lines)),
        )
    return len(lines)


@check(
    "import-quiet",
    since="2026.11",
    cases=once,
    why="An application imports a connector just before a payment, or at the start of every "
    "command, and everything else that the import does happens then, too.",
    how="Leave only definitions at module level, and move slow imports into functions.",
)
def import_quiet(target: Target, case: str) -> int:
    """Importing the connector opens no socket, starts no thread or process, writes no file,
    prints nothing, and takes no more than a second beyond the core's own import."""
    seen = _probed(target)
    if seen["said"]:
        raise Failed("importing the connector prints", Evidence(got=seen["said"][:2000]))
    if seen["done"]:
        raise Failed(f"importing the connector {' and '.join(seen['done'])}")
    seconds = [float(seen["seconds"])]
    while min(seconds) > BUDGET and len(seconds) < 3:  # another program may have been busy
        seconds.append(float(_probe(*entry(target), tuple(sys.path))["seconds"]))
    if min(seconds) > BUDGET:
        raise Failed(f"importing the connector took {min(seconds):.1f} s; it may take {BUDGET} s")
    return 5


def _probed(target: Target) -> dict[str, Any]:
    return _probe_once(*entry(target), tuple(sys.path))


def _probe(module: str, attribute: str, path: tuple[str, ...]) -> dict[str, Any]:
    """Imports the connector in a fresh interpreter; see `probe`."""
    asked = {"path": [entry or str(Path.cwd()) for entry in path], "module": module}
    done = subprocess.run(  # noqa: S603 - this interpreter, and a file of the kit
        [sys.executable, "-I", "-B", str(probe.__file__)],
        input=json.dumps({**asked, "attribute": attribute}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said, mark, answer = done.stdout.rpartition(probe.MARK)
    if not mark:
        raise Failed("importing the connector alone failed", Evidence(got=done.stderr[-2000:]))
    found: dict[str, Any] = json.loads(answer)
    found["said"] = (said.removesuffix("\n") + done.stderr).strip("\n")
    return found


_probe_once = lru_cache(maxsize=8)(_probe)


@check(
    "imports-declared",
    since="2026.11",
    cases=once,
    why="A module that is only by chance installed on the author's machine is missing on the "
    "merchant's.",
    how="Add the distribution to the dependencies. If only modules that the connector does not "
    "import need it, add it to an extra.",
)
def imports_declared(target: Target, case: str) -> int:
    """Every imported module belongs to the package, to Python, or to a distribution that the
    package requires; modules that the connector does not import may use its extras."""
    requires = target.connector.candidate.requires
    own = {name.partition(".")[0] for name in sources(target)}
    own |= top_levels(normalized(target.connector.candidate.distribution))
    plain = sys.stdlib_module_names | own | {"__main__", ""} | allowed([*requires, CORE])
    extra = plain | allowed(requires, _extras(requires))
    needed = reachable(target)
    tried = 0
    for source in sources(target).values():
        declared = plain if source.module in needed else extra
        for node, name in imports(source):
            tried += 1
            if name.partition(".")[0] not in declared:
                place = f"{source.path.relative_to(target.package.parent)}:{_line(node)}"
                raise Failed(f"{place} imports {name}, which no Requires-Dist brings")
    for importer, name in _probed(target)["imports"]:
        if importer in own and name not in plain:
            raise Failed(f"importing the connector imports {name}, which no Requires-Dist brings")
    return tried


def _line(node: Any) -> int:
    return int(node.lineno)


def _extras(requires: tuple[str, ...]) -> set[str]:
    markers = [str(one.marker) for one in parsed(requires) if one.marker is not None]
    return {name for marker in markers for name in re.findall(r'extra == "([^"]+)"', marker)}


@check(
    "one-instance",
    since="2026.11",
    cases=once,
    why="One connector serves every thread and every merchant of an application: what it stores "
    "in one call is visible in another call.",
    how="Make one instance at module level, and take everything from `request` and `account`.",
)
def one_instance(target: Target, case: str) -> int:
    """The entry point gives the same object each time, and calls do not change it."""
    first, again = _resolve(target), _resolve(target)
    if first is not again:
        raise Failed("the entry point gives another object each time it is read")
    before = _state(first)
    for exchange in target.exchanges:
        replay(target, exchange)
    after = _state(first)
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if changed:
        raise Failed(f"replaying the exchanges changed the connector's {', '.join(changed)}")
    return 1 + len(target.exchanges)


def _resolve(target: Target) -> Any:
    module, attribute = entry(target)
    found: Any = importlib.import_module(module)
    for part in filter(None, attribute.split(".")):
        found = getattr(found, part)
    return found


def _state(connector: Any) -> dict[str, Any]:
    held = {**vars(type(connector)), **_attributes(connector)}
    return {name: _frozen(value) for name, value in held.items()}


def _frozen(value: Any, depth: int = 6) -> Any:
    """A value as it is now, for comparing it later: containers and attributes by content."""
    if isinstance(value, Mapping) and depth:
        return [(repr(key), _frozen(entry, depth - 1)) for key, entry in value.items()]
    if isinstance(value, (list, tuple, set, frozenset)) and depth:
        return [_frozen(entry, depth - 1) for entry in value]
    if callable(value) or not depth:
        return repr(value)
    return repr(value), _frozen(_attributes(value), depth - 1) if _attributes(value) else None


def _attributes(value: Any) -> dict[str, Any]:
    if isinstance(value, msgspec.Struct):
        return {name: getattr(value, name) for name in value.__struct_fields__}
    slots = [slot for kind in type(value).__mro__ for slot in getattr(kind, "__slots__", ())]
    held = {slot: getattr(value, slot) for slot in slots if hasattr(value, slot)}
    return {**held, **getattr(value, "__dict__", {})}
