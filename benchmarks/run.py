"""`nox -s bench`: what Prism costs beside its peers, and whether it keeps to its aims.

Every figure is CPU time (user and system) if nothing else is said, because the machine may be busy.
The peers take turns in one run, and the ratios are what counts.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from drawing import DRAWING, draw, where, write_page
from measures import command, imports, in_flight, one_at_a_time, over_threads
from memory import growth
from rich.console import Console
from scanning import scanned
from server import serving
from share import own_share
from sheets import Figures, aims, sheets

ROOT = Path(__file__).parents[1]
IN_FLIGHT = (1, 10, 50, 100, 200, 500)
THREADS = (1, 4, 16, 64)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nox -s bench --", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="turns that each peer takes")
    parser.add_argument("--calls", type=int, default=200, help="calls of one turn")
    parser.add_argument("--memory-calls", type=int, default=20_000)
    parser.add_argument("--out", type=Path, default=ROOT / "build", help="where bench.json goes")
    parser.add_argument("--docs", action="store_true", help="write docs/performance.md, too")
    parser.add_argument("--strict", action="store_true", help="fail if an aim is missed")
    return parser.parse_args()


def measure(rounds: int, calls: int, memory_calls: int, console: Console) -> Figures:
    """All of it, which takes some minutes."""
    few = max(1, rounds // 5)

    def say(what: str) -> None:
        console.print(f"[dim]measuring {what} ...[/]")

    say("start")
    started = imports(rounds, ("prism_core", "httpx", "stripe")), command(rounds, "--help")
    scan, share = scanned(few), own_share(rounds, calls * 5)
    with serving() as url:
        say("one call at a time")
        one = one_at_a_time(url, rounds, calls)
        say("threads")
        threads = over_threads(url, few, calls * 10, THREADS)
        say("calls in flight")
        flying = in_flight(url, few, calls * 10, IN_FLIGHT)
        say("memory")
        memory = {kind: growth(kind, url, memory_calls) for kind in ("sync", "async")}
    return Figures(one, share, flying, threads, *started, scan, memory)


def main() -> None:
    """Measure, show, write."""
    os.environ["PRISM_EXTENSIONS"] = ""  # those that are installed here are not measured
    chosen, console = options(), Console()
    figures = measure(chosen.rounds, chosen.calls, chosen.memory_calls, console)
    shown = sheets(figures)
    console.print(where())
    for sheet in shown:
        sheet.show(console)
    missed = [aim.what for aim in aims(figures) if not aim.met]
    console.print(f"missed: {'; '.join(missed)}" if missed else "every aim is met")
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "bench.json").write_text(json.dumps(figures.json(), indent=2) + "\n")
    pictures = ROOT / "docs" if chosen.docs else chosen.out
    draw(figures, pictures / DRAWING)
    if chosen.docs:
        write_page(ROOT / "docs" / "performance.md", shown)
    if missed and chosen.strict:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
