"""Any request that the schema allows is sent whole and valid by Adyen's document, or refused."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prism_adyen import EXPONENTS
from prism_contract_tests.random_requests import Chance, requests
from prism_core import AuthorizeRequest, CustomerDetails, InvalidRequest, Money
from prism_core.discovery.loading import load
from prism_core.runtime.observation import sends
from prism_core.schema.money import EXPONENTS as ISO

from .adyen_samples import ACCOUNT, BACK, built, payment_request

checked = settings(
    max_examples=100,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
METHODS = load("adyen").info.takes("authorize")
FIELDS = sorted(name for name in sends(load("adyen"), ACCOUNT, "authorize") if "." not in name)


def sent_or_refused(request: AuthorizeRequest) -> tuple[dict[str, Any] | None, str | None]:
    """The JSON that a payment becomes, or the field that it is refused for."""
    try:
        made: dict[str, Any] = json.loads(built(request).body)
    except InvalidRequest as refusal:
        return None, refusal.field
    return made, None


ANY = requests(AuthorizeRequest, [one for one in FIELDS if one != "return_url"], METHODS)


@checked
@given(st.integers(0, 2**32).map(Chance).map(ANY))
def test_any_payment_is_sent_whole_or_refused(request: AuthorizeRequest) -> None:
    """What is sent is valid, with the caller's ids unchanged; a refusal names a field."""
    request = msgspec.structs.replace(request, return_url=BACK)
    sent, refused_for = sent_or_refused(request)
    if sent is None:
        assert refused_for
        return
    assert sent["reference"] == request.merchant_transaction_id
    assert sent.get("shopperReference") == request.connector_customer_id
    assert sent.get("metadata", {}) == (request.metadata or {})


@checked
@given(st.integers(1, 10**18 - 1), st.sampled_from(sorted(ISO)))
def test_money_is_exact_or_refused(amount: int, currency: str) -> None:
    """The integer on the wire is the same money, in every currency; no digit is ever lost."""
    sent, refused_for = sent_or_refused(payment_request(amount=Money(amount, currency)))
    if sent is None:
        lost = ISO[currency] - EXPONENTS.get(currency, ISO[currency])
        assert refused_for == "amount"
        assert amount % 10 ** max(0, lost) or amount * 100 >= 2**63
        return
    assert sent["amount"]["currency"] == currency
    assert Money.from_wire(sent["amount"]["value"], currency, EXPONENTS) == Money(amount, currency)


NAMES = st.text(st.characters(categories=["L", "Zs"]), min_size=1, max_size=40).filter(str.strip)


@checked
@given(NAMES)
def test_no_letter_of_a_name_is_lost(name: str) -> None:
    """First and last name together hold every word of the name, in its order."""
    sent, refused_for = sent_or_refused(payment_request(customer=CustomerDetails(name=name)))
    if sent is None:
        assert (refused_for, len(name.split())) == ("customer", 1)
        return
    told = sent["shopperName"]
    assert f"{told['firstName']} {told['lastName']}".split() == name.split()


def test_a_request_is_the_same_each_time() -> None:
    """Nothing is drawn or counted: the same payment makes the same request."""
    assert built(payment_request()).body == built(payment_request()).body
