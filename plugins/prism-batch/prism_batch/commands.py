"""`prism batch`: runs an operation for every row of an input, and tells what became of each."""

from __future__ import annotations

import click

from prism_batch.report_commands import (
    cancel_command,
    report_command,
    status_command,
    unknown_command,
)
from prism_batch.run_command import check_command, reconcile_command, run_command
from prism_batch.work_command import work_command


@click.group()
def batch() -> None:
    """Run an operation for every row of a file or query: each row once, whatever happens.

    Exit codes: 0 every row is done as asked; 1 some were declined, rejected or differ; 2 an option
    or the input is wrong, and nothing was sent; 3 of some nobody knows; 4 rows are left, and the
    sentence says what to do; 5 set up wrongly: the connector, its credentials or the journal; 130
    Ctrl+C. Credentials come from the environment: PRISM_STRIPE_API_KEY is Stripe's api_key.
    """


for command in (
    *(run_command, check_command, reconcile_command, work_command),
    *(status_command, report_command, unknown_command, cancel_command),
):
    batch.add_command(command)
