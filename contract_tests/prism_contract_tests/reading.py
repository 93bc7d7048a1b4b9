"""Reading a connector's exchange files: defaults filled in, names resolved, error answers tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from prism_contract_tests.exchange import Defaults, Exchange, KnownAnswer, Step
from prism_contract_tests.naming import BadName, in_full, named_answer
from prism_core.connector.operations import OPERATIONS

FOLDER = "exchanges"
ERRORS = "errors.json"
DEFAULTS = "defaults.json"


class BadExchange(Exception):
    """A file that is no exchange; the text says which and why, on one line."""

    def __init__(self, said: str) -> None:
        super().__init__(" ".join(said.split()))


def load(package: Path) -> list[Exchange]:
    """Every exchange in a connector's package, by operation and name, and after them what each
    error answer makes of the success of each operation. Raises `BadExchange`."""
    folder = package / FOLDER
    files = {
        f"{path.parent.name}/{path.stem}": _content(path, f"{path.parent.name}/{path.name}")
        for path in sorted(folder.glob("*/*.json"))
    }
    defaults = defaults_of(package, files)
    written = [_exchange(name, files, defaults) for name in files]
    return [*written, *_error_cases(folder / ERRORS, files, written)]


def _content(path: Path, name: str) -> Any:
    try:
        return msgspec.json.decode(path.read_bytes())
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as reason:
        raise BadExchange(f"{name} is no JSON: {reason}") from None


def defaults_of(package: Path, files: Mapping[str, Any] | None = None) -> Defaults:
    """What the connector's exchanges have in common. Raises `BadExchange`."""
    path = package / FOLDER / DEFAULTS
    if not path.exists():
        return Defaults()
    try:
        return msgspec.convert(in_full(_content(path, path.name), files or {}), Defaults)
    except (msgspec.ValidationError, BadName) as reason:
        raise BadExchange(f"{path.name} holds no defaults: {reason}") from None


def _exchange(name: str, files: Mapping[str, Any], defaults: Defaults) -> Exchange:
    content, operation = files[name], name.partition("/")[0]
    try:
        found = msgspec.convert(in_full(content, files), Exchange)
    except (msgspec.ValidationError, BadName, RecursionError) as reason:
        raise BadExchange(f"{name}.json is no exchange: {reason}") from None
    if found.operation != operation:
        raise BadExchange(f"{name}.json is about {found.operation}; put it in that folder")
    if (found.result is None) == (found.error is None):
        raise BadExchange(f"{name}.json must have a result or an error, and not both")
    found.name, found.error_answer, found.decline = name, None, None
    found.account = {**defaults.account, **found.account}
    if "grants" not in content:
        found.grants = defaults.grants
    return found


def _error_cases(
    path: Path, files: Mapping[str, Any], written: list[Exchange]
) -> Iterator[Exchange]:
    """Each error answer at each operation where it can be given."""
    content = _content(path, path.name) if path.exists() else {}
    if not isinstance(content, dict):
        raise BadExchange(f"{path.name} is no object of error answers")
    bases = _bases(written)
    asks_for_token = any(one.grants for one in written)
    for name, one in content.items():
        if name != "$schema":
            answer = _error_answer(name, one, files)
            for operation in bases if answer.operations is None else answer.operations:
                if operation in bases:  # exchanges-complete asks for the success that is missing
                    yield from _cases(name, answer, bases[operation], asks_for_token)


def _error_answer(name: str, content: Any, files: Mapping[str, Any]) -> KnownAnswer:
    try:
        if isinstance(content, dict) and "answer" in content:
            content = {**content, "answer": named_answer(content["answer"], files)}
        answer = msgspec.convert(content, KnownAnswer)
    except (msgspec.ValidationError, BadName) as reason:
        raise BadExchange(f"{ERRORS}: {name} is no error answer: {reason}") from None
    if (answer.error is None) == (answer.decline is None):
        raise BadExchange(f"{ERRORS}: {name} must have an error or a decline, and not both")
    for operation in set(answer.operations or ()) - set(OPERATIONS):
        raise BadExchange(f"{ERRORS}: {name} names {operation}, which is no operation")
    return answer


def _bases(written: list[Exchange]) -> dict[str, Exchange]:
    """The success of each operation that sends requests: success.json, or else the first."""
    found: dict[str, Exchange] = {}
    for one in written:
        if one.kind == "success" and one.steps and one.name != f"{one.operation}/success":
            found.setdefault(one.operation, one)
        elif one.kind == "success" and one.steps:
            found[one.operation] = one
    return found


def _cases(
    name: str, answer: KnownAnswer, base: Exchange, asks_for_token: bool
) -> Iterator[Exchange]:
    last = len(base.steps) - 1
    places = {"last": [last], "first": [0], "each": range(last + 1), "token": [None]}[answer.at]
    for place in places:
        grants, steps = _flow(answer, base, place, asks_for_token)
        at = f"#{place}" if len(places) > 1 else ""
        yield msgspec.structs.replace(
            base,
            kind=answer.shows,
            documentation=answer.documentation,
            recorded=answer.recorded,
            grants=grants,
            steps=steps,
            error=answer.error,
            decline=answer.decline,
            result=None,
            no_status=None,
            name=f"{base.operation}/errors:{name}{at}",
            error_answer=name,
        )


def _flow(
    answer: KnownAnswer, base: Exchange, place: int | None, asks_for_token: bool
) -> tuple[list[Step], list[Step]]:
    """The grants and steps up to the error answer. After a 401 the core asks for another token
    and sends the request once more."""
    if place is None:
        if not base.grants:
            raise BadExchange(f"{ERRORS}: {base.operation} asks for no token")
        return [Step(request=base.grants[0].request, response=answer.answer)], []
    failing = Step(request=base.steps[place].request, response=answer.answer)
    if answer.answer.status == 401 and asks_for_token:
        return base.grants * 2, [*base.steps[:place], failing, failing]
    return base.grants, [*base.steps[:place], failing]
