"""What is shown: the figures as tables, and the aims beside what was measured.

The terminal and docs/performance.md get the same tables.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from measures import Samples, ratio
from peers import HTTPX, PRISM, PRISM_ASYNC, STRIPE
from rich.console import Console
from rich.table import Table
from scanning import CONNECTORS, DISTRIBUTIONS
from share import AUTHORIZE, CREATE, OBSERVED


class Sheet(NamedTuple):
    """A table: the first column names what the row is about."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def show(self, console: Console) -> None:
        table = Table(title=self.title, title_justify="left")
        for number, column in enumerate(self.columns):
            table.add_column(column, justify="right" if number else "left")
        for row in self.rows:
            table.add_row(*row)
        console.print(table)

    def markdown(self) -> str:
        rule = ("---", *["---:"] * (len(self.columns) - 1))
        lines = [f"| {' | '.join(row)} |" for row in (self.columns, rule, *self.rows)]
        return "\n".join((f"### {self.title}", "", *lines, ""))


class Aim(NamedTuple):
    """What is promised of a figure, and what was measured of it."""

    what: str
    measured: float
    at_most: float
    unit: str = ""

    @property
    def met(self) -> bool:
        return self.measured <= self.at_most

    def row(self) -> tuple[str, ...]:
        digits = 0 if isinstance(self.measured, int) or self.at_most >= 10 else 2
        shown = (f"{value:.{digits}f}" for value in self[1:3])
        return (self.what, *(f"{text} {self.unit}".strip() for text in shown), _word(self.met))


def _word(met: bool) -> str:
    return "yes" if met else "no"


class Figures(NamedTuple):
    """Everything that one run measured; microseconds of CPU per call if nothing else is said."""

    one: Samples[str]
    share: Samples[str]
    in_flight: Samples[tuple[str, int]]
    over_threads: Samples[tuple[str, int]]
    imports_ms: Samples[str]
    help_s: tuple[float, float]
    scan: Mapping[str, Any]
    bytes_per_call: Mapping[str, float]

    def json(self) -> dict[str, Any]:
        """The medians, with the counts of calls in flight as names."""
        flying, threads = _by_peer(self.in_flight), _by_peer(self.over_threads)
        return {
            "one_call_us": medians(self.one),
            "own_share_us": medians(self.share),
            "in_flight_us": flying,
            "over_threads_us": threads,
            "import_ms": medians(self.imports_ms),
            "prism_help_s": dict(zip(("wall", "cpu"), self.help_s, strict=True)),
            "scan": dict(self.scan),
            "bytes_per_call": dict(self.bytes_per_call),
        }


def medians(samples: Mapping[Any, list[float]]) -> dict[Any, float]:
    return {name: statistics.median(found) for name, found in samples.items()}


def _by_peer(samples: Samples[tuple[str, int]]) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    for (name, count), median in medians(samples).items():
        found.setdefault(name, {})[count] = median
    return found


def aims(figures: Figures) -> list[Aim]:
    """The promises. Those in units hold for the machine at hand; ratios hold anywhere."""
    share, wall_cpu = medians(figures.share), figures.help_s
    most, threads = (max(c for _, c in s) for s in (figures.in_flight, figures.over_threads))
    flying = ratio(figures.in_flight, (PRISM_ASYNC, most), (PRISM_ASYNC, 1))
    places = [name for name in _by_peer(figures.over_threads) if name.startswith(PRISM)]
    first, second = figures.scan["first"], figures.scan["second"]
    imported = ratio(figures.imports_ms, "prism_core", "httpx")
    million = {kind: each * 1e6 / 2**20 for kind, each in figures.bytes_per_call.items()}
    return [
        Aim(f"{PRISM_ASYNC}, {most} in flight / one", flying, 1.3),
        *(
            Aim(
                f"{name}, {threads} threads / one",
                ratio(figures.over_threads, (name, threads), (name, 1)),
                1.3,
            )
            for name in places
        ),
        Aim(f"{PRISM} / {HTTPX}", ratio(figures.one, PRISM, HTTPX), 1.0),
        Aim(f"{PRISM} / {STRIPE}", ratio(figures.one, PRISM, STRIPE), 0.65),
        Aim(f"own share of {CREATE}", share[CREATE], 40, "µs"),
        Aim(f"own share of {AUTHORIZE}", share[AUTHORIZE], 60, "µs"),
        Aim("what one extension adds to it", share[OBSERVED] - share[AUTHORIZE], 40, "µs"),
        Aim("import prism_core / import httpx", imported, 0.6),
        Aim("prism --help, by the clock", wall_cpu[0], 0.25, "s"),
        Aim("prism --help, CPU", wall_cpu[1], 0.25, "s"),
        Aim("metadata scans, first client", first["listings"], 1),
        Aim("metadata scans, second client", second["listings"], 0),
        Aim("metadata files opened, second client", second["opens"], 0),
        Aim("a million sync calls add", million["sync"], 1, "MiB"),
        Aim("a million async calls add", million["async"], 1, "MiB"),
    ]


def sheets(figures: Figures) -> list[Sheet]:
    """All tables of a run, the aims first."""
    return [
        Sheet(
            "Aims",
            ("what", "measured", "at most", "met"),
            [aim.row() for aim in aims(figures)],
        ),
        _plain("One call at a time", "CPU, µs", medians(figures.one)),
        _plain("The framework's own share of a call", "CPU, µs", medians(figures.share)),
        _grid("Calls in flight in one event loop: CPU per call, µs", figures.in_flight),
        _grid("Threads that share a client: CPU per call, µs", figures.over_threads),
        _plain("Import in a fresh interpreter", "CPU, ms", medians(figures.imports_ms)),
        _scan(figures.scan),
    ]


def _plain(title: str, unit: str, found: Mapping[str, float]) -> Sheet:
    rows = [(name, f"{value:.0f}") for name, value in sorted(found.items(), key=lambda i: i[1])]
    return Sheet(title, ("", unit), rows)


def _grid(title: str, samples: Samples[tuple[str, int]]) -> Sheet:
    found = _by_peer(samples)
    counts = sorted({count for _, count in samples})
    rows = [(name, *(f"{costs[count]:.0f}" for count in counts)) for name, costs in found.items()]
    return Sheet(title, ("", *map(str, counts)), rows)


def _scan(scan: Mapping[str, Any]) -> Sheet:
    kinds = {
        "listings": "times the folder is listed",
        "files": "metadata files read",
        "opens": "times one is opened",
        "ms": "client and call, CPU, ms",
        "ms_alone": "the same without them, CPU, ms",
    }
    rows = [(text, *(f"{scan[n][key]:.0f}" for n in scan)) for key, text in kinds.items()]
    title = f"Discovery among {DISTRIBUTIONS} more distributions, {CONNECTORS} with connectors"
    return Sheet(title, ("", "first client", "second"), rows)
