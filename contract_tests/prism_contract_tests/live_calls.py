"""Calls to a live server, with what it approves and declines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import msgspec

from prism_contract_tests.check import Failed
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import METHODS
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import LiveData, Target
from prism_core import Prism, PrismError
from prism_core.schema.base import Request

_OPTIONS = {*LiveData.__struct_fields__, "card", "token"}


def data(target: Target) -> LiveData:
    """Test data for which the server approves and declines: the plugin's, or the user's."""
    given = dict(target.live or {})
    if "card" in given:
        given["approve"] = {"type": "card", **given["card"]}
    known = {} if target.settings.live is None else msgspec.to_builtins(target.settings.live)
    declared = {name: value for name, value in known.items() if value is not None}
    if "token" in given:
        usual = {"type": "token", **declared.get("approve", {})}
        given["approve"] = {**usual, "token": given["token"]}
    found = {**declared, **{k: v for k, v in given.items() if k in LiveData.__struct_fields__}}
    try:
        return msgspec.convert(found, LiveData)
    except msgspec.ValidationError as problem:
        raise Failed(f"[tool.prism.contract.live] is not complete: {problem}") from None


def approved(target: Target) -> dict[str, Any]:
    """The payment method that the server approves."""
    found = data(target).approve
    if found is None:
        raise Failed(
            "[tool.prism.contract.live] has no `approve`, because only a customer on the "
            f"processor's page can pay: `prism try {target.name}` takes you there"
        )
    return found


def account(target: Target) -> dict[str, Any]:
    """The server and the credentials that the user gave."""
    return {name: value for name, value in (target.live or {}).items() if name not in _OPTIONS}


def run(target: Target, operation: str, request: Request, **credentials: Any) -> Any:
    """One call to the server. Raises `PrismError`."""
    service, method = METHODS[operation]
    options: Mapping[str, Any] = {**account(target), **credentials, "timeout": 30.0}
    with Prism(target.name, **options) as prism:
        return getattr(getattr(prism, service), method)(request)


def done(target: Target, operation: str, request: Request) -> Any:
    """The result of a call that must have one."""
    try:
        return run(target, operation, request)
    except PrismError as error:
        raise Failed(
            f"{operation} ended in {type(error).__name__}",
            Evidence(request=repr(request), got=f"{error} ({error.outcome})"),
        ) from None


def customer(target: Target, key: str | None = None) -> Any:
    """A customer to create, with the fields that the connector can send."""
    return _request(
        target,
        "create_customer",
        merchant_customer_id=_id(),
        name="Ada Lovelace",
        email="ada@example.com",
        idempotency_key=key,
    )


def payment(
    target: Target,
    method: Mapping[str, Any],
    key: str | None = None,
    amount: int | None = None,
    **more: Any,
) -> Any:
    """A payment to authorize."""
    known = data(target)
    money = {"minor_amount": amount or known.amount, "currency": known.currency}
    return _request(
        target,
        "authorize",
        merchant_transaction_id=_id(),
        amount=money,
        payment_method=dict(method),
        idempotency_key=key,
        **more,
    )


def _id() -> str:
    return f"contract_{uuid4().hex[:16]}"


def _request(target: Target, operation: str, **fields: Any) -> Any:
    sends = {*target.sends(operation), "idempotency_key"}
    kept = {k: v for k, v in fields.items() if v is not None and k in sends}
    return built(operation, kept)


def built(operation: str, fields: dict[str, Any]) -> Any:
    """A request of an operation, of its fields as JSON."""
    return Exchange(
        operation=operation, kind="other", documentation="", account={}, request=fields, steps=[]
    ).build()
