"""Variations: an exchange's request with one thing changed, and what it becomes on the wire."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from prism_contract_tests.check import Failed
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Ended, answers_of, call
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_core import (
    Account,
    Address,
    Card,
    HttpRequest,
    InvalidRequest,
    PrismError,
    Secret,
)
from prism_core.connector.credentials import open_account
from prism_core.connector.operations import request_type
from prism_core.runtime.flows import close
from prism_core.runtime.preflight import check_reads
from prism_core.runtime.reads import noted, read
from prism_core.runtime.samples import sample
from prism_core.schema.base import Request
from prism_core.schema.secrets import MASK


def basis(target: Target, operation: str) -> Exchange:
    """The success exchange that checks of an operation derive theirs from."""
    found = target.success(operation)
    if found is None:
        raise Failed(f"{operation} has no exchange of kind success to derive requests from")
    return found


def reading(target: Target, operation: str, field: str) -> Exchange:
    """The success of an operation; if its flow reads more of the field in another exchange (with
    another payment method, or for a page), that one."""
    first, kinds = basis(target, operation), ("success", "pending", "authentication_required")
    others = [one for kind in kinds for one in target.of(operation, kind)]
    return max([first, *others], key=lambda one: _parts_read(target, one, field))


def _parts_read(target: Target, exchange: Exchange, field: str) -> int:
    """How many parts of a field the flow reads, if that is given in the exchange's request; none
    if it refuses it."""
    account, kind = opened(target, exchange.account), request_type(exchange.operation)
    given = _given(exchange.build(), **{field: sample(kind, field, account)})
    if given is None:
        return 0
    request = noted(given)
    flow = target.connector.hooks[exchange.operation](request=request, account=account)
    try:
        next(flow)
    except (PrismError, StopIteration):
        return 0
    finally:
        close(flow)
    try:
        check_reads(target.connector.info, exchange.operation, request)
    except InvalidRequest as refused:
        if refused.field != field:  # a part of it that is not read leaves the others
            return 0
    return sum(path.partition(".")[0] == field for path in read(request))


def opened(target: Target, account: Mapping[str, Any]) -> Account:
    """The account that a client would make of an exchange's."""
    given = dict(account)
    environment = given.pop("environment", "SANDBOX")
    return open_account(target.connector.info.account, given, environment)


def replaced(request: Request, **changes: Any) -> Request:
    """The request with these fields; where the rest cannot stand beside them, with only those."""
    try:
        return msgspec.structs.replace(request, **changes)
    except InvalidRequest:
        fields = msgspec.structs.fields(type(request))
        needed = {one.name: getattr(request, one.name) for one in fields if one.required}
        return type(request)(**{**needed, **changes})


KEY = "kit-key-4711"
"""The idempotency key of calls that are compared."""


def own_key(target: Target, exchange: Exchange) -> dict[str, str]:
    """An idempotency key of the kit's own, so that requests differ only where fields do."""
    return {"idempotency_key": KEY} if takes_key(target, exchange) else {}


def takes_key(target: Target, exchange: Exchange) -> bool:
    """Whether the call of an exchange must have an idempotency key: the processor honours keys, and
    `no_key` does not say that it honours none here."""
    has_field = "idempotency_key" in request_type(exchange.operation).__struct_fields__
    honours = target.connector.info.account.honours_keys()
    return has_field and honours and exchange.no_key is None


def key_of(target: Target, request: HttpRequest) -> str | None:
    """The idempotency key of a request, where the account says that it stands."""
    account = target.connector.info.account
    if account.idempotency_header is not None:
        return request.headers.get(account.idempotency_header.lower())
    found: Any = msgspec.json.decode(request.body) if request.body[:1] == b"{" else None
    for name in (account.idempotency_field or "").split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) else None


def attempt(target: Target, exchange: Exchange, changes: Mapping[str, Any]) -> Ended:
    """Sends the exchange's request with these changes.

    Where the connector refuses the combination, optional fields that it names, and then the
    card holder's name, are left out; a field that it needs is given, once.
    """
    request, needed = replaced(exchange.build(), **changes), dict(changes)
    while True:
        ended = call(target, exchange.operation, request, answers_of(exchange), exchange.account)
        if refusal(ended) is None:
            return ended
        blamed = getattr(ended.error, "field", None)
        if blamed in _optional(request) - set(needed) and getattr(request, blamed) is None:
            needed[blamed] = sample(type(request), blamed, opened(target, exchange.account))
            other = _given(request, **{blamed: needed[blamed]})
        else:
            other = _simpler(request, ended, needed)
        if other is None:
            return ended
        request = other


