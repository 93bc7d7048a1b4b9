"""Answers: what Adyen says of a payment, in Prism's words."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from prism_adyen.declines import NOT_AUTHENTICATED, UNIFIED
from prism_adyen.methods import DEBITS, kind_of
from prism_adyen.shapes import MethodBody, PaymentBody, money_of
from prism_core import (
    CaptureMethod,
    ConnectorDetails,
    ErrorDetails,
    IssuerError,
    NetworkError,
    Nullable,
    Payment,
    PaymentMethodInfo,
    PaymentMethodType,
    PaymentStatus,
    RedirectionData,
    TokenSource,
    UnifiedCode,
    codes_by_word,
    nullable,
    unified_error,
    whole_number,
)
from prism_core.connector.values import unix_seconds

# https://docs.adyen.com/online-payments/payment-result-codes. AuthenticationNotRequired belongs to
# payments that only authenticate, which are never asked for here; no meaning is documented for
# Success.
_STATUS = codes_by_word({
    PaymentStatus.AUTHORIZED: "Authorised",
    PaymentStatus.PARTIALLY_AUTHORIZED: "PartiallyAuthorised",
    PaymentStatus.AUTHORIZATION_FAILED: "Refused",
    PaymentStatus.FAILURE: "Error",
    PaymentStatus.VOIDED: "Cancelled",
    PaymentStatus.AUTHENTICATION_PENDING: "RedirectShopper IdentifyShopper ChallengeShopper",
    PaymentStatus.AUTHENTICATION_SUCCESSFUL: "AuthenticationFinished",
    PaymentStatus.PENDING: "Pending Received PresentToShopper",
})  # fmt: skip
_SHOPPER = ("shopperReference", "tokenization.shopperReference", "recurring.shopperReference")
_APPROVED = ("Authorised", "PartiallyAuthorised")
_HELD = (
    *(PaymentStatus.AUTHORIZED, PaymentStatus.PARTIALLY_AUTHORIZED),
    PaymentStatus.CAPTURE_INITIATED,
)
_BY_SHOPPER = ("await", "qrCode", "sdk", "wechatpaySDK", "redirect", "nativeRedirect")
"""The types of actions with which a Pending payment waits for the shopper."""
_NOT_SHOWN = ("type", "paymentMethodType", "paymentData", "passCreationToken", "expiresAt")
"""What a voucher has for a library or a wallet, and not for a reader."""
_IN_WALLET: dict[PaymentMethodType | None, TokenSource] = {
    PaymentMethodType.APPLE_PAY: TokenSource.APPLEPAY,
    PaymentMethodType.GOOGLE_PAY: TokenSource.GOOGLEPAY,
}
# What is said of a failure whose refusal code is missing or new; nobody declined a Cancelled.
FAILED = {"Refused": UnifiedCode.DECLINED, "Error": UnifiedCode.PROCESSING_ERROR, "Cancelled": None}


def payment(
    body: PaymentBody,
    capture: object,
    *,
    asked: str | None = None,
    is_begun: bool = False,
    mandate: str | None = None,
) -> Payment:
    """The payment that an answer tells of; `asked` is the type of the method in the request,
    `is_begun` says that its pspReference was known before, `mandate` by which permission it was
    made.

    https://docs.adyen.com/api-explorer/Checkout/71/post/payments#responses-200-pspReference: where
    the shopper must act first, the payment's reference comes with /payments/details. One that is
    told before is that of the request.
    """
    amount, status = money_of(body.amount), _status(body, capture, asked)
    is_authorized = body.result_code in _APPROVED and status in _HELD
    has_id = is_begun or status is not PaymentStatus.AUTHENTICATION_PENDING
    return Payment(
        status=status,
        connector_transaction_id=nullable(body.psp_reference) if has_id else None,
        merchant_transaction_id=nullable(body.merchant_reference),
        connector_customer_id=nullable(body.more(*_SHOPPER)),
        connector_payment_method_id=nullable(body.stored),
        connector_mandate_id=mandate,
        payment_method=_method(body),
        amount=amount,
        authorized_amount=amount if is_authorized else None,
        redirection_data=_redirection(body.action),
        network_transaction_id=nullable(body.more("networkTxReference")),
        avs_code=_number(body.more("avsResult")),
        cvc_code=_number(body.more("cvcResult")),
        error=_failure(body),
    )


def _status(body: PaymentBody, capture: object, asked: str | None) -> PaymentStatus:
    """With automatic capture, Authorised means that the capture follows: Adyen reports it by
    webhook (https://docs.adyen.com/online-payments/capture). An approval of no payment is not
    believed. Cancelled for a reason that refuses a payment is a refusal: Adyen cancels what its
    risk rules stop after the issuer approved.

    A bank debit is under way until its CAPTURE event, whatever Adyen calls it: no bank has been
    asked (https://docs.adyen.com/payment-methods/ach-direct-debit)."""
    code, reason = body.result_code, body.refusal_reason_code
    if code in _APPROVED and not body.psp_reference:
        return PaymentStatus.UNRESOLVED
    method = body.payment_method and body.payment_method.type
    if code in _APPROVED and (asked in DEBITS or method in DEBITS):
        return PaymentStatus.PENDING
    if code == "Authorised" and capture is not CaptureMethod.MANUAL:
        return PaymentStatus.CAPTURE_INITIATED
    if code in ("Refused", "Cancelled") and reason in NOT_AUTHENTICATED:
        return PaymentStatus.AUTHENTICATION_FAILED
    if code == "Cancelled" and reason in UNIFIED:
        return PaymentStatus.AUTHORIZATION_FAILED
    if code == "Pending" and (body.action or {}).get("type") in _BY_SHOPPER:
        return PaymentStatus.AUTHENTICATION_PENDING
    return _STATUS.get(code, PaymentStatus.UNRESOLVED)


def _method(body: PaymentBody) -> PaymentMethodInfo | None:
    """What was paid with. https://docs.adyen.com/development-resources/additional-data: of a card,
    the account may be set up to be told more; expiryDate is such as 6/2030."""
    told = body.payment_method or MethodBody()
    kind = kind_of(told.type)
    month, _, year = (body.more("expiryDate") or "").partition("/")
    info = PaymentMethodInfo(
        payment_method_type=kind,
        brand=told.brand,
        last_four=body.more("cardSummary") or None,
        exp_month=whole_number(month),
        exp_year=whole_number(year),
        funding=body.more("fundingSource") or None,
        country=body.more("cardIssuingCountry") or None,
        wallet=_IN_WALLET.get(kind),
    )
    return None if info == PaymentMethodInfo() else info


def _redirection(action: dict[str, Any] | None) -> RedirectionData | None:
    """https://docs.adyen.com/online-payments/build-your-integration/advanced-flow#additional-action:
    a page to open or to post to; a voucher, a transfer or a code to show; nothing, where the
    shopper is asked in an app; else an action for Adyen's library, whole (`createFromAction`)."""
    if action is None:
        return None
    kind, url = action.get("type"), action.get("url")
    if kind == "redirect" and isinstance(url, str):
        posted = action.get("data") if action.get("method") == "POST" else None
        return RedirectionData(uri=url, form=posted and _texts(posted))
    if kind == "await":
        return RedirectionData()
    shown = {name: value for name, value in action.items() if name not in _NOT_SHOWN}
    display = {name: value for name, value in shown.items() if isinstance(value, str)}
    ends = unix_seconds(action.get("expiresAt"))
    if kind in ("voucher", "bankTransfer"):
        return RedirectionData(display=display, expires_at=ends)
    is_code = kind == "qrCode"  # shown by the library, or by the page itself
    sdk = {"action": _text(action)}
    return RedirectionData(sdk=sdk, display=display if is_code else None, expires_at=ends)


def _texts(values: dict[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in values.items() if value is not None}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _number(result: Nullable[str]) -> str | None:
    """Of "4 AVS not supported for this card type", the code: the words are no part of it.
    https://docs.adyen.com/risk-management/avs-checks"""
    found = re.match(r"[0-9]{1,2}(?!\S)", result or "")
    return found and found.group()


def _failure(body: PaymentBody) -> ErrorDetails | None:
    """https://docs.adyen.com/development-resources/refusal-reasons: code 0 is none. A reason beside
    an approval is told, too."""
    code, result = body.refusal_reason_code, body.result_code
    if result not in FAILED and (code or body.refusal_reason) in (None, "", "0"):
        return None
    why = UNIFIED.get(code or "", FAILED.get(result))
    return ErrorDetails(
        unified=unified_error(why) if why else None,
        issuer=_issuer(body),
        connector=ConnectorDetails(code=code or result, message=body.refusal_reason, reason=result),
    )


def _issuer(body: PaymentBody) -> IssuerError | None:
    """https://docs.adyen.com/development-resources/raw-acquirer-responses: "05 : Do not honor",
    the network's code and its words; or words alone, such as "DECLINED Expiry Incorrect"."""
    code, words = _coded(body.more("refusalReasonRaw"))
    advice, _ = _coded(body.more("merchantAdviceCode"))
    if not (code or words or advice):
        return None
    network = NetworkError(advice_code=advice, decline_code=code)
    return IssuerError(code=code, message=words, network=network)


def _coded(text: Nullable[str]) -> tuple[str | None, str | None]:
    """A code, and the words behind its colon. Words alone have no code."""
    whole = (text or "").strip()
    code, _, words = (part.strip() for part in whole.partition(":"))
    if re.fullmatch(r"[0-9A-Z]{1,6}", code) and (words or re.search(r"[0-9]", code)):
        return code, words or None
    return None, whole or None
