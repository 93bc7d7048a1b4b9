"""What Adyen's error answers become, and what is repeated with the same key."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Conflict,
    ConnectorError,
    MalformedResponse,
    NotFound,
    PaymentStatus,
    Prism,
    RateLimited,
    Unavailable,
)

from .adyen_loopback import StandIn
from .adyen_samples import PSP, authorised, error, payment_request

S = PaymentStatus


def test_a_key_still_being_worked_on_is_repeated_until_it_is_done(
    adyen: Prism, standing_in: StandIn
) -> None:
    """Where Adyen says that an error passes, the same request with the same key is sent again.

    https://docs.adyen.com/development-resources/api-idempotency
    """
    standing_in.answer(error(409, "704"), 409, transient_error="true", retry_after="0")
    standing_in.answer(authorised(), pspReference=PSP)
    payment = adyen.payments.authorize(payment_request(idempotency_key="order_1001"))
    assert (payment.status, payment.request_id) == (S.CAPTURE_INITIATED, PSP)
    assert [one.headers["idempotency-key"] for one in standing_in.seen] == ["order_1001"] * 2
    assert standing_in.seen[0].body == standing_in.seen[1].body


@pytest.mark.parametrize("status", [409, 422])
def test_a_key_in_use_leaves_the_outcome_unknown(
    adyen: Prism, standing_in: StandIn, status: int
) -> None:
    """Without Adyen's word that it passes, it is a Conflict: the first request may have paid."""
    standing_in.answer(error(status, "704"), status)
    with pytest.raises(Conflict) as caught:
        adyen.payments.authorize(payment_request(idempotency_key="order_1001"))
    assert (caught.value.outcome, caught.value.idempotency_key) == ("unknown", "order_1001")
    assert len(standing_in.seen) == 1


@pytest.mark.parametrize(("header", "sent"), [({}, 1), ({"transient_error": "true"}, 3)])
def test_adyens_own_failure_is_repeated_only_if_it_says_so(
    adyen: Prism, standing_in: StandIn, header: dict[str, str], sent: int
) -> None:
    """A 500 of Adyen's leaves the outcome unknown, and is repeated if its header allows it."""
    standing_in.answer(error(500, "905"), 500, retry_after="0", **header)
    with pytest.raises(Unavailable) as caught:
        adyen.payments.authorize(payment_request())
    assert (caught.value.outcome, len(standing_in.seen)) == ("unknown", sent)


def test_a_proxys_page_is_judged_by_its_status(adyen: Prism, standing_in: StandIn) -> None:
    """HTML with a 502 is not Adyen's answer: repeated with the same key, and then unknown."""
    standing_in.answer(b"<html>Bad gateway</html>", 502, retry_after="0")
    with pytest.raises(Unavailable):
        adyen.payments.authorize(payment_request())
    assert len({one.headers["idempotency-key"] for one in standing_in.seen}) == 1
    assert len(standing_in.seen) == 3


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "702", "INVALID_REQUEST"),
        (401, "000", "AUTHENTICATION"),
        (403, "901", "AUTHENTICATION"),
        (422, "138", "INVALID_REQUEST"),
        (429, "429", "RATE_LIMITED"),
    ],
)
def test_a_refused_request_is_an_error_with_adyens_code(
    adyen: Prism, standing_in: StandIn, status: int, code: str, kind: str
) -> None:
    """Adyen's error code, message and type are in the error; nothing was done."""
    standing_in.answer(error(status, code), status, retry_after="0", pspReference=PSP)
    with pytest.raises(ConnectorError) as caught:
        adyen.payments.authorize(payment_request(max_retries=0))
    assert (caught.value.kind, caught.value.outcome) == (kind, "rejected")
    said = caught.value.details.connector
    assert said is not None
    assert (said.code, said.message, said.reason) == (code, "Something is wrong", "validation")
    assert caught.value.request_id == PSP


FOREIGN: list[Any] = [
    *(b"", b"<html>Forbidden</html>", b"null", b"[]", b"{}", b'"704"', b"\xff"),
    *({"error": "forbidden"}, {"message": "Access denied"}, {"status": 403, "message": "No"}),
    *({"errorCode": "010"}, {"errorCode": 10, "status": 403}, {"errorCode": "1", "status": "403"}),
    {"errorCode": None, "status": 403},
]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 460, 499])
def test_a_page_of_somebody_in_between_is_no_refusal(
    adyen: Prism, standing_in: StandIn, status: int
) -> None:
    """A 4xx that is not in Adyen's format says nothing of the payment: the outcome is unknown."""
    for body in FOREIGN:
        standing_in.begin()
        standing_in.answer(body, status)
        with pytest.raises(ConnectorError) as caught:
            adyen.payments.authorize(payment_request(max_retries=0))
        assert caught.value.outcome == "unknown"


@pytest.mark.parametrize(
    ("header", "sent"), [({}, 3), ({"transient_error": "true"}, 3), ({"transient_error": "no"}, 1)]
)
def test_too_many_requests_are_repeated_unless_adyen_says_no(
    adyen: Prism, standing_in: StandIn, header: dict[str, str], sent: int
) -> None:
    """A 429 without Adyen's header passes by itself: the same key is sent again. Nothing was
    done."""
    standing_in.answer(error(429, "429"), 429, retry_after="0", **header)
    with pytest.raises(RateLimited) as caught:
        adyen.payments.authorize(payment_request())
    assert (caught.value.outcome, len(standing_in.seen)) == ("rejected", sent)


@pytest.mark.parametrize("code", ["800", "803"])
def test_a_card_that_is_not_stored_pays_for_nothing(
    adyen: Prism, standing_in: StandIn, code: str
) -> None:
    """Both of Adyen's codes for a stored card that it does not know are NotFound."""
    standing_in.answer(error(422, code), 422)
    with pytest.raises(NotFound) as caught:
        adyen.payments.authorize(payment_request())
    assert caught.value.outcome == "rejected"


@pytest.mark.parametrize(
    "body", [{}, {"pspReference": PSP}, {"resultCode": 7}, {"resultCode": None}, b"<html>", b""]
)
def test_an_answer_without_a_result_code_makes_no_sense(
    adyen: Prism, standing_in: StandIn, body: Any
) -> None:
    """It is a MalformedResponse with outcome unknown, never a success or a failure."""
    standing_in.answer(body)
    with pytest.raises(MalformedResponse) as caught:
        adyen.payments.authorize(payment_request())
    assert caught.value.outcome == "unknown"
