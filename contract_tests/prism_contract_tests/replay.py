"""Replaying: a connector run through Prism's real clients against answers from memory.

Nothing here touches a network: an httpx transport hands out the answers and keeps the requests.
That nothing was sent, no such transport can prove to the core, which is told by a `Failure`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import msgspec

from prism_contract_tests.bounded import LONGEST_CALL, WATCH, bounded, endless
from prism_contract_tests.check import Failed, changes_something
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.report import Evidence
from prism_contract_tests.tape import Answer, Overrun, Tape
from prism_contract_tests.target import Target
from prism_core import Account, AsyncPrism, HttpRequest, HttpResponse, Prism, PrismError
from prism_core.clients.methods import Method
from prism_core.clients.prism import SERVICES
from prism_core.connector.http import Failure
from prism_core.runtime.bugs import OVERHEARD
from prism_core.schema.base import Request
from prism_core.transport.own_httpx import OwnHttpx
from prism_core.transport.routes import Route
from prism_core.transport.transports import SyncTransport

_LONGEST_WITH_RETRIES = 60.0

METHODS: dict[str, tuple[str, str]] = {
    method.operation: (service, method.name)
    for service, methods in SERVICES.items()
    for method in vars(methods).values()
    if isinstance(method, Method) and method.name != "get_or_create"  # which asks for two
}
"""Operation to the service and method of a client that runs it."""


class Ended(msgspec.Struct, kw_only=True):
    """How a call ended: a result or an error, and the requests it made."""

    result: Any = None
    error: PrismError | None = None
    tape: Any = None
    bugs: str = ""
    """The exceptions of the connector itself, with the text that no error repeats."""

    @property
    def status(self) -> str | None:
        """The status word of the result, or None."""
        status = getattr(self.result, "status", None)
        return None if status is None else str(status.value)

    def lost(self, operation: str) -> str:
        """The outcome that is true if the last answer was lost or cannot be believed. Where a
        change was to be made and only lookups were sent so far, nothing was done."""
        looks = operation == "complete" or not changes_something(operation)
        changed = any(request.changes for request in self.tape.seen)
        return "unknown" if looks or changed else "not_sent"

    def said(self) -> str:
        """The end, and what the connector itself raised."""
        if self.error is None:
            return repr(self.result)
        said = f"{type(self.error).__name__} ({self.error.outcome}): {self.error.message}"
        return said + self.bugs


def answers_of(exchange: Exchange) -> list[Answer]:
    """The answers of an exchange, in order."""
    return [step.response.answer() for step in exchange.steps]


def grants_of(target: Target, exchange: Exchange) -> list[Answer]:
    """The answers to an exchange's token requests."""
    return [step.response.answer() for step in target.grants(exchange)]


class Desk:
    """A client for many calls, each against answers of its own.

    Desks of the same account and options share the client. A call that sends too many requests or
    does not end in time is a failure; a thread watches over that. No local variable of `call` shows
    a secret: tracebacks are looked through.
    """

    def __init__(
        self,
        target: Target,
        account: Mapping[str, Any],
        *,
        keeps_token: bool = False,
        **options: Any,
    ) -> None:
        options = {"max_retries": 0, "timeout": 10.0, **options}
        target.called = True
        self._keeps_token, self._target = keeps_token, target
        self._longest = _LONGEST_WITH_RETRIES if options["max_retries"] else LONGEST_CALL
        self._prism, self._slot = _client(target, account, options)
        self._grants = [step.response.answer() for step in target.grants()]

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        """The client stays open, for other desks."""

    @property
    def account(self) -> Account:
        """The account as the connector is given it."""
        return self._prism._engine.account

    def call(
        self,
        operation: str,
        request: Request,
        answers: Sequence[Answer],
        grants: Sequence[Answer] | None = None,
    ) -> Ended:
        """Runs an operation. Anything but a result or a `PrismError`, in time, is a failure.

        Each call fetches its access token again, unless the desk keeps it; the exchanges' grants
        answer, if none are given.
        """
        tape = self._slot.tape = Tape(answers, self._grants if grants is None else grants)
        self._target.calls += 1
        if not self._keeps_token:
            self._prism._engine.tokens.clear()
        started = time.monotonic()
        try:
            ended = self._ended(operation, request, tape)
        except Overrun as error:
            raise endless(operation, error) from None
        if time.monotonic() - started > self._longest:
            raise Failed(f"{operation} took over {self._longest} s", Evidence(got=ended.said()))
        return ended

    def _ended(self, operation: str, request: Request, tape: Tape) -> Ended:
        service, method = METHODS[operation]
        OVERHEARD.set([])
        try:
            WATCH.begin(self._longest)
            return Ended(result=getattr(getattr(self._prism, service), method)(request), tape=tape)
        except PrismError as error:
            return Ended(error=error, tape=tape, bugs=_bugs())
        except Exception as error:
            raise Failed(
                f"{operation} raised {type(error).__name__}, which is no PrismError",
                Evidence(request=repr(request), got=f"{type(error).__name__}: {error}"),
            ) from None
        finally:
            OVERHEARD.set(None)
            WATCH.end()  # an Overrun that is on its way arrives here at the latest


