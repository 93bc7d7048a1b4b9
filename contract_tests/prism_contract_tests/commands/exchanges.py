"""`prism exchanges`: record, show and check a connector's exchanges."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import click
import msgspec

from prism_contract_tests.check import Failed
from prism_contract_tests.exchange import Exchange, Kind, WireRequest, json_schema
from prism_contract_tests.formatting import formatted
from prism_contract_tests.reading import DEFAULTS, ERRORS, FOLDER, defaults_of
from prism_contract_tests.target import Target, open_target
from prism_core.cli.names import connector_names

_CHECKED = (
    "exchanges-scrubbed",
    "exchanges-documented",
    "exchanges-fresh",
    "exchange-request",
    "exchange-result",
    "error-answers",
)


@click.group()
def exchanges() -> None:
    """Record, show and check a connector's exchanges.

    An exchange is a JSON file in the connector's package: a request, what it becomes on the wire,
    the answer, and what that becomes. Answers that say what went wrong are together in errors.json.
    """


@exchanges.command()
def schema() -> None:
    """Print the JSON Schema of an exchange file, for editors."""
    click.echo(schema_text(), nl=False)


def schema_text() -> str:
    """The JSON Schema as `exchange.schema.json` beside this package's modules holds it."""

    def flat(value: Any) -> Any:
        """Descriptions on one line: Python 3.13 indents docstrings otherwise than 3.12 does."""
        if isinstance(value, dict):
            return {name: flat(entry) for name, entry in value.items()}
        if isinstance(value, list):
            return [flat(entry) for entry in value]
        return " ".join(value.split()) if isinstance(value, str) else value

    return json.dumps(flat(json_schema()), indent=2) + "\n"


@exchanges.command()
@click.argument("name", shell_complete=connector_names)
@click.argument("exchange", required=False)
def show(name: str, exchange: str | None) -> None:
    """List a connector's exchanges, or show one.

    Such as authorize/success.
    """
    target = _target(name)
    if exchange is None:
        width = max((len(one.name) for one in target.exchanges), default=0)
        for one in target.exchanges:
            click.echo(f"{one.name:{width}}  {one.kind:23}  {_end(one)}")
        return
    wanted = exchange.removesuffix(".json")
    found = [one for one in target.exchanges if one.name == wanted]
    if not found:
        names = ", ".join(one.name for one in target.exchanges)
        raise click.ClickException(f"{name} has no exchange {wanted}; it has {names or 'none'}")
    click.echo("\n".join(_whole(found[0])))


def _end(exchange: Exchange) -> str:
    if exchange.error is not None:
        return f"{exchange.error.type} ({exchange.error.outcome})"
    return str((exchange.result or {}).get("status", "a result"))


def _whole(exchange: Exchange) -> Iterator[str]:
    yield f"{exchange.name}: {exchange.kind}"
    yield f"{exchange.documentation}"
    yield f"{exchange.recorded or 'written by hand'}"
    yield from ("", "asked", *_indented(exchange.request))
    for step in (*exchange.grants, *exchange.steps):
        yield from ("", *_request(step.request))
        yield from ("", f"answered {step.response.status}", *_pairs(step.response.headers))
        body = step.response.json if step.response.text is None else step.response.text
        yield from _indented(body)
    end = exchange.result if exchange.error is None else msgspec.to_builtins(exchange.error)
    yield from ("", f"came to {_end(exchange)}", *_indented(end))


def _request(request: WireRequest) -> Iterator[str]:
    yield f"sent {request.method} {request.path}"
    yield from _pairs({f"?{name}": value for name, value in request.query.items()})
    yield from _pairs(request.headers)
    if request.form is not None:
        yield from _pairs(request.form, " = ")
    elif request.json is not None:
        yield from _indented(request.json)


def _pairs(values: dict[str, str], between: str = ": ") -> list[str]:
    return [f"  {name}{between}{value}" for name, value in values.items()]


def _indented(value: Any) -> list[str]:
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return [f"  {line}" for line in text.splitlines()]


@exchanges.command()
@click.argument("name", shell_complete=connector_names)
def check(name: str) -> None:
    """Check a connector's exchange files.

    Their schema, that nothing private is in them, and that they still replay.
    """
    target = _target(name, complain=False)
    unreadable = [] if target.unreadable is None else [target.unreadable]
    problems = [*unreadable, *_unschematic(target.package), *_failing(target)]
    for problem in problems:
        click.echo(problem)
    if problems:
        raise SystemExit(1)
    click.echo(f"{len(target.exchanges)} exchanges of {name}: all as they should be")


