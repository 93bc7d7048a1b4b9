"""What PayPal answers: the fields used, and what they mean in Prism's words."""

from __future__ import annotations

from typing import Annotated

import msgspec

from prism_core import (
    ConnectorDetails,
    ErrorDetails,
    IssuerError,
    MalformedResponse,
    Money,
    NetworkError,
    Payment,
    PaymentStatus,
    RedirectionData,
    unified,
)
from prism_paypal.declines import of_processor


class Customer(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-customer"""

    id: str
    merchant_customer_id: str | None = None


class SetupToken(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-setup_token_response"""

    customer: Customer


class Created(msgspec.Struct):
    """Of a new order, what it is called; the id becomes part of a path."""

    id: Annotated[str, msgspec.Meta(pattern=r"\A[A-Z0-9]{1,36}\Z")]


class Amount(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-money"""

    currency_code: str
    value: str


class ProcessorResponse(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-processor_response"""

    avs_code: str | None = None
    cvv_code: str | None = None
    response_code: str | None = None
    payment_advice_code: str | None = None


class StatusDetails(msgspec.Struct):
    """Why an authorization or capture has its status."""

    reason: str | None = None


class NetworkReference(msgspec.Struct):
    """What the card network calls the transaction."""

    id: str | None = None


class Part(msgspec.Struct):
    """An authorization or a capture of an order's payment."""

    status: str
    amount: Amount
    status_details: StatusDetails | None = None
    processor_response: ProcessorResponse | None = None
    network_transaction_reference: NetworkReference | None = None
    final_capture: bool | None = None


class Parts(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-payment_collection"""

    authorizations: list[Part] | None = None
    captures: list[Part] | None = None


class PurchaseUnit(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-purchase_unit"""

    amount: Amount | None = None
    custom_id: str | None = None
    payments: Parts | None = None


class Vault(msgspec.Struct):
    """What became of a card to save."""

    customer: Customer | None = None


class CardAttributes(msgspec.Struct):
    """Of a card, what belongs to its use."""

    vault: Vault | None = None


class CardSource(msgspec.Struct):
    """The card that paid."""

    attributes: CardAttributes | None = None


class PaymentSource(msgspec.Struct):
    """What paid."""

    card: CardSource | None = None


class Link(msgspec.Struct):
    """https://developer.paypal.com/api/rest/responses/#hateoas-links"""

    href: str
    rel: str


class Order(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-order"""

    id: str
    status: str
    intent: str | None = None
    purchase_units: list[PurchaseUnit] | None = None
    payment_source: PaymentSource | None = None
    links: list[Link] | None = None


# https://developer.paypal.com/docs/api/orders/v2/#definition-order_status: COMPLETED says only
# that there is a payment, whose own status decides; so it is no status of a payment here.
_ORDER = {
    "CREATED": PaymentStatus.PAYMENT_METHOD_AWAITED,
    "SAVED": PaymentStatus.CONFIRMATION_AWAITED,
    "APPROVED": PaymentStatus.CONFIRMATION_AWAITED,
    "PAYER_ACTION_REQUIRED": PaymentStatus.AUTHENTICATION_PENDING,
    "VOIDED": PaymentStatus.VOIDED,
    "COMPLETED": PaymentStatus.UNRESOLVED,
}
# https://developer.paypal.com/docs/api/orders/v2/#definition-authorization_status; EXPIRED is of
# earlier revisions of that page.
_AUTHORIZATION = {
    "CREATED": PaymentStatus.AUTHORIZED,
    "PENDING": PaymentStatus.PENDING,
    "DENIED": PaymentStatus.AUTHORIZATION_FAILED,
    "CAPTURED": PaymentStatus.CHARGED,
    "PARTIALLY_CAPTURED": PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE,
    "VOIDED": PaymentStatus.VOIDED,
    "EXPIRED": PaymentStatus.EXPIRED,
}
# https://developer.paypal.com/docs/api/orders/v2/#definition-capture_status; a refund does not
# undo that the payment was made.
_CAPTURE = {
    "COMPLETED": PaymentStatus.CHARGED,
    "PARTIALLY_REFUNDED": PaymentStatus.CHARGED,
    "REFUNDED": PaymentStatus.CHARGED,
    "PENDING": PaymentStatus.PENDING,
    "DECLINED": PaymentStatus.AUTHORIZATION_FAILED,
    "FAILED": PaymentStatus.FAILURE,
}
_PENDING = PaymentStatus.AUTHENTICATION_PENDING
_FAILED = (PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.FAILURE)
_HELD = (PaymentStatus.AUTHORIZED, PaymentStatus.PARTIALLY_AUTHORIZED)
_TAKEN = ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED")


def payment(order: Order) -> Payment:
    """The payment that an order is."""
    unit = order.purchase_units[0] if order.purchase_units else PurchaseUnit()
    parts = unit.payments or Parts()
    held, taken = parts.authorizations or [], parts.captures or []
    status = _status(order, unit, held, taken)
    part = held[-1] if held else taken[-1] if taken else None
    checks = (part.processor_response if part else None) or ProcessorResponse()
    network = part.network_transaction_reference if part else None
    return Payment(
        status=status,
        connector_transaction_id=order.id,
        merchant_transaction_id=unit.custom_id,
        connector_customer_id=_customer(order.payment_source),
        amount=_money(unit.amount),
        authorized_amount=_money(held[-1].amount) if held and status not in _FAILED else None,
        capturable_amount=_money(held[-1].amount) if held and status in _HELD else None,
        captured_amount=_captured(taken),
        redirection_data=redirection(order.links) if status is _PENDING else None,
        network_transaction_id=network.id if network else None,
        avs_code=_code(checks.avs_code),
        cvc_code=_code(checks.cvv_code),
        error=_denied(part, checks) if part and status in _FAILED else None,
    )


def _status(order: Order, unit: PurchaseUnit, held: list[Part], taken: list[Part]) -> PaymentStatus:
    status = _ORDER.get(order.status, PaymentStatus.UNRESOLVED)
    if order.status not in _ORDER or status is _PENDING:
        return status
    if held:
        status = _AUTHORIZATION.get(held[-1].status, PaymentStatus.UNRESOLVED)
    elif taken:
        known = _CAPTURE if order.intent == "CAPTURE" else {}
        status = known.get(taken[-1].status, PaymentStatus.UNRESOLVED)
    if status is PaymentStatus.AUTHORIZED and _is_less(_money(held[-1].amount), unit):
        return PaymentStatus.PARTIALLY_AUTHORIZED
    if status is PaymentStatus.CHARGED and any(one.status == "PENDING" for one in taken):
        return PaymentStatus.CAPTURE_INITIATED
    if status is PaymentStatus.CHARGED and _is_less(_captured(taken), unit):
        return PaymentStatus.PARTIAL_CHARGED
    if status is PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE and any(
        one.final_capture for one in taken
    ):
        return PaymentStatus.PARTIAL_CHARGED
    return status


def _money(amount: Amount | None) -> Money | None:
    return None if amount is None else Money.from_decimal(amount.value, amount.currency_code)


def _captured(captures: list[Part]) -> Money | None:
    """What was taken in all, refunds aside."""
    monies = [
        Money.from_decimal(one.amount.value, one.amount.currency_code)
        for one in captures
        if one.status in _TAKEN
    ]
    if not monies:
        return None
    if len({money.currency for money in monies}) > 1:
        raise MalformedResponse("the order's captures are in several currencies")
    return Money(sum(money.minor_amount for money in monies), monies[0].currency)


def _is_less(money: Money | None, unit: PurchaseUnit) -> bool:
    """Whether money is less than what the order asks for; another currency is the core's to see."""
    whole = _money(unit.amount)
    if money is None or whole is None or money.currency != whole.currency:
        return False
    return money.minor_amount < whole.minor_amount


def _code(word: str | None) -> str | None:
    """The outcome of a check: a letter or digit, "Null" or "All others", and no sentence."""
    return word if word is not None and len(word) <= len("All others") else None


def _customer(source: PaymentSource | None) -> str | None:
    """The customer to whom a card was saved; PayPal names none elsewhere."""
    attributes = source.card.attributes if source and source.card else None
    customer = attributes.vault.customer if attributes and attributes.vault else None
    return customer.id if customer else None


def redirection(links: list[Link] | None) -> RedirectionData | None:
    """Where the payer goes to act: https://developer.paypal.com/api/orders-v2/expanded/3d-secure"""
    by_rel = {link.rel: link.href for link in links or ()}
    uri = by_rel.get("payer-action") or by_rel.get("approve")
    return None if uri is None else RedirectionData(uri=uri)


def _denied(part: Part, processor: ProcessorResponse) -> ErrorDetails:
    """Why a payment that PayPal made a record of failed."""
    reason = part.status_details.reason if part.status_details else None
    code = processor.response_code
    return ErrorDetails(
        unified=unified(of_processor(code, reason)),
        issuer=IssuerError(
            code=code, network=NetworkError(advice_code=processor.payment_advice_code)
        ),
        connector=ConnectorDetails(code=code or reason or part.status, reason=reason),
    )
