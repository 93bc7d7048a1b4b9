"""Payments: with what the page's form gave, or with a voucher; looked up, captured, cancelled."""

from prism_core import (
    AuthenticationType,
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    CompletePaymentRequest,
    Flow,
    GetPaymentRequest,
    GetRefundRequest,
    InvalidRequest,
    MalformedResponse,
    NotFound,
    Payment,
    PaymentMethodType,
    Redirect,
    Refund,
    RefundRequest,
    SdkToken,
    VoidRequest,
    expect_same,
    hookimpl,
    nullable,
)

from .account import MercadoPagoAccount as Account
from .answers import VOUCHERS, chosen, order_of, payment_of, refund_of
from .fields import FormData, additional, form_of, number, payer
from .shapes import PaymentBody, PaymentPage, PreferenceBody, RefundBody

PAYMENT = "/v1/payments/{}"
REFUNDS = "/v1/payments/{}/refunds"
# https://www.mercadopago.com/developers/en/docs/checkout-api-payments/how-tos/integrate-3ds
SECURE: dict[str | None, str] = {
    AuthenticationType.THREE_DS: "optional",
    AuthenticationType.NO_THREE_DS: "not_supported",
}
# https://www.mercadopago.com/developers/en/docs/checkout-api-payments/payment-management/cancellations-and-refunds/refund-pix
IN_PROCESS = {"X-Render-In-Process-Refunds": "true"}


def tries_of(reference: str | None, account: Account) -> Flow[list[PaymentBody]]:
    """https://www.mercadopago.com/developers/en/reference/payments/_payments_search/get: the
    payments of the last twelve months with the caller's id, the newest first. One that is paid may
    stand on a later page than the first."""
    if reference is None:
        yield from ()
        return []  # a search for none would find the payments of everybody
    query = {"sort": "date_created", "criteria": "desc", "external_reference": reference}
    asked = account.get("/v1/payments/search", query=query)
    found = yield from account.fetch(asked, PaymentPage)
    if found.paging.total != len(found.results):
        raise MalformedResponse("the list of payments with that id is not whole")
    for one in found.results:
        expect_same("merchant_transaction_id", reference, nullable(one.external_reference))
    return found.results


def looked_up(
    request: GetPaymentRequest | CompletePaymentRequest, account: Account
) -> Flow[Payment]:
    """By the payment's id, or by the order's."""
    order = request.connector_order_id
    if order is None:
        asked = account.get(PAYMENT, request.connector_transaction_id)
        return payment_of((yield from account.fetch(asked, PaymentBody)))
    body = yield from account.fetch(account.get("/checkout/preferences/{}", order), PreferenceBody)
    return order_of(body, (yield from tries_of(body.external_reference or None, account)))


class Payments:
    """The operations on payments and refunds."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://www.mercadopago.com/developers/en/reference/payments/_payments/post"""
        account.takes(request.amount)
        method = request.payment_method
        if isinstance(method, SdkToken):
            form = form_of(method)
        else:
            assert isinstance(method, Redirect)
            form = FormData(VOUCHERS[PaymentMethodType(method.payment_method_type)])
        held = request.capture_method is CaptureMethod.MANUAL
        if held and form.token is None:
            raise InvalidRequest("only a card can be captured later", field="capture_method")
        payment = {
            "transaction_amount": number(request.amount),
            "token": form.token,
            "payment_method_id": form.payment_method_id,
            "issuer_id": None if form.issuer_id is None else str(form.issuer_id),
            "installments": None if form.token is None else form.installments,
            "capture": False if held else None,
            "payer": payer(request, form, account),
            "external_reference": request.merchant_transaction_id,
            "description": request.description,
            "three_d_secure_mode": SECURE.get(request.auth_type),
            "callback_url": request.return_url,
            "notification_url": request.webhook_url,
            "additional_info": additional(request),
            "metadata": request.metadata,
        }
        asked = account.post("/v1/payments", json=payment)
        return payment_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """https://www.mercadopago.com/developers/en/reference/payments/_payments_id/get"""
        ids = (request.connector_order_id, request.connector_transaction_id)
        if ids != (None, None):
            return (yield from looked_up(request, account))
        newest = chosen((yield from tries_of(request.merchant_transaction_id, account)))
        if newest is None:
            raise NotFound(
                "Mercado Pago finds no payment with that merchant_transaction_id in the last "
                "twelve months"
            )
        return payment_of(newest)

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: Account) -> Flow[Payment]:
        """https://www.mercadopago.com/developers/en/reference/payments/_payments_id/get: the way
        back says nothing."""
        return (yield from looked_up(request, account))

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
        """https://www.mercadopago.com/developers/en/docs/checkout-api-payments/payment-management/capture-authorized-payment"""
        part = request.amount
        account.takes(part)
        captured = {"capture": True, "transaction_amount": part and number(part)}
        asked = account.put(PAYMENT, request.connector_transaction_id, json=captured)
        return payment_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
        """https://www.mercadopago.com/developers/en/docs/checkout-api-payments/payment-management/cancel-reserve"""
        payment = request.connector_transaction_id
        asked = account.put(PAYMENT, payment, json={"status": "cancelled"})
        return payment_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://www.mercadopago.com/developers/en/reference/chargebacks/_payments_id_refunds/post"""
        part = request.amount
        account.takes(part)
        payment = request.connector_transaction_id
        back = {"amount": part and number(part)}
        asked = account.post(REFUNDS, payment, json=back, headers=IN_PROCESS)
        return refund_of((yield from account.fetch(asked, RefundBody)), account.currency)

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """https://www.mercadopago.com/developers/en/reference/chargebacks/_payments_id_refunds_refund_id/get"""
        payment, refund = request.connector_transaction_id, request.connector_refund_id
        asked = account.get(REFUNDS + "/{}", payment, refund)
        asked.headers.update({name.lower(): value for name, value in IN_PROCESS.items()})
        return refund_of((yield from account.fetch(asked, RefundBody)), account.currency)
