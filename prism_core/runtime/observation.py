"""Finds the fields that a connector can send, by running its flows up to their first request, which
is not sent."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from prism_core.connector.account import Account
from prism_core.connector.http import HttpRequest
from prism_core.connector.operations import request_type
from prism_core.discovery.loading import Connector
from prism_core.errors import InvalidRequest
from prism_core.errors.interruptions import raise_if_interruption
from prism_core.runtime.flows import close
from prism_core.runtime.keys import place_key
from prism_core.runtime.reads import noted, read
from prism_core.runtime.samples import optional_fields, required_fields, sample, sample_methods
from prism_core.schema.base import Request

_seen: dict[tuple[Connector, str, tuple[str, ...]], frozenset[str]] = {}
_MOST = 1000
"""How many answers are kept: a platform has an account for each of its merchants."""


def sends(connector: Connector, account: Account, operation: str) -> frozenset[str]:
    """The fields of an operation's request that the connector can send, and the parts of fields
    ("billing_address.city"): its flow reads them in a case that it does not refuse."""
    key = (connector, operation, _settings(account))
    found = _seen.get(key)
    if found is None:
        if len(_seen) >= _MOST:
            _seen.clear()
        found = _seen[key] = frozenset(_observed(connector, account, operation))
    return found


def _settings(account: Account) -> tuple[str, ...]:
    """The settings that flows may depend on: another account may send other fields. A secret's
    value does not count, only whether there is one."""
    fields = (name for name in account.__struct_fields__ if name != "base_url")
    return tuple(repr(getattr(account, name)) for name in fields)


def _observed(connector: Connector, account: Account, operation: str) -> Iterator[str]:
    kind = request_type(operation)
    if kind.from_processor:
        return
    always = (*required_fields(kind), *connector.info.needs.get(operation, ()))
    for case in _cases(connector, operation, kind):
        for name in ("", *optional_fields(kind)):
            given = {
                one: sample(kind, one, account, connector.info)
                for one in (*always, *filter(None, [name]))
            }
            yield from _read_by(connector, account, operation, {**given, **case}, name)


def _cases(connector: Connector, operation: str, kind: type[Request]) -> Iterator[dict[str, Any]]:
    """The fields of a request for each payment method and capture method of the connector, and for
    each page that can ask for a method."""
    info, fields = connector.info, kind.__struct_fields__
    methods = [None, *sample_methods(info, operation)] if "payment_method" in fields else [None]
    captures = info.capture_methods if "capture_method" in fields else (None,)
    for method, capture in product(methods, captures):
        case = {"payment_method": method, "capture_method": capture}
        given = {name: value for name, value in case.items() if value is not None}
        yield given
        if method is None and "hosted" in fields:
            yield {**given, "hosted": False}


def takes_key(connector: Connector, account: Account, operation: str) -> bool:
    """Whether an operation's requests can have an idempotency key. True, too, where that cannot be
    seen, after a lookup say: a key that cannot be sent is refused before anything is changed."""
    kind = request_type(operation)
    if "idempotency_key" not in kind.__struct_fields__ or not account.honours_keys():
        return False
    always = (*required_fields(kind), *connector.info.needs.get(operation, ()))
    seen: list[bool] = []
    for case in _cases(connector, operation, kind):
        given = {one: sample(kind, one, account, connector.info) for one in always} | case
        sent = _first_request(connector, account, operation, given)[-1]
        if sent is not None and sent.keyed:
            place_key(account, sent, "sample")
            seen.append(sent.idempotency_key is not None)
        elif sent is not None:
            seen.append(not sent.changes)
    return any(seen) or not seen


def _read_by(
    connector: Connector, account: Account, operation: str, given: dict[str, Any], name: str
) -> Iterator[str]:
    """The fields that the flow reads of this request."""
    request, refused, _ = _first_request(connector, account, operation, given)
    if request is not None:
        yield from (path for path in read(request) if path != refused)


def _first_request(
    connector: Connector, account: Account, operation: str, given: dict[str, Any]
) -> tuple[Any, str | None, HttpRequest | None]:
    """Runs a flow with these fields up to its first request: what the flow got, the field that it
    refuses, and that request. If it refuses because another field is missing, it runs again with
    that field. All are None if nothing can be seen."""
    kind = request_type(operation)
    while True:  # with one field more each time
        try:
            request = noted(kind(**given))
            refused, sent = _begun(connector, account, operation, request)
        except InvalidRequest as error:  # one of two ids must be given, say
            refused = error.field
        except Exception as error:  # a sample proves nothing: other values may work
            raise_if_interruption(error)
            return None, None, None
        else:
            if refused is None or refused in given:
                return request, refused, sent
        if refused is None or refused in given or refused not in kind.__struct_fields__:
            return None, None, None
        given = {**given, refused: sample(kind, refused, account, connector.info)}


def _begun(
    connector: Connector, account: Account, operation: str, request: Any
) -> tuple[str | None, HttpRequest | None]:
    """Runs a flow up to its first request: the field that it refuses, and that request."""
    flow = connector.hooks[operation](request=request, account=account)
    try:
        return None, next(flow)
    except InvalidRequest as error:
        return error.field, None
    finally:
        close(flow)
