"""Payments: an intent is created and then confirmed, or paid on a page by Airwallex.js."""

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec.structs import replace

from prism_core import (
    AuthorizeRequest,
    CaptureRequest,
    Card,
    ChargeRecurringRequest,
    CompletePaymentRequest,
    CreateOrderRequest,
    Declined,
    Flow,
    FutureUsage,
    GetPaymentRequest,
    GetRefundRequest,
    GooglePay,
    InvalidRequest,
    MalformedResponse,
    Money,
    NotFound,
    Payment,
    PaymentMethodType,
    PrismError,
    Redirect,
    RedirectionData,
    Refund,
    RefundRequest,
    SdkToken,
    SetupRecurringRequest,
    Token,
    VoidRequest,
    codes_by_word,
    expect_currency,
    expect_same,
    hookimpl,
    needs,
    nullable,
)
from prism_core.connector.values import metadata_with, metadata_with_id

from .account import AirwallexAccount as Account
from .answers import payment_of, refund_of
from .fields import billing, capturing, card, device, number, payer, shipping
from .shapes import Intent, IntentPage, RefundBody

T = TypeVar("T")
INTENTS = "/api/v1/pa/payment_intents"
INTENT = "/api/v1/pa/payment_intents/{}"
REFUNDS = "/api/v1/pa/refunds"
# How little a payment counts beside others with the same id. A word that is not known counts most:
# there may be money behind it.
RANKS = codes_by_word(
    {
        1: "SUCCEEDED",
        2: "REQUIRES_CAPTURE",
        3: "PENDING PENDING_REVIEW",
        4: "REQUIRES_CUSTOMER_ACTION",
        5: "REQUIRES_PAYMENT_METHOD CANCELLED",
    }
)
BY_SHOP = {"next_triggered_by": "merchant", "merchant_trigger_reason": "unscheduled"}
BY_CUSTOMER = {"next_triggered_by": "customer"}


def basics(
    request: AuthorizeRequest | CreateOrderRequest | ChargeRecurringRequest | SetupRecurringRequest,
    own_id: str,
    **marks: str,
) -> dict[str, Any]:
    """https://www.airwallex.com/docs/api/payments/payment_intents: what every intent has."""
    amount = needs("amount", request.amount, "at Airwallex")
    return {
        "amount": number(amount),
        "currency": amount.currency,
        "merchant_order_id": own_id,
        "customer_id": request.connector_customer_id,
        "metadata": metadata_with(request.metadata, **marks),
    }


def opened(request: AuthorizeRequest | CreateOrderRequest, **marks: str) -> dict[str, Any]:
    """https://www.airwallex.com/docs/api/payments/payment_intents: what is paid, for whom."""
    return {
        **basics(request, request.merchant_transaction_id, **marks),
        "customer": payer(request.customer),
        "order": shipping(request.shipping_address),
        "return_url": request.return_url,
    }


def method_of(request: AuthorizeRequest) -> dict[str, Any]:
    """https://www.airwallex.com/docs/payments__native-api__guest-user-checkout: what is paid with,
    and whether it is captured at once."""
    method = request.payment_method
    if isinstance(method, Redirect):
        return {"payment_method": redirect(method, request)}
    later = {"payment_method_options": capturing(request.capture_method)}
    if isinstance(method, Token):
        return {"payment_method": {"id": method.token}, **later}
    if isinstance(method, SdkToken):
        # https://github.com/airwallex/airwallex-payment-demo/blob/master/docs/recurring.md
        needs("connector_customer_id", request.connector_customer_id, "with a payment consent")
        return {"payment_consent_id": method.token, **later}
    if isinstance(method, GooglePay):
        # https://www.airwallex.com/docs/payments/payment-methods/global/google-paytm/use-your-own-certificate
        wallet = {
            "payment_data_type": "encrypted_payment_token",
            "encrypted_payment_token": method.token,
            "billing": billing(request.billing_address),
        }
        return {"payment_method": {"type": "googlepay", "googlepay": wallet}, **later}
    assert isinstance(method, Card)
    return {
        "payment_method": card(method, request.billing_address),
        **later,
        **consent(request),
    }


def redirect(method: Redirect, request: AuthorizeRequest) -> dict[str, Any]:
    """https://www.airwallex.com/docs/payments/payment-methods/emea/ideal/desktopmobile-website-browser
    and https://www.airwallex.com/docs/payments/payment-methods/emea/bancontact/desktopmobile-website-browser"""
    if method.payment_method_type == PaymentMethodType.IDEAL:
        return {"type": "ideal", "ideal": {"bank_name": method.bank_name}}
    shopper = request.customer.name if request.customer else None
    return {"type": "bancontact", "bancontact": {"shopper_name": shopper}}


def consent(request: AuthorizeRequest) -> dict[str, Any]:
    """https://www.airwallex.com/docs/payments/online-payments/save-and-reuse-payment-details: who
    will start the payments to come."""
    usage = request.setup_future_usage
    if usage is None:
        return {}
    needs("connector_customer_id", request.connector_customer_id, "with setup_future_usage")
    return {"payment_consent": BY_SHOP if usage == FutureUsage.OFF_SESSION else BY_CUSTOMER}


