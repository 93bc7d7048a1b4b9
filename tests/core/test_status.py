"""What every shop asks of a status, and of a decline: paid, failed, still open, try again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prism_core import (
    ErrorDetails,
    MandateStatus,
    PaymentStatus,
    RefundStatus,
    TryAgain,
    UnifiedCode,
    unified_error,
)
from prism_core.schema.status import _STAGES

S = PaymentStatus


def test_every_status_is_paid_failed_or_open() -> None:
    """Exactly one of them holds; a part that can still be captured is paid and open."""
    for status in S:
        held = [status.is_paid, status.is_failed, status.can_still_change]
        wanted = 2 if status is S.PARTIAL_CHARGED_AND_CHARGEABLE else 1
        assert sum(held) == wanted, status
    assert {one for one in S if one.is_paid} == {
        *(S.CHARGED, S.PARTIAL_CHARGED, S.PARTIAL_CHARGED_AND_CHARGEABLE)
    }


@pytest.mark.parametrize(
    ("old", "new", "stored"),
    [
        (S.AUTHENTICATION_PENDING, S.AUTHORIZED, S.AUTHORIZED),
        (S.PENDING, S.CHARGED, S.CHARGED),
        (S.PENDING, S.FAILURE, S.FAILURE),
        (S.CHARGED, S.PENDING, S.CHARGED),
        (S.CHARGED, S.AUTHORIZED, S.CHARGED),
        (S.CHARGED, S.FAILURE, S.CHARGED),  # the failed try before it, or a returned debit
        (S.CHARGED, S.AUTO_REFUNDED, S.AUTO_REFUNDED),
        (S.FAILURE, S.CHARGED, S.CHARGED),  # money came all the same
        (S.FAILURE, S.PENDING, S.FAILURE),
        (S.VOIDED, S.EXPIRED, S.VOIDED),
        (S.CAPTURE_FAILED, S.CAPTURE_INITIATED, S.CAPTURE_INITIATED),
        (S.AUTHORIZED, S.UNRESOLVED, S.AUTHORIZED),
        (S.PARTIAL_CHARGED_AND_CHARGEABLE, S.CHARGED, S.CHARGED),
    ],
)
def test_a_status_advances_and_never_goes_back(
    old: PaymentStatus, new: PaymentStatus, stored: PaymentStatus
) -> None:
    assert old.advance(new) is stored


@given(st.lists(st.sampled_from(S), min_size=1), st.randoms())
def test_events_in_any_order_lead_to_the_same_end(
    reported: list[PaymentStatus], random: object
) -> None:
    """However events are delivered, and however often: the stage reached is the same, and each
    step leads further."""

    def end(statuses: list[PaymentStatus]) -> PaymentStatus:
        stored = S.UNRESOLVED
        for new in statuses:
            before, stored = stored, stored.advance(new)
            assert _STAGES[stored] >= _STAGES[before]
        return stored

    other = [*reported, *reported]
    random.shuffle(other)  # type: ignore[attr-defined]
    assert _STAGES[end(reported)] == _STAGES[end(other)]


@pytest.mark.parametrize(
    ("code", "when"),
    [
        (UnifiedCode.INSUFFICIENT_FUNDS, TryAgain.LATER),
        (UnifiedCode.LOST_OR_STOLEN, TryAgain.NEVER),
        (UnifiedCode.EXPIRED_CARD, TryAgain.NEVER),
        (UnifiedCode.PROCESSING_ERROR, TryAgain.SOON),
        (UnifiedCode.AUTHENTICATION_REQUIRED, TryAgain.WITH_CUSTOMER),
    ],
)
def test_a_decline_says_whether_another_try_can_help(code: UnifiedCode, when: TryAgain) -> None:
    assert code.try_again is when


def test_money_is_held_while_it_can_be_captured() -> None:
    """Whatever else holds: a part may be captured before."""
    held = {one for one in S if one.is_authorized}
    assert held == {S.AUTHORIZED, S.PARTIALLY_AUTHORIZED, S.PARTIAL_CHARGED_AND_CHARGEABLE}


R, M = RefundStatus, MandateStatus


def test_every_refund_is_made_failed_or_open() -> None:
    """Exactly one of them holds."""
    for status in R:
        assert [status.is_refunded, status.is_failed, status.can_still_change].count(True) == 1


@pytest.mark.parametrize(
    ("old", "new", "stored"),
    [
        (R.REFUND_PENDING, R.REFUND_SUCCESS, R.REFUND_SUCCESS),
        (R.REFUND_SUCCESS, R.REFUND_PENDING, R.REFUND_SUCCESS),
        (R.REFUND_SUCCESS, R.REFUND_FAILURE, R.REFUND_FAILURE),  # the money came back
        (R.REFUND_FAILURE, R.REFUND_SUCCESS, R.REFUND_FAILURE),  # the same two, the other way round
        (R.REFUND_MANUAL_REVIEW, R.REFUND_PENDING, R.REFUND_PENDING),
        (R.REFUND_SUCCESS, R.REFUND_MANUAL_REVIEW, R.REFUND_SUCCESS),
    ],
)
def test_a_refund_advances_and_never_goes_back(old: R, new: R, stored: R) -> None:
    assert old.advance(new) is stored


@pytest.mark.parametrize(
    ("old", "new", "stored"),
    [
        (M.MANDATE_PENDING, M.ACTIVE, M.ACTIVE),
        (M.ACTIVE, M.MANDATE_PENDING, M.ACTIVE),
        (M.ACTIVE, M.MANDATE_INACTIVE, M.MANDATE_INACTIVE),
        (M.MANDATE_INACTIVE, M.ACTIVE, M.ACTIVE),  # a bank's customer can allow it again
        (M.REVOKED, M.ACTIVE, M.REVOKED),
    ],
)
def test_a_permission_that_was_revoked_stays_so(old: M, new: M, stored: M) -> None:
    assert old.advance(new) is stored


def test_a_permission_can_be_charged_until_it_ends() -> None:
    """Also if revoking it failed."""
    assert {one for one in M if one.can_be_charged} == {M.ACTIVE, M.MANDATE_REVOKE_FAILED}


@pytest.mark.parametrize("code", [None, *UnifiedCode])
def test_a_customer_is_told_what_to_do(code: UnifiedCode | None) -> None:
    """Of every decline; and nothing that helps whoever tries a stolen card."""
    details = ErrorDetails(unified=None if code is None else unified_error(code))
    message = details.customer_message
    assert "Please" in message
    if code in (None, UnifiedCode.LOST_OR_STOLEN, UnifiedCode.SUSPECTED_FRAUD):
        assert message == ErrorDetails(unified=unified_error(UnifiedCode.DECLINED)).customer_message
