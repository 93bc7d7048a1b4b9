"""Orders: sessions opened for Adyen's page or the shop's, and what became of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from prism_core import (
    InvalidRequest,
    MalformedResponse,
    Money,
    Payment,
    Prism,
    UnsupportedOperation,
)

from .adyen_loopback import StandIn
from .adyen_samples import BACK, KEY, MERCHANT

ORDER = "CS4001F2AB1ED897A94"
OPENED = {"id": ORDER, "reference": "order_1", "amount": {"currency": "EUR", "value": 1000}}
PAID = {"pspReference": "PSP1", "resultCode": "Authorised", "amount": OPENED["amount"]}


def opened(prism: Prism, **given: Any) -> Payment:
    """An order of ten euros."""
    amount, own = Money(1000, "EUR"), "order_1"
    return prism.payments.create_order(
        merchant_transaction_id=own, amount=amount, return_url=BACK, **given
    )


def completed(prism: Prism, server: StandIn, status: str, **told: Any) -> Payment:
    """What a session with that status is."""
    server.answer({"id": ORDER, "reference": "order_1", "status": status, **told})
    return prism.payments.complete(
        connector_order_id=ORDER,
        merchant_transaction_id="order_1",
        returned={"sessionResult": "X3/&=", "sessionId": "CS_ANOTHER"},
        capture_method="AUTOMATIC",
    )


def test_a_page_of_adyens_is_opened(adyen: Prism, standing_in: StandIn) -> None:
    """The page's address and its end are told; a moment that cannot be read is none."""
    page = {**OPENED, "url": "https://eu.adyen.link/x", "expiresAt": "2026-11-28T15:00:00+01:00"}
    standing_in.answer(page, 201).answer({**page, "expiresAt": "tomorrow"}, 201)
    order = opened(adyen)
    assert (order.status, order.connector_order_id) == ("PAYMENT_METHOD_AWAITED", ORDER)
    assert order.connector_transaction_id is None
    assert order.redirection_data is not None
    assert (order.redirection_data.uri, order.redirection_data.expires_at) == (
        page["url"],
        1795874400,
    )
    again = opened(adyen).redirection_data
    assert again is not None
    assert again.expires_at is None


def test_a_page_of_the_shop_gets_what_the_library_wants(standing_in: StandIn) -> None:
    """The session and the account's public key, by the library's own names."""
    standing_in.answer({**OPENED, "sessionData": "Ab02"}, 201)
    given = {"base_url": standing_in.url, "public_client_key": "test_KEY"}
    with Prism("adyen", api_key=KEY, merchant_account=MERCHANT, **given) as prism:
        order = opened(prism, hosted=False)
    assert order.redirection_data is not None
    assert order.redirection_data.sdk == {
        "id": ORDER, "sessionData": "Ab02", "clientKey": "test_KEY", "environment": "test",
    }  # fmt: skip


def test_a_page_offers_every_type_of_a_kind(adyen: Prism, standing_in: StandIn) -> None:
    """A kind that Adyen's pages do not have is refused, with those that they have."""
    standing_in.answer({**OPENED, "url": "https://eu.adyen.link/x"}, 201)
    opened(adyen, payment_method_types=["CARD", "BANCONTACT_CARD"])
    sent = standing_in.seen[0].json
    assert sent["allowedPaymentMethods"] == ["scheme", "bcmc", "bcmc_mobile"]
    with pytest.raises(InvalidRequest, match="IDEAL") as refused:
        opened(adyen, payment_method_types=["VENMO"])
    assert refused.value.field == "payment_method_types"


