"""All the ways in which a program, an error tracker or a log shows a value or a failure."""

from __future__ import annotations

import io
import json
import logging
import pickle
import pprint
import reprlib
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import rich
import sentry_sdk
import structlog
from rich.console import Console
from rich.pretty import pretty_repr
from rich.traceback import Traceback
from sentry_sdk.serializer import serialize
from sentry_sdk.utils import event_from_exception
from structlog.tracebacks import ExceptionDictTransformer

from prism_core import PrismError

TESTS = str(Path(__file__).parents[1])


def shown(value: object) -> dict[str, str]:
    """What is shown of a value, by who shows it; no way here asks the value for its fields."""
    ways: dict[str, Callable[[Any], object]] = {
        "repr": repr,
        "str": str,
        "format": lambda it: f"{it} {it!s} {it!r} {it:}",
        "percent": lambda it: "%s %r %a" % (it, it, it),  # noqa: UP031 - it is one of the ways
        "repr in a list": lambda it: repr([it, {"it": it}, (it,)]),
        "reprlib": reprlib.repr,
        "pprint": pprint.pformat,
        "logging": _logged,
        "rich.print": _printed,
        "rich.pretty": lambda it: pretty_repr({"it": [it]}),
        "structlog's console": lambda it: structlog.dev.ConsoleRenderer()(None, "info", {"it": it}),
        "structlog's JSON": lambda it: structlog.processors.JSONRenderer()(None, "", {"it": it}),
        "structlog's key and value": lambda it: structlog.processors.KeyValueRenderer()(
            None, "info", {"it": it}
        ),
        "sentry": lambda it: serialize({"vars": {"it": it, "its": [it]}}, is_vars=True),
        "json with default=str": lambda it: json.dumps(it, default=str),
        "json with default=repr": lambda it: json.dumps(it, default=repr),
    }
    return {name: str(way(value)) for name, way in ways.items()}


def _logged(value: object) -> str:
    record = logging.LogRecord("shop", logging.INFO, "", 1, "%s %r", (value, value), None)
    return logging.Formatter().format(record)


def _printed(value: object) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(value, [value])
    rich.print(value, file=console.file)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def everything(error: BaseException, log: str) -> str:
    """All that an error tracker or a log would show of a failure, local variables included.

    The frames of the tests themselves are left out: they hold what was planted.
    """
    formatted = traceback.TracebackException.from_exception(error, capture_locals=True)
    own = [line for line in formatted.format() if TESTS not in line.split("\n")[0]]
    said = [repr(error), str(error), *own, log, str(pickle.dumps(error)), _printed(error)]
    if isinstance(error, PrismError):
        said += [str(error.to_dict()), str(error.__dict__), pretty_repr(error.__dict__)]
    return "\n".join([*said, *_by_rich(error), *_by_structlog(error), *_by_sentry(error)])


def _by_rich(error: BaseException) -> Iterator[str]:
    trace = Traceback.extract(type(error), error, error.__traceback__, show_locals=True)
    for stack in trace.stacks:
        stack.frames[:] = [frame for frame in stack.frames if TESTS not in frame.filename]
    console = Console(file=io.StringIO(), width=200)
    console.print(Traceback(trace, show_locals=True))
    yield console.file.getvalue()  # type: ignore[attr-defined]


def _by_structlog(error: BaseException) -> Iterator[str]:
    """As `structlog.processors.dict_tracebacks` does, which shows local variables."""
    stacks = ExceptionDictTransformer(show_locals=True)((type(error), error, error.__traceback__))
    for stack in stacks:
        kept = [frame for frame in stack.pop("frames") if TESTS not in frame["filename"]]
        yield json.dumps([stack, kept], default=repr)


def _by_sentry(error: BaseException) -> Iterator[str]:
    """An event with Sentry's default options, which include local variables."""
    event, _ = event_from_exception(error, client_options=sentry_sdk.consts.DEFAULT_OPTIONS)
    for value in event["exception"]["values"]:
        frames = (value.pop("stacktrace", None) or {}).get("frames", [])
        kept = [frame for frame in frames if TESTS not in frame["abs_path"]]
        yield json.dumps(serialize({**value, "stacktrace": {"frames": kept}}))
