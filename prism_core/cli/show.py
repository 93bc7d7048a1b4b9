"""The output of the commands: tables for people, JSON for programs, one line for an error."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from prism_core.connector.extensions import INTERRUPTED
from prism_core.errors import PrismError


def print_json(value: object) -> None:
    """One line of JSON on standard output."""
    click.echo(json.dumps(value))


def print_table(rows: Sequence[Mapping[str, str]]) -> None:
    """A table of rows that all have the same keys."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*rows[0])
    for row in rows:
        table.add_row(*map(harmless, row.values()))
    Console(markup=False, emoji=False).print(table)


def harmless(text: str) -> str:
    """Text of another package, on one line and without terminal control characters."""
    line = " ".join(text.split())
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)


def print_result(result: Any, *, as_json: bool) -> None:
    """The fields of a result, one per line, or as JSON."""
    fields = {key: value for key, value in result.to_dict().items() if value not in ([], ())}
    if as_json:
        print_json(fields)
        return
    fields.pop("attempts", None)
    for name, value in fields.items():
        click.echo(f"{name}: {readable(value)}")


def readable(value: Any) -> str:
    """A value of a result's dictionary, on one line."""
    if isinstance(value, dict) and set(value) == {"minor_amount", "currency"}:
        from prism_core.schema.money import Money

        return str(Money(**value))
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def print_error(error: PrismError, *, as_json: bool) -> None:
    """One line on standard error; with --json the error as JSON on standard output, too."""
    hint = ""
    if error.outcome == "unknown":
        hint = f" [outcome unknown: look it up, or repeat {error.operation}"
        if error.completed is not None:
            hint += f" for {error.completed.connector_customer_id}"
        hint += f" with idempotency key {error.idempotency_key}]" if error.idempotency_key else "]"
    click.echo(f"prism: {type(error).__name__}: {harmless(error.message)}{hint}", err=True)
    if as_json:
        print_json({"error": error.to_dict()})


@contextmanager
def without_records_of_errors() -> Iterator[None]:
    """The log without the records of errors, which a command prints itself. That of an interrupted
    call stays: nothing else has its idempotency key."""
    logger = logging.getLogger("prism_core")
    logger.addFilter(_is_news)
    try:
        yield
    finally:
        logger.removeFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return getattr(record, "prism_error", None) in (None, INTERRUPTED)
