"""Customers, stored cards and recurring payments: what goes out and what it comes to."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from prism_core import (
    ChargeRecurringRequest,
    Conflict,
    ConnectorError,
    CustomerDetails,
    InvalidRequest,
    MandateStatus,
    Money,
    NotFound,
    PaymentStatus,
    Prism,
    SetupRecurringRequest,
    Token,
    TokenizeRequest,
    UnsupportedOperation,
)

from .authorizedotnet_samples import (
    OK,
    card,
    payment_request,
    refusal,
    sent,
    transaction,
)
from .authorizedotnet_server import Gateway

CUSTOMER, KEPT = "900000042", "900000101"
TEN = Money(1000, "USD")
PROFILE = {
    "customerProfileId": CUSTOMER,
    "merchantCustomerId": "user_42",
    "email": "ada@example.com",
    "description": "",
}
FOUND = {"profile": PROFILE, "messages": OK}
SETUP = SetupRecurringRequest(
    merchant_mandate_id="plan_1", payment_method=card(), connector_customer_id=CUSTOMER
)


def kept(direct: str | None = "1,1,1,Approved,", **changes: Any) -> dict[str, Any]:
    """createCustomerPaymentProfileResponse"""
    whole = {"customerProfileId": CUSTOMER, "customerPaymentProfileId": KEPT, "messages": OK}
    return {**whole, "validationDirectResponse": direct, **changes}


def test_a_customer_is_changed_without_losing_anything(gateway: Gateway, prism: Prism) -> None:
    """Authorize.Net empties what an update leaves out: what it has is sent along."""
    gateway.answer(FOUND).answer({"refId": CUSTOMER, "messages": OK})
    changed = prism.customers.update(connector_customer_id=CUSTOMER, description="first")
    assert gateway.bodies[1]["updateCustomerProfileRequest"]["profile"] == {
        "merchantCustomerId": "user_42",
        "description": "first",
        "email": "ada@example.com",
        "customerProfileId": CUSTOMER,
    }
    assert (changed.email, changed.description) == ("ada@example.com", "first")


def test_a_customer_is_found_before_a_second_one_is_made(gateway: Gateway, prism: Prism) -> None:
    """get_or_create looks your id up first; a profile that is not found is made."""
    own = {"merchant_customer_id": "user_42", "email": "ada@example.com"}
    gateway.answer(FOUND)
    assert prism.customers.get_or_create(**own).existed
    gateway.begin()
    gateway.answer(refusal("E00040")).answer(
        {"customerProfileId": CUSTOMER, "refId": "user_42", "messages": OK}
    )
    made = prism.customers.get_or_create(**own)
    assert (made.connector_customer_id, made.existed) == (CUSTOMER, False)
    gateway.answers[:] = [gateway.answers[0]]
    with pytest.raises(NotFound):
        prism.customers.get(merchant_customer_id="user_42")


def test_a_card_kept_pays_as_a_token(gateway: Gateway, prism: Prism) -> None:
    """tokenize's id is the payment profile that authorize names, and no issuer is asked."""
    paid_with = {"customerProfileId": CUSTOMER, "customerPaymentProfileId": KEPT}
    gateway.answer(kept(None)).answer(transaction("1", profile=paid_with))
    stored = prism.payment_methods.tokenize(payment_method=card(), connector_customer_id=CUSTOMER)
    assert gateway.bodies[0]["createCustomerPaymentProfileRequest"]["validationMode"] == "none"
    method = Token(stored.connector_payment_method_id)
    paid = prism.payments.authorize(
        payment_request(payment_method=method, connector_customer_id=CUSTOMER)
    )
    assert (paid.status, paid.connector_payment_method_id) == (PaymentStatus.CHARGED, KEPT)
    assert paid.discrepancies == ()
    asked = gateway.bodies[1]["createTransactionRequest"]["transactionRequest"]
    assert asked["profile"]["paymentProfile"] == {"paymentProfileId": KEPT}


