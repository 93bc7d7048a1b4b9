"""Payment methods without card numbers: what is sent of each, and when a debit is money."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import pytest

from prism_core import (
    Ach,
    ApplePay,
    ConnectorError,
    GooglePay,
    MandateStatus,
    Money,
    NetworkToken,
    PaymentMethodType,
    PaymentStatus,
    Prism,
    SdkToken,
    Token,
)

from .authorizedotnet_samples import OK, authorizing, details, payment_request, refusal, transaction
from .authorizedotnet_server import Gateway

OPAQUE = {"dataDescriptor": "COMMON.ACCEPT.INAPP.PAYMENT", "dataValue": "nonce_of_the_page_1"}
ACCOUNT = Ach("000123456789", "110000000", "Ada Lovelace")
ECHECK = {"accountType": "eCheck", "accountNumber": "XXXXX6789", "authCode": ""}
BANK = {
    "accountType": "checking",
    "routingNumber": "XXXX0000",
    "accountNumber": "XXXX6789",
    "nameOnAccount": "Ada Lovelace",
}
CUSTOMER = "900000042"


def test_a_token_of_the_page_is_the_object_or_its_value() -> None:
    """Both make the same request."""
    for token in (json.dumps(OPAQUE, separators=(",", ":")), "nonce_of_the_page_1"):
        assert authorizing(payment_method=SdkToken(token))["payment"] == {"opaqueData": OPAQUE}


@pytest.mark.parametrize(
    ("method", "descriptor"),
    [
        (ApplePay('{"data":"a"}'), "COMMON.APPLE.INAPP.PAYMENT"),
        (GooglePay('{"data":"a"}'), "COMMON.GOOGLE.INAPP.PAYMENT"),
    ],
)
def test_a_wallets_payment_is_sent_in_base64(method: Any, descriptor: str) -> None:
    """As the wallet encrypted it."""
    sent = authorizing(payment_method=method)["payment"]["opaqueData"]
    assert sent["dataDescriptor"] == descriptor
    assert b64decode(sent["dataValue"]) == b'{"data":"a"}'


def test_a_network_token_is_marked_as_one() -> None:
    method = NetworkToken("4111111111111111", 5, 2090, cryptogram="AAAB", eci="05")
    assert authorizing(payment_method=method)["payment"]["creditCard"] == {
        "cardNumber": "4111111111111111",
        "expirationDate": "2090-05",
        "isPaymentToken": True,
        "cryptogram": "AAAB",
        "tokenRequestorEci": "05",
    }


@pytest.mark.parametrize(
    ("changes", "kind", "echeck"),
    [
        ({}, "checking", "WEB"),
        ({"account_type": "SAVINGS"}, "savings", "WEB"),
        ({"holder_type": "BUSINESS"}, "businessChecking", "CCD"),
    ],
)
def test_a_debit_is_of_the_type_that_its_account_has(
    changes: dict[str, Any], kind: str, echeck: str
) -> None:
    """The bank returns one that is not."""
    method = Ach("000123456789", "110000000", "Ada Lovelace", **changes)
    sent = authorizing(payment_method=method)["payment"]["bankAccount"]
    assert (sent["accountType"], sent["echeckType"]) == (kind, echeck)


@pytest.mark.parametrize(
    "method",
    [ACCOUNT, SdkToken("nonce_of_the_page_1"), Token("900000103")],
    ids=["ach", "sdk", "token"],
)
def test_an_approved_debit_is_not_paid(gateway: Gateway, prism: Prism, method: Any) -> None:
    """Whoever named the account: the answer says that it is one."""
    profile = {"customerProfileId": CUSTOMER, "customerPaymentProfileId": "900000103"}
    gateway.answer(transaction("1", profile=profile, **ECHECK))
    request = payment_request(payment_method=method, connector_customer_id=CUSTOMER)
    payment = prism.payments.authorize(request)
    assert payment.status is PaymentStatus.PENDING
    assert payment.captured_amount is None
    assert payment.payment_method is not None
    assert payment.payment_method.payment_method_type is PaymentMethodType.ACH
    assert payment.payment_method.last_four == "6789"


def test_a_debit_is_not_paid_though_the_answer_does_not_show_it(
    gateway: Gateway, prism: Prism
) -> None:
    gateway.answer(transaction("1", accountType=""))
    payment = prism.payments.authorize(payment_request(payment_method=ACCOUNT))
    assert payment.status is PaymentStatus.PENDING


def test_a_renewal_by_debit_is_not_paid_either(gateway: Gateway, prism: Prism) -> None:
    profile = {"customerProfileId": CUSTOMER, "customerPaymentProfileId": "900000103"}
    gateway.answer(transaction("1", profile=profile, **ECHECK))
    payment = prism.recurring.charge(
        merchant_transaction_id="order_1001",
        amount=Money(1000, "USD"),
        connector_mandate_id="900000103",
        connector_customer_id=CUSTOMER,
    )
    assert (payment.status, payment.connector_mandate_id) == (PaymentStatus.PENDING, "900000103")


@pytest.mark.parametrize(
    ("word", "more", "status"),
    [
        ("underReview", {}, PaymentStatus.PENDING),
        ("capturedPendingSettlement", {}, PaymentStatus.PENDING),
        ("settledSuccessfully", {}, PaymentStatus.CHARGED),
        ("settledSuccessfully", {"returnedItems": []}, PaymentStatus.CHARGED),
        ("settledSuccessfully", {"returnedItems": [{"code": "R01"}]}, PaymentStatus.FAILURE),
        ("failedReview", {}, PaymentStatus.AUTHORIZATION_FAILED),
        ("returnedItem", {}, PaymentStatus.UNRESOLVED),
        ("settlementError", {}, PaymentStatus.UNRESOLVED),
    ],
)
def test_a_lookup_tells_how_a_debit_ends(
    gateway: Gateway, prism: Prism, word: str, more: dict[str, Any], status: PaymentStatus
) -> None:
    """Settled it is money; returned it is none, and the reason is told."""
    gateway.answer(details(word, payment={"bankAccount": BANK}, **more))
    payment = prism.payments.get(connector_transaction_id="40000001001")
    assert payment.status is status
    assert payment.status.is_paid == (payment.captured_amount is not None)
    if status is PaymentStatus.FAILURE:
        assert payment.error is not None
        assert payment.error.connector is not None
        assert payment.error.connector.code == "R01"


def test_a_card_is_paid_before_it_is_settled(gateway: Gateway, prism: Prism) -> None:
    """As far as money by card goes: nobody returns it without a dispute."""
    card = {"creditCard": {"cardNumber": "XXXX1111", "cardType": "Visa"}}
    gateway.answer(details("capturedPendingSettlement", payment=card))
    assert prism.payments.get(connector_transaction_id="40000001001").status.is_paid


def test_a_debit_is_refunded_to_its_account(gateway: Gateway, prism: Prism) -> None:
    """Its numbers are masked: with the payment's id they say enough."""
    gateway.answer(details("settledSuccessfully", payment={"bankAccount": BANK}))
    gateway.answer({**transaction("1", transId="40000002001", refTransID="40000001001")})
    prism.payments.refund(connector_transaction_id="40000001001", merchant_refund_id="order_1001")
    sent = gateway.bodies[1]["createTransactionRequest"]["transactionRequest"]
    assert sent["payment"] == {"bankAccount": BANK}


