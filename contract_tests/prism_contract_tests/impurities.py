"""Impurities: what a file uses that is not a function of its input, read from its text.

Pure uses of the same modules (parsing a date, comparing in constant time) are none.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from prism_contract_tests.sources import Source, imports, running

_MODULES = frozenset(
    {"socket", "ssl", "select", "selectors", "socketserver", "http.client", "urllib.request"}
    | {"urllib3", "httpx", "requests", "aiohttp", "ftplib", "smtplib", "asyncio", "anyio", "trio"}
    | {"threading", "_thread", "multiprocessing", "concurrent", "subprocess", "signal", "sched"}
    | {"queue", "random", "tempfile", "shutil", "sqlite3"}
)
"""Modules that a flow has no pure use for."""
_CLOCKS = ("time", "monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime")
_NAMES = {
    "time": frozenset([*_CLOCKS, *(f"{name}_ns" for name in _CLOCKS), "sleep"]),
    "datetime.datetime": frozenset({"now", "utcnow", "today"}),
    "datetime.date": frozenset({"today"}),
    "uuid": frozenset({"uuid1", "uuid4", "uuid6", "uuid7", "getnode"}),
    "secrets": frozenset(
        {"token_bytes", "token_hex", "token_urlsafe", "choice", "randbelow", "randbits"}
        | {"SystemRandom"}
    ),
    "os": frozenset(
        {"urandom", "getrandom", "environ", "environb", "getenv", "open", "popen", "system"}
        | {"fork", "listdir", "scandir", "getpid"}
    ),
    "io": frozenset({"open", "open_code", "FileIO"}),
    "codecs": frozenset({"open"}),
    "builtins": frozenset({"open", "input", "print"}),
}
"""What is impure of modules that have pure uses too."""
_NOW_WITHOUT_TIME = {"time.gmtime": 0, "time.localtime": 0, "time.ctime": 0, "time.strftime": 1}
"""Functions that read the clock if they have no more arguments than this."""


def impurities(source: Source) -> Iterator[tuple[Any, str]]:
    """Everything in a file that is impure, with where."""
    for node, name in imports(source):
        if _forbidden_module(name) or _forbidden_name(name):
            yield node, name
    meanings = _meanings(source)
    for node in running(source.tree):
        if isinstance(node, (ast.Attribute, ast.Name)):
            used = _dotted(node, meanings) or ""
            if _forbidden_name(used):
                yield node, used
    for call, called in called_names(source, running(source.tree)):
        if len(call.args) <= _NOW_WITHOUT_TIME.get(called, -1):
            yield call, f"{called} without a time"


def called_names(source: Source, nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.Call, str]]:
    """The calls among these nodes, with the whole name of the imported function that is called."""
    meanings = _meanings(source)
    for node in nodes:
        if isinstance(node, ast.Call):
            yield node, _dotted(node.func, meanings) or ""


def _forbidden_module(name: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in _MODULES)


def _forbidden_name(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    return attribute in _NAMES.get(module, ())


def _meanings(source: Source) -> dict[str, str]:
    """What the names of a file stand for: those it imports, and the impure built-in ones that it
    does not define itself."""
    found = {name: f"builtins.{name}" for name in _NAMES["builtins"]}
    for node in ast.walk(source.tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.pop(node.name, None)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.pop(node.id, None)
        elif isinstance(node, ast.arg):
            found.pop(node.arg, None)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                found[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def _dotted(node: ast.AST, meanings: dict[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return meanings.get(node.id)
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value, meanings)
        return None if base is None else f"{base}.{node.attr}"
    return None
