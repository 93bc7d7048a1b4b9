"""The report as one HTML page, which needs nothing else: no script, no other file."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from jinja2 import Environment, PackageLoader

from prism_batch.items import Job
from prism_batch.journal import Journal
from prism_batch.report import Bar, course, reasons, statuses
from prism_batch.tables import OPEN, State

COLOURS = {
    State.NEW: "#b8b8b8",
    State.SENT: "#8a8a8a",
    State.DONE: "#2e7d32",
    State.DECLINED: "#ef8a00",
    State.REJECTED: "#7b4bb0",
    State.UNKNOWN: "#c62828",
}
_WIDTH, _HEIGHT = 720, 180


def page(journal: Journal, job: Job) -> str:
    """The page of a job."""
    environment = Environment(
        loader=PackageLoader("prism_batch"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    counts, (why, left_out) = journal.counts(job), reasons(journal, job)
    return environment.get_template("report.html").render(
        job=job,
        counts={state: counts.get(state, 0) for state in State},
        colours=COLOURS,
        reasons=why,
        left_out=left_out,
        open=sum(counts.get(state, 0) for state in OPEN),
        loaded=_minute(job.created),
        made=_minute(journal.now()),
        statuses=statuses(journal, job),
        chart=chart(course(journal, job)),
    )


def _minute(seconds: float) -> str:
    """A time since 1970, for a person."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def chart(bars: list[Bar]) -> dict[str, Any]:
    """The rectangles of the chart over time, stacked by state."""
    most = max((sum(bar.counts.values()) for bar in bars), default=0)
    width = _WIDTH / max(1, len(bars))
    found = []
    for place, bar in enumerate(bars):
        heights = [_HEIGHT * bar.counts.get(state, 0) / most for state in State]
        for state, height, top in zip(State, heights, accumulate(heights), strict=True):
            if height:
                found.append(
                    {
                        "x": round(place * width, 1),
                        "y": round(_HEIGHT - top, 1),
                        "width": round(max(width - 1, 1), 1),
                        "height": round(height, 1),
                        "colour": COLOURS[state],
                        "title": f"{bar.counts[state]:,} {state.value}, "
                        f"{bar.seconds} s after the first",
                    }
                )
    seconds = bars[-1].seconds if bars else 0
    return {"bars": found, "most": most, "seconds": seconds, "width": _WIDTH, "height": _HEIGHT}
