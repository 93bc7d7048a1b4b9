"""Payments: charged with a method, looked up, captured, released, refunded."""

from typing import Any

from msgspec import UnsetType
from msgspec.structs import replace

from prism_core import (
    ApplePay,
    AuthenticationData,
    AuthenticationType,
    AuthorizeRequest,
    CaptureRequest,
    Card,
    CompletePaymentRequest,
    Flow,
    FutureUsage,
    GetPaymentRequest,
    GetRefundRequest,
    GooglePay,
    InvalidRequest,
    MitCategory,
    Money,
    Payment,
    PaymentStatus,
    Redirect,
    Refund,
    RefundRequest,
    SdkToken,
    SetupRecurringRequest,
    Token,
    VoidRequest,
    expect_currency,
    expect_same,
    hookimpl,
    needs,
)
from prism_core.connector.values import metadata_with_id

from .account import Shift4Account as Account
from .answers import payment_of, refund_of, released, releasing
from .fields import shipping
from .methods import way
from .shapes import ChargeBody, RefundBody

CHARGES = "/charges"
CHARGE = "/charges/{}"
# https://dev.shift4.com/docs/api#charge-create, `type`
SERIES = {
    MitCategory.RECURRING_MIT: "subsequent_recurring",
    MitCategory.UNSCHEDULED_MIT: "merchant_initiated",
}


def series(category: MitCategory | str) -> str:
    """The type of a charge without the customer."""
    known = SERIES.get(MitCategory(category))
    if known is None:
        raise InvalidRequest(f"Shift4 has no word for {category}", field="mit_category")
    return known


def kind_of(request: AuthorizeRequest) -> str | None:
    """https://dev.shift4.com/docs/api#charge-create, `type`: who starts a charge of a card that is
    stored, or will be."""
    method = request.payment_method
    if not isinstance(method, Card | SdkToken | Token):
        return None
    if request.mit_category is not None:
        return series(request.mit_category)
    if request.off_session:
        return "merchant_initiated"
    if isinstance(method, Token):
        return "customer_initiated"
    if request.setup_future_usage is None:
        return None
    needs("connector_customer_id", request.connector_customer_id, "with setup_future_usage")
    later = request.setup_future_usage is FutureUsage.OFF_SESSION
    return "first_recurring" if later else "customer_initiated"


def external(data: AuthenticationData) -> dict[str, Any]:
    """https://dev.shift4.com/docs/api#charge-create, `threeDSecure.external`"""
    return {
        "version": data.message_version,
        "eci": data.eci,
        "authenticationValue": data.cavv,
        "dsTransactionId": data.ds_transaction_id,
        "acsTransactionId": data.acs_transaction_id,
        "status": data.trans_status,
    }


def secured(request: AuthorizeRequest | SetupRecurringRequest) -> dict[str, Any] | None:
    """https://dev.shift4.com/docs/api#charge-create, `threeDSecure`: what the library in the page
    must have done. The two are the modes "strict" and "disabled" of
    https://github.com/shift4developer/shift4-woocommerce"""
    if request.authentication_data is not None:
        return {"external": external(request.authentication_data)}
    if request.auth_type is None:
        return None
    asked = request.auth_type is AuthenticationType.THREE_DS
    return {"requireEnrolledCard": asked, "requireSuccessfulLiabilityShiftForEnrolledCard": asked}


def back_to(page: str | None) -> dict[str, str] | None:
    """https://dev.shift4.com/docs/api#charge-create, `flow`: a field of every charge."""
    return None if page is None else {"returnUrl": page}


def charge(request: AuthorizeRequest) -> dict[str, Any]:
    """https://dev.shift4.com/docs/api#charge-create"""
    method = request.payment_method
    wallet = isinstance(method, ApplePay | GooglePay | Redirect)
    return {
        "amount": request.amount.minor_amount,
        "currency": request.amount.currency,
        "description": request.description,
        "customerId": request.connector_customer_id,
        "captured": request.capture_method != "MANUAL",
        "type": kind_of(request),
        "threeDSecure": None if wallet else secured(request),
        "flow": back_to(request.return_url),
        "shipping": shipping(request.shipping_address),
        "metadata": metadata_with_id(request),
        **way(request),
    }


