"""Any request that the schema allows is sent whole, or refused; never sent in part or wrongly.

Hypothesis makes the requests, and the judge in `conftest.py` holds each against PayPal's document.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prism_contract_tests.judging import Judge
from prism_contract_tests.random_requests import Chance, requests
from prism_contract_tests.target import open_target
from prism_core import (
    Address,
    AuthorizeRequest,
    Card,
    CreateCustomerRequest,
    InvalidRequest,
    Money,
    Prism,
    Token,
)
from prism_core.schema.secrets import reveal

from .paypal_server import PayPalServer

checked = settings(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
keys = st.from_regex(r"[!-~]{1,110}", fullmatch=True)
paypal = open_target("paypal")
chances = st.integers(0, 2**32).map(Chance)
customers = chances.map(requests(CreateCustomerRequest, paypal.sends("create_customer")))
payments = chances.map(requests(AuthorizeRequest, paypal.sends("authorize"), (Card, Token)))


def fitting(request: Any) -> Any:
    """The request without most of what PayPal refuses, so that more of it is sent."""
    addresses = {
        name: msgspec.structs.replace(
            given, line3=None, email=None, phone_number=None, country_alpha2_code="GB"
        )
        for name in request.__struct_fields__
        if isinstance(given := getattr(request, name), Address)
    }
    changes: dict[str, Any] = {**addresses, "idempotency_key": "key_1"}
    if isinstance(request, CreateCustomerRequest):
        changes["merchant_customer_id"] = "user_42"
        if request.address is not None:
            changes["address"] = Address(line1="1 Example Street", country_alpha2_code="GB")
    else:
        changes |= {"off_session": None, "connector_customer_id": "cust_1"}
    return msgspec.structs.replace(request, **changes)


def told(server: PayPalServer, call: Any, request: Any) -> list[dict[str, Any]]:
    """The bodies that a call sends; none if it is refused, naming a field, before the first."""
    server.seen.clear()
    for action in ("/authorize", "/capture"):
        server.script(action, (201, {"id": "5ORDER", "status": "PAYER_ACTION_REQUIRED"}))
    try:
        call(request)
    except InvalidRequest as refusal:
        if refusal.field is None or server.seen:
            raise
    return [json.loads(one.body) for one in server.seen if one.body]


@checked
@given(request=customers | customers.map(fitting), key=keys)
def test_any_customer_is_sent_whole_or_refused(
    judge: Judge, prism: Prism, server: PayPalServer, request: CreateCustomerRequest, key: str
) -> None:
    """A customer's id, name and address are in the request, unchanged, or it is refused."""
    request = msgspec.structs.replace(request, idempotency_key=key)
    for sent in told(server, prism.customers.create, request):
        assert sent["customer"] == {"merchant_customer_id": request.merchant_customer_id}
        assert sent["payment_source"]["card"].get("name") == request.name
        assert ("billing_address" in sent["payment_source"]["card"]) == any_part(request.address)
    assert judge.verdict() == []


@checked
@given(request=payments | payments.map(fitting))
def test_any_payment_is_sent_whole_or_refused(
    judge: Judge, prism: Prism, server: PayPalServer, request: AuthorizeRequest
) -> None:
    """A payment's id, exact amount and card are in its two requests, or it is refused."""
    made = told(server, prism.payments.authorize, request)
    if made:
        unit, source = made[0]["purchase_units"][0], made[1]["payment_source"]["card"]
        assert unit["custom_id"] == request.merchant_transaction_id
        assert unit.get("description") == request.description
        assert unit.get("soft_descriptor") == request.statement_descriptor_suffix
        assert amount_of(unit) == request.amount
        method = request.payment_method
        sent = ("number", method.number) if isinstance(method, Card) else ("vault_id", method.token)
        assert source[sent[0]] == reveal(sent[1])
    assert judge.verdict() == []


def any_part(address: Address | None) -> bool:
    """Whether an address says anything."""
    return address is not None and bool(address.to_dict())


def amount_of(unit: dict[str, Any]) -> Money:
    """The amount on the wire, read back."""
    amount = unit["amount"]
    return Money.from_decimal(Decimal(amount["value"]), amount["currency_code"])
