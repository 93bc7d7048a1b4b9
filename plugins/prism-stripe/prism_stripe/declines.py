"""Stripe's decline codes, and reasons of failed refunds, in Prism's words.

Source: https://docs.stripe.com/declines/codes, https://docs.stripe.com/error-codes, and for bank
debits https://docs.stripe.com/declines/network-codes
"""

from __future__ import annotations

from prism_core import UnifiedCode, codes_by_word

U = UnifiedCode
_CODES = {
    U.INSUFFICIENT_FUNDS: "insufficient_funds",
    U.LIMIT_EXCEEDED: "card_velocity_exceeded withdrawal_count_limit_exceeded amount_too_large",
    U.EXPIRED_CARD: "expired_card",
    U.INCORRECT_CVC: "incorrect_cvc invalid_cvc",
    U.INCORRECT_CARD_DATA: "incorrect_number invalid_number invalid_account invalid_expiry_month "
    "invalid_expiry_year new_account_information_available bank_account_invalid_details",
    U.INCORRECT_ADDRESS: "incorrect_zip incorrect_address",
    U.LOST_OR_STOLEN: "lost_card stolen_card pickup_card restricted_card",
    U.SUSPECTED_FRAUD: "fraudulent merchant_blacklist security_violation",
    U.NOT_PERMITTED: "not_permitted service_not_allowed transaction_not_allowed invalid_amount "
    "stop_payment_order revocation_of_authorization revocation_of_all_authorizations "
    "offline_pin_required online_or_offline_pin_required debit_not_authorized recipient_deceased "
    "bank_account_closed bank_account_frozen bank_account_restricted bank_account_unusable",
    U.CARD_NOT_SUPPORTED: "card_not_supported currency_not_supported",
    U.AUTHENTICATION_REQUIRED: "authentication_required",
    U.AUTHENTICATION_FAILED: "payment_intent_authentication_failure authentication_not_handled "
    "setup_intent_authentication_failure mobile_device_authentication_required",
    U.DUPLICATE: "duplicate_transaction",
    U.TRY_AGAIN_LATER: "try_again_later issuer_not_available reenter_transaction approve_with_id",
    U.PROCESSING_ERROR: "processing_error",
}
_UNIFIED = codes_by_word(_CODES)

# https://docs.stripe.com/api/refunds/object#refund_object-failure_reason: those that are about
# the customer's card. The others are about the merchant's account or the payment.
REFUND_FAILURES = {
    "lost_or_stolen_card": U.LOST_OR_STOLEN,
    "expired_or_canceled_card": U.EXPIRED_CARD,
    "declined": U.DECLINED,
}


def unified_code(decline_code: str | None, code: str | None) -> UnifiedCode:
    """The unified code of a decline: the issuer's reason first, then Stripe's own code."""
    return _UNIFIED.get(decline_code or "") or _UNIFIED.get(code or "", U.DECLINED)
