"""`nox -s bench`: what a call costs beside its peers, and what importing Prism costs.

Every figure is CPU time of this process (user and system), because the machine may be busy. The
peers take turns in one run, and the ratios are what counts. `--json FILE` writes the figures.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from peers import PEERS, serving
from rich.console import Console
from rich.table import Table

AIMS = {"Prism customers.create / httpx.Client": 1.0, "Prism customers.create / Stripe SDK": 0.65,
        "import prism_core / import httpx": 0.6}  # fmt: skip


def cpu_of(call: Callable[[], object], calls: int) -> float:
    """Seconds of CPU that one call takes, on average."""
    started = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - started) / calls


def compared(rounds: int, calls: int) -> dict[str, float]:
    """Median CPU per call of each peer, in microseconds; the peers take turns."""
    with serving() as url:
        peers = {name: make(url) for name, make in PEERS.items()}
        for call in peers.values():
            cpu_of(call, 20)
        found: dict[str, list[float]] = {name: [] for name in peers}
        for _ in range(rounds):
            for name, call in peers.items():
                found[name].append(cpu_of(call, calls))
    return {name: statistics.median(times) * 1e6 for name, times in found.items()}


def imported(module: str, rounds: int) -> float:
    """Median milliseconds that importing a module takes, in a fresh interpreter each time."""
    code = (
        "import time; started = time.process_time(); "
        f"import {module}; print(time.process_time() - started)"
    )
    command = [sys.executable, "-c", code]
    outputs = [subprocess.check_output(command, text=True) for _ in range(rounds)]
    return statistics.median(map(float, outputs)) * 1000


def main() -> None:
    """Measure, print, and write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()

    calls = compared(options.rounds, options.calls)
    imports = {name: imported(name, options.rounds) for name in ("prism_core", "httpx", "stripe")}
    prism = calls["Prism customers.create"]
    ratios = {
        "Prism customers.create / httpx.Client": prism / calls["httpx.Client"],
        "Prism customers.create / Stripe SDK": prism / calls["Stripe SDK"],
        "import prism_core / import httpx": imports["prism_core"] / imports["httpx"],
    }
    console = Console()
    table = Table("one call, one in flight", "CPU, microseconds")
    for name, cost in sorted(calls.items(), key=lambda item: item[1]):
        table.add_row(name, f"{cost:.0f}")
    console.print(table)
    table = Table("import", "CPU, milliseconds")
    for name, cost in imports.items():
        table.add_row(name, f"{cost:.1f}")
    console.print(table)
    table = Table("ratio", "measured", "aim")
    for name, ratio in ratios.items():
        table.add_row(name, f"{ratio:.2f}", f"at most {AIMS[name]}")
    console.print(table)
    if options.json:
        figures = {"call_us": calls, "import_ms": imports, "ratios": ratios}
        options.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
