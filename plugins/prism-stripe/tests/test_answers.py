"""What Stripe's answers mean: statuses, money, ids, declines and discrepancies, over real HTTP.

The answers are written after the examples in Stripe's documentation; see `samples.py`.
"""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    InvalidRequest,
    MalformedResponse,
    Money,
    Payment,
    PaymentStatus,
    Prism,
    RedirectionData,
)
from prism_core import UnifiedCode as U

from .loopback import Answering
from .samples import charge, decline, intent, payment_request, redirecting, uncaptured

S = PaymentStatus
PI = "pi_3MtwBwLkdIwHu7ix28a3tqPa"


def authorized(prism: Prism, answering: Answering, body: Any, status: int = 200) -> Payment:
    """What authorizing comes to when Stripe answers with this body."""
    answering.answer(status, body)
    return prism.payments.authorize(payment_request(connector_customer_id="cus_1"))


def looked_up(prism: Prism, answering: Answering, body: Any) -> Payment:
    """What a lookup comes to when Stripe answers with this body."""
    answering.answer(200, body)
    return prism.payments.get(connector_transaction_id=PI)


@pytest.mark.parametrize("ask", [authorized, looked_up])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (intent(), S.CHARGED),
        (uncaptured(), S.AUTHORIZED),
        (redirecting(), S.AUTHENTICATION_PENDING),
        (intent(status="processing", amount_received=0), S.PENDING),
        (intent(status="canceled", amount_received=0), S.VOIDED),
        (intent(status="requires_confirmation", amount_received=0), S.CONFIRMATION_AWAITED),
        (intent(status="requires_payment_method", amount_received=0), S.PAYMENT_METHOD_AWAITED),
        (intent(status="levitating"), S.UNRESOLVED),
        (intent(status=""), S.UNRESOLVED),
        (intent(status="SUCCEEDED"), S.UNRESOLVED),
        (intent(amount_received=700), S.PARTIAL_CHARGED),
        (uncaptured(amount_capturable=700), S.PARTIALLY_AUTHORIZED),
    ],
)
def test_a_status_word_has_one_meaning(
    prism: Prism, answering: Answering, ask: Any, body: Any, status: PaymentStatus
) -> None:
    """Each status of Stripe's becomes one of Prism's; an unknown one is UNRESOLVED, not final.

    https://docs.stripe.com/payments/paymentintents/lifecycle
    """
    payment = ask(prism, answering, body)
    assert payment.status is status
    assert payment.connector_transaction_id == "pi_3MtwBwLkdIwHu7ix28a3tqPa"
    assert (payment.status_code, payment.error) == (200, None)
    assert status is not S.UNRESOLVED or payment.status.can_still_change


def test_money_is_told_apart(prism: Prism, answering: Answering) -> None:
    """What was asked, authorized, can be captured and was captured are separate amounts."""
    held = authorized(prism, answering, uncaptured())
    ten, none = Money(1000, "USD"), Money(0, "USD")
    assert (held.amount, held.authorized_amount) == (ten, ten)
    assert (held.capturable_amount, held.captured_amount) == (ten, none)


def test_a_partial_charge_tells_how_much(prism: Prism, answering: Answering) -> None:
    """Of a payment charged in part, `captured_amount` is what was taken."""
    payment = authorized(prism, answering, intent(amount_received=700))
    assert payment.captured_amount == Money(700, "USD")
    assert payment.amount == Money(1000, "USD")


def test_a_redirect_is_a_page_to_open(prism: Prism, answering: Answering) -> None:
    """With a return_url the customer is sent to the page that Stripe names."""
    payment = authorized(prism, answering, redirecting())
    uri = "https://hooks.stripe.com/redirect/authenticate/src_1"
    assert payment.redirection_data == RedirectionData(uri=uri)


def test_completing_asks_stripe_and_believes_nobody_else(
    prism: Prism, answering: Answering
) -> None:
    """A return URL that claims success does not make a payment one."""
    answering.answer(200, redirecting())
    claimed = {"redirect_status": "succeeded", "payment_intent": "pi_another"}
    found = prism.payments.complete(connector_transaction_id=PI, returned=claimed)
    assert (found.status, found.not_sent) == (S.AUTHENTICATION_PENDING, ())
    assert [(seen.method, seen.path) for seen in answering.seen] == [
        ("GET", f"/v1/payment_intents/{PI}?expand%5B0%5D=latest_charge")
    ]


def test_a_payment_is_completed_by_stripes_id_alone(prism: Prism, answering: Answering) -> None:
    """Your own id alone is refused, naming the one that is missing; nothing is sent."""
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.complete(merchant_transaction_id="order_1001")
    assert (caught.value.field, answering.seen) == ("connector_transaction_id", [])


@pytest.mark.parametrize("kind", ["use_stripe_sdk", "a_thing_to_come"])
def test_another_action_is_work_for_stripes_library(
    prism: Prism, answering: Answering, kind: str
) -> None:
    """Without a page to open, Stripe.js gets the client secret that it needs."""
    body = redirecting(next_action={"type": kind, "use_stripe_sdk": {"type": "three_d_secure"}})
    payment = authorized(prism, answering, body)
    sdk = {"type": kind, "client_secret": body["client_secret"]}
    assert payment.redirection_data == RedirectionData(sdk=sdk)


def test_the_network_transaction_id_is_passed_on(prism: Prism, answering: Answering) -> None:
    """From the expanded charge: what later payments without the customer refer to."""
    assert authorized(prism, answering, intent()).network_transaction_id == "104102978678771"