def paid(
    opening: dict[str, Any], paying: dict[str, Any], read: Callable[[Intent], T], account: Account
) -> Flow[T]:
    """https://www.airwallex.com/docs/payments__native-api__guest-user-checkout: an intent, which
    moves no money, is created and confirmed. If the second request fails, or its answer cannot be
    read, the error names the intent."""
    asked = account.post(INTENTS + "/create", json=opening, changes=False, keyed=True)
    body = yield from account.fetch(asked, Intent)
    own, customer = nullable(body.merchant_order_id), nullable(body.customer_id)
    expect_same("merchant_transaction_id", opening["merchant_order_id"], own)
    expect_same("connector_customer_id", opening["customer_id"], customer)
    try:
        asked = account.post(INTENT + "/confirm", body.id, json=paying)
        confirmed = yield from account.fetch(asked, Intent)
        expect_same("connector_transaction_id", body.id, confirmed.id)
        return read(confirmed)
    except (Declined, PrismError) as error:
        error.connector_transaction_id = body.id
        raise


def looked_up(payment: str | None, account: Account) -> Flow[Intent]:
    """https://www.airwallex.com/docs/api/payments/payment_intents"""
    return (yield from account.fetch(account.get(INTENT, payment), Intent))


def by_own_id(own_id: str | None, account: Account) -> Flow[str]:
    """The list of https://www.airwallex.com/docs/api/payments/payment_intents: of several payments
    with the caller's id, the one that went furthest; of several of these, the newest."""
    asked = account.get(INTENTS, query={"merchant_order_id": own_id or ""})
    page = yield from account.fetch(asked, IntentPage)
    if page.has_more:
        raise MalformedResponse("the list of payments with that id is not whole")
    if not page.items:
        raise NotFound("Airwallex has no payment with that merchant_transaction_id")
    newest = sorted(page.items, key=lambda one: one.created_at or "", reverse=True)
    best = min(newest, key=lambda one: RANKS.get(one.status, 0))
    expect_same("merchant_transaction_id", own_id, nullable(best.merchant_order_id))
    return best.id


def expect_payment(payment: str, amount: Money | None, account: Account) -> Flow[None]:
    """A lookup before an amount is sent, which has no currency there."""
    if amount is not None:
        body = yield from looked_up(payment, account)
        expect_same("connector_transaction_id", payment, body.id)
        expect_currency(amount, Money.from_decimal(body.amount, body.currency))


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://www.airwallex.com/docs/payments__native-api__guest-user-checkout"""
        paying = {**method_of(request), "device_data": device(request.browser_info)}
        return (yield from paid(opened(request), paying, payment_of, account))

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: Account) -> Flow[Payment]:
        """https://www.airwallex.com/docs/payments/integration-options/web-checkout/embedded-elements/card-element/guest-user-checkout"""
        order = {
            **opened(request, prism_order="page"),
            "payment_method_options": capturing(request.capture_method),
        }
        if request.hosted:
            raise InvalidRequest(
                "Airwallex's page is opened by Airwallex.js in yours: give hosted=False",
                field="hosted",
            )
        asked = account.post(INTENTS + "/create", json=order)
        body = yield from account.fetch(asked, Intent)
        if not body.client_secret:
            error = MalformedResponse("the intent has no client_secret, without which no page is")
            error.connector_transaction_id = body.id
            raise error
        page = {
            "intent_id": body.id,
            "client_secret": body.client_secret,
            "currency": body.currency,
        }
        return replace(payment_of(body), redirection_data=RedirectionData(sdk=page))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """https://www.airwallex.com/docs/api/payments/payment_intents"""
        known = request.connector_order_id or request.connector_transaction_id
        if known is None:
            known = yield from by_own_id(request.merchant_transaction_id, account)
        return payment_of((yield from looked_up(known, account)))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: Account) -> Flow[Payment]:
        """https://www.airwallex.com/docs/api/payments/payment_intents: nothing is left to do once
        the customer is back; the intent says how it went."""
        known = request.connector_order_id or request.connector_transaction_id
        return payment_of((yield from looked_up(known, account)))

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
        """https://www.airwallex.com/docs/api/payments/payment_intents: once, for all
        of it or a part."""
        payment, part = request.connector_transaction_id, {"amount": number(request.amount)}
        yield from expect_payment(payment, request.amount, account)
        asked = account.post(INTENT + "/capture", payment, json=part)
        return payment_of((yield from account.fetch(asked, Intent)))

    @hookimpl
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
        """https://www.airwallex.com/docs/api/2024-04-30/payments/payment_intents"""
        why = {"cancellation_reason": request.reason}
        asked = account.post(INTENT + "/cancel", request.connector_transaction_id, json=why)
        return payment_of((yield from account.fetch(asked, Intent)))

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://www.airwallex.com/docs/api/2024-08-07/payments/refunds"""
        back = {
            "payment_intent_id": request.connector_transaction_id,
            "amount": number(request.amount),
            "reason": request.reason,
            "metadata": metadata_with_id(request),
        }
        yield from expect_payment(request.connector_transaction_id, request.amount, account)
        asked = account.post(REFUNDS + "/create", json=back)
        return refund_of((yield from account.fetch(asked, RefundBody)))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """https://www.airwallex.com/docs/api/2024-08-07/payments/refunds"""
        asked = account.get(REFUNDS + "/{}", request.connector_refund_id)
        return refund_of((yield from account.fetch(asked, RefundBody)))
