"""Why PayPal, a processor or an issuer declined, in Prism's words.

Sources: https://developer.paypal.com/docs/checkout/advanced/card-decline-errors for the codes of
`processor_response`, named at
https://developer.paypal.com/serversdk/php/models/enumerations/processor-response-code/, and
https://developer.paypal.com/api/rest/reference/orders/v2/errors/ for the issues of a 422. One
reason of `status_details` is among them: DECLINED_BY_RISK_FRAUD_FILTERS.
"""

from __future__ import annotations

from prism_core import UnifiedCode, codes_by_word

U = UnifiedCode
CODES = codes_by_word(
    {
        U.DECLINED: "DECLINED_DUE_TO_RELATED_TXN INSTRUMENT_DECLINED "
        "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED PAYMENT_SOURCE_DECLINED_BY_PROCESSOR "
        "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING TRANSACTION_REFUSED",
        U.INSUFFICIENT_FUNDS: "5120",
        U.LIMIT_EXCEEDED: "5710 PPAX PPDT PPEL PPNL TRANSACTION_LIMIT_EXCEEDED",
        U.EXPIRED_CARD: "5400 PPEF CARD_EXPIRED REFERENCED_CARD_EXPIRED",
        U.INCORRECT_CVC: "00N7 1382 5110 PCVV PPC2 INVALID_SECURITY_CODE_LENGTH",
        U.INCORRECT_CARD_DATA: "0390 1330 1335 1380 5180 5950 6300 7800 PPEX PPFI",
        U.INCORRECT_ADDRESS: "5170 5190 PPAD PPAV PAYMENT_SOURCE_INFO_CANNOT_BE_VERIFIED",
        U.LOST_OR_STOLEN: "5150 9520",
        U.SUSPECTED_FRAUD: "9500 9510 DECLINED_BY_RISK_FRAUD_FILTERS PAYEE_BLOCKED_TRANSACTION "
        "TRANSACTION_BLOCKED_BY_PAYEE",
        U.NOT_PERMITTED: "0580 0R00 1352 5140 5160 5700 5930 PP06 PPAB PPAG PPBG PPFR PPQC PPRN "
        "COMPLIANCE_VIOLATION DOMESTIC_TRANSACTION_REQUIRED PAYER_ACCOUNT_LOCKED_OR_CLOSED "
        "PAYER_ACCOUNT_RESTRICTED PAYER_CANNOT_PAY PAYMENT_SOURCE_CANNOT_BE_USED",
        U.CARD_NOT_SUPPORTED: "PPAE PPCT PPCU PPDI PPMC PPSE PPUC CARD_BRAND_NOT_SUPPORTED",
        U.AUTHENTICATION_REQUIRED: "5650",
        U.AUTHENTICATION_FAILED: "7700 7710 PPD3",
        U.DUPLICATE: "5200",
        U.TRY_AGAIN_LATER: "5920 8110 8220 9100 PPNT",
        U.PROCESSING_ERROR: "0800 0880 0960 1300 1310 1320 1340 1350 1360 1370 8000 8010 8020 8030 "
        "8100 PPER PPFV PPII PPNM PPVE",
    }
)
"""The processor's codes, and the issues of PayPal's errors that decline."""
APPROVALS = frozenset({"0000", "1000", "7600"})
"""The codes of an approval: of all of it, of a part, and of one that is not to be captured."""
