"""What discovery costs among 300 more distributions, 60 of which offer a connector.

As a script (`scanning.py FOLDER`) it is the process that opens two clients and counts, by an audit
hook, which files of that folder it opens and how often it lists it; it prints them as JSON.
"""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

DISTRIBUTIONS, CONNECTORS = 300, 60


def scanned(rounds: int) -> dict[str, Any]:
    """Counts of the first and the second client, and the CPU of both with and without the rest."""
    with tempfile.TemporaryDirectory() as crowded, tempfile.TemporaryDirectory() as empty:
        _fill(Path(crowded))
        runs = [(_child(crowded), _child(empty)) for _ in range(rounds)]
    found: dict[str, Any] = runs[0][0]
    for index, name in enumerate(("first", "second")):
        for place, kind in enumerate(("ms", "ms_alone")):
            times = [run[place][name]["ms"] for run in runs]
            found[name][kind] = statistics.median(times)
        assert index or found[name]["files"] >= DISTRIBUTIONS, "the scan was not seen"
    return found


def _fill(folder: Path) -> None:
    for number in range(DISTRIBUTIONS):
        place = folder / f"other_{number}-1.0.dist-info"
        place.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: other-{number}\nVersion: 1.0\n"
        needs = "Requires-Dist: prism-payments-core>=0.1\n" if number < CONNECTORS else ""
        (place / "METADATA").write_text(metadata + needs)
        if number < CONNECTORS:
            offers = f"[prism.connectors]\nother{number} = other_{number}:connector\n"
            (place / "entry_points.txt").write_text(offers)
        else:
            scripts = f"[console_scripts]\nother{number} = other_{number}:main\n"
            (place / "entry_points.txt").write_text(scripts)


def _child(folder: str) -> dict[str, Any]:
    """A fresh process, with that folder among its packages."""
    path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), folder)))
    command = [sys.executable, __file__, folder]
    output = subprocess.check_output(command, text=True, env={**os.environ, "PYTHONPATH": path})
    return dict(json.loads(output))


class _Watch:
    """Counts what is read of a folder while it is being watched."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.realpath(folder)
        self.opened: list[str] = []
        self.listed = 0
        importlib.util.find_spec("no_such_module")  # the import system lists the folder, once
        sys.addaudithook(self._see)

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in ("open", "os.listdir", "os.scandir"):
            return
        if not isinstance(arguments[0], (str, bytes, os.PathLike)):
            return
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if event != "open":
            self.listed += path == self._folder
        elif path.startswith(self._folder + os.sep):
            self.opened.append(path)

    def told(self, cpu: float) -> dict[str, float]:
        """What was seen since the last time."""
        opened, listed = self.opened, self.listed
        self.opened, self.listed = [], 0
        seen = {"listings": listed, "files": len(set(opened)), "opens": len(opened)}
        return {**seen, "ms": cpu * 1000}


def _main(folder: str) -> None:
    from share import creating

    watch, told = _Watch(folder), {}
    for name in ("first", "second"):
        started = time.process_time()
        creating()()
        told[name] = watch.told(time.process_time() - started)
    print(json.dumps(told))


if __name__ == "__main__":
    _main(sys.argv[1])
