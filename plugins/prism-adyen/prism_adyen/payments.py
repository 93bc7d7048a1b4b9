"""Payments: authorized, completed after 3-D Secure, and changed, as
https://docs.adyen.com/api-explorer/Checkout/71/post/payments and what stands below it has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import UNSET

from prism_adyen.account import AdyenAccount
from prism_adyen.answers import payment
from prism_adyen.customers import delivery, shopper
from prism_adyen.payment_methods import payment_method
from prism_adyen.shapes import RECEIVED, ChangeBody, PaymentBody, amount_of, money_of
from prism_core import (
    AuthenticationType,
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    ChargeRecurringRequest,
    CompletePaymentRequest,
    Discrepancy,
    Flow,
    FutureUsage,
    IncrementAuthorizationRequest,
    InvalidRequest,
    MalformedResponse,
    Payment,
    PaymentStatus,
    RefundRequest,
    SetupRecurringRequest,
    Token,
    VoidRequest,
    at_most,
    hookimpl,
    needs,
)

CAPTURED_AT_ONCE = {"captureDelayHours": 0}
"""https://docs.adyen.com/online-payments/capture: whatever the account's own settings are."""
# https://docs.adyen.com/online-payments/3d-secure/api-reference: natively, which is without a
# redirect, only with data of the shopper's browser, which no request here has.
_BY_REDIRECT = {"threeDSRequestData": {"nativeThreeDS": "disabled"}}
_AUTHENTICATION: Mapping[object, dict[str, Any]] = {
    AuthenticationType.NO_THREE_DS: {"attemptAuthentication": "never"},
    AuthenticationType.THREE_DS: {"attemptAuthentication": "always", **_BY_REDIRECT},
}
# https://docs.adyen.com/api-explorer/Checkout/71/post/payments/details#request-details: those that
# cards come back with, and how long they may be.
_DETAILS = {
    **dict.fromkeys(("redirectResult", "payload", "MD", "PaRes"), 20_000),
    **dict.fromkeys(("threeDSResult", "threeds2.challengeResult"), 50_000),
    "threeds2.fingerprint": 100_000,
}
_Paying = AuthorizeRequest | SetupRecurringRequest | ChargeRecurringRequest
Change = CaptureRequest | VoidRequest | RefundRequest | IncrementAuthorizationRequest


class Payments:
    """The operations on payments, for the connector to inherit."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: AdyenAccount) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments"""
        parts = {
            "amount": amount_of(request.amount),
            **by_shopper(request),
            **_capture(request),
            **_repetition(request),
            "shopperStatement": request.statement_descriptor_suffix,
            "deliveryAddress": delivery(request.shipping_address),
        }
        body = yield from pay(request, account, parts)
        return payment(body, request.capture_method)

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: AdyenAccount) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/details

        Adyen finds the payment by what came back with the customer, who may bring that of another,
        cheaper payment. The core compares both ids with those that the answer tells."""
        is_begun = request.connector_transaction_id is not None
        # Whether the capture follows by itself, only the caller knows: AUTHORIZED is true of both.
        capture = request.capture_method or CaptureMethod.MANUAL
        asked = account.post("/v71/payments/details", json=_evidence(request.returned))
        body = yield from account.fetch(asked, PaymentBody)
        return payment(body, capture, is_begun=is_begun)

    @hookimpl
    def capture(self, request: CaptureRequest, account: AdyenAccount) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/(paymentPspReference)/captures"""
        begun = PaymentStatus.CAPTURE_INITIATED
        return (yield from _changed(request, account, "captures", begun, "captured_amount"))

    @hookimpl
    def void(self, request: VoidRequest, account: AdyenAccount) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/(paymentPspReference)/cancels"""
        return (yield from _changed(request, account, "cancels", PaymentStatus.VOID_INITIATED))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: AdyenAccount
    ) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/(paymentPspReference)/amountUpdates
        Its amount is the new total. It may have an industryUsage, which no request here tells."""
        begun = PaymentStatus.PENDING
        return (yield from _changed(request, account, "amountUpdates", begun, "authorized_amount"))


def pay(request: _Paying, account: AdyenAccount, parts: Mapping[str, Any]) -> Flow[PaymentBody]:
    """Asks for a payment: what each has, and its own parts."""
    json = {
        "merchantAccount": account.merchant_account,
        "reference": request.reference,
        "shopperReference": request.connector_customer_id,
        "metadata": request.metadata,
        **parts,
    }
    return account.fetch(account.post("/v71/payments", json=json), PaymentBody)


