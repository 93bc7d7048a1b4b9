"""Loads the extensions that are installed and allowed, and checks those that a caller gives."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from prism_core.connector import extensions as hooks
from prism_core.connector import first_use
from prism_core.connector.operations import PROJECT
from prism_core.discovery.diagnosis import LOADABLE, Diagnosis, judge
from prism_core.discovery.groups import EXTENSIONS
from prism_core.discovery.index import Candidate, candidates
from prism_core.discovery.loading import imported, said, text_of
from prism_core.errors import ConfigurationError, ConnectorLoadError

logger = logging.getLogger("prism_core")


class Implementation(NamedTuple):
    """One extension's implementation of a hook."""

    extension: str
    hook: str
    function: Callable[..., object]
    arguments: tuple[str, ...]


Hooks = dict[str, tuple[Implementation, ...]]
"""The implementations of each hook, in the order in which they are called."""

_loaded: dict[Candidate, Any] = {}
"""The extensions by entry point; None for one that cannot be used."""


def hooks_of(given: Iterable[object] | None = None) -> Hooks | None:
    """The hooks of the given extensions, or else of those installed; None if there are none.

    Raises `ConfigurationError` for a given object that is no extension. An installed one that
    cannot be used is left out, and a warning says why: it must not keep anybody from paying.
    """
    found = _installed() if given is None else _checked(given)
    return _register(found) if found else None


def diagnose() -> list[Diagnosis]:
    """The diagnosis of every entry point of an extension. Imports those that are allowed."""
    return [
        _loaded_or_broken(one) if one.state == LOADABLE else one
        for _, offers in sorted(candidates(EXTENSIONS).items())
        for one in judge(offers)
    ]


def _loaded_or_broken(diagnosis: Diagnosis) -> Diagnosis:
    try:
        _load(diagnosis.candidate)
    except ConnectorLoadError as error:
        return Diagnosis(diagnosis.candidate, "broken", error.message)
    return diagnosis


def _installed() -> list[tuple[str, Any]]:
    found = []
    for offers in candidates(EXTENSIONS).values():
        with first_use.held():
            for one in judge(offers):
                if one.candidate not in _loaded and one.state != "blocked":
                    _loaded[one.candidate] = _usable(one)
                if one.state == LOADABLE and _loaded[one.candidate] is not None:
                    found.append((one.candidate.name, _loaded[one.candidate]))
    return found


def _usable(diagnosis: Diagnosis) -> Any:
    """The extension; None, and a warning in the log, if it cannot be used."""
    problem = diagnosis.reason
    if diagnosis.state == LOADABLE:
        try:
            return _load(diagnosis.candidate)
        except ConnectorLoadError as error:
            problem = error.message
    with suppress(Exception):  # a handler of the caller's that fails
        logger.warning("an extension is not used: %s", " ".join(problem.split()))
    return None


def _load(candidate: Candidate) -> Any:
    extension = imported(candidate)
    try:
        problems = list(_problems(extension))
    except BaseException as reason:  # the extension's own code runs here: properties, decorators
        problems = [f"checking it failed with {text_of(reason)}"]
    if problems:
        raise ConnectorLoadError(said(candidate, "; ".join(problems)))
    return extension


def _checked(given: object) -> list[tuple[str, Any]]:
    if not isinstance(given, Iterable):
        raise ConfigurationError("extensions must be a list of extensions")
    found = [(f"{type(one).__name__} {number}", one) for number, one in enumerate(given, start=1)]
    for name, extension in found:
        for problem in _problems(extension):
            raise ConfigurationError(f"extensions: {name} cannot be used: {problem}")
    return found


def _problems(extension: Any) -> Iterator[str]:
    """Every problem of an extension, one sentence each."""
    if inspect.isclass(extension) or inspect.ismodule(extension):
        kind = "class" if inspect.isclass(extension) else "module"
        yield f"{extension.__name__} is a {kind}; an extension is an object with hooks as methods"
        return
    implements_one = False
    for name in (name for name in dir(extension) if not name.startswith("__")):
        # Without running properties: these are the extension's own.
        function = inspect.getattr_static(extension, name)
        options = getattr(function, f"{PROJECT}_impl", None)
        if options is None:
            if name in _specs():
                yield f"{name} has a hook's name and is not decorated with @hookimpl"
        elif name not in _specs():
            yield f"{name} is decorated with @hookimpl, and there is no such hook of an extension"
        else:
            implements_one = True
            yield from _misdeclared(name, getattr(extension, name), options)
    if not implements_one:
        yield f"it implements no hook: {', '.join(_specs())}"


def _misdeclared(name: str, function: Any, options: Any) -> Iterator[str]:
    if any(value for option, value in options.items() if option not in ("tryfirst", "trylast")):
        yield f"{name} gives @hookimpl options other than tryfirst and trylast"
    if any(kind(function) for kind in _NOT_PLAIN):
        yield f"{name} must be a plain method that returns nothing, not async and no generator"
    parameters = inspect.signature(function).parameters.values()
    unknown = [one.name for one in parameters if one.name not in _specs()[name]]
    if unknown:
        yield f"{name} takes {', '.join(unknown)}; it can take {', '.join(_specs()[name])}"
    elif any(one.default is not one.empty for one in parameters):
        yield f"{name} has a parameter default; pluggy would never pass that parameter"
    elif any(one.kind is one.KEYWORD_ONLY for one in parameters):
        yield f"{name} has a keyword-only parameter; pluggy would never pass it"


_NOT_PLAIN = (
    *(inspect.iscoroutinefunction, inspect.isasyncgenfunction, inspect.isgeneratorfunction),
)


@cache
def _specs() -> dict[str, tuple[str, ...]]:
    """The hooks of an extension, with the names of their arguments."""
    found = {
        name: value for name, value in vars(hooks).items() if hasattr(value, f"{PROJECT}_spec")
    }
    return {name: tuple(inspect.signature(spec).parameters) for name, spec in found.items()}


class _Registered:
    """An extension's hooks alone, for pluggy: it compares what is registered with `==`, which two
    different extensions can satisfy, and reads every attribute, which can run a property."""

    def __init__(self, extension: Any) -> None:
        for name in _specs().keys() & dir(extension):
            setattr(self, name, getattr(extension, name))


def _register(extensions: list[tuple[str, Any]]) -> Hooks:
    """One manager for all of them. It orders the implementations; they are called one by one,
    because pluggy's own call ends at the first that raises."""
    import pluggy

    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    for name, extension in {id(one): (name, one) for name, one in extensions}.values():
        manager.register(_Registered(extension), name)
    return {
        name: tuple(
            Implementation(one.plugin_name, name, one.function, one.argnames)
            for one in reversed(getattr(manager.hook, name).get_hookimpls())
        )
        for name in _specs()
    }
