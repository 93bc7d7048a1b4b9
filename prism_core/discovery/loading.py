"""Imports one connector, and refuses mistakes that pluggy would not report."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_type_hints

import msgspec

from prism_core.connector import first_use, hookspecs, payment_hookspecs
from prism_core.connector.account import Account, credential_names
from prism_core.connector.info import ConnectorInfo
from prism_core.connector.operations import OPERATIONS, PROJECT, request_type
from prism_core.connector.tokens import OAuthAccount
from prism_core.discovery.diagnosis import LOADABLE, Diagnosis, find, judge
from prism_core.discovery.index import Candidate, candidates
from prism_core.errors import ConnectorLoadError, UnsupportedOperation, described
from prism_core.errors.interruptions import is_interruption
from prism_core.schema.secrets import Secret


class Connector(msgspec.Struct, frozen=True, eq=False):
    """A loaded connector: its info, and its hook implementations by name."""

    name: str
    candidate: Candidate
    info: ConnectorInfo
    hooks: Mapping[str, Callable[..., Any]]
    operations: frozenset[str]

    def implementing(self, operation: str, method: str) -> Callable[..., Any]:
        """The implementation of an operation. Raises `UnsupportedOperation` if there is none."""
        if operation not in self.operations:
            offered = ", ".join(sorted(self.operations))
            known = self.info.unsupported.get(operation, f"it implements {offered}")
            raise UnsupportedOperation(
                f"connector '{self.name}' does not support {method}: {known}"
            )
        return self.hooks[operation]


_loaded: dict[Candidate, Connector] = {}


def load(name: str) -> Connector:
    """The connector of that name, imported and checked once.

    Raises `ConnectorNotFound`, or `ConnectorLoadError` with a message that names the problem and
    the distribution.
    """
    candidate = find(name)
    with first_use.held():
        if candidate not in _loaded:
            _loaded[candidate] = _load(candidate)
        return _loaded[candidate]


def diagnose() -> list[Diagnosis]:
    """The diagnosis of every entry point found, as `prism doctor` shows it. Imports the connectors
    that are allowed; raises nothing."""
    found = candidates()
    judged = [one for name in sorted(found) for one in judge(found[name])]
    return [_loaded_or_broken(one) if one.state == LOADABLE else one for one in judged]


def _loaded_or_broken(diagnosis: Diagnosis) -> Diagnosis:
    try:
        load(diagnosis.candidate.name)
    except ConnectorLoadError as error:
        return Diagnosis(diagnosis.candidate, "broken", error.message)
    return diagnosis


def _load(candidate: Candidate) -> Connector:
    plugin = imported(candidate)
    try:
        problems = list(_problems(plugin))
        if not problems:
            return _register(candidate, plugin)
    except BaseException as reason:  # the plugin's own code runs here: properties, decorators
        problems = [f"checking it failed with {text_of(reason)}"]
    raise ConnectorLoadError(said(candidate, "; ".join(problems)))


def imported(candidate: Candidate) -> Any:
    """The object that an entry point names. Raises `ConnectorLoadError`."""
    module, _, attribute = candidate.target.partition(":")
    try:
        found: Any = importlib.import_module(module.strip())
        for part in filter(None, attribute.strip().split(".")):
            found = getattr(found, part)
        return found
    except BaseException as reason:  # a broken plugin can raise anything
        problem = f"importing {candidate.target} failed with {text_of(reason)}"
    raise ConnectorLoadError(said(candidate, problem))


def text_of(reason: BaseException) -> str:
    """The text of a plugin's exception. Raises again what the plugin did not cause: Ctrl+C, and
    exceptions of a signal handler."""
    if isinstance(reason, KeyboardInterrupt) or is_interruption(reason):
        raise reason
    return described(reason)


def said(candidate: Candidate, problem: str) -> str:
    """The sentence for an entry point that cannot be loaded."""
    word = candidate.group.word
    return f"{word} '{candidate.name}' of {candidate} cannot be loaded: {problem}"


def _problems(plugin: Any) -> Iterator[str]:
    """Every problem of the object that an entry point names, one sentence each."""
    if inspect.isclass(plugin):
        yield f"the entry point names the class {plugin.__name__}; name an instance of it"
        return
    if inspect.ismodule(plugin):
        yield "the entry point names a module; name a connector instance in it"
        return
    specs = {**OPERATIONS, **_HELPERS}
    implemented = []
    for name in (name for name in dir(plugin) if not name.startswith("__")):
        method = inspect.getattr_static(type(plugin), name, None)
        options = getattr(getattr(plugin, name), f"{PROJECT}_impl", None)
        if options is None:
            if name in specs:
                yield f"{name} has a hook's name and is not decorated with @hookimpl"
        elif name not in specs:
            yield f"{name} is decorated with @hookimpl, and there is no such hook"
        elif name in vars(plugin) or not inspect.isfunction(method):
            yield f"{name} must be a method of the connector's class"
        else:
            implemented.append(name)
            yield from _misdeclared(name, method, options)
    yield from _misdescribed(plugin, implemented)


_HELPERS = {"parse_error": "response", "sign_event": "request"}
"""The hooks that are no operations, with the name of their first parameter."""


def _misdeclared(name: str, method: Any, options: Any) -> Iterator[str]:
    is_operation = name not in _HELPERS
    if options.get("wrapper") or options.get("hookwrapper"):
        yield f"{name} is a wrapper; a connector implements hooks and wraps none"
        return
    if any(options.values()):
        yield f"{name} gives @hookimpl options; a connector needs none"
    if inspect.iscoroutinefunction(method) or inspect.isasyncgenfunction(method):
        yield f"{name} is async; write a plain generator, the core does the waiting"
        return
    if is_operation and not inspect.isgeneratorfunction(method):
        yield f"{name} must be a generator that yields requests and returns its result"
    elif not is_operation and inspect.isgeneratorfunction(method):
        yield f"{name} must be a plain method, not a generator"
    wanted = ["self", _HELPERS.get(name, "request"), "account"]
    parameters = inspect.signature(method).parameters.values()
    if any(parameter.default is not parameter.empty for parameter in parameters):
        yield f"{name} has a parameter default; pluggy would never pass that parameter"
    elif [parameter.name for parameter in parameters] != wanted:
        yield f"{name} must take ({', '.join(wanted)})"


def _misdescribed(plugin: Any, implemented: list[str]) -> Iterator[str]:
    info = getattr(plugin, "info", None)
    if not isinstance(info, ConnectorInfo):
        yield "it has no attribute `info` that is a ConnectorInfo"
        return
    if "parse_error" not in implemented:
        yield "it does not implement parse_error"
    operations = [name for name in implemented if name in OPERATIONS]
    if not operations:
        yield "it implements no operation"
    yield from _wrong_names(info, operations)
    yield from _wrong_limits(info, operations)
    yield from _wrong_account(info.account)


def _wrong_names(info: ConnectorInfo, operations: list[str]) -> Iterator[str]:
    """Names of operations and fields in the info that do not exist."""
    for name in info.unsupported:
        if name in operations:
            yield f"info.unsupported names {name}, which is implemented"
        elif name not in OPERATIONS:
            yield f"info.unsupported names {name}, which is no operation"
    for kind, declared in (("needs", info.needs), ("refuses", info.refuses)):
        for name, fields in declared.items():
            if name not in operations:
                yield f"info.{kind} names {name}, which is not implemented"
                continue
            known = request_type(name).__struct_fields__
            for field in set(fields) - set(known):
                yield f"info.{kind}['{name}'] names {field}, which no request has"
    if not info.keeps_customers and "create_customer" in operations:
        yield "info.keeps_customers is False, and create_customer is implemented"


def _wrong_limits(info: ConnectorInfo, operations: list[str]) -> Iterator[str]:
    """Limits for fields that no request of the connector has."""
    fields = {name for one in operations for name in request_type(one).__struct_fields__}
    for path in info.limits:
        first, _, rest = path.partition(".")
        own = rest.partition(".")[0] if first in operations else first
        known = request_type(first).__struct_fields__ if first in operations else fields
        if own not in known:
            yield f"info.limits names {path}, which no request has"


def _wrong_account(account: Any) -> Iterator[str]:
    if not (inspect.isclass(account) and issubclass(account, Account)):
        yield "info.account must be a subclass of Account"
        return
    if issubclass(account, OAuthAccount) and not account.token_path:
        yield "info.account must set token_path, the path of the processor's token endpoint"
    hints = get_type_hints(account)
    for name in credential_names(account):
        if name in _TAKEN:
            yield f"the credential {name} has the name of an option that every client has"
        if _SENSITIVE.search(name) and hints[name] not in _SECRET:
            yield f"the credential {name} must be declared as a Secret"


_TAKEN = frozenset(
    {"connector", "timeout", "max_retries", "transport", "http_client", "proxy", "verify"}
    | {"card_numbers", "extensions"}
)
_SENSITIVE = re.compile(r"^(?!public|publishable).*(key|secret|token|password)(?!.*_id$)")
_SECRET = (Secret, Secret | None)


def _register(candidate: Candidate, plugin: Any) -> Connector:
    import pluggy

    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(payment_hookspecs)
    manager.add_hookspecs(hookspecs)
    manager.register(plugin, name=candidate.name)
    # One connector, one implementation: it is called directly, never through pluggy's broadcast.
    callers = manager.get_hookcallers(plugin) or ()
    found = {caller.name: caller.get_hookimpls()[0].function for caller in callers}
    operations = frozenset(found) & frozenset(OPERATIONS)
    return Connector(candidate.name, candidate, plugin.info, found, operations)