def _given(request: Request, **more: Any) -> Request | None:
    """The request with these fields; None where it cannot have them."""
    try:
        return msgspec.structs.replace(request, **more)
    except InvalidRequest:
        return None


def _simpler(request: Request, ended: Ended, changes: Mapping[str, Any]) -> Request | None:
    blamed = getattr(ended.error, "field", None)
    if blamed in _optional(request) - set(changes) and getattr(request, blamed) is not None:
        default = _defaults(request)[blamed]
        if getattr(request, blamed) != default:
            return replaced(request, **{blamed: default})
    card = getattr(request, "payment_method", None)
    if "payment_method" not in changes and isinstance(card, Card) and card.holder_name:
        return replaced(request, payment_method=msgspec.structs.replace(card, holder_name=None))
    return None


def _defaults(request: Request) -> dict[str, Any]:
    """The defaults of the fields; of a mapping, an empty one."""
    fields = msgspec.structs.fields(type(request))
    return {one.name: {} if one.default is msgspec.NODEFAULT else one.default for one in fields}


def _optional(request: Request) -> set[str]:
    return {one.name for one in msgspec.structs.fields(type(request)) if not one.required}


def refusal(ended: Ended) -> InvalidRequest | None:
    """The `InvalidRequest` with which a call ended before anything was changed: a flow may need a
    lookup to know."""
    changed = any(one.changes for one in ended.tape.seen)
    refused = isinstance(ended.error, InvalidRequest) and not changed
    return ended.error if refused else None  # type: ignore[return-value]


def refused_by_name(ended: Ended, field: str) -> bool:
    """Whether a call was refused before it changed anything; a refusal that names nothing fails."""
    refused = refusal(ended)
    if refused is not None and refused.field is None:
        raise Failed(
            f"{field} is refused, and the refusal names no field",
            Evidence(expected="InvalidRequest(..., field=...)", got=ended.said()),
        )
    return refused is not None


def sent(ended: Ended, what: str) -> list[HttpRequest]:
    """The requests that a call made; it is a failure if it made none."""
    if not ended.tape.seen:
        raise Failed(f"{what}, and nothing was sent", Evidence(got=ended.said()))
    found: list[HttpRequest] = ended.tape.seen
    return found


def carried(ended: Ended, what: str) -> list[HttpRequest]:
    """The requests that a call made, and what the customer's browser posts to the processor's page
    or gives to its library: some are told there alone where the customer comes back to."""
    requests: list[HttpRequest] = sent(ended, what)
    data: Any = getattr(ended.result, "redirection_data", None)
    values = data and (data.form or data.sdk)
    if not values:
        return requests
    form = {"content-type": "application/x-www-form-urlencoded"}
    return [*requests, HttpRequest("POST", data.uri or "", form, urlencode(values).encode())]


def same(one: list[HttpRequest], other: list[HttpRequest]) -> bool:
    """Whether two calls made the same requests on the wire."""
    return [_wire(request) for request in one] == [_wire(request) for request in other]


def _wire(request: HttpRequest) -> tuple[Any, ...]:
    return request.method, request.url, request.headers, request.body


def shown(requests: list[HttpRequest], exchange: Exchange, request: Request | None = None) -> str:
    """The requests as text for evidence: no headers' values, and no secret."""
    lines: list[str] = []
    for one in requests:
        body = one.body.decode("utf-8", "replace")
        lines += [f"{one.method} {one.url}", f"headers: {', '.join(one.headers)}", body]
    text = "\n".join(lines)
    hidden = {*exchange.account.values(), *_secrets(exchange.build()), *_secrets(request)}
    for secret in sorted(hidden, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", MASK, text)
    return text


def _secrets(value: Any) -> Iterator[str]:
    if isinstance(value, Secret):
        yield value.reveal()
    elif isinstance(value, msgspec.Struct) and not isinstance(value, Address):
        for name in value.__struct_fields__:
            yield from _secrets(getattr(value, name))