def _unschematic(package: Path) -> Iterator[str]:
    """What the files have that the JSON Schema does not allow."""
    for path in _files(package):
        name = path.relative_to(package / FOLDER).as_posix()
        try:
            content = json.loads(path.read_text("utf-8"))
        except ValueError:
            yield f"{name}: schema: it is no JSON"
            continue
        for error in _judge(name).iter_errors(content):
            yield f"{name}: schema: {'.'.join(map(str, error.path)) or 'the file'}: {error.message}"


def _files(package: Path) -> list[Path]:
    return sorted((package / FOLDER).rglob("*.json"))


@cache
def _judge(name: str) -> Any:
    """A validator for the file of that name."""
    from openapi_schema_validator import OAS31Validator

    schema = json_schema()
    if name in (ERRORS, DEFAULTS):
        schema["$ref"] = f"#/$defs/{'Errors' if name == ERRORS else 'Defaults'}"
    return OAS31Validator(schema)


@exchanges.command("format")
@click.argument("name", shell_complete=connector_names)
def format_(name: str) -> None:
    """Write a connector's exchange files in their usual form.

    Short objects are on one line.
    """
    target = _target(name, complain=False)
    changed = 0
    for path in _files(target.package):
        text = path.read_text("utf-8")
        try:
            usual = formatted(text)
        except ValueError as reason:
            raise click.ClickException(f"{path.name} is no JSON: {reason}") from None
        if usual != text:
            path.write_text(usual, "utf-8")
            changed += 1
    click.echo(f"{changed} files of {name} written anew")


def _failing(target: Target) -> Iterator[str]:
    """What the checks of single exchanges say, a line each."""
    from prism_contract_tests import checks
    from prism_contract_tests.check import CHECKS

    assert checks
    for exchange in target.exchanges:
        for name in _checks_of(exchange):
            try:
                CHECKS[name].run(target, exchange.name)
            except Failed as failure:
                yield f"{exchange.name}.json: {name}: {failure.message}"
            except Exception as error:  # a connector may raise anything anywhere
                yield f"{exchange.name}.json: {name}: {type(error).__name__}: {error}"
    yield from target.problems


def _checks_of(exchange: Exchange) -> list[str]:
    """The checks that look at this exchange by itself."""
    of_errors = exchange.error_answer is not None
    others = {"exchange-request", "exchange-result"} if of_errors else {"error-answers"}
    return [name for name in _CHECKED if name not in others]


def _target(name: str, *, complain: bool = True) -> Target:
    target = open_target(name)
    problems = [*target.problems, *([target.unreadable] if target.unreadable else [])]
    if complain and problems:
        raise click.ClickException("; ".join(problems))
    return target


@exchanges.command()
@click.argument("name", shell_complete=connector_names)
@click.argument("operation")
@click.option("--kind", type=click.Choice(get_args(Kind)), required=True, help="What it shows.")
@click.option("--as", "file", required=True, help="The file's name, without .json.")
@click.option(
    "--request",
    "request_file",
    type=click.File("r"),
    help="The request in Prism's schema, as JSON; otherwise that of the success there is.",
)
@click.option("--documentation", help="The page that describes it; otherwise the connector's docs.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def record(
    name: str,
    operation: str,
    kind: Kind,
    file: str,
    request_file: Any,
    documentation: str | None,
    force: bool,
) -> None:
    """Make one call to a real server, and write it as an exchange.

    Nothing private is in the file. Credentials and base URL come from PRISM_<NAME>_...
    variables, as for every other command.
    """
    from prism_contract_tests import recording
    from prism_core.runtime.engine import from_environment

    target = _target(name)
    path = target.package / FOLDER / operation / f"{Path(file).stem}.json"
    if operation not in target.operations:
        raise click.ClickException(f"{name} implements {', '.join(target.operations)}")
    if path.exists() and not force:
        raise click.ClickException(f"{operation}/{path.name} is there already; --force replaces it")
    account = from_environment(name)
    host = urlsplit(account.get("base_url", "")).hostname or target.connector.info.display_name
    try:
        made = recording.record(
            target,
            operation,
            kind,
            _request_of(target, operation, request_file),
            account,
            documentation=documentation or target.connector.info.docs,
            recorded=f"{host}, {date.today().isoformat()}",
        )
    except recording.RecordingRefused as refused:
        raise click.ClickException(f"not written: {refused}") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(recording.as_json(made, defaults_of(target.package)), "utf-8")
    click.echo(f"wrote {FOLDER}/{operation}/{path.name}; read it before you publish it")


def _request_of(target: Target, operation: str, file: Any) -> dict[str, Any]:
    if file is not None:
        try:
            given = json.loads(file.read())
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise click.ClickException("the request must be a JSON object")
        return given
    success = target.success(operation)
    if success is None:
        raise click.ClickException(f"there is no success of {operation} yet; give --request")
    # The key of the file would be one that the server knows already.
    return {name: value for name, value in success.request.items() if name != "idempotency_key"}
