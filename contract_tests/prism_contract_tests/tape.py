"""The tape: answers from memory, given in order by an httpx transport that keeps the requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import httpx

from prism_contract_tests.exchange import WireRequest, wire_request
from prism_core import HttpRequest, HttpResponse
from prism_core.connector.http import Failure, TokenRequest
from prism_core.transport.http11 import AnswerRefused, check_head, headers_of
from prism_core.transport.own_httpx import CHANGES, SHARED

Answer = HttpResponse | Failure | Exception | Callable[[httpx.Request], httpx.Response]

MOST_REQUESTS = 20
"""What one call may send; a flow that asks for more would go on for ever."""

_NO_STEP = Failure("not_sent", "no step of the exchange answers this request")


class Overrun(BaseException):
    """A call that does not end. No `Exception`, so that no connector catches it."""


class Tape(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Gives answers in order, the last one repeatedly; stores every request.

    Token requests are answered from `grants` and stored in `granted`.
    """

    def __init__(self, answers: Sequence[Answer], grants: Sequence[Answer] = ()) -> None:
        self.answers, self.grants = list(answers), list(grants)
        self.seen: list[HttpRequest] = []
        self.granted: list[HttpRequest] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answers a blocking client."""
        body = request.read()
        headers = {k.decode().lower(): v.decode() for k, v in request.headers.raw}
        is_shared = request.extensions.get(SHARED, False)
        changes = request.extensions.get(CHANGES, True)
        kept = HttpRequest(request.method, str(request.url), headers, body, changes=changes)
        answer = self._next(is_shared)
        self._keep(kept, is_shared)
        if isinstance(answer, Failure):
            raise httpx.ConnectError(answer.message)
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.body)

    def at_once(self, request: HttpRequest) -> HttpResponse | Failure | None:
        """The next answer as the core's transport reports it, where httpx need take no part: it
        is a failure, or an answer that httpx gives back as it is. Keeps what httpx would send."""
        is_shared = isinstance(request, TokenRequest)
        answer = self._next(is_shared)
        if isinstance(answer, Failure):
            self._keep(request, is_shared)
            return answer
        if not isinstance(answer, HttpResponse) or "content-encoding" in answer.headers:
            return None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if answer.body:
            headers.setdefault("content-length", str(len(answer.body)))
        if _refused(headers):
            return None
        self._keep(_as_sent(request), is_shared)
        return HttpResponse(answer.status_code, headers, answer.body)

    def _next(self, is_shared: bool) -> Answer:
        seen, answers = (self.granted, self.grants) if is_shared else (self.seen, self.answers)
        return answers[min(len(seen), len(answers) - 1)] if answers else _NO_STEP

    def _keep(self, request: HttpRequest, is_shared: bool) -> None:
        (self.granted if is_shared else self.seen).append(request)
        if len(self.seen) + len(self.granted) > MOST_REQUESTS:
            raise Overrun(f"it sent more than {MOST_REQUESTS} requests")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answers an async client the same way."""
        return self.handle_request(request)

    @property
    def wire(self) -> list[WireRequest]:
        """The requests kept, read back."""
        return [wire_request(request) for request in self.seen]

    @property
    def everything(self) -> list[HttpRequest]:
        """All requests, the token requests first."""
        return [*self.granted, *self.seen]


def _refused(headers: dict[str, str]) -> bool:
    try:
        check_head(headers)
    except AnswerRefused:
        return True
    return False


def _as_sent(request: HttpRequest) -> HttpRequest:
    """A request with the headers that httpx adds."""
    url, host = _normal(request.url)
    headers = {name.lower(): value for name, value in headers_of(request).items()}
    headers.setdefault("host", host)
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        headers.setdefault("content-length", str(len(request.body)))
    return HttpRequest(request.method, url, headers, request.body, changes=request.changes)


@lru_cache(maxsize=256)
def _normal(url: str) -> tuple[str, str]:
    """The URL as httpx writes it, and its Host header."""
    made = httpx.URL(url)
    return str(made), made.netloc.decode("ascii")
