"""The options that the commands share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import click

from prism_batch.worker import IN_FLIGHT as MOST
from prism_batch.worker import TIMEOUT as LONGEST
from prism_core.schema.base import LONGEST_TIMEOUT


class Number(click.FloatRange):
    """A finite number in a range."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """The number."""
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value} is no number", param, ctx)
        return found


def pairs(given: Sequence[str], option: str) -> dict[str, str]:
    """Options of the form NAME=VALUE."""
    if not all("=" in one for one in given):
        raise click.UsageError(f"{option} must look like NAME=VALUE")
    found = dict(one.partition("=")[::2] for one in given)
    if len(found) < len(given):
        raise click.UsageError(f"{option} names something twice")
    return found


JOURNAL = click.option(
    "--journal",
    required=True,
    envvar="PRISM_BATCH_JOURNAL",
    show_envvar=True,
    help="sqlite:///FILE.db, or postgresql://USER@HOST/DATABASE.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
JOB = click.option("--job", "job_name", help="The job's id, or its beginning; else the newest.")
RATE = click.option("--rate", type=Number(0, min_open=True), help="Rows a second.")
KEY_HOURS = click.option("--key-hours", type=Number(0), help="How long keys are kept.")
IN_FLIGHT = click.option(
    "--in-flight",
    type=click.IntRange(1),
    default=MOST,
    show_default=True,
    help="Calls under way at once.",
)
TIMEOUT = click.option(
    "--timeout",
    type=Number(0, LONGEST_TIMEOUT, min_open=True),
    default=LONGEST,
    show_default=True,
    help="Seconds for one call.",
)
