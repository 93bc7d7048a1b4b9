"""What an answer of Mercado Pago means: payments, refunds, and orders on its page."""

from collections.abc import Sequence

from msgspec.structs import replace

from prism_core import (
    ConnectorDetails,
    ErrorDetails,
    Money,
    Payment,
    PaymentMethodInfo,
    PaymentMethodType,
    PaymentStatus,
    RedirectionData,
    Refund,
    RefundStatus,
    codes_by_word,
    decline_details,
    nullable,
)
from prism_core.connector.values import unix_seconds, without_nones

from .errors import DECLINES
from .shapes import CardPart, Challenge, PaymentBody, PreferenceBody, QrCode, RefundBody

CARDS = {"credit_card", "debit_card", "prepaid_card"}
# https://github.com/mercadopago/openapi#countries--site_id
VOUCHERS = {
    PaymentMethodType.PIX: "pix",
    PaymentMethodType.BOLETO: "bolbradesco",
    PaymentMethodType.OXXO: "oxxo",
    PaymentMethodType.EFECTY: "efecty",
    PaymentMethodType.PAGO_EFECTIVO: "pagoefectivo_atm",
    PaymentMethodType.RED_PAGOS: "redpagos",
}
TYPES = {name: kind for kind, name in VOUCHERS.items()}
# https://www.mercadopago.com/developers/en/docs/checkout-api-payments/response-handling/query-results
# A mediation or a chargeback is about a payment that was paid, and so is a refund.
STATUSES = codes_by_word(
    {
        PaymentStatus.PENDING: "pending in_process",
        PaymentStatus.AUTHORIZED: "authorized",
        PaymentStatus.CHARGED: "approved in_mediation refunded charged_back",
        PaymentStatus.AUTHORIZATION_FAILED: "rejected",
        PaymentStatus.VOIDED: "cancelled canceled",
    }
)
CUSTOMER_ACTS = {"pending_challenge", "pending_waiting_payment", "pending_waiting_transfer"}
FAILED = {PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.VOIDED, PaymentStatus.EXPIRED}
PAID = {PaymentStatus.AUTHORIZED, PaymentStatus.CHARGED}
# https://www.mercadopago.com/developers/en/reference/chargebacks/_payments_id_refunds/post
REFUNDS = {
    "approved": RefundStatus.REFUND_SUCCESS,
    "in_process": RefundStatus.REFUND_PENDING,
    "rejected": RefundStatus.REFUND_FAILURE,
}


def status_of(body: PaymentBody) -> PaymentStatus:
    """https://www.mercadopago.com/developers/en/docs/checkout-api-payments/response-handling/query-results"""
    status = STATUSES.get(body.status, PaymentStatus.UNRESOLVED)
    if body.status == "pending" and body.status_detail in CUSTOMER_ACTS:
        return PaymentStatus.AUTHENTICATION_PENDING
    if body.status == "approved" and body.captured is False:
        return PaymentStatus.UNRESOLVED  # paid and not captured: the two contradict each other
    if status is PaymentStatus.VOIDED and body.status_detail == "expired":
        return PaymentStatus.EXPIRED
    return status


def shown(body: PaymentBody) -> RedirectionData | None:
    """What the customer needs: the bank's challenge, with a form to post; or a voucher."""
    if status_of(body) is not PaymentStatus.AUTHENTICATION_PENDING:
        return None
    challenge = body.three_ds_info or Challenge()
    if challenge.external_resource_url and challenge.creq:
        return RedirectionData(uri=challenge.external_resource_url, form={"creq": challenge.creq})
    code = (body.point_of_interaction and body.point_of_interaction.transaction_data) or QrCode()
    page = body.transaction_details and body.transaction_details.external_resource_url
    codes = {"qr_code": code.qr_code, "qr_code_base64": code.qr_code_base64}
    return RedirectionData(
        uri=code.ticket_url or page or None,
        display=without_nones(codes) or None,
        expires_at=unix_seconds(body.date_of_expiration),
    )


def info_of(body: PaymentBody) -> PaymentMethodInfo:
    """What the answer tells about the payment method."""
    if body.payment_type_id not in CARDS:
        return PaymentMethodInfo(payment_method_type=TYPES.get(body.payment_method_id or ""))
    card = body.card or CardPart()
    return PaymentMethodInfo(
        payment_method_type=PaymentMethodType.CARD,
        brand=body.payment_method_id,
        last_four=card.last_four_digits,
        exp_month=card.expiration_month,
        exp_year=card.expiration_year,
        funding=body.payment_type_id,
    )


def is_try(body: PaymentBody) -> bool:
    """Whether it was paid, or was to be paid, on Mercado Pago's page, which offers another try."""
    return body.metadata is not None and body.metadata.prism_order is not None


def payment_of(body: PaymentBody) -> Payment:
    """https://www.mercadopago.com/developers/en/reference/payments/_payments_id/get"""
    status = status_of(body)
    amount = Money.from_decimal(body.transaction_amount, body.currency_id)
    back = body.transaction_amount_refunded
    taken = body.status == "charged_back" and body.status_detail == "settled"
    rejected = status is PaymentStatus.AUTHORIZATION_FAILED
    return Payment(
        status=PaymentStatus.PAYMENT_METHOD_AWAITED
        if is_try(body) and status in FAILED
        else status,
        connector_transaction_id=str(body.id),
        merchant_transaction_id=nullable(body.external_reference),
        payment_method=info_of(body),
        amount=amount,
        captured_amount=amount if status is PaymentStatus.CHARGED else None,
        refunded_amount=None if back is None else Money.from_decimal(back, body.currency_id),
        charged_back_amount=amount if taken else None,
        redirection_data=shown(body),
        error=decline_details(DECLINES, body.status_detail) if rejected else None,
    )


def chosen(tries: Sequence[PaymentBody]) -> PaymentBody | None:
    """Of the payments with one reference, the newest first: one that is paid, else one that can
    still be, else the newest."""
    return min(
        tries, key=lambda one: (status_of(one) in FAILED, status_of(one) not in PAID), default=None
    )


def refund_of(body: RefundBody, currency: str) -> Refund:
    """https://www.mercadopago.com/developers/en/reference/chargebacks/_payments_id_refunds/post:
    it names no currency, and the account has one."""
    failed = body.status == "rejected"
    why = ErrorDetails(connector=ConnectorDetails(code=body.status, message=body.reason))
    return Refund(
        status=REFUNDS.get(body.status, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=str(body.id),
        connector_transaction_id=str(body.payment_id),
        amount=Money.from_decimal(body.amount, currency),
        error=why if failed else None,
    )


def order_of(body: PreferenceBody, tries: Sequence[PaymentBody] = ()) -> Payment:
    """https://www.mercadopago.com/developers/en/reference/preferences/_checkout_preferences_id/get,
    and its payments. It is open until one of them is paid."""
    known = chosen(tries)
    if known is not None and status_of(known) not in FAILED:
        return replace(payment_of(known), connector_order_id=body.id)
    total, currency = body.total_amount, next((one.currency_id for one in body.items), None)
    return Payment(
        status=PaymentStatus.PAYMENT_METHOD_AWAITED,
        connector_order_id=body.id,
        connector_transaction_id=None if known is None else str(known.id),
        merchant_transaction_id=nullable(body.external_reference),
        amount=Money.from_decimal(total, currency) if total is not None and currency else None,
        redirection_data=RedirectionData(uri=body.init_point),
        error=None if known is None else payment_of(known).error,
    )
