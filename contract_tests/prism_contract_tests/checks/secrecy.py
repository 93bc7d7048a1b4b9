"""Checks of secrets: nowhere in what is printed, raised, logged or formatted."""

from __future__ import annotations

import io
import json
import logging
import pickle
import re
import traceback
import typing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

import httpx
import msgspec

from prism_contract_tests.check import Failed, check, each_exchange, once
from prism_contract_tests.damage import edited, json_of, leaves
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Answer, Desk, Ended
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_core import Account, Customer, HttpResponse, PrismError, Secret, Token
from prism_core.account import credential_names
from prism_core.schema.base import Request, Result
from prism_core.secrets import reveal

# What is put in place of the exchange's own data. The number passes the Luhn check.
_MARK = "Zq7Xk9Sentinel"
_PLANTED = {
    "number": "4539148803436467",
    "cvc": "7391",
    "token": f"tok_{_MARK}",
    "name": "Zoltanna Quixwell",
    "holder_name": "Zoltanna Quixwell",
    "first_name": "Zoltanna",
    "last_name": "Quixwell",
    "email": "zq.sentinel@example.com",
    "phone": "+4915799983117",
    "phone_number": "+4915799983117",
    "line1": "Quixwell Lane 4711",
    "line2": "Flat Quixwell",
    "line3": "Quixwell House",
}
# How each is recognized: cut short or reformatted, it is a leak all the same.
_FOUND_BY = {
    "a credential": re.compile(_MARK),
    "the card number": re.compile("[ -]?".join("539148803436")),
    "the CVC": re.compile(r"(?<![\w.])7391(?![\w.])"),
    "a name or address": re.compile("Zoltanna|Quixwell"),
    "the email address": re.compile(r"zq\.sentinel"),
    "the phone number": re.compile("15799983117"),
}
_MOST_LEAVES = 60


class Plant(msgspec.Struct):
    """An exchange with sentinels for secrets: its account and request, and what stands for what."""

    exchange: Exchange
    account: dict[str, str]
    request: Request
    swapped: dict[str, str]

    @property
    def echo(self) -> str:
        """A sentence that quotes everything, as careless processors do."""
        return f"we got {' and '.join(dict.fromkeys(self.swapped.values()))} from you"

    def answers(self) -> list[HttpResponse]:
        """The exchange's answers, quoting the sentinels where they quoted the exchange's data."""
        return [_requoted(step.response.answer(), self.swapped) for step in self.exchange.steps]


def _planted(target: Target, exchange: Exchange) -> Plant:
    swapped: dict[str, str] = {}
    account = dict(exchange.account)
    for name in _secret_fields(target.connector.info.account):
        if name in account:
            swapped[account[name]] = account[name] = _like(account[name], len(swapped))
    request = _personal(exchange.request, swapped)
    built = msgspec.structs.replace(exchange, request=request).build()
    return Plant(exchange, account, built, swapped)


def _like(credential: str, number: int) -> str:
    """A sentinel with the prefix (`sk_test_`) that tells what the credential is."""
    prefix = re.match(r"(?:[A-Za-z]+[_-])*", credential)
    return f"{prefix.group() if prefix else ''}{_MARK}{number:04}"


