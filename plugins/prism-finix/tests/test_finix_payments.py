"""What the exchanges cannot show: refusals before anything moves, and answers in doubt."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Ach,
    ApplePay,
    ConfigurationError,
    Conflict,
    ConnectorError,
    InvalidRequest,
    MalformedResponse,
    Money,
    Prism,
    PrismError,
    SdkToken,
    Token,
)
from prism_finix.errors import DECLINES

TEN = Money(1000, "USD")
BANK = Ach("000123454444", "122105278", "Ada Lovelace")
SAVED = {"instrument_type": "BANK_ACCOUNT", "masked_account_number": "XXXXX4444"}


def order(**more: Any) -> dict[str, Any]:
    customer = {"connector_customer_id": "IDbuyer42"}
    return {"merchant_transaction_id": "order_1001", "amount": TEN, **customer, **more}


def problem(code: str, **more: Any) -> dict[str, Any]:
    return {"total": 1, "_embedded": {"errors": [{"code": code, "message": "Refused", **more}]}}


@pytest.mark.parametrize("currency", ["USD", "CAD"])
def test_amounts_are_whole_cents(
    prism: Prism, finix: Any, card: Any, transfer: Any, currency: str
) -> None:
    """https://docs.finix.com/api/transfers/createtransfer: "in cents"."""
    finix.tells(card, transfer(amount=1234, currency=currency))
    amount = Money(1234, currency)
    paid = prism.payments.authorize(**order(payment_method=SdkToken("TKone"), amount=amount))
    assert (finix.sent()["amount"], finix.sent()["currency"]) == (1234, currency)
    assert paid.amount == amount


@pytest.mark.parametrize("amount", [Money(1000, "JPY"), Money(1000, "KWD")])
def test_no_page_says_what_an_amount_without_cents_is(
    prism: Prism, finix: Any, amount: Money
) -> None:
    """The documentation has cents alone: 0 and 3 decimals are refused, not guessed."""
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(**order(payment_method=SdkToken("TKone"), amount=amount))
    assert (refused.value.field, finix.requests) == ("amount", [])


def test_the_key_goes_with_the_payment_alone(
    prism: Prism, finix: Any, card: Any, transfer: Any
) -> None:
    finix.tells(card, transfer())
    keyed = order(payment_method=SdkToken("TKone"), idempotency_key="key_1")
    assert prism.payments.authorize(**keyed).idempotency_key == "key_1"
    assert "idempotency_id" not in finix.sent(0)
    assert finix.sent(1)["idempotency_id"] == "key_1"


def test_a_key_of_another_request_leaves_the_outcome_unknown(
    prism: Prism, finix: Any, card: Any
) -> None:
    """A repeated call makes another payment instrument: what the first one did is not told."""
    finix.tells(card)
    said = {"message": "The idempotency_id was used for another request"}
    finix.tells(problem("UNPROCESSABLE_ENTITY", **said), status=422)
    keyed = order(payment_method=SdkToken("TKone"), idempotency_key="key_1")
    with pytest.raises(Conflict) as refused:
        prism.payments.authorize(**keyed)
    assert refused.value.outcome == "unknown"


@pytest.mark.parametrize("code", ["UPSTREAM_PROCESSOR_ERROR", "A_NEW_CODE"])
def test_another_402_is_no_decline(prism: Prism, finix: Any, card: Any, code: str) -> None:
    finix.tells(card)
    finix.tells(problem(code), status=402)
    with pytest.raises(ConnectorError) as failed:
        prism.payments.authorize(**order(payment_method=SdkToken("TKone")))
    assert failed.value.outcome == "unknown"


@pytest.mark.parametrize(("code", "unified"), [*DECLINES.items(), ("A_NEW_CODE", "DECLINED")])
def test_each_failure_code_is_a_decline(
    prism: Prism, finix: Any, card: Any, code: str, unified: str
) -> None:
    """https://docs.finix.com/additional-resources/developers/implementation-and-testing/failure-codes"""
    finix.tells(card)
    finix.tells(problem("DECLINED", failure_code=code, authorization="AUno1"), status=402)
    held = order(payment_method=SdkToken("TKone"), capture_method="MANUAL")
    paid = prism.payments.authorize(**held)
    assert (paid.status, paid.connector_transaction_id) == ("AUTHORIZATION_FAILED", "AUno1")
    assert paid.error is not None
    assert paid.error.unified is not None
    assert paid.error.unified.code == unified


def test_an_error_that_nobody_explains_names_the_payment(
    prism: Prism, finix: Any, card: Any
) -> None:
    """The payment may be made: its id is what to look up."""
    finix.tells(card)
    finix.tells(problem("A_NEW_CODE", authorization="AUno1"), status=402)
    with pytest.raises(PrismError) as failed:
        prism.payments.authorize(**order(payment_method=SdkToken("TKone"), capture_method="MANUAL"))
    assert failed.value.outcome == "unknown"
    assert failed.value.connector_transaction_id == "AUno1"