def by_shopper(request: AuthorizeRequest | SetupRecurringRequest) -> dict[str, Any]:
    """What a payment has that the shopper makes."""
    return {
        "paymentMethod": payment_method(request.payment_method),
        "authenticationData": _AUTHENTICATION.get(request.auth_type),
        "returnUrl": request.return_url,
        **shopper(request.customer, request.billing_address),
    }


def _capture(request: AuthorizeRequest) -> dict[str, Any]:
    """https://docs.adyen.com/online-payments/adjust-authorisation: only a pre-authorization can be
    raised later, and only by hand is it captured."""
    is_raised = request.request_incremental_authorization
    if request.capture_method is CaptureMethod.MANUAL:
        kind = "PreAuth" if is_raised else None
        return {"additionalData": {"manualCapture": "true", "authorisationType": kind}}
    if is_raised:
        raise InvalidRequest(
            "an authorization that is to be raised later needs capture_method MANUAL at Adyen",
            field="request_incremental_authorization",
        )
    return CAPTURED_AT_ONCE


def _repetition(request: AuthorizeRequest) -> dict[str, Any]:
    """https://docs.adyen.com/online-payments/tokenization: a card is stored while the shopper is
    there (Ecommerce), and paid with afterwards (ContAuth)."""
    is_away = request.off_session is True
    is_stored = is_away or isinstance(request.payment_method, Token)
    if not is_stored:
        if request.setup_future_usage is None:
            return {} if request.off_session is None else {"shopperInteraction": "Ecommerce"}
        is_away = request.setup_future_usage is FutureUsage.OFF_SESSION
    why = "to store a card, and to pay with a stored one or without the customer there"
    needs("connector_customer_id", request.connector_customer_id, why)
    return {
        "shopperInteraction": "ContAuth" if is_stored else "Ecommerce",
        "storePaymentMethod": None if is_stored else True,
        "recurringProcessingModel": "UnscheduledCardOnFile" if is_away else "CardOnFile",
    }


def _evidence(returned: Mapping[str, str]) -> dict[str, Any]:
    """What came back, passed on under Adyen's own names; what the return URL had besides is the
    caller's."""
    for name, longest in {**_DETAILS, "paymentData": 200_000}.items():
        at_most(longest, f"returned.{name}", returned.get(name))
    details = {name: returned[name] for name in _DETAILS if name in returned}
    if not details:
        names = ", ".join(_DETAILS)
        raise InvalidRequest(f"returned has none of what Adyen adds: {names}", field="returned")
    return {"details": details, "paymentData": returned.get("paymentData")}


def change(request: Change, account: AdyenAccount, kind: str) -> Flow[ChangeBody]:
    """Asks for a change, with the caller's own id of it as its reference. Adyen answers that it was
    received; how it ends, it tells by webhook."""
    json = {
        "merchantAccount": account.merchant_account,
        "amount": amount_of(None if isinstance(request, VoidRequest) else request.amount),
        "reference": request.reference,
    }
    path, payment_id = "/v71/payments/{}/" + kind, request.connector_transaction_id
    return account.fetch(account.post(path, payment_id, json=json), ChangeBody)


def _changed(
    request: Change, account: AdyenAccount, kind: str, begun: PaymentStatus, told_as: str = "amount"
) -> Flow[Payment]:
    """The payment whose change Adyen received; `told_as` is what the answer's amount is of it."""
    body = yield from change(request, account, kind)
    amount: dict[str, Any] = {told_as: money_of(body.amount)}
    return Payment(
        status=begun if body.status == RECEIVED else PaymentStatus.UNRESOLVED,
        connector_transaction_id=body.payment_psp_reference,
        discrepancies=tuple(_otherwise(request, body)),
        **amount,
    )


def _otherwise(request: Change, body: ChangeBody) -> Iterator[Discrepancy]:
    """What the core cannot compare: the caller's own id of the change, which a payment has no field
    for; and a capture of nothing, which it takes for one that has not taken anything yet, where
    the amount is the one that Adyen received."""
    name, own = request.reference_field, request.reference
    if own is not None and body.reference is None:
        yield Discrepancy(name, own, "null")
    elif own is not None and body.reference not in (own, UNSET):
        raise MalformedResponse(f"the answer is about another {name} than asked")
    if isinstance(request, CaptureRequest) and body.amount is not None and not body.amount.value:
        yield Discrepancy("captured_amount", str(request.amount), str(money_of(body.amount)))
