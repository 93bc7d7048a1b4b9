"""Checks of secrets: nowhere in what is printed, raised, logged or formatted."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

import httpx
import msgspec
from rich.pretty import pretty_repr

from prism_contract_tests.check import Failed, check, each_exchange, once
from prism_contract_tests.damage import Damaged, edited, json_of, leaves, together
from prism_contract_tests.replay import Desk, Ended
from prism_contract_tests.report import Evidence
from prism_contract_tests.sampling import chosen
from prism_contract_tests.sentinels import (
    NUMBERS,
    URLS,
    Plant,
    look,
    mistyped,
    planted,
    quotes,
    secret_fields,
)
from prism_contract_tests.showing import Traces, masked, overheard, texts, texts_of
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_contract_tests.unread import is_same, to_try_alone
from prism_core import (
    Account,
    ConfigurationError,
    Environment,
    HttpResponse,
    Prism,
    PrismError,
)
from prism_core.connector.account import credential_names

_ERRORS = (400, 401, 402, 500)


@check(
    "secrets-nowhere",
    since="2026.11",
    cases=each_exchange,
    why="Error trackers, logs and task queues store what they get, and many people read it.",
    how="Put no credential, card or personal data into messages, attributes or log records; hold "
    "them as Secret until the request is built.",
)
def secrets_nowhere(target: Target, case: str) -> int:
    """Credentials, tokens, card data, bank accounts and personal data are in no repr, error,
    pickle, traceback, log record or output, whatever the processor answers in its body or its
    headers."""
    plant = planted(target, target.exchange(case))
    with _open(target, plant) as desk, overheard() as heard:
        calls = _Calls(desk, plant, heard)
        for label, answers in _endings(target, plant):
            calls.look(label, calls.end(answers))
        _quote_everything(target, plant, calls)
    request = plant.request
    shown = {"repr(request)": f"{request!r} {request}", "rich's request": pretty_repr(request)}
    look("all calls", shown)
    return calls.looked_at


class _Calls:
    """The calls of an exchange with planted secrets, and a look at what each shows."""

    def __init__(self, desk: Desk, plant: Plant, heard: Any) -> None:
        self._desk, self._plant, self._heard = desk, plant, heard
        self._clean, self._traces = set[str](), Traces()
        self.looked_at = 0

    def end(self, answers: Sequence[Answer]) -> Ended:
        """How a call with these answers ends."""
        self._heard()
        return self._desk.call(self._plant.exchange.operation, self._plant.request, answers)

    def look(self, label: str, ended: Ended, only: frozenset[str] | None = None) -> None:
        """Fails if the last call shows a secret, or one of `only` these."""
        self.looked_at += 1
        found = {**texts(self._plant.request, ended, self._traces), **self._heard()}
        if only is not None:
            look(label, found, only=only)
        else:
            look(label, {place: text for place, text in found.items() if text not in self._clean})
            self._clean.update(found.values())


def _open(target: Target, plant: Plant) -> Desk:
    try:
        return Desk(target, plant.account)
    except PrismError as error:
        problem = f"{type(error).__name__}: {error.message}"
    raise Failed(
        "the account refuses credentials that only look like those of the exchange",
        Evidence(expected="an account with other credentials of the same form", got=problem),
    )


def _endings(target: Target, plant: Plant) -> Iterator[tuple[str, list[Answer]]]:
    """Answers to try besides those that quote."""
    name, good = plant.exchange.name, [*plant.answers()]
    yield "the exchange's own answer", [*good]
    if name in _first_with_request(target):
        page = f"<html><body>{plant.echo}</body></html>".encode()
        for status in _some_statuses(target, name):
            yield f"an HTML page with HTTP {status}", [HttpResponse(status, {}, page)]
        yield "no answer", [_lost]
    for index, answer in enumerate(good):
        cut = HttpResponse(answer.status_code, answer.headers, answer.body[:-2])
        yield "the answer cut off", [*good[:index], cut]
        for header in _quoting_headers(target)[name, index]:
            headers = {**answer.headers, header: f"got {' and '.join(plant.credentials)}"}
            said = HttpResponse(answer.status_code, headers, answer.body)
            yield f"the header {header}", [*good[:index], said, *good[index + 1 :]]


def _quote_everything(target: Target, plant: Plant, calls: _Calls) -> None:
    """Looks at calls whose answer quotes everything: in one text, or at once in all those of which
    nothing is made."""
    answers = [*plant.answers()]
    good = calls.end([*answers])
    for index, answer in enumerate(answers):

        def quote(
            group: Sequence[Damaged], index: int = index, whole: HttpResponse = answer
        ) -> Ended:
            ended = calls.end([*answers[:index], together(whole, group), *answers[index + 1 :]])
            if is_same(ended, good):
                calls.look(f"{len(group)} texts are a quotation", ended)
            return ended

        said = [path for path, value in leaves(json_of(answer)) if isinstance(value, str)]
        quoting = [edited(answer, path, plant.echo, "a quotation") for path in said]
        some = chosen(target, plant.exchange.name, index, quoting)
        for one in to_try_alone(target, good, some, quote):
            ended = calls.end([*answers[:index], one.answer, *answers[index + 1 :]])
            calls.look(one.label, ended, NUMBERS if _is_passed_on(ended) else None)


def _some_statuses(target: Target, name: str) -> list[int]:
    """A success and two errors, other ones for each exchange."""
    if target.thorough:
        return [200, *_ERRORS]
    number = crc32(name.encode())
    return [200, *(_ERRORS[(number + more) % len(_ERRORS)] for more in range(2))]


@lru_cache(maxsize=1)
def _first_with_request(target: Target) -> set[str]:
    """The exchanges whose request no earlier one has: an answer that is the same for all is tried
    on these."""
    found: dict[bytes, str] = {}
    for one in target.representative:
        given = msgspec.json.encode((one.operation, one.request, one.account))
        found.setdefault(given, one.name)
    return set(found.values())


@lru_cache(maxsize=1)
def _quoting_headers(target: Target) -> dict[tuple[str, int], list[str]]:
    """By exchange and step: the headers of the answer that quote the credentials, each once in a
    success and once in an error of an operation."""
    own = target.connector.info.account.request_id_header
    seen: set[object] = set()
    found: dict[tuple[str, int], list[str]] = {}
    for one in target.representative:
        for index, step in enumerate(one.steps):
            headers = {name.lower() for name in (*step.response.headers, *([own] if own else []))}
            new = {
                header: (one.operation, step.response.status < 400, header)
                for header in sorted(headers - {"content-type"})
            }
            found[one.name, index] = [header for header, key in new.items() if key not in seen]
            seen.update(new.values())
    return found


def _lost(request: httpx.Request) -> httpx.Response:
    """No answer; httpx's exception holds the request, and its text may quote anything."""
    raise httpx.ReadTimeout(repr(request.read()), request=request)