@pytest.mark.parametrize("hosted", [True, False])
def test_a_session_that_nobody_can_pay_is_no_order(
    adyen: Prism, standing_in: StandIn, hosted: bool
) -> None:
    standing_in.answer(OPENED, 201)
    with pytest.raises(MalformedResponse) as caught:
        opened(adyen, hosted=hosted)
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize(
    ("status", "told", "wanted", "has_error"),
    [
        ("active", {}, "PAYMENT_METHOD_AWAITED", False),
        ("canceled", {}, "PAYMENT_METHOD_AWAITED", True),
        ("paymentPending", {}, "PENDING", False),
        ("refused", {}, "EXPIRED", True),
        ("expired", {}, "EXPIRED", False),
        ("completed", {"payments": [PAID]}, "CAPTURE_INITIATED", False),
        ("completed", {"payments": [{**PAID, "paymentMethod": {"type": "ach"}}]}, "PENDING", False),
        ("completed", {"payments": [{**PAID, "resultCode": "Received"}]}, "PENDING", False),
        ("completed", {"payments": [{**PAID, "pspReference": None}]}, "UNRESOLVED", False),
        ("completed", {"payments": [PAID, PAID]}, "UNRESOLVED", False),
        ("completed", {"payments": []}, "UNRESOLVED", False),
        ("completed", {}, "UNRESOLVED", False),
        ("Completed", {"payments": [PAID]}, "UNRESOLVED", False),
    ],
)
def test_what_became_of_an_order(
    adyen: Prism, standing_in: StandIn, status: str, told: Any, wanted: str, has_error: bool
) -> None:
    """Only a session that can no longer be paid has ended, and only one payment is believed."""
    order = completed(adyen, standing_in, status, **told)
    assert (order.status, order.error is not None) == (wanted, has_error)
    assert (order.connector_order_id, order.merchant_transaction_id) == (ORDER, "order_1")


def test_only_the_order_that_was_asked_for_is_believed(adyen: Prism, standing_in: StandIn) -> None:
    """What came back is quoted in the address, and the answer's ids are compared."""
    with pytest.raises(MalformedResponse, match="another"):
        completed(adyen, standing_in, "completed", payments=[PAID], reference="order_2")
    (sent,) = standing_in.seen
    assert sent.path == f"/v71/sessions/{ORDER}?sessionResult=X3%2F%26%3D"


def test_an_order_is_not_asked_about_without_its_result(adyen: Prism, standing_in: StandIn) -> None:
    with pytest.raises(InvalidRequest, match="sessionResult") as refused:
        adyen.payments.complete(connector_order_id=ORDER, returned={"redirectResult": "X"})
    assert refused.value.field == "returned"
    with pytest.raises(UnsupportedOperation, match=r"payments\.complete"):
        adyen.payments.get(connector_order_id=ORDER)
    assert standing_in.seen == []


def test_a_permission_is_given_on_a_page(adyen: Prism, standing_in: StandIn) -> None:
    """Nothing is charged, the method is stored, and the token completes it."""
    zero = {"currency": "USD", "value": 0}
    page = {"id": ORDER, "reference": "plan_1", "amount": zero, "url": "https://eu.adyen.link/x"}
    standing_in.answer(page, 201)
    made = adyen.recurring.setup(
        merchant_mandate_id="plan_1", connector_customer_id="user_42", return_url=BACK
    )
    assert (made.status, made.connector_order_id) == ("MANDATE_PENDING", ORDER)
    sent = standing_in.seen[0].json
    assert (sent["amount"], sent["storePaymentMethodMode"]) == (zero, "enabled")
    stored = {"tokenization.storedPaymentMethodId": "M5N7"}
    found = {"id": ORDER, "reference": "plan_1", "status": "completed", "additionalData": stored}
    standing_in.answer({**found, "payments": [{**PAID, "amount": zero}]})
    done = adyen.recurring.complete(
        connector_order_id=ORDER, merchant_mandate_id="plan_1", returned={"sessionResult": "X"}
    )
    assert (done.status, done.connector_mandate_id, done.amount) == ("ACTIVE", "M5N7", None)


def test_the_library_gets_the_methods_as_adyen_lists_them(
    adyen: Prism, standing_in: StandIn
) -> None:
    """The whole answer, as text, whatever is in it."""
    offered = {"paymentMethods": [{"type": "scheme", "brands": ["visa"]}], "more": {"n": 1}}
    standing_in.answer(offered)
    token = adyen.payment_methods.create_client_token(payment_method_type="CARD")
    assert json.loads(token.sdk["paymentMethodsResponse"]) == offered
    assert token.sdk["environment"] == "test"
    assert standing_in.seen[0].json["allowedPaymentMethods"] == ["scheme"]
