"""Adyen's refusal codes in Prism's words.

Source: https://docs.adyen.com/development-resources/refusal-reasons
"""

from __future__ import annotations

from prism_core import UnifiedCode, codes_by_word

# In the comments: Adyen's own names. 15 (Cancelled) and 16 (Shopper Cancelled) are not here: nobody
# declined those payments.
UNIFIED = codes_by_word({
    # Refused, Referral, Declined Non Generic
    UnifiedCode.DECLINED: "2 3 27",
    # Not enough balance
    UnifiedCode.INSUFFICIENT_FUNDS: "12",
    # Withdrawal amount exceeded, Withdrawal count exceeded
    UnifiedCode.LIMIT_EXCEEDED: "28 29",
    # Expired Card
    UnifiedCode.EXPIRED_CARD: "6",
    # CVC Declined
    UnifiedCode.INCORRECT_CVC: "24",
    # Invalid Card Number
    UnifiedCode.INCORRECT_CARD_DATA: "8",
    # AVS Declined
    UnifiedCode.INCORRECT_ADDRESS: "32",
    # Blocked Card
    UnifiedCode.LOST_OR_STOLEN: "5",
    # Acquirer Fraud, FRAUD, FRAUD-CANCELLED, Issuer Suspected Fraud
    UnifiedCode.SUSPECTED_FRAUD: "14 20 22 31",
    # Invalid Amount, Not supported, Pin tries exceeded, Transaction Not Permitted, Restricted
    # Card, Revocation Of Auth, Card requires online pin, No checking account, No savings
    # account, Contactless fallback, Online PIN required, Try another interface, Chip downgrade
    # mode, Transaction blocked by Adyen to prevent excessive retry fees
    UnifiedCode.NOT_PERMITTED: "7 10 18 23 25 26 33 34 35 37 43 44 45 46",
    # Mobile PIN required, Authentication required, CVM Required Restart Payment
    UnifiedCode.AUTHENTICATION_REQUIRED: "36 38 41",
    # 3D Not Authenticated, Invalid Pin, RReq not received from DS, 3DS Authentication Error
    UnifiedCode.AUTHENTICATION_FAILED: "11 17 39 42",
    # Issuer Unavailable, Current AID is in Penalty Box
    UnifiedCode.TRY_AGAIN_LATER: "9 40",
    # Acquirer Error, Pin validation not possible, Not Submitted
    UnifiedCode.PROCESSING_ERROR: "4 19 21",
})  # fmt: skip
"""From a refusal code to the unified one."""

NOT_AUTHENTICATED = frozenset({"11", "39", "42"})
"""Refusals for want of 3-D Secure; Adyen did not ask the issuer for the money."""
