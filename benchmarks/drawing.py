"""What the documentation shows: the curves as SVG, and the page's tables between its markers.

The same figures give the same file: nothing in it is random or of this machine.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from measures import ONE_CPU, Samples
from peers import HTTPX, HTTPX_ASYNC, PRISM, PRISM_ASYNC
from sheets import Figures, Sheet, medians

DRAWING = "performance-in-flight.svg"
BEGIN, END = "<!-- written by nox -s bench -->", "<!-- until here -->"
COLOURS = {PRISM: "#0072b2", PRISM_ASYNC: "#0072b2", HTTPX: "#d55e00", HTTPX_ASYNC: "#d55e00"}
OTHERS = ("#cc79a7", "#009e73")

matplotlib.use("svg")
matplotlib.rcParams.update(
    {"svg.hashsalt": "prism", "svg.fonttype": "path", "font.size": 10, "axes.titlesize": 11}
)


def draw(figures: Figures, path: Path) -> None:
    """Calls under way against CPU per call: tasks on the left, threads on the right."""
    figure = Figure(figsize=(9, 4.2), facecolor="white", layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    _curves(left, figures.in_flight)
    left.set(title="Async clients", xlabel="calls in flight", ylabel="CPU per call, milliseconds")
    _curves(right, figures.over_threads)
    right.set(title="Sync clients", xlabel="threads")
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(line.rstrip() for line in lines) + "\n", "utf-8")


def _curves(axes: Axes, samples: Samples[tuple[str, int]]) -> None:
    found, counts = medians(samples), sorted({count for _, count in samples})
    others = iter(OTHERS)
    for name in dict.fromkeys(name for name, _ in samples):
        peer = name.removesuffix(ONE_CPU)
        colour = COLOURS.get(peer) or next(others)
        width = 2.5 if peer in (PRISM, PRISM_ASYNC) else 1.5
        style = "-" if peer == name else "--"
        costs = [found[name, count] / 1000 for count in counts]
        axes.plot(
            counts, costs, style, marker="o", markersize=4, label=name, color=colour, lw=width
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(counts, [str(count) for count in counts])
    ticks = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left", fontsize=9)


def write_page(path: Path, sheets: list[Sheet]) -> None:
    """Puts the tables of this run between the page's markers."""
    text = path.read_text("utf-8")
    before, found, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise SystemExit(f"{path.name} lacks the markers {BEGIN} and {END}")
    tables = "\n".join(sheet.markdown() for sheet in sheets)
    written = f"{before}{BEGIN}\n{where()}\n\n{tables}\n{END}{after}"
    path.write_text(written, "utf-8")


def where() -> str:
    """What a reader must know of the machine, and no more."""
    cores = os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"One run on {platform.system()}, {platform.machine()}, {cores} CPUs, {python}."
