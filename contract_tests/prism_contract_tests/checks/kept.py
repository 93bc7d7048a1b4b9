"""Checks of payment methods that a payment keeps for later."""

from __future__ import annotations

from prism_contract_tests.check import Failed, check
from prism_contract_tests.checks.waiting import PAID, expected, told
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.methods import first_of, method_of, paying_with, taken
from prism_contract_tests.replay import replay
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import attempt, basis, own_key, refusal, same, sent, shown
from prism_core import FutureUsage, Redirect, Token
from prism_core.schema.base import Schema

_IDS = ("connector_payment_method_id", "connector_mandate_id")


def _keeping(target: Target) -> list[str]:
    operations = [one for one in ("authorize", "create_order") if one in target.operations]
    return [one for one in operations if "setup_future_usage" in target.sends(one)]


@check(
    "future-usage-kept",
    since="2026.11",
    cases=_keeping,
    why="A subscription's first payment is made once. If the payment method was not kept, or its "
    "id is lost, the customer must come back for the second.",
    how="Send setup_future_usage, and return connector_payment_method_id or connector_mandate_id "
    "from the answer; do not read the field where the processor keeps nothing.",
)
def future_usage_kept(target: Target, case: str) -> int:
    """With setup_future_usage, each class of payment methods is kept or refused: the field changes
    the request, and the result of an exchange with it names the stored payment method or the
    mandate (for an order, the result of a later operation), unless a discrepancy says that it was
    not kept."""
    tried = _all_named(target, case)
    if case == "create_order":
        return tried
    for kind in taken(target, case):
        if kind is not Token:  # it is stored already
            tried += _asked_or_refused(target, case, kind)
    return tried


def _all_named(target: Target, case: str) -> int:
    """The exchanges that keep a payment method name it."""
    if case == "create_order":
        later = ("get_payment", "complete", "handle_event")
        found = [
            one
            for one in target.exchanges
            if one.operation in later
            and expected(one).get("connector_order_id")
            and any(expected(one).get(name) for name in _IDS)
        ]
    else:
        found = [one for one in target.of(case) if _is_to_keep(one)]
    if not found:
        raise Failed(f"no exchange shows what {case} with setup_future_usage keeps")
    named = 0
    for exchange in found:
        ended = replay(target, exchange)
        if any(getattr(told(ended), name, None) for name in _IDS):
            named += 1
        elif not (_is_stored(exchange) or (ended.result and ended.result.discrepancies)):
            raise Failed(
                f"{exchange.name}: the payment method is kept, and no id of it is in the result",
                Evidence(expected=" or ".join(_IDS), got=ended.said()),
            )
    if not named:
        raise Failed(f"no exchange of {case} names what setup_future_usage keeps")
    return len(found)


def _is_stored(exchange: Exchange) -> bool:
    """Whether the payment method of an exchange was stored before."""
    return (exchange.request.get("payment_method") or {}).get("type") == "token"


def _is_to_keep(exchange: Exchange) -> bool:
    """Whether an exchange succeeds and asks to keep a payment method."""
    wanted = bool(exchange.request.get("setup_future_usage"))
    return wanted and expected(exchange).get("status") in {"AUTHORIZED", *PAID}


def _asked_or_refused(target: Target, case: str, kind: type[Schema]) -> int:
    """The field changes the request, or is refused, beside this class of payment methods."""
    types = target.connector.info.payment_method_types if kind is Redirect else (None,)
    for named in types:
        exchange = next(paying_with(target, case, kind, named), None)
        if exchange is None and kind is Redirect:
            continue
        exchange = exchange or basis(target, case)
        method = first_of(target, kind, method_of(exchange))
        for usage in FutureUsage:
            _must_change(target, exchange, method, usage)
    return len(types)


def _must_change(target: Target, exchange: Exchange, method: Schema, usage: FutureUsage) -> None:
    paid = {"payment_method": method, **own_key(target, exchange)}
    kept = attempt(target, exchange, {**paid, "setup_future_usage": usage})
    if refusal(kept) is not None:
        return
    plain = attempt(target, exchange, {**paid, "setup_future_usage": None})
    requests = sent(kept, "setup_future_usage was given")
    if refusal(plain) is None and same(requests, sent(plain, "it was left out")):
        raise Failed(
            f"setup_future_usage changes nothing on the wire beside a {type(method).__name__}",
            Evidence(request=shown(requests, exchange)),
        )
