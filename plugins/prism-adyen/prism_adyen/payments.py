"""Payments: authorized, completed after 3-D Secure, and changed, as
https://docs.adyen.com/api-explorer/Checkout/71/post/payments and what stands below it has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import UNSET

from prism_adyen.account import AdyenAccount as Account
from prism_adyen.answers import payment
from prism_adyen.circumstances import authenticated, authentication, browser, lines
from prism_adyen.customers import delivery, shopper
from prism_adyen.methods import can_be_held, payment_method
from prism_adyen.orders import ask_session, of_session
from prism_adyen.payment_methods import find_stored
from prism_adyen.shapes import RECEIVED, ChangeBody, PaymentBody, amount_of, money_of
from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    Card,
    ChargeRecurringRequest,
    CompletePaymentRequest,
    Discrepancy,
    Flow,
    FutureUsage,
    IncrementAuthorizationRequest,
    InvalidRequest,
    MalformedResponse,
    MitCategory,
    Payment,
    PaymentMethodType,
    PaymentStatus,
    Redirect,
    RefundRequest,
    SetupRecurringRequest,
    VoidRequest,
    at_most,
    hookimpl,
    needs,
)
from prism_core.schema.secrets import reveal

CAPTURED_AT_ONCE = {"captureDelayHours": 0}
"""https://docs.adyen.com/online-payments/capture: whatever the account's own settings are."""
# https://docs.adyen.com/online-payments/tokenization: Adyen has three models. Which of them an
# installment or a second try would be, it does not say.
_MODELS = {
    MitCategory.RECURRING_MIT: "Subscription",
    MitCategory.UNSCHEDULED_MIT: "UnscheduledCardOnFile",
}
# https://docs.adyen.com/api-explorer/Checkout/71/post/payments/details#request-details: those that
# shoppers come back with, and how long they may be.
_DETAILS = {
    **dict.fromkeys(("redirectResult", "payload", "MD", "PaRes"), 20_000),
    **dict.fromkeys(("threeDSResult", "threeds2.challengeResult"), 50_000),
    "threeds2.fingerprint": 100_000,
    "authorization_token": 20_000,
}
# What PayPal's buttons give: passed on only together, since a shop's own return URL may have an
# orderID, too.
_OF_PAYPAL = ("orderID", "payerID", "paymentID", "facilitatorAccessToken", "billingToken")
# What Adyen's description requires in the method itself.
_PHONE = {"telephoneNumber": "phone"}
_CONTACT: dict[object, dict[str, str]] = {
    PaymentMethodType.MB_WAY: {**_PHONE, "shopperEmail": "email"},
    PaymentMethodType.VIPPS: _PHONE,
}
_Paying = AuthorizeRequest | SetupRecurringRequest | ChargeRecurringRequest
Change = CaptureRequest | VoidRequest | RefundRequest | IncrementAuthorizationRequest


class Payments:
    """The operations on payments, for the connector to inherit."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments"""
        paid_by = by_shopper(request)
        can_be_held(request.capture_method, paid_by["paymentMethod"].get("type"))
        is_stored = paid_by["paymentMethod"].get("storedPaymentMethodId") is not None
        parts = {
            "amount": amount_of(request.amount),
            **paid_by,
            **_capture(request),
            **_repetition(request, is_stored),
            "shopperStatement": request.statement_descriptor_suffix,
            "deliveryAddress": delivery(request.shipping_address),
            "merchantOrderReference": request.merchant_order_id,
            "lineItems": lines(request.order_details),
        }
        if isinstance(request.payment_method, Card):
            before = request.network_transaction_id
            parts["paymentMethod"]["networkPaymentReference"] = before
        body = yield from pay(request, account, parts)
        return payment(body, request.capture_method, asked=parts["paymentMethod"]["type"])

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: Account) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/details, or of an order
        https://docs.adyen.com/api-explorer/Checkout/71/get/sessions/(sessionId)

        Adyen finds the payment by what came back with the customer, who may bring that of another,
        cheaper payment. The core compares the ids with those that the answer tells."""
        # Whether the capture follows by itself, only the caller knows: AUTHORIZED is true of both.
        capture: Any = request.capture_method or CaptureMethod.MANUAL
        if request.connector_order_id is not None:
            found = yield from ask_session(account, request.connector_order_id, request.returned)
            return of_session(found, capture)
        is_begun = request.connector_transaction_id is not None
        body = yield from details(account, request.returned)
        return payment(body, capture, is_begun=is_begun)

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/(paymentPspReference)/captures"""
        begun = PaymentStatus.CAPTURE_INITIATED
        return (yield from _changed(request, account, "captures", begun, "captured_amount"))

    @hookimpl
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/(paymentPspReference)/cancels"""
        return (yield from _changed(request, account, "cancels", PaymentStatus.VOID_INITIATED))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: Account
    ) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/(paymentPspReference)/amountUpdates
        Its amount is the new total. It may have an industryUsage, which no request here tells."""
        begun = PaymentStatus.PENDING
        return (yield from _changed(request, account, "amountUpdates", begun, "authorized_amount"))