def test_a_debit_is_never_charged_at_first(
    prism: Prism, finix: Any, card: Any, transfer: Any
) -> None:
    """SUCCEEDED says that the banks have it; they answer after days."""
    finix.tells({**card, **SAVED}, transfer())
    paid = prism.payments.authorize(**order(payment_method=BANK))
    assert (paid.status, paid.captured_amount) == ("PENDING", None)


def test_a_bank_account_holds_nothing(prism: Prism, finix: Any, card: Any) -> None:
    """Only the stored instrument says that it is one: nothing was charged."""
    finix.tells({**card, **SAVED})
    saved = order(payment_method=Token("PIcard42"), capture_method="MANUAL")
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(**saved)
    assert (refused.value.field, refused.value.outcome) == ("capture_method", "not_sent")


def test_another_customers_card_is_not_charged(prism: Prism, finix: Any, card: Any) -> None:
    finix.tells({**card, "identity": "IDother"})
    with pytest.raises(Exception, match="another connector_customer_id"):
        prism.payments.authorize(**order(payment_method=Token("PIcard42")))
    assert [one.method for one in finix.requests] == ["GET"]


def test_a_wallet_needs_the_registered_identity(prism: Prism, finix: Any) -> None:
    with pytest.raises(ConfigurationError, match="merchant_identity"):
        prism.payments.authorize(**order(payment_method=ApplePay('{"data":"encrypted"}')))
    assert not finix.requests


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"state": "PENDING"}, "AUTHORIZING"),
        ({"state": "FAILED", "failure_code": "EXPIRED_CARD"}, "AUTHORIZATION_FAILED"),
        ({"state": "CANCELED"}, "VOIDED"),
        ({"state": "UNKNOWN"}, "UNRESOLVED"),
        ({"is_void": True, "void_state": "UNHEARD"}, "UNRESOLVED"),
    ],
)
def test_states_of_an_authorization(
    prism: Prism, finix: Any, hold: Any, changes: dict[str, Any], status: str
) -> None:
    finix.tells(hold(**changes))
    assert prism.payments.get(connector_transaction_id="AUheld1001").status == status


def test_a_capture_that_names_no_transfer_is_in_doubt(prism: Prism, finix: Any, hold: Any) -> None:
    finix.tells(hold(), hold())
    assert prism.payments.capture(connector_transaction_id="AUheld1001").status == "UNRESOLVED"


def test_a_void_that_comes_too_late_is_not_held(
    prism: Prism, finix: Any, hold: Any, transfer: Any
) -> None:
    finix.tells(hold(transfer="TRcaptured"), transfer(id="TRcaptured"))
    late = prism.payments.void(connector_transaction_id="AUheld1001")
    assert (late.status, late.capturable_amount) == ("CHARGED", None)


def test_what_is_not_captured_is_voided_and_not_refunded(
    prism: Prism, finix: Any, hold: Any
) -> None:
    finix.tells(hold())
    with pytest.raises(InvalidRequest, match="void the payment"):
        prism.payments.refund(connector_transaction_id="AUheld1001", merchant_refund_id="refund_1")


def test_one_name_would_leave_the_old_last_name(prism: Prism, finix: Any) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.customers.update(connector_customer_id="IDbuyer42", name="Ada")
    assert (refused.value.field, finix.requests) == ("name", [])


def test_a_card_that_stays_enabled_is_not_deleted(prism: Prism, finix: Any, card: Any) -> None:
    finix.tells(card)
    with pytest.raises(MalformedResponse):
        prism.payment_methods.delete(connector_payment_method_id="PIcard42")
    finix.tells(card)
    assert prism.recurring.revoke(connector_mandate_id="PIcard42").status == "ACTIVE"


def test_a_revoked_mandate_is_not_charged(prism: Prism, finix: Any, card: Any) -> None:
    """Finix's documentation does not say that it refuses a disabled payment instrument."""
    finix.tells({**card, "enabled": False})
    with pytest.raises(InvalidRequest) as refused:
        prism.recurring.charge(**order(connector_mandate_id="PIcard42"))
    assert (refused.value.field, refused.value.outcome) == ("connector_mandate_id", "not_sent")
    finix.tells({**card, "enabled": False})
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(**order(payment_method=Token("PIcard42")))
    assert (refused.value.field, refused.value.outcome) == ("payment_method", "not_sent")
    assert [one.method for one in finix.requests] == ["GET", "GET"]


@pytest.mark.parametrize("tags", [{"merchant_transaction_id": 7}, {"mine": 7}, ["x"], None])
def test_what_others_wrote_into_the_tags_is_no_id(
    prism: Prism, finix: Any, transfer: Any, tags: Any
) -> None:
    """The dashboard and other programs may write there what they like."""
    finix.tells(transfer(tags=tags))
    found = prism.payments.get(connector_transaction_id="TRpaid1001")
    assert (found.status, found.merchant_transaction_id) == ("CHARGED", None)
