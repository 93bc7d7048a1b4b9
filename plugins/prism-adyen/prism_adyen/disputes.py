"""Disputes, and debits that a bank returned, as the events of a payment tell of them:
https://docs.adyen.com/risk-management/disputes-api/dispute-notifications"""

from __future__ import annotations

from prism_core import Dispute, DisputeStage, DisputeStatus, Money, Payment, PaymentStatus

# A report of fraud, and
# what an issuer remarks, say nothing of how a dispute stands. CHARGEBACK_REVERSED is a defense that
# succeeded so far: the issuer may still answer with SECOND_CHARGEBACK.
DISPUTES: dict[str, tuple[DisputeStatus, DisputeStage] | None] = {
    "REQUEST_FOR_INFORMATION": (DisputeStatus.DISPUTE_OPENED, DisputeStage.PRE_DISPUTE),
    "NOTIFICATION_OF_FRAUD": None,
    "NOTIFICATION_OF_CHARGEBACK": (DisputeStatus.DISPUTE_OPENED, DisputeStage.ACTIVE_DISPUTE),
    "CHARGEBACK": (DisputeStatus.DISPUTE_OPENED, DisputeStage.ACTIVE_DISPUTE),
    "INFORMATION_SUPPLIED": (DisputeStatus.DISPUTE_CHALLENGED, DisputeStage.ACTIVE_DISPUTE),
    "ISSUER_COMMENTS": None,
    "DISPUTE_DEFENSE_PERIOD_ENDED": (DisputeStatus.DISPUTE_EXPIRED, DisputeStage.ACTIVE_DISPUTE),
    "CHARGEBACK_REVERSED": (DisputeStatus.DISPUTE_CHALLENGED, DisputeStage.ACTIVE_DISPUTE),
    "ISSUER_RESPONSE_TIMEFRAME_EXPIRED": (DisputeStatus.DISPUTE_WON, DisputeStage.ACTIVE_DISPUTE),
    "SECOND_CHARGEBACK": (DisputeStatus.DISPUTE_LOST, DisputeStage.ACTIVE_DISPUTE),
    "PREARBITRATION_WON": (DisputeStatus.DISPUTE_WON, DisputeStage.PRE_ARBITRATION),
    "PREARBITRATION_LOST": (DisputeStatus.DISPUTE_LOST, DisputeStage.PRE_ARBITRATION),
}
# Those with which money moves: it is taken back, also where a bank returns a debit, and given
# again when a defense succeeds.
_TAKEN_BACK = {"CHARGEBACK": True, "SECOND_CHARGEBACK": True, "CHARGEBACK_REVERSED": False}


def dispute(code: str, psp: str, about: str | None, amount: Money | None) -> Dispute | None:
    """How a dispute stands after an event; all events of a dispute have its reference (`psp`)."""
    stands = DISPUTES[code]
    if stands is None:
        return None
    return Dispute(
        status=stands[0],
        stage=stands[1],
        connector_dispute_id=psp,
        connector_transaction_id=about,
        amount=amount,
    )


def taken_back(code: str, about: str | None, amount: Money | None) -> Payment | None:
    """The payment whose money moves: it was captured before, and the rest of it stays so."""
    taken = _TAKEN_BACK.get(code)
    if taken is None or amount is None or about is None:
        return None
    return Payment(
        status=PaymentStatus.CHARGED,
        connector_transaction_id=about,
        charged_back_amount=amount if taken else Money(0, amount.currency),
    )