def pay(request: _Paying, account: Account, parts: dict[str, Any]) -> Flow[PaymentBody]:
    """Asks for a payment: what each has, and its own parts. The type of a stored method, which
    Adyen wants beside its id, is looked up and added to the parts."""
    json = {
        "merchantAccount": account.merchant_account,
        "reference": request.reference,
        "shopperReference": request.connector_customer_id,
        "metadata": request.metadata,
        **parts,
    }
    method = parts["paymentMethod"]
    if "type" not in method:
        stored = reveal(method["storedPaymentMethodId"])
        found = yield from find_stored(account, stored, request.connector_customer_id)
        # Of one that is not there, Adyen says so itself.
        method["type"] = (found and found.type) or "scheme"
        if method["type"] != "scheme":
            method.pop("networkPaymentReference", None)  # cards have it
    asked = account.post("/v71/payments", json=json)
    return (yield from account.fetch(asked, PaymentBody))


def by_shopper(request: AuthorizeRequest | SetupRecurringRequest) -> dict[str, Any]:
    """What a payment has that the shopper makes."""
    shown = browser(request.browser_info)
    told = shopper(request.customer, request.billing_address)
    return {
        **shown,
        **told,
        **_of_redirect(request, told),
        "authenticationData": authentication(request.auth_type, shown),
        "mpiData": authenticated(request.authentication_data),
        "returnUrl": request.return_url,
        "shopperLocale": request.locale,
    }


def _of_redirect(request: Any, told: Mapping[str, Any]) -> dict[str, Any]:
    """The method, and what some methods need of the rest of the request. The country says which
    bank or wallet it is, where a method has several."""
    method, bill = request.payment_method, request.billing_address
    json = payment_method(method)
    if not isinstance(method, Redirect):
        return {"paymentMethod": json}
    country = None if bill is None else bill.country_alpha2_code
    with_it = f"with {method.payment_method_type}"
    for name, part in _CONTACT.get(method.payment_method_type, {}).items():
        json[name] = needs("customer", told[name], f"{with_it}, with its {part}")
    if method.payment_method_type is PaymentMethodType.KLARNA:
        needs("order_details", getattr(request, "order_details", None), with_it)
        needs("billing_address", country, f"{with_it}, with its country_alpha2_code")
    return {"paymentMethod": json, "countryCode": country}


def _capture(request: AuthorizeRequest) -> dict[str, Any]:
    """https://docs.adyen.com/online-payments/adjust-authorisation: only a pre-authorization can be
    raised later, and only by hand is it captured."""
    is_raised = request.request_incremental_authorization
    done = request.authentication_data
    exemption = {"scaExemption": None if done is None else done.exemption_indicator}
    if request.capture_method is CaptureMethod.MANUAL:
        kind = "PreAuth" if is_raised else None
        by_hand = {"manualCapture": "true", "authorisationType": kind}
        return {"additionalData": {**by_hand, **exemption}}
    if is_raised:
        raise InvalidRequest(
            "an authorization that is to be raised later needs capture_method MANUAL at Adyen",
            field="request_incremental_authorization",
        )
    more = {"additionalData": exemption} if exemption["scaExemption"] else {}
    return {**CAPTURED_AT_ONCE, **more}


def _repetition(request: AuthorizeRequest, is_stored: bool) -> dict[str, Any]:
    """https://docs.adyen.com/online-payments/tokenization: a method is stored while the shopper is
    there (Ecommerce), and paid with afterwards (ContAuth)."""
    model = model_of(request.mit_category)
    is_away = request.off_session is True or model is not None
    is_stored = is_stored or is_away
    if not is_stored:
        if request.setup_future_usage is None:
            return {} if request.off_session is None else {"shopperInteraction": "Ecommerce"}
        is_away = request.setup_future_usage is FutureUsage.OFF_SESSION
    if is_stored and request.setup_future_usage is not None:
        raise InvalidRequest(
            "Adyen stores what the customer pays with, and not a stored method, nor without the "
            "customer there: leave setup_future_usage out",
            field="setup_future_usage",
        )
    why = "to store a card, and to pay with a stored one or without the customer there"
    needs("connector_customer_id", request.connector_customer_id, why)
    return {
        "shopperInteraction": "ContAuth" if is_stored else "Ecommerce",
        "storePaymentMethod": None if is_stored else True,
        "recurringProcessingModel": model or ("UnscheduledCardOnFile" if is_away else "CardOnFile"),
    }


def model_of(category: Any) -> str | None:
    """Adyen's word for why the merchant starts a payment."""
    if category is not None and category not in _MODELS:
        raise InvalidRequest(
            f"Adyen knows {', '.join(_MODELS)}, not {category.value}", field="mit_category"
        )
    return None if category is None else _MODELS[category]


def details(account: Account, returned: Mapping[str, str]) -> Flow[PaymentBody]:
    """Asks what became of a payment, with what came back with the shopper."""
    asked = account.post("/v71/payments/details", json=_evidence(returned))
    return account.fetch(asked, PaymentBody)


def _evidence(returned: Mapping[str, str]) -> dict[str, Any]:
    """What came back, passed on under Adyen's own names; what the return URL had besides is the
    caller's."""
    for name, longest in {**_DETAILS, "paymentData": 200_000}.items():
        at_most(longest, f"returned.{name}", returned.get(name))
    known = (*_DETAILS, *(_OF_PAYPAL if "payerID" in returned else ()))
    details = {name: returned[name] for name in known if name in returned}
    if not details:
        names = ", ".join(_DETAILS)
        raise InvalidRequest(f"returned has none of what Adyen adds: {names}", field="returned")
    return {"details": details, "paymentData": returned.get("paymentData")}


def change(request: Change, account: Account, kind: str) -> Flow[ChangeBody]:
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
    request: Change, account: Account, kind: str, begun: PaymentStatus, told_as: str = "amount"
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