def looked_up(payment: str | None, account: Account) -> Flow[ChargeBody]:
    """https://dev.shift4.com/docs/api#charge-retrieve"""
    return (yield from account.fetch(account.get(CHARGE, payment), ChargeBody))


def before(payment: str, account: Account) -> Flow[ChargeBody]:
    """The charge that is to be changed."""
    body = yield from looked_up(payment, account)
    expect_same("connector_transaction_id", payment, body.id)
    return body


def voided(body: ChargeBody, own: str | None) -> Payment:
    """A charge after it was released; a refund that is pending has released nothing yet."""
    for one in body.refunds:
        found = one.marks.merchant_void_id
        if not isinstance(found, UnsetType):
            expect_same("merchant_void_id", own, found)
    status = PaymentStatus.UNRESOLVED
    if any(one.status == "pending" for one in body.refunds):
        status = PaymentStatus.VOID_INITIATED
    elif body.status == "successful" and body.refunded:
        status = PaymentStatus.VOIDED
    return replace(payment_of(body), status=status, captured_amount=None, refunded_amount=None)


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://dev.shift4.com/docs/api#charge-create"""
        asked = account.post(CHARGES, json=charge(request))
        return payment_of((yield from account.fetch(asked, ChargeBody)))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """https://dev.shift4.com/docs/api#charge-retrieve"""
        return payment_of((yield from looked_up(request.connector_transaction_id, account)))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: Account) -> Flow[Payment]:
        """https://dev.shift4.com/docs/api#charge-retrieve: the way back says nothing."""
        return payment_of((yield from looked_up(request.connector_transaction_id, account)))

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
        """https://dev.shift4.com/docs/api#charge-capture: all of it, there is no amount."""
        payment, amount = request.connector_transaction_id, request.amount
        if amount is not None:
            known = yield from before(payment, account)
            expect_currency(amount, Money(known.amount, known.currency))
            if amount.minor_amount != known.amount:
                raise InvalidRequest(
                    "Shift4 captures all of a charge: leave amount out, and refund the rest",
                    field="amount",
                )
        asked = account.post(CHARGE + "/capture", payment)
        return payment_of((yield from account.fetch(asked, ChargeBody)))

    @hookimpl
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
        """https://dev.shift4.com/docs/api#charge-refund: the refund of a charge that is not
        captured releases it. A captured one would be paid back, so it is looked up first."""
        own = request.merchant_void_id
        metadata = metadata_with_id(request, prism_void="yes")
        known = yield from before(request.connector_transaction_id, account)
        # By an earlier call, whose answer may have been lost.
        if released(known) or releasing(known):
            return payment_of(known)
        if known.captured:
            raise InvalidRequest(
                "the payment is captured: refund it", field="connector_transaction_id"
            )
        asked = account.post(CHARGE + "/refund", known.id, json={"metadata": metadata})
        return voided((yield from account.fetch(asked, ChargeBody)), own)

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://dev.shift4.com/docs/api#refund-create: a refund has no currency of its own, and
        would release a charge that is not captured."""
        payment, amount = request.connector_transaction_id, request.amount
        metadata = metadata_with_id(request)
        known = yield from before(payment, account)
        expect_currency(amount, Money(known.amount, known.currency))
        if not known.captured:
            raise InvalidRequest(
                "the payment is not captured: void it", field="connector_transaction_id"
            )
        back = {
            "chargeId": payment,
            "amount": None if amount is None else amount.minor_amount,
            "metadata": metadata,
        }
        asked = account.post("/refunds", json=back)
        return refund_of((yield from account.fetch(asked, RefundBody)))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """https://dev.shift4.com/docs/api#refund-retrieve"""
        asked = account.get("/refunds/{}", request.connector_refund_id)
        return refund_of((yield from account.fetch(asked, RefundBody)))