def test_a_card_kept_twice_is_a_conflict_that_names_the_first(
    gateway: Gateway, prism: Prism
) -> None:
    """The expiry of the first may be another, so that it is not given back as the new one."""
    said = refusal("E00039", "A duplicate customer payment profile already exists.")
    gateway.answer({**kept(None), **said})
    with pytest.raises(Conflict) as raised:
        prism.payment_methods.tokenize(payment_method=card(), connector_customer_id=CUSTOMER)
    details = raised.value.details
    assert details is not None
    assert details.connector is not None
    assert details.connector.reason == f"customerPaymentProfileId {KEPT}"
    assert raised.value.outcome == "unknown"  # an earlier call of the same caller may have kept it


def test_cards_are_kept_under_customers_only(gateway: Gateway, prism: Prism) -> None:
    """Without the customer's profile nothing is sent, and the error names the field."""
    calls: list[tuple[Any, dict[str, Any]]] = [
        (prism.payment_methods.tokenize, {"payment_method": card()}),
        (prism.payment_methods.delete, {"connector_payment_method_id": KEPT}),
        (prism.recurring.setup, {"merchant_mandate_id": "p", "payment_method": card()}),
        (prism.recurring.revoke, {"connector_mandate_id": KEPT}),
        (
            prism.recurring.charge,
            {"merchant_transaction_id": "o", "amount": TEN, "connector_mandate_id": KEPT},
        ),
    ]
    for call, fields in calls:
        with pytest.raises(InvalidRequest) as refused:
            call(**fields)
        assert refused.value.field == "connector_customer_id"
    assert gateway.bodies == []


@pytest.mark.parametrize(
    ("direct", "status"),
    [
        ("1,1,1,Approved,", MandateStatus.ACTIVE),
        ("1|1|1|Approved|", MandateStatus.ACTIVE),
        ('"1","1","1","Approved"', MandateStatus.ACTIVE),
        ("1,1,1,Approved,HH5414,Y,2230582306,none", MandateStatus.ACTIVE),
        ("1,1,1,(TESTMODE) Approved,000000,P,0,none", MandateStatus.MANDATE_PENDING),
        ('"1"|"1"|"1"|"Approved"|"000000"|"P"|"0"|"none"', MandateStatus.MANDATE_PENDING),
        ("4,1,253,Held,", MandateStatus.MANDATE_PENDING),
        ("approved", MandateStatus.MANDATE_PENDING),
        (None, MandateStatus.MANDATE_PENDING),
    ],
)
def test_a_card_is_set_up_once_its_issuer_agreed(
    gateway: Gateway, prism: Prism, direct: str | None, status: MandateStatus
) -> None:
    """The direct response decides, whatever delimiter the merchant chose; without one, nothing. An
    account in test mode asks no issuer: its transaction id is 0."""
    gateway.answer(kept(direct))
    mandate = prism.recurring.setup(SETUP)
    assert (mandate.status, mandate.connector_mandate_id) == (status, KEPT)
    assert gateway.bodies[0]["createCustomerPaymentProfileRequest"]["validationMode"] == "liveMode"


@pytest.mark.parametrize("code", ["2,1,2,No,", "3,1,8,Expired,"])
def test_a_card_that_the_issuer_declines_is_no_mandate(
    gateway: Gateway, prism: Prism, code: str
) -> None:
    """A decline of the validation is a result; an outage of it is an error."""
    gateway.answer({**kept(code), **refusal("E00027")})
    mandate = prism.recurring.setup(SETUP)
    assert mandate.status is MandateStatus.MANDATE_INACTIVE
    assert mandate.error is not None
    assert mandate.error.unified is not None
    gateway.begin()
    gateway.answer({**kept("3,1,19,Try again,"), **refusal("E00027")})
    with pytest.raises(ConnectorError) as raised:
        prism.recurring.setup(SETUP)
    assert raised.value.outcome == "unknown"


def test_a_card_validated_twice_is_no_decline(gateway: Gateway, prism: Prism) -> None:
    """The second validation within two minutes is a duplicate: the first may have kept the card."""
    text = "A duplicate transaction has been submitted."
    gateway.answer({**kept("3,1,11,Duplicate,,P,0,"), **refusal("E00027", text)})
    with pytest.raises(Conflict) as raised:
        prism.recurring.setup(SETUP)
    assert raised.value.outcome == "unknown"


