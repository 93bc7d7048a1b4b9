"""What every shop asks of a status, and of a decline: paid, failed, still open, try again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prism_core import PaymentStatus, TryAgain, UnifiedCode
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
