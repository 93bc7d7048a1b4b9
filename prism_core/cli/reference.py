"""`prism hooks` and `prism schema`: what a connector implements, and what flows through it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

import click

from prism_core.cli import described
from prism_core.cli.show import print_json

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("name", required=False)
@JSON
def hooks(name: str | None, as_json: bool) -> None:
    """The hooks that a connector can implement; with NAME, that one's whole contract."""
    if name is None:
        found = [described.hook(one) for one in described.HOOKS]
        if as_json:
            print_json([{k: v for k, v in one.items() if k != "about"} for one in found])
            return
        _print_columns(("hook", "takes", "returns", "what it is for"), map(_row, found))
        click.echo("\nOne hook in full: prism hooks NAME. Its fields: prism schema NAME.")
        return
    one = described.hook(_known(name, described.HOOKS, "hook"))
    if as_json:
        print_json(one)
        return
    takes = ", ".join(f"{key}: {value}" for key, value in one["takes"].items())
    returns = f"Flow[{one['returns']}]" if one["client"] else one["returns"]
    click.echo(f"def {name}(self, {takes}) -> {returns}\n\n{one['about']}")
    if one["client"]:
        click.echo(f"\nThe fields of {one['takes']['request']}: prism schema {name}")


def _row(hook: Mapping[str, Any]) -> tuple[str, ...]:
    given = next(iter(hook["takes"].values()))
    return hook["hook"], given, hook["returns"], hook["summary"]


@click.command()
@click.argument("name", required=False)
@JSON
def schema(name: str | None, as_json: bool) -> None:
    """The fields of an operation's request and result (`prism schema authorize`), or of one type
    (`prism schema Card`, `prism schema PaymentStatus`, `prism schema ConnectorInfo`)."""
    types = described.types()
    if name is None:
        known = {"operations": [*described.CLIENTS], "types": [*types]}
        if as_json:
            print_json(known)
            return
        for kind, names in known.items():
            click.echo(f"{kind}: {', '.join(names)}\n")
        click.echo("The fields of one: prism schema NAME")
    elif name in described.CLIENTS:
        _print_operation(described.operation(name), as_json)
    else:
        _print_type(types[_known(name, [*described.CLIENTS, *types], "operation or type")], as_json)


def _known(name: str, names: Iterable[str], kind: str) -> str:
    """The name, if there is such a hook or type; otherwise an error that says which there are."""
    every = [*names]
    if name in every:
        return name
    meant = {client: hook for hook, client in described.CLIENTS.items()}.get(name)
    close = [meant] if meant in every else difflib.get_close_matches(name, every, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(every)}"
    raise click.UsageError(f"no {kind} is called {name!r}; {hint}")


def _print_operation(found: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    click.echo(f"{found['operation']} is called by {found['client']}.\n")
    for part in ("request", "result"):
        _print_struct(found[part])
        click.echo("")
    for enumeration in found["enumerations"]:
        _print_enumeration(enumeration)
        click.echo("")
    click.echo("The fields of another type: prism schema NAME")


def _print_type(kind: Any, as_json: bool) -> None:
    is_enumeration = issubclass(kind, Enum)
    one = described.enumeration(kind) if is_enumeration else described.struct(kind)
    if as_json:
        print_json(one)
    else:
        (_print_enumeration if is_enumeration else _print_struct)(one)


def _print_struct(struct: Mapping[str, Any]) -> None:
    click.echo(f"{struct['name']}: {struct['about']}\n")
    columns = ("field", "type", "given", "meaning")
    _print_columns(columns, (tuple(map(field.get, columns)) for field in struct["fields"]))
    click.echo("")
    for word, meaning in struct["given"].items():
        click.echo(f"  {word}: {meaning}")


def _print_enumeration(enumeration: Mapping[str, Any]) -> None:
    click.echo(f"{enumeration['name']}: {enumeration['about']}\n")
    _print_columns(("value", "meaning"), enumeration["values"].items())


def _print_columns(heads: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*heads, box=None, padding=(0, 2, 0, 0), header_style="bold")
    for row in rows:
        table.add_row(*row)
    for column in table.columns[:-1]:
        column.overflow = "fold"
    console = Console(markup=False, emoji=False, highlight=False)
    wide = console if console.is_terminal else Console(markup=False, highlight=False, width=120)
    wide.print(table)