def test_a_first_payment_and_its_renewal_are_marked_as_such(gateway: Gateway, prism: Prism) -> None:
    """The first of a series and the renewal carry the marks that card networks want."""
    made = {**transaction("1", networkTransId="NET1"), "refId": "plan_1"}
    made["profileResponse"] = {"messages": OK, "customerPaymentProfileIdList": [KEPT]}
    paid_with = {"customerProfileId": CUSTOMER, "customerPaymentProfileId": KEPT}
    gateway.answer(made).answer(transaction("1", profile=paid_with))
    mandate = prism.recurring.setup(msgspec.structs.replace(SETUP, amount=TEN))
    assert mandate.status is MandateStatus.ACTIVE
    renewal = ChargeRecurringRequest(
        merchant_transaction_id="order_1001",
        amount=TEN,
        connector_mandate_id=mandate.connector_mandate_id or "",
        connector_customer_id=CUSTOMER,
        network_transaction_id=mandate.network_transaction_id,
    )
    assert prism.recurring.charge(renewal).status is PaymentStatus.CHARGED
    first, then = (
        body["createTransactionRequest"]["transactionRequest"] for body in gateway.bodies
    )
    assert first["processingOptions"] == {"isFirstRecurringPayment": True}
    assert then["processingOptions"] == {"isSubsequentAuth": True}
    assert then["subsequentAuthInformation"] == {"originalNetworkTransId": "NET1"}


def test_a_payment_whose_card_is_not_kept_says_so(gateway: Gateway, prism: Prism) -> None:
    """The money was taken, the mandate is not there: the payment's id and the reason are told."""
    made = {**transaction("1"), "refId": "plan_1", "profileResponse": refusal("E00042")}
    gateway.answer(made)
    mandate = prism.recurring.setup(msgspec.structs.replace(SETUP, amount=TEN))
    assert mandate.status is MandateStatus.MANDATE_INACTIVE
    assert mandate.connector_transaction_id == "40000001001"
    assert mandate.error is not None
    assert mandate.error.connector is not None
    assert mandate.error.connector.code == "E00042"


def test_a_profiles_own_details_are_not_sent_again(gateway: Gateway, prism: Prism) -> None:
    """A stored card brings its bill-to, and a profile its email: others are left out, and told."""
    gateway.answer({**transaction("1"), "refId": "plan_1"})
    given = CustomerDetails(email="ada@example.com", name="Ada")
    request = msgspec.structs.replace(SETUP, amount=TEN, customer=given)
    assert prism.recurring.setup(request).not_sent == ("customer.email",)
    stored = msgspec.structs.replace(request, payment_method=Token(KEPT))
    assert prism.recurring.setup(stored).not_sent == ("customer",)
    assert "customer" not in gateway.bodies[0]["createTransactionRequest"]["transactionRequest"]
    request_id = "p" * 21
    tokenizing = TokenizeRequest(
        payment_method=card(), connector_customer_id=CUSTOMER, merchant_payment_method_id=request_id
    )
    for operation, request in (
        ("setup_recurring", msgspec.structs.replace(SETUP, merchant_mandate_id=request_id)),
        ("tokenize", tokenizing),
    ):
        with pytest.raises(InvalidRequest, match="up to 20"):
            sent(operation, request)


def test_nothing_is_completed(prism: Prism) -> None:
    """There is no redirect to come back from; the error says what to do instead."""
    with pytest.raises(UnsupportedOperation, match=r"payments\.get"):
        prism.payments.complete(connector_transaction_id="40000001001")


def test_a_request_of_ones_own_cannot_have_other_credentials(
    gateway: Gateway, prism: Prism
) -> None:
    """Nor another shape than an element with its children: refused before anything is sent."""
    for asked in ({"a": 1}, {"getX": {"merchantAuthentication": {"name": "another"}}}):
        with pytest.raises(InvalidRequest, match="Prism writes that") as refused:
            prism.request("POST", "/xml/v1/request.api", json=asked)
        assert refused.value.field == "json"
    assert gateway.bodies == []
