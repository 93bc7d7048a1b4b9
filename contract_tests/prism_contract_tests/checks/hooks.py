"""Checks of the hooks: their annotations, and complete results."""

from __future__ import annotations

import collections.abc
import types
import typing
from collections.abc import Mapping
from typing import Any, Union, get_args, get_origin

import msgspec

import prism_core
from prism_contract_tests.check import Failed, check, each_asking
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Ended, replay
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import basis
from prism_core import (
    ClientToken,
    Customer,
    CustomerCreated,
    MalformedResponse,
    Mandate,
    NotFound,
    Payment,
    PaymentMethodList,
    Refund,
)
from prism_core.connector.account import Account
from prism_core.connector.http import HttpResponse
from prism_core.connector.operations import OPERATIONS, request_type, result_type

_ABOUT: dict[type, tuple[str, ...]] = {
    Payment: ("connector_transaction_id", "connector_order_id"),
    Refund: ("connector_refund_id",),
    Mandate: ("connector_mandate_id", "connector_order_id", "connector_transaction_id"),
    Customer: ("connector_customer_id",),
    CustomerCreated: ("connector_customer_id",),
    PaymentMethodList: ("connector_customer_id",),
}
"""The fields that may have the id of a result's object, the best first; for all other results, a
stored payment method's."""


def _each_hook(target: Target) -> list[str]:
    return [*target.operations, "parse_error"]


@check(
    "hook-annotations",
    since="2026.11",
    cases=_each_hook,
    why="A type checker relies on annotations; wrong ones hide mistakes.",
    how="Annotate as the specification in prism_core.connector.hookspecs does, but with your own "
    "account type.",
)
def hook_annotations(target: Target, case: str) -> int:
    """The annotations of a hook accept what the core passes, and return what the core expects."""
    function = target.connector.hooks[case]
    hints = _hints(target, function)
    passed: dict[str, type] = {"account": target.connector.info.account}
    passed["response" if case == "parse_error" else "request"] = (
        HttpResponse if case == "parse_error" else request_type(case)
    )
    for name, given in passed.items():
        if name in hints and not _admits(hints[name], given):
            raise Failed(
                f"{case} annotates {name} as another type than it is passed",
                Evidence(expected=given.__name__, got=str(hints[name])),
            )
    if case in OPERATIONS and "return" in hints:
        _promises(case, hints["return"])
    return len(hints)


def _hints(target: Target, function: Any) -> dict[str, Any]:
    """The annotations, also with names that are imported for type checkers only."""
    function = getattr(function, "__func__", function)
    account = target.connector.info.account
    known = {**vars(typing), **vars(collections.abc), **vars(prism_core)}
    known |= {account.__name__: account, "Account": Account}
    try:
        return typing.get_type_hints(function, {**known, **function.__globals__})
    except (NameError, TypeError) as reason:
        problem = str(reason)
    raise Failed(f"the annotations of {function.__name__} cannot be read: {problem}")


def _admits(hint: Any, given: type) -> bool:
    union = get_origin(hint) in (Union, types.UnionType)
    choices = get_args(hint) if union else (get_origin(hint) or hint,)
    return any(one is Any or (isinstance(one, type) and issubclass(given, one)) for one in choices)


def _promises(operation: str, hint: Any) -> None:
    wanted = result_type(operation)
    result = (get_args(hint) or (hint,))[-1]
    if result is Any or (isinstance(result, type) and issubclass(result, wanted)):
        return
    raise Failed(
        f"{operation} is annotated to return another type than its result",
        Evidence(expected=f"Flow[{wanted.__name__}]", got=str(hint)),
    )


@check(
    "results-whole",
    since="2026.11",
    cases=each_asking,
    why="The application stores this id. Without it the customer or payment is lost, and a wrong "
    "id changes another object.",
    how="Read the id from the answer, and return the operation's own result type.",
)
def results_whole(target: Target, case: str) -> int:
    """A success returns the operation's result type with the id from the processor's answer, or
    from the request if no answer names it."""
    exchanges = target.of(case, "success") or [basis(target, case)]
    for exchange in exchanges:
        ended = replay(target, exchange)
        if isinstance(ended.result, ClientToken):
            _values_read(exchange, ended.result.sdk)
            continue
        given = _id_of(case, ended)
        answers = [step.response.answer() for step in exchange.steps]
        text = b" ".join(answer.body for answer in answers).decode("utf-8", "replace")
        is_answered = given in text + str([answer.headers for answer in answers])
        if given in _asked(exchange, is_answered=is_answered):
            continue
        if not is_answered:
            raise Failed(f"the result's id {given} is not in the answer", Evidence(response=text))
        again = replay(target, exchange, [_renamed(one, given) for one in answers])
        returned = exchange.request.get("returned") or {}  # evidence is compared, like an id
        is_asked = given in (*exchange.request.values(), *returned.values())
        if is_asked and isinstance(again.error, (MalformedResponse, NotFound)):
            continue  # it was read, and found to be another than the one asked for, or in a list
        other = _id_of(case, again)
        if other != f"{given}9":
            raise Failed(
                "the result's id is not read from the answer",
                Evidence(response=text, expected=f"{given}9", got=other),
            )
    return len(exchanges)


def _asked(exchange: Exchange, *, is_answered: bool) -> list[str]:
    """The ids that may come from the request alone: a stored Token, and if no answer names it (an
    acknowledgement may be empty), the id of what the operation is about."""
    token = str((exchange.request.get("payment_method") or {}).get("token"))
    ids = [value for name, value in exchange.request.items() if name.startswith("connector_")]
    return [token] if is_answered else [token, *ids]


def _values_read(exchange: Exchange, sdk: Mapping[str, str]) -> None:
    """A client token is no object with an id: one of its values must be from the answer, where it
    may stand as a text of JSON."""
    answers = [step.response.answer().body.decode() for step in exchange.steps]
    found = [*sdk.values(), *(msgspec.json.encode(value).decode() for value in sdk.values())]
    if not any(value in answer for value in found for answer in answers):
        raise Failed("no value for the browser's library is from the answer")


def _id_of(operation: str, ended: Ended) -> str:
    wanted = result_type(operation)
    if not isinstance(ended.result, wanted):
        raise Failed(f"a success gives no {wanted.__name__}", Evidence(got=ended.said()))
    about: Any = ended.result
    if isinstance(about, PaymentMethodList):
        about = about.payment_methods[0] if about.payment_methods else about
    names = _ABOUT.get(type(about), ("connector_payment_method_id",))
    found = (getattr(about, name) for name in names)
    given = next((one for one in found if isinstance(one, str) and one), None)
    if given is None:
        raise Failed(f"a success has no {names[0]}", Evidence(got=ended.said()))
    return given


def _renamed(answer: HttpResponse, given: str) -> HttpResponse:
    """The answer with another id in place of this one."""
    headers = {name: text.replace(given, f"{given}9") for name, text in answer.headers.items()}
    body = answer.body.replace(given.encode(), f"{given}9".encode())
    return HttpResponse(answer.status_code, headers, body)
