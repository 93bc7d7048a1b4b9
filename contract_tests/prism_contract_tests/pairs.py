"""How many answers the exchanges of connectors check, and in how many lines of JSON:
`python -m prism_contract_tests.pairs NAME...`.

An answer is the HTTP status and body that decide how a call ends; it counts once per operation.
"""

from __future__ import annotations

import sys

import click
import msgspec

from prism_contract_tests.exchange import Exchange
from prism_contract_tests.reading import FOLDER
from prism_contract_tests.target import Target, open_target

Pair = tuple[str, int, bytes]
"""An operation, and the status and body that decide how a call of it ends."""


def pairs(target: Target) -> set[Pair]:
    """The operations and answers that are checked."""
    return {_pair(one) for one in target.exchanges if one.steps or one.grants}


def _pair(exchange: Exchange) -> Pair:
    answer = (exchange.steps or exchange.grants)[-1].response
    body = answer.body()
    if answer.text is None:
        body = msgspec.json.encode(answer.json, order="deterministic")
    return exchange.operation, answer.status, body


def lines(target: Target) -> int:
    """The lines of the connector's exchange files."""
    files = (target.package / FOLDER).rglob("*.json")
    return sum(path.read_bytes().count(b"\n") for path in files)


def _row(name: str, *numbers: int) -> str:
    return f"{name:20}" + "".join(f"{number:>10}" for number in numbers)


if __name__ == "__main__":
    targets = [open_target(name) for name in sys.argv[1:]]
    counts = [(len(pairs(one)), lines(one)) for one in targets]
    click.echo(f"{'connector':20}{'pairs':>10}{'lines':>10}")
    for target, numbers in zip(targets, counts, strict=True):
        click.echo(_row(target.name, *numbers))
    click.echo(_row("all", *(sum(column) for column in zip(*counts, strict=True))))
