"""The flow of a request of the caller's own: built with the account, sent and judged as any other,
but never changed into a result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.bodies import decoder
from prism_core.connector.http import Declined, Flow, HttpRequest, HttpResponse
from prism_core.connector.operations import own_operation
from prism_core.errors import InvalidRequest, MalformedResponse
from prism_core.schema.nulls import NULL
from prism_core.schema.raw import HttpMethod, RawRequest, RawResult

_PATH = re.compile(r"(?:/[!-\[\]-~]*)?")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}: [!-~]([ -~]*[!-~])?")
_FROM_CORE = frozenset(
    {
        *("authorization", "proxy-authorization", "host", "content-length", "content-type"),
        *("transfer-encoding", "connection", "cookie", "accept-encoding", "expect", "upgrade"),
        *("te", "trailer", "keep-alive", "proxy-connection"),
    }
)
"""The headers that the transport writes, and those that are about one connection alone."""


@own_operation
def request(request: RawRequest, account: Account) -> Flow[RawResult]:
    """Sends one request. A decline in a success is an answer as any; elsewhere it is an error."""
    made = _built(request, account)
    try:
        response = yield made
    except Declined as declined:
        response = declined.response
    document_of(response)
    return RawResult()


def document_of(response: HttpResponse) -> Any:
    """The answer's JSON, with decimal numbers as `Decimal`; None for an answer without a body.
    Raises `MalformedResponse` for anything else."""
    if not response.body:
        return None
    try:
        return decoder(Any).decode(response.document)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    raise MalformedResponse(
        f"the answer is no JSON, but {len(response.body)} bytes of another kind"
    )


def _built(request: RawRequest, account: Account) -> HttpRequest:
    path, query = _place(request, account)
    if request.method is HttpMethod.GET:
        made = account.get(path, *request.ids, query=request.query)
    else:
        _refuse_second_key(request, account)
        body = None if request.json is None else account.raw_json(_with_nulls(request.json))
        form = request.form
        made = account.post(path, *request.ids, json=body, form=form)
        made.method = str(request.method)
        if request.query:
            made.url = account.get(path, *request.ids, query=request.query).url
    if query:
        made.url += f"?{query}"
    made.headers |= _headers(request, account, made.headers)
    made.template = None  # the caller's own path can have ids in it, which no span may be named by
    return made


def _refuse_second_key(request: RawRequest, account: Account) -> None:
    """Refuses a body that has a key already, where `idempotency_key` is given, too."""
    if request.idempotency_key is None or account.idempotency_field is None:
        return
    held: Any = request.json
    for name in account.idempotency_field.split("."):
        if not isinstance(held, Mapping) or name not in held:
            return
        held = held[name]
    raise InvalidRequest(
        f"json has {account.idempotency_field}, where the idempotency_key is put; give one of them",
        field="json",
    )


def _place(request: RawRequest, account: Account) -> tuple[str, str]:
    """The path and the query, at the account's own origin. A link of an earlier answer begins with
    the base URL."""
    path, _, query = request.path.removeprefix(str(account.base_url)).partition("?")
    problem = None
    if not _PATH.fullmatch(path) or not _PATH.fullmatch(f"/{query}") or "#" in path + query:
        problem = "must begin with '/' (or the account's base URL), in plain ASCII without '#'"
    elif {".", ".."} & {*re.split(r"[/\\]", unquote(path))}:
        problem = "must not have '.' or '..' in it"
    elif path.count("{}") != len(request.ids) or set("{}") & {*path.replace("{}", "")}:
        problem = f"must have a {{}} for each id; {len(request.ids)} are given"
    elif query and request.query:
        problem = "has a query already; leave one of them out"
    if problem is not None:
        raise InvalidRequest(f"path {problem}", field="path")
    return path, query


def _with_nulls(value: Any) -> Any:
    """A body in which None is written as null: what is not wanted, the caller has not given."""
    if isinstance(value, Mapping):
        return {name: _with_nulls(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_nulls(one) for one in value]
    return NULL if value is None else value


def _headers(request: RawRequest, account: Account, made: Mapping[str, str]) -> dict[str, str]:
    """The caller's own headers, which replace none of Prism's but `accept`."""
    taken = _FROM_CORE | made.keys() - {"accept"} | {(account.idempotency_header or "").lower()}
    given = request.headers or {}
    for name, value in given.items():
        if name.lower() in taken or not _HEADER.fullmatch(f"{name}: {value}"):
            raise InvalidRequest(
                f"headers cannot have {name!r} with this value: Prism writes what belongs to HTTP "
                "and to the account, and the `idempotency_key`; all others are plain ASCII",
                field="headers",
            )
    return {name.lower(): value for name, value in given.items()}