@pytest.mark.parametrize(
    "latest",
    [
        None,
        "ch_1",
        charge(payment_method_details=None),
        charge(payment_method_details={"type": "link", "link": {}}),
        charge(payment_method_details={"type": "card", "card": None}),
        charge(payment_method_details={"type": "card", "card": {"network_transaction_id": None}}),
    ],
)
def test_a_charge_without_a_network_id_is_fine(
    prism: Prism, answering: Answering, latest: Any
) -> None:
    """A charge that is missing, not expanded or without the id leaves it out."""
    payment = authorized(prism, answering, intent(latest_charge=latest))
    assert (payment.status, payment.network_transaction_id) == (S.CHARGED, None)


@pytest.mark.parametrize(
    ("code", "decline_code", "unified"),
    [
        ("card_declined", "insufficient_funds", U.INSUFFICIENT_FUNDS),
        ("card_declined", "lost_card", U.LOST_OR_STOLEN),
        ("card_declined", "fraudulent", U.SUSPECTED_FRAUD),
        ("card_declined", "generic_decline", U.DECLINED),
        ("card_declined", "a_word_to_come", U.DECLINED),
        ("a_code_to_come", None, U.DECLINED),
        ("expired_card", None, U.EXPIRED_CARD),
        ("incorrect_cvc", "incorrect_cvc", U.INCORRECT_CVC),
        ("incorrect_number", None, U.INCORRECT_CARD_DATA),
        ("processing_error", None, U.PROCESSING_ERROR),
        ("authentication_required", "authentication_required", U.AUTHENTICATION_REQUIRED),
    ],
)
def test_a_decline_is_a_result_with_three_points_of_view(
    prism: Prism, answering: Answering, code: str, decline_code: str | None, unified: U
) -> None:
    """A 402 is AUTHORIZATION_FAILED with Prism's, the issuer's and Stripe's own code.

    https://docs.stripe.com/declines/codes
    """
    codes = {
        "decline_code": decline_code,
        "network_decline_code": "51",
        "network_advice_code": "02",
        "advice_code": "try_again_later",
    }
    payment = authorized(prism, answering, decline(code, **codes), 402)
    assert (payment.status, payment.status_code) == (S.AUTHORIZATION_FAILED, 402)
    assert payment.connector_transaction_id == "pi_3MtwBwLkdIwHu7ix28a3tqPa"
    assert payment.merchant_transaction_id == "order_1001"
    assert payment.error is not None
    said = payment.error.connector
    assert said is not None
    assert (said.code, said.reason) == (code, decline_code)
    assert said.message == "Your card was declined."
    assert payment.error.unified is not None
    assert payment.error.unified.code is unified
    assert payment.error.unified.user_guidance_message
    issuer = payment.error.issuer
    assert issuer is not None
    assert issuer.network is not None
    assert (issuer.code, issuer.network.decline_code) == (decline_code, "51")
    assert issuer.network.advice_code == "02"


def test_stripes_own_advice_stands_in_for_the_networks(prism: Prism, answering: Answering) -> None:
    """Where the network gave no advice code, Stripe's is passed on."""
    payment = authorized(prism, answering, decline(advice_code="do_not_try_again"), 402)
    assert payment.error is not None
    assert payment.error.issuer is not None
    assert payment.error.issuer.network is not None
    assert payment.error.issuer.network.advice_code == "do_not_try_again"


def test_a_failed_authentication_is_told_from_a_decline(prism: Prism, answering: Answering) -> None:
    """A customer who failed 3-D Secure is AUTHENTICATION_FAILED, in a 402 and when looked up."""
    body = decline("payment_intent_authentication_failure")
    payment = authorized(prism, answering, body, 402)
    assert payment.status is S.AUTHENTICATION_FAILED
    assert payment.error is not None
    assert payment.error.unified is not None
    assert payment.error.unified.code is U.AUTHENTICATION_FAILED
    found = looked_up(prism, answering, body["error"]["payment_intent"])
    assert (found.status, found.error) == (payment.status, payment.error)


def test_a_decline_looked_up_later_is_the_same(prism: Prism, answering: Answering) -> None:
    """`payments.get` tells a declined payment with the same status and error as the 402 did."""
    body = decline(decline_code="insufficient_funds")
    declined = authorized(prism, answering, body, 402)
    found = looked_up(prism, answering, body["error"]["payment_intent"])
    assert (found.status, found.error) == (declined.status, declined.error)


@pytest.mark.parametrize("inside", [None, {"id": "pi_1", "status": "requires_payment_method"}])
def test_a_decline_without_a_whole_payment_is_a_decline(
    prism: Prism, answering: Answering, inside: Any
) -> None:
    """A 402 whose PaymentIntent is missing, or is not all there, is still a declined result."""
    body = decline(decline_code="expired_card", payment_intent=inside)
    payment = authorized(prism, answering, body, 402)
    assert payment.status is S.AUTHORIZATION_FAILED
    assert payment.error is not None
    assert payment.error.unified is not None
    assert payment.error.unified.code is U.EXPIRED_CARD


def test_a_402_never_hides_money_that_was_taken(prism: Prism, answering: Answering) -> None:
    """If a 402 holds a PaymentIntent that was charged, nobody is told that the payment failed."""
    with pytest.raises(MalformedResponse, match="declines, and its body says") as caught:
        authorized(prism, answering, decline(payment_intent=intent()), 402)
    assert caught.value.outcome == "unknown"