def _is_passed_on(ended: Ended) -> bool:
    """Whether a value quotes a secret that a result must show as it is: an id, or where to send
    the customer. No connector could know; the number of a card or an account is not shown even
    there."""
    shown: list[Any] = [request.path for request in ended.tape.wire]  # an id leads further
    if ended.result is not None:
        data = getattr(ended.result, "redirection_data", None)
        shown += [*_ids(ended.result), ended.result.discrepancies]
        shown.append(data and msgspec.structs.asdict(data))
    return quotes(str(shown))


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


_CREDENTIAL = re.compile(r"key|secret|token|password|passphrase|pin\b|credential|private", re.I)
_PUBLIC = re.compile(r"public|publishable|_id$", re.I)


@check(
    "account-masked",
    since="2026.11",
    cases=once,
    why="Every client holds the account, and error trackers print it.",
    how="Declare credentials as `Secret`, and do not change the account's repr.",
)
def account_masked(target: Target, case: str) -> int:
    """The account's repr shows no credential, and credentials are declared as Secret."""
    kind = target.connector.info.account
    secret = secret_fields(kind)
    for name in credential_names(kind):
        if name not in secret and _CREDENTIAL.search(name) and not _PUBLIC.search(name):
            raise Failed(
                f"{kind.__name__}.{name} is no Secret",
                Evidence(expected=f"{name}: Secret", got=f"{name}: {_hint(kind, name)}"),
            )
    for exchange in target.exchanges[:1]:
        plant = planted(target, exchange)
        with _open(target, plant) as desk:
            account = desk.account
            shown = f"{account!r} {account} {account:} {pretty_repr(account)}"
            look("opening it", {"repr(account)": shown, "its fields": str(masked(account))})
    return max(1, len(credential_names(kind)))


@check(
    "account-refusals-masked",
    since="2026.11",
    cases=once,
    why="Keys are mistyped when they are first set up, and the error is logged and sent to people "
    "who help.",
    how="In the account's own checks, name the problem and never the value; leave credentials as "
    "Secret, and reveal none into a local variable before you raise.",
)
def account_refusals_masked(target: Target, case: str) -> int:
    """A refused account raises `ConfigurationError`, which shows no credential and no base URL in a
    message, attribute or local variable."""
    tried = 0
    for exchange in target.exchanges[:1]:
        plant = planted(target, exchange)
        for name in secret_fields(target.connector.info.account):
            if name in plant.account:
                for wrong in mistyped(plant, name):
                    _refused(target, {**plant.account, name: wrong}, name)
                    tried += 1
        for url in URLS:
            _refused(target, {**plant.account, "base_url": url}, "base_url")
            tried += 1
    return tried


def _refused(target: Target, given: dict[str, Any], name: str) -> None:
    """Opens an account that is wrong, or only looks odd, and looks at what is shown of it."""
    for environment in Environment:
        try:
            Prism(target.name, environment=environment, **given).close()
        except ConfigurationError as error:
            own = error.__traceback__  # this frame, which holds what was given
            below = error.with_traceback(own.tb_next if own is not None else None)
            look(f"refusing its {name}", texts_of(below, Traces()))
        except Exception as error:
            kind = type(error).__name__
            raise Failed(f"a mistyped {name} raises {kind}, not ConfigurationError") from None


def _hint(kind: type[Account], name: str) -> str:
    hint = typing.get_type_hints(kind)[name]
    return hint.__name__ if isinstance(hint, type) else str(hint)
