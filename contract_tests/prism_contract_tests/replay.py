"""Replaying: a connector run through Prism's real clients against answers from memory.

Nothing here touches a network: an httpx transport hands out the answers and keeps the requests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
import msgspec

from prism_contract_tests.check import Failed
from prism_contract_tests.exchange import Exchange, WireRequest, wire_request
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_core import AsyncPrism, HttpRequest, HttpResponse, Prism, PrismError
from prism_core.clients.base import Method
from prism_core.clients.prism import SERVICES
from prism_core.schema.base import Request, Result

Answer = HttpResponse | Exception | Callable[[httpx.Request], httpx.Response]

METHODS: dict[str, tuple[str, str]] = {
    method.operation: (service, method.name)
    for service, methods in SERVICES.items()
    for method in vars(methods).values()
    if isinstance(method, Method)
}
"""Operation to the service and method of a client that runs it."""


class Tape(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Hands out answers in order, the last one again and again; keeps every request."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = list(answers)
        self.seen: list[HttpRequest] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answers a blocking client."""
        body = request.read()
        headers = {k.decode().lower(): v.decode() for k, v in request.headers.raw}
        self.seen.append(HttpRequest(request.method, str(request.url), headers, body))
        answer = self.answers[min(len(self.seen), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.body)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answers an async client the same way."""
        return self.handle_request(request)

    @property
    def wire(self) -> list[WireRequest]:
        """The requests kept, read back."""
        return [wire_request(request) for request in self.seen]


class Ended(msgspec.Struct, kw_only=True):
    """How a call ended: a result or an error, and the requests it made."""

    result: Any = None
    error: PrismError | None = None
    tape: Any = None

    @property
    def status(self) -> str | None:
        """The status word of the result, or None."""
        status = getattr(self.result, "status", None)
        return None if status is None else str(status.value)

    def said(self) -> str:
        """The end in one line."""
        if self.error is not None:
            return f"{type(self.error).__name__} ({self.error.outcome}): {self.error.message}"
        return repr(self.result)


def answers_of(exchange: Exchange) -> list[Answer]:
    """The answers of an exchange, in order."""
    return [step.response.answer() for step in exchange.steps]


def call(
    target: Target,
    operation: str,
    request: Request,
    answers: Sequence[Answer],
    account: Mapping[str, Any],
    **options: Any,
) -> Ended:
    """Runs an operation through `Prism` and the tape. Anything but a `PrismError` is a failure."""
    tape = Tape(answers)
    service, method = METHODS[operation]
    options = {"max_retries": 0, "timeout": 10.0, **options}
    with Prism(target.name, transport=tape, **options, **account) as prism:
        try:
            result: Result = getattr(getattr(prism, service), method)(request)
        except PrismError as error:
            return Ended(error=error, tape=tape)
        except Exception as error:
            raise Failed(
                f"{operation} raised {type(error).__name__}, which is no PrismError",
                Evidence(request=repr(request), got=f"{type(error).__name__}: {error}"),
            ) from None
    return Ended(result=result, tape=tape)


def replay(target: Target, exchange: Exchange, answers: Sequence[Answer] | None = None) -> Ended:
    """Runs an exchange's request against its answers, or against others."""
    given = answers_of(exchange) if answers is None else answers
    return call(target, exchange.operation, exchange.build(), given, exchange.account)


def replay_async(target: Target, exchange: Exchange) -> Ended:
    """Runs an exchange through the async client."""
    tape = Tape(answers_of(exchange))
    service, method = METHODS[exchange.operation]

    account: dict[str, Any] = dict(exchange.account)

    async def run() -> Ended:
        async with AsyncPrism(target.name, transport=tape, max_retries=0, **account) as prism:
            try:
                result = await getattr(getattr(prism, service), method)(exchange.build())
            except PrismError as error:
                return Ended(error=error, tape=tape)
            return Ended(result=result, tape=tape)

    return asyncio.run(run())
