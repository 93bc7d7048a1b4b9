"""Run as a script in a fresh interpreter: imports a connector and tells what that did.

Reads {"path", "module", "attribute"} from its input and writes its findings as the last line of
its output. Imports nothing of the kit, so that what it sees is the connector's own doing.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from typing import Any

MARK = "prism-contract-probe:"
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DOINGS = {
    "socket.": "opens a socket",
    "subprocess.Popen": "starts a process",
    "os.system": "starts a process",
    "os.exec": "starts a process",
    "os.fork": "starts a process",
    "os.posix_spawn": "starts a process",
    "os.spawn": "starts a process",
    "os.mkdir": "makes a folder",
    "os.remove": "removes a file",
    "os.rename": "renames a file",
    "os.truncate": "writes a file",
    "os.symlink": "makes a link",
    "os.link": "makes a link",
    "sqlite3.connect": "opens a database",
}
_STARTS = ("start_new_thread", "start_joinable_thread", "start_new")


class Importers:
    """Finds no module; notes who asks for which, as pairs of top-level names."""

    def __init__(self) -> None:
        self.pairs: set[tuple[str, str]] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Called by the import system before its own finders."""
        frame: Any = sys._getframe(1)
        while frame is not None and _name(frame).partition(".")[0] == "importlib":
            frame = frame.f_back
        importer = "" if frame is None else _name(frame)
        self.pairs.add((importer.partition(".")[0], name.partition(".")[0]))


def _name(frame: Any) -> str:
    return str(frame.f_globals.get("__name__", ""))


def doing(event: str, args: tuple[Any, ...]) -> str | None:
    """What an audit event of the interpreter means, where an import should not do it."""
    if event == "open":
        writes = isinstance(args[2], int) and args[2] & _WRITES
        return "writes a file" if writes else None
    return next((said for start, said in _DOINGS.items() if event.startswith(start)), None)


def _watch_threads(done: set[str]) -> None:
    """Notes every start of a thread, of which not every Python tells its auditors."""
    import _thread
    import threading

    def noting(start: Any) -> Any:
        def started(*args: Any, **more: Any) -> Any:
            done.add("starts a thread")
            return start(*args, **more)

        return started

    for owner in (_thread, threading):
        for name in [name for name in dir(owner) if name.lstrip("_") in _STARTS]:
            setattr(owner, name, noting(getattr(owner, name)))


def probe(module: str, attribute: str) -> dict[str, Any]:
    """Imports the module, takes the attribute, and tells what happened."""
    import prism_core  # noqa: F401 - what it does is not the connector's

    importers, done = Importers(), set[str]()
    watching = True

    def hook(event: str, args: tuple[Any, ...]) -> None:
        said = doing(event, args) if watching else None
        if said is not None:
            done.add(said)

    sys.meta_path.insert(0, importers)
    sys.addaudithook(hook)
    _watch_threads(done)
    started = time.perf_counter()
    found: Any = importlib.import_module(module)
    for part in filter(None, attribute.split(".")):
        found = getattr(found, part)
    seconds = time.perf_counter() - started
    watching = False
    return {"done": sorted(done), "seconds": seconds, "imports": sorted(importers.pairs)}


if __name__ == "__main__":
    asked = json.loads(sys.stdin.read())
    sys.path[:] = asked["path"]
    answer = json.dumps(probe(asked["module"], asked["attribute"]))
    sys.stdout.flush()
    os.write(1, f"\n{MARK}{answer}\n".encode())
    os._exit(0)  # a thread that the connector left behind must not keep this alive
