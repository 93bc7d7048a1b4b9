"""Importing one connector, and refusing at that moment all that pluggy would let slip."""

from __future__ import annotations

import importlib
import inspect
import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from prism_core.errors import ConnectorLoadError, UnsupportedOperation
from prism_core.info import ConnectorInfo
from prism_core.registry import ALLOW, Candidate, allowed, candidates, find, obstacle


class Connector(msgspec.Struct, frozen=True):
    """A loaded connector: its facts, and its hooks behind a plugin manager of its own."""

    name: str
    candidate: Candidate
    info: ConnectorInfo
    hooks: Any
    operations: frozenset[str]

    def implementing(self, operation: str, called: str) -> Callable[..., Any]:
        """The hook of an operation; `UnsupportedOperation` where the connector has none."""
        if operation not in self.operations:
            offered = ", ".join(sorted(self.operations))
            raise UnsupportedOperation(
                f"connector '{self.name}' does not support {called}; it implements {offered}"
            )
        hook: Callable[..., Any] = getattr(self.hooks, operation)
        return hook


_loaded: dict[Candidate, Connector] = {}
_lock = threading.RLock()


def load(name: str) -> Connector:
    """The connector of that name: imported once, checked once.

    Raises `ConnectorNotFound`, or `ConnectorLoadError` with a sentence that says what is wrong
    with which distribution.
    """
    candidate = find(name)
    with _lock:
        if candidate not in _loaded:
            _loaded[candidate] = _load(candidate)
        return _loaded[candidate]


def _load(candidate: Candidate) -> Connector:
    plugin = _import(candidate)
    try:
        problems = list(_problems(plugin))
        if not problems:
            return _register(candidate, plugin)
    except Exception as reason:  # its own code runs while it is read: properties, decorators
        problems = [f"checking it failed with {type(reason).__name__}: {reason}"]
    raise ConnectorLoadError(_said(candidate, "; ".join(problems)))


def _import(candidate: Candidate) -> Any:
    module, _, attribute = candidate.target.partition(":")
    try:
        found: Any = importlib.import_module(module.strip())
        for part in filter(None, attribute.strip().split(".")):
            found = getattr(found, part)
        return found
    except (Exception, SystemExit) as reason:  # whatever a broken plugin raises must not go further
        problem = f"importing {candidate.target} failed with {type(reason).__name__}: {reason}"
    raise ConnectorLoadError(_said(candidate, problem))


def _said(candidate: Candidate, problem: str) -> str:
    return f"connector '{candidate.name}' of {candidate} cannot be loaded: {problem}"


def _problems(plugin: Any) -> Iterator[str]:
    """All that is wrong with the object an entry point names, a sentence each."""
    from prism_core import hookspecs

    if inspect.isclass(plugin):
        yield f"the entry point names the class {plugin.__name__}; name an instance of it"
        return
    if inspect.ismodule(plugin):
        yield "the entry point names a module; name a connector instance in it"
        return
    specs = {**hookspecs.OPERATIONS, "parse_error": hookspecs.parse_error}
    implemented = []
    for name in (name for name in dir(type(plugin)) if not name.startswith("__")):
        method = inspect.getattr_static(type(plugin), name)
        options = getattr(method, f"{hookspecs.PROJECT}_impl", None)
        if options is None:
            if name in specs:
                yield f"{name} has a hook's name and is not decorated with @hookimpl"
        elif name not in specs:
            yield f"{name} is decorated with @hookimpl, and there is no such hook"
        else:
            implemented.append(name)
            yield from _misdeclared(name, method, options, name in hookspecs.OPERATIONS)
    yield from _misdescribed(plugin, implemented)


def _misdeclared(name: str, method: Any, options: Any, is_operation: bool) -> Iterator[str]:
    if options.get("wrapper") or options.get("hookwrapper"):
        yield f"{name} is a wrapper; a connector implements hooks and wraps none"
        return
    if inspect.iscoroutinefunction(method) or inspect.isasyncgenfunction(method):
        yield f"{name} is async; write a plain generator, the core does the waiting"
        return
    if is_operation and not inspect.isgeneratorfunction(method):
        yield f"{name} must be a generator that yields requests and returns its result"
    elif not is_operation and inspect.isgeneratorfunction(method):
        yield f"{name} must be a plain method, not a generator"
    wanted = ["self", "request", "account"] if is_operation else ["self", "response", "account"]
    parameters = inspect.signature(method).parameters.values()
    if any(parameter.default is not parameter.empty for parameter in parameters):
        yield f"{name} has a parameter default; pluggy would never pass that parameter"
    elif [parameter.name for parameter in parameters] != wanted:
        yield f"{name} must take ({', '.join(wanted)})"


def _misdescribed(plugin: Any, implemented: list[str]) -> Iterator[str]:
    from prism_core import hookspecs

    info = getattr(plugin, "info", None)
    if not isinstance(info, ConnectorInfo):
        yield "it has no attribute `info` that is a ConnectorInfo"
        return
    if "parse_error" not in implemented:
        yield "it does not implement parse_error"
    operations = [name for name in implemented if name in hookspecs.OPERATIONS]
    if not operations:
        yield "it implements no operation"
    for name in operations:
        if name not in info.sends:
            yield f"info.sends does not say which fields {name} sends"
    for name in info.sends:
        if name not in operations:
            yield f"info.sends names {name}, which is not implemented"
            continue
        known = hookspecs.request_type(name).__struct_fields__
        for field in sorted(set(info.sends[name]) - set(known)):
            yield f"info.sends['{name}'] names {field}, which no request has"


def _register(candidate: Candidate, plugin: Any) -> Connector:
    import pluggy

    from prism_core import hookspecs

    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(plugin, name=candidate.name)
    operations = frozenset(
        name for name in hookspecs.OPERATIONS if getattr(manager.hook, name).get_hookimpls()
    )
    return Connector(candidate.name, candidate, plugin.info, manager.hook, operations)


class Diagnosis(msgspec.Struct, frozen=True):
    """What became of one entry point: loadable, shadowed, blocked, conflict, incompatible or
    broken, and why."""

    candidate: Candidate
    state: str
    reason: str = ""


def diagnose() -> list[Diagnosis]:
    """Every entry point found, explained. Imports those that may be imported; raises nothing."""
    found = candidates()
    return [_diagnosed(offer, found[name]) for name in sorted(found) for offer in found[name]]


def _diagnosed(offer: Candidate, offers: list[Candidate]) -> Diagnosis:
    permitted = allowed()
    if permitted is not None and offer.name not in permitted:
        return Diagnosis(offer, "blocked", f"{ALLOW} does not name it")
    if offer.shadowed:
        return Diagnosis(offer, "shadowed", "the same distribution is found earlier on sys.path")
    problem = obstacle(offer.name, offers)
    if problem:
        rivals = [one for one in offers if not one.shadowed]
        return Diagnosis(offer, "conflict" if len(rivals) > 1 else "incompatible", problem)
    try:
        load(offer.name)
    except ConnectorLoadError as error:
        return Diagnosis(offer, "broken", error.message)
    return Diagnosis(offer, "loadable")