def test_a_permission_to_debit_is_looked_up(gateway: Gateway, prism: Prism) -> None:
    found = {"customerPaymentProfileId": "900000103", "customerProfileId": CUSTOMER}
    gateway.answer({"paymentProfile": {**found, "payment": {"bankAccount": BANK}}, "messages": OK})
    mandate = prism.recurring.get(connector_mandate_id="900000103", connector_customer_id=CUSTOMER)
    assert mandate.status is MandateStatus.ACTIVE
    assert mandate.payment_method is not None
    assert mandate.payment_method.last_four == "6789"


@pytest.mark.parametrize("types", [["IDEAL"], ["CARD", "PAY_PAL"]])
def test_a_page_offers_cards_and_accounts_alone(
    gateway: Gateway, prism: Prism, types: list[str]
) -> None:
    """What the page does not have is refused, and not left out."""
    order: dict[str, Any] = {"merchant_transaction_id": "o_1", "amount": Money(1000, "USD")}
    for changes in ({"payment_method_types": types}, {"hosted": False}):
        with pytest.raises(Exception, match=r"CARD and ACH|own page") as refused:
            prism.payments.create_order(**order, **changes)
        assert getattr(refused.value, "field", None) in changes
    assert gateway.bodies == []


def test_a_page_holds_no_bank_account(gateway: Gateway, prism: Prism) -> None:
    """It is debited at once: nothing would be left to capture."""
    with pytest.raises(Exception, match="debited at once") as refused:
        prism.payments.create_order(
            merchant_transaction_id="o_1",
            amount=Money(1000, "USD"),
            payment_method_types=["CARD", "ACH"],
            capture_method="MANUAL",
        )
    assert getattr(refused.value, "field", None) == "capture_method"
    assert gateway.bodies == []


def test_the_page_of_a_live_account_is_the_live_one(gateway: Gateway) -> None:
    """The token is posted to the page of the account's environment."""
    given = {"api_login_id": "login_test", "transaction_key": "key_test_0000001"}
    for environment, host in (("SANDBOX", "test"), ("PRODUCTION", "accept")):
        gateway.begin()
        gateway.answer({"token": "page_1", "refId": "order_1", "messages": OK})
        with Prism(
            "authorizedotnet", environment=environment, base_url=gateway.url, **given
        ) as prism:
            order = prism.payments.create_order(
                merchant_transaction_id="order_1", amount=Money(1000, "USD")
            )
        assert order.status is PaymentStatus.PAYMENT_METHOD_AWAITED
        assert order.redirection_data is not None
        assert order.redirection_data.uri == f"https://{host}.authorize.net/payment/payment"
        assert order.redirection_data.form == {"token": "page_1"}
        assert "page_1" not in repr(order)


def test_a_page_that_stores_charges_nothing(gateway: Gateway, prism: Prism) -> None:
    with pytest.raises(Exception, match="charges nothing"):
        prism.recurring.setup(
            merchant_mandate_id="plan_1",
            connector_customer_id=CUSTOMER,
            amount=Money(1000, "USD"),
        )
    assert gateway.bodies == []


@pytest.mark.parametrize(
    "method", [SdkToken(json.dumps(OPAQUE, separators=(",", ":"))), ApplePay('{"data":"a"}')]
)
def test_what_is_sent_of_a_token_is_in_no_error(
    gateway: Gateway, prism: Prism, method: Any
) -> None:
    """Also where Authorize.Net repeats it; with a token that was used, nothing was done."""
    value = authorizing(payment_method=method)["payment"]["opaqueData"]["dataValue"]
    gateway.answer(refusal("E00114", f"Invalid OTS Token {value}."))
    with pytest.raises(ConnectorError) as caught:
        prism.payments.authorize(payment_request(payment_method=method))
    assert caught.value.outcome == "rejected"
    assert value not in f"{caught.value} {caught.value.details}"
