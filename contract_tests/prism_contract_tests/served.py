"""A stand-in for a processor on 127.0.0.1: it answers with the exchanges of its connector.

A request gets the answer of the exchange whose own request is most like it. Where the request has
another value than the exchange's, an id or an amount, the answer has it, too; an id stands for the
exchange's in the answers after it, until another is given in its place. Nothing else is stored: a
payment that was refunded is answered as before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec

from prism_contract_tests.damage import leaves
from prism_contract_tests.exchange import (
    Exchange,
    Step,
    WireRequest,
    WireResponse,
    looks_like_graphql,
    wire_request,
)
from prism_contract_tests.scripted import Listener, Seen
from prism_core import HttpRequest

UNKNOWN = WireResponse(status=501, text="no exchange of this connector has a request like this one")
"""The answer to a request that no exchange has: the caller learns that its outcome is unknown."""
_SURE = 6
"""Characters from which a value is an id, so that it stands for the same wherever it is."""
_AMOUNT = re.compile(r"\d{3,}|\d+\.\d\d")
"""An amount, too: of what is asked for as "amount", Stripe answers with "amount_received"."""
_Values = dict[tuple[Any, ...], Any]


class Found(NamedTuple):
    """The step that answers a request, and the exchange that has it."""

    exchange: Exchange
    at: int
    step: Step


class StandIn:
    """Serves exchanges until it is closed. `told` is called with each request and what was found
    for it; `url` is where it listens: the `base_url` of a client."""

    def __init__(
        self,
        exchanges: Iterable[Exchange],
        *,
        port: int = 0,
        told: Callable[[Seen, Found | None], None] | None = None,
    ) -> None:
        self._known = list(_known(exchanges))
        self._told = told
        self._last: Found | None = None
        self._ids: dict[str, str] = {}
        self._listener = Listener(self._respond, port)
        self.url = self._listener.url

    def close(self) -> None:
        """Stops serving."""
        self._listener.close()

    def _respond(self, handler: BaseHTTPRequestHandler, seen: Seen) -> None:
        asked = _wire(seen)
        found = self._last = self.find(asked)
        if self._told is not None:
            self._told(seen, found)
        answer = UNKNOWN if found is None else _as_asked(found.step, asked, self._ids)
        body = answer.body()
        handler.send_response(answer.status)
        kind = "text/plain" if answer.text is not None else "application/json"
        headers = {"content-type": kind, **{k.lower(): v for k, v in answer.headers.items()}}
        for name, value in {**headers, "content-length": str(len(body))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def find(self, asked: WireRequest) -> Found | None:
        """The step that is most like a request. A refusal answers only the very request of its
        exchange; `success.json` comes before others that differ in less important values."""
        fitting = [one for one in self._known if _fits(one.step.request, asked)]
        return min(fitting, key=lambda one: self._unlike(one, asked), default=None)

    def _unlike(self, one: Found, asked: WireRequest) -> tuple[int, ...]:
        last = self._last
        follows = last is not None and (last.exchange, last.at + 1) == (one.exchange, one.at)
        is_within = not follows and (one.at > 0 or len(one.exchange.steps) > 1)
        words, more, others = _distance(one.step.request, asked)
        refuses = one.step.response.status >= 400 and others > 0
        is_other = one.exchange.kind != "success"
        is_special = not one.exchange.name.endswith("/success")
        return refuses, words, more, is_other, is_special, others, is_within


def _known(exchanges: Iterable[Exchange]) -> Iterator[Found]:
    for exchange in exchanges:
        for index, step in enumerate(exchange.steps):
            yield Found(exchange, index, step)
        for step in exchange.grants:
            yield Found(exchange, 0, step)


def _wire(seen: Seen) -> WireRequest:
    """A request as exchanges have it; one whose body is no JSON and no form has no body there."""
    url = f"http://here{seen.path}"
    try:
        return wire_request(HttpRequest(seen.method, url, seen.headers, seen.body))
    except ValueError:
        return wire_request(HttpRequest(seen.method, url, seen.headers))


def _fits(known: WireRequest, asked: WireRequest) -> bool:
    """Whether it may be the same request, with other ids in its path. A GraphQL API has one
    address, so that its documents say which request it is."""
    if looks_like_graphql(asked.json):
        return looks_like_graphql(known.json) and known.json["query"] == asked.json["query"]
    ours, theirs = known.path.split("/"), asked.path.split("/")
    if known.method != asked.method or len(ours) != len(theirs):
        return False
    pairs = zip(ours, theirs, strict=True)
    return all(one == other or not (_is_word(one) or _is_word(other)) for one, other in pairs)


def _is_word(part: str) -> bool:
    return part.replace("_", "").replace("-", "").isalpha() or not part


def _distance(known: WireRequest, asked: WireRequest) -> tuple[int, int, int]:
    """How unlike two requests are: in words that are asked for, such as "manual", which decide
    about the answer; in values that are asked for and not in the exchange; in all values. Headers
    do not count: a key or an access token is another each time."""
    ours, theirs = _values(known), _values(asked)
    others = [path for path in ours | theirs if ours.get(path) != theirs.get(path)]
    words = [path for path in others if path in theirs and _is_word(_text(theirs[path]))]
    return len(words), len(theirs.keys() - ours.keys()), len(others)


def _as_asked(step: Step, asked: WireRequest, ids: dict[str, str]) -> WireResponse:
    """The answer, with the request's own values in place of those that the exchange's has. `ids`
    are those of the requests before, and of this one then."""
    old, new = _values(step.request), _values(asked)
    both = [(path, old[path], new[path]) for path in old.keys() & new.keys()]
    others = [one for one in both if one[1] != one[2]]
    before = [((), mine, theirs) for mine, theirs in ids.items() if mine not in old.values()]
    ids.update((mine, theirs) for _, mine, theirs in others if _is_id(mine))
    if step.response.json is not None:
        body = _replaced(step.response.json, [*others, *before], "")
        return msgspec.structs.replace(step.response, json=body)
    text = step.response.text or ""
    for mine, theirs in ids.items():
        text = text.replace(f'"{mine}"', f'"{theirs}"')  # JSON with a byte order mark, say
    return msgspec.structs.replace(step.response, text=text or step.response.text)


def _is_id(value: Any) -> bool:
    is_one = isinstance(value, str) and len(value) >= _SURE and not _is_word(value)
    return is_one and not _AMOUNT.fullmatch(value)


def _values(request: WireRequest) -> _Values:
    """Every value of a request by where it stands, those of its path among them."""
    body = request.json if request.form is None else request.form
    found: _Values = {("path", n): unquote(one) for n, one in enumerate(request.path.split("/"))}
    found |= {("query", name): value for name, value in request.query.items()}
    return found | {("body", *path): value for path, value in leaves(_by_name(body))}


def _by_name(value: Any) -> Any:
    """Lists of named entries (`[{"name": "plan", "value": "gold"}]`) by their names: where there
    are fewer, each stands for the one of its name."""
    if isinstance(value, dict):
        return {key: _by_name(one) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    names = [one.get("name") if isinstance(one, dict) else None for one in value]
    parts = [_by_name(one) for one in value]
    return dict(zip(names, parts, strict=True)) if value and all(names) else parts


def _replaced(value: Any, others: list[tuple[Any, Any, Any]], name: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(one, others, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, others, name) for one in value]
    same = [one for one in others if _text(value) == _text(one[1])]
    for path, _, new in same:
        if path and str(path[-1]).rpartition("[")[2].rstrip("]") == name:
            return _like(value, new)
    sure = same and (len(_text(value)) >= _SURE or _AMOUNT.fullmatch(_text(value)))
    return _like(value, same[0][2]) if sure else value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _like(value: Any, new: Any) -> Any:
    """The new value in the JSON type of the old one: forms have only texts."""
    if isinstance(value, str) or not isinstance(new, str):
        return _text(new) if isinstance(value, str) else new
    return msgspec.json.decode(new)
