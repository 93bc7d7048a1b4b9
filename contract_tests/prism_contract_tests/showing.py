"""Showing: everything that a program could print, log, store or send of a call."""

from __future__ import annotations

import io
import json
import logging
import pickle
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

import msgspec
from rich.pretty import pretty_repr

from prism_contract_tests.check import Failed
from prism_contract_tests.replay import Ended
from prism_core import Customer, PrismError, SdkToken, Token
from prism_core.schema.base import Request, Result
from prism_core.schema.secrets import MASK, Secret, reveal

Traces = set[tuple[object, ...]]
"""What rich has shown, which is slow: where errors came from (their class, and the code of each
frame), and what else has the same repr."""


def masked(value: msgspec.Struct) -> dict[str, Any]:
    """The fields that are given, as values of JSON with a mask where a secret is."""
    found = msgspec.to_builtins(value, enc_hook=_masked)
    return {name: one for name, one in found.items() if one is not None}


def _masked(value: object) -> str:
    if isinstance(value, Secret):
        return MASK
    raise NotImplementedError


def _kept(request: Request, result: Result) -> Result:
    """A result without what it is there to tell: who a customer is, and the id of the payment
    method that was given as a token."""
    told = ("name", "email", "phone", "description") if isinstance(result, Customer) else ()
    method = getattr(request, "payment_method", None)
    token = reveal(method.token) if isinstance(method, (Token, SdkToken)) else None
    kept = msgspec.structs.replace(result, **dict.fromkeys(told))
    return kept if token is None else _without(kept, token)


def _without(value: Any, token: str) -> Any:
    """The value without the ids that are the token itself, at every level."""
    if not isinstance(value, msgspec.Struct):
        return value
    ids = ("connector_mandate_id", "connector_payment_method_id")
    found = {name: getattr(value, name) for name in value.__struct_fields__}
    changed = {
        name: "itself" if name in ids and one == token else _without(one, token)
        for name, one in found.items()
    }
    return msgspec.structs.replace(value, **changed)


def texts(request: Request, ended: Ended, traces: Traces) -> dict[str, str]:
    """Everything that a program could show of a call, but for the request. `traces`: where the
    errors of earlier calls came from."""
    found: dict[str, str] = {}
    result: Result | None = ended.result
    error = ended.error
    if result is not None:
        kept = _kept(request, result)
        shown = result if isinstance(result, Customer) else kept
        found["repr(result)"] = f"{shown!r} {shown}"
        found["rich's result"] = _rich(shown, traces)
        found["the pickled result"] = _pickled(kept)
    return found if error is None else {**found, **texts_of(error, traces)}


def texts_of(error: PrismError, traces: Traces) -> dict[str, str]:
    """Everything that a program could show of an error; what rich shows of its traceback, which is
    slow, only the first time that one comes from there."""
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    origin = (type(error), *(frame.f_code for frame in frames))
    rich = [pretty_repr(frame.f_locals) for frame in frames] if origin not in traces else []
    traces.add(origin)
    return {
        "the error": f"{error!r} {error} {vars(error)} {_rich(vars(error), traces)}",
        "error.to_dict()": json.dumps(error.to_dict(), default=repr),
        "the pickled error": _pickled(error),
        "the traceback with local variables": "".join(trace.format()),
        "the traceback that rich shows": "".join(rich),
    }


def _rich(value: object, traces: Traces) -> str:
    """What rich shows; nothing, if it has shown something with the same repr."""
    shown = ("rich", type(value), repr(value))
    if shown in traces:
        return ""
    traces.add(shown)
    return pretty_repr(value)


def _pickled(value: object) -> str:
    try:
        return pickle.dumps(value, 2).decode("latin-1")
    except (pickle.PicklingError, TypeError, AttributeError) as reason:
        raise Failed(f"a {type(value).__name__} cannot be pickled: {reason}") from None


class _WithFields(logging.Formatter):
    """The line of a record, and the fields that a formatter for JSON writes."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        fields = {name: one for name, one in vars(record).items() if name.startswith("prism_")}
        return f"{super().format(record)} {fields}"


@contextmanager
def overheard() -> Iterator[Any]:
    """What is logged at any level and printed, as a function that gives and forgets it."""
    log, out = io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(_WithFields())
    root = logging.getLogger()
    levels = {logger: logger.level for logger in (root, logging.getLogger("prism_core"))}

    def heard() -> dict[str, str]:
        found = {"the log": log.getvalue(), "the output": out.getvalue()}
        for stream in (log, out):
            stream.seek(0)
            stream.truncate()
        return found

    root.addHandler(handler)
    for logger in levels:
        logger.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(out), redirect_stderr(out):
            yield heard
    finally:
        root.removeHandler(handler)
        for logger, level in levels.items():
            logger.setLevel(level)