def _bugs() -> str:
    """The exceptions that the connector raised in this call, each once."""
    found = (f"\n{type(bug).__name__}: {bug}" for bug in OVERHEARD.get() or [])
    return "".join(dict.fromkeys(found))


def _client(
    target: Target, account: Mapping[str, Any], options: Mapping[str, Any]
) -> tuple[Prism, _Slot]:
    """The client with this account and these options: opening one costs as much as ten calls."""
    key = (*sorted(account.items()), *sorted(options.items()))
    if key not in target.clients:
        slot = _Slot()
        prism = Prism(target.name, transport=slot, extensions=(), **options, **account)
        prism._engine._transport = _Transport(slot)
        target.clients[key] = prism, slot
    found: tuple[Prism, _Slot] = target.clients[key]
    return found


class _Slot(httpx.BaseTransport):
    """Where a desk puts the tape of the call under way."""

    tape: Tape

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """As the tape does."""
        return self.tape.handle_request(request)


class _Transport(SyncTransport):
    """The core's transport, over a slot."""

    def __init__(self, slot: _Slot) -> None:
        super().__init__(Route(OwnHttpx(True, slot, None)))
        self._slot = slot

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """The tape's next answer, through httpx where that makes a difference."""
        if isinstance(self._sender(request), Failure):  # it cannot be sent at all
            return super().send(request, timeout)
        return self._slot.tape.at_once(request) or super().send(request, timeout)


def call(
    target: Target,
    operation: str,
    request: Request,
    answers: Sequence[Answer],
    account: Mapping[str, Any],
    grants: Sequence[Answer] | None = None,
    **options: Any,
) -> Ended:
    """Runs an operation through `Prism` and the tape. Anything but a `PrismError` is a failure."""
    with Desk(target, account, **options) as desk:
        return desk.call(operation, request, answers, grants)


def replay(target: Target, exchange: Exchange, answers: Sequence[Answer] | None = None) -> Ended:
    """Runs an exchange's request against its answers, or against others."""
    target.asked[exchange.name] = None
    given = answers_of(exchange) if answers is None else answers
    account, grants = exchange.account, grants_of(target, exchange)
    return call(target, exchange.operation, exchange.build(), given, account, grants)


def replay_async(target: Target, exchange: Exchange) -> Ended:
    """Runs an exchange through the async client."""
    target.called = True
    target.calls += 1
    tape = Tape(answers_of(exchange), grants_of(target, exchange))
    service, method = METHODS[exchange.operation]

    account: dict[str, Any] = {**exchange.account, "extensions": ()}

    async def run() -> Ended:
        async with AsyncPrism(target.name, transport=tape, max_retries=0, **account) as prism:
            try:
                result = await getattr(getattr(prism, service), method)(exchange.build())
            except PrismError as error:
                return Ended(error=error, tape=tape)
            return Ended(result=result, tape=tape)

    with bounded(exchange.operation):
        return asyncio.run(run())