def _personal(value: Any, swapped: dict[str, str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _personal(entry, swapped, name) for name, entry in value.items()}
    if isinstance(value, str) and key in _PLANTED:
        swapped[value] = _PLANTED[key]
        return _PLANTED[key]
    return value


def _requoted(answer: HttpResponse, swapped: Mapping[str, str]) -> HttpResponse:
    body = answer.body
    for old, new in swapped.items():
        if len(old) > 4:
            body = body.replace(old.encode(), new.encode())
    return HttpResponse(answer.status_code, answer.headers, body)


@check(
    "secrets-nowhere",
    since="2026.11",
    cases=each_exchange,
    why="Error trackers, logs and task queues keep what they are given, and many people read it.",
    how="Put no credential, card or personal data into messages, attributes or log records; hold "
    "them as Secret until the request is built.",
)
def secrets_nowhere(target: Target, case: str) -> int:
    """Credentials, card data and personal data are in no repr, error, pickle, traceback, log
    record or output, however the processor answers."""
    plant = _planted(target, target.exchange(case))
    tried = 0
    with _open(target, plant) as desk, _overheard() as heard:
        for label, answers in _endings(plant):
            ended = desk.call(plant.exchange.operation, plant.request, answers)
            if not (label.startswith("$") and _is_passed_on(ended)):
                _look(label, {**_texts(plant.request, ended), **heard()})
                tried += 1
    return tried


def _open(target: Target, plant: Plant) -> Desk:
    try:
        return Desk(target, plant.account)
    except PrismError as error:
        problem = f"{type(error).__name__}: {error.message}"
    raise Failed(
        "the account refuses credentials that only look like those of the exchange",
        Evidence(expected="an account with other credentials of the same form", got=problem),
    )


def _endings(plant: Plant) -> Iterator[tuple[str, list[Answer]]]:
    """Answers to try; a label with a path says where one quotes everything."""
    good: list[Answer] = [*plant.answers()]
    yield "the exchange's own answer", good
    page = f"<html><body>{plant.echo}</body></html>".encode()
    for status in (200, 400, 401, 402, 500):
        yield f"an HTML page with HTTP {status}", [HttpResponse(status, {}, page)]
    yield "no answer", [_lost]
    for index, answer in enumerate(plant.answers()):
        cut = HttpResponse(answer.status_code, answer.headers, answer.body[:-2])
        yield "the answer cut off", [*good[:index], cut]
        body = json_of(answer)
        texts = [path for path, value in leaves(body) if isinstance(value, str)]
        for path in texts[:_MOST_LEAVES]:
            quoting = edited(answer, path, plant.echo, "a quotation")
            yield quoting.label, [*good[:index], quoting.answer, *good[index + 1 :]]


def _lost(request: httpx.Request) -> httpx.Response:
    """No answer; httpx's exception holds the request, and its text may quote anything."""
    raise httpx.ReadTimeout(repr(request.read()), request=request)


def _is_passed_on(ended: Ended) -> bool:
    """Whether a value quotes a secret that a result must show as it is: an id, or where to send
    the customer. No processor quotes there, and no connector could know."""
    shown: list[Any] = [request.path for request in ended.tape.wire]  # an id leads further
    if ended.result is not None:
        data = getattr(ended.result, "redirection_data", None)
        shown += [*_ids(ended.result), ended.result.discrepancies]
        shown.append(data and msgspec.structs.asdict(data))
    return any(pattern.search(str(shown)) for pattern in _FOUND_BY.values())


def _ids(value: Any) -> Iterator[object]:
    """Every id in a result, those of what it holds among them."""
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _ids(one)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            inner = getattr(value, name)
            if name.endswith("_id"):
                yield inner
            else:
                yield from _ids(inner)


def _kept(request: Request, result: Result) -> Result:
    """A result without what it is there to tell: who a customer is, and the id of the payment
    method that was given as a `Token`."""
    told = ("name", "email", "phone", "description") if isinstance(result, Customer) else ()
    method = getattr(request, "payment_method", None)
    token = reveal(method.token) if isinstance(method, Token) else None
    same = [
        name
        for name in ("connector_mandate_id", "connector_payment_method_id")
        if token is not None and getattr(result, name, None) == token
    ]
    return msgspec.structs.replace(result, **dict.fromkeys(told), **dict.fromkeys(same, "itself"))


def _texts(request: Request, ended: Ended) -> dict[str, str]:
    """Everything that a program could show of a call."""
    found = {"repr(request)": f"{request!r} {request}"}
    result: Result | None = ended.result
    error = ended.error
    if result is not None:
        kept = _kept(request, result)
        shown = result if isinstance(result, Customer) else kept
        found["repr(result)"] = f"{shown!r} {shown}"
        found["the pickled result"] = _pickled(kept)
    if error is not None:
        found["the error"] = f"{error!r} {error} {vars(error)}"
        found["error.to_dict()"] = json.dumps(error.to_dict(), default=repr)
        found["the pickled error"] = _pickled(error)
        trace = traceback.TracebackException.from_exception(error, capture_locals=True)
        found["the traceback with local variables"] = "".join(trace.format())
    return found


def _pickled(value: object) -> str:
    try:
        return pickle.dumps(value, 2).decode("latin-1")
    except (pickle.PicklingError, TypeError, AttributeError) as reason:
        raise Failed(f"a {type(value).__name__} cannot be pickled: {reason}") from None


@contextmanager
def _overheard() -> Iterator[Any]:
    """What is logged at any level and printed, as a function that gives and forgets it."""
    log, out = io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(log)
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


def _look(label: str, texts: Mapping[str, str]) -> None:
    for place, text in texts.items():
        for what, pattern in _FOUND_BY.items():
            match = pattern.search(text)
            if match is not None:
                near = text[max(0, match.start() - 60) : match.end() + 20]
                raise Failed(
                    f"after {label}, {what} is in {place}",
                    Evidence(got=f"...{_masked(near)}..."),
                )


def _masked(text: str) -> str:
    for what, pattern in _FOUND_BY.items():
        text = pattern.sub(f"<{what}>", text)
    return text


_CREDENTIAL = re.compile(r"key|secret|token|password|passphrase|pin\b|credential|private", re.I)
_PUBLIC = re.compile(r"public|publishable|_id$", re.I)


def _secret_fields(account: type[Account]) -> list[str]:
    """The credentials of an account type that are declared as `Secret`."""
    hints = typing.get_type_hints(account)
    return [
        name
        for name in credential_names(account)
        if hints[name] is Secret or Secret in typing.get_args(hints[name])
    ]


@check(
    "account-masked",
    since="2026.11",
    cases=once,
    why="The account hangs on every client, and error trackers print it.",
    how="Declare credentials as `Secret` and leave the account's repr as it is.",
)
def account_masked(target: Target, case: str) -> int:
    """The account shows no credential, and declares each that is named like one as Secret."""
    kind = target.connector.info.account
    secret = _secret_fields(kind)
    for name in credential_names(kind):
        if name not in secret and _CREDENTIAL.search(name) and not _PUBLIC.search(name):
            raise Failed(
                f"{kind.__name__}.{name} is no Secret",
                Evidence(expected=f"{name}: Secret", got=f"{name}: {_hint(kind, name)}"),
            )
    for exchange in target.exchanges[:1]:
        plant = _planted(target, exchange)
        with _open(target, plant) as desk:
            account = desk.account
            shown = f"{account!r} {account} {account:}"
            _look("opening it", {"repr(account)": shown, "to_dict()": str(account.to_dict())})
    return max(1, len(credential_names(kind)))


def _hint(kind: type[Account], name: str) -> str:
    hint = typing.get_type_hints(kind)[name]
    return hint.__name__ if isinstance(hint, type) else str(hint)
