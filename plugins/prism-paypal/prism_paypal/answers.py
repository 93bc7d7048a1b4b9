"""What PayPal's answers mean in Prism's words: an order as a payment, and changes to it."""

from __future__ import annotations

from collections.abc import Iterable

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
from prism_paypal.shapes import (
    Amount,
    Link,
    Order,
    Part,
    Parts,
    PaymentSource,
    ProcessorResponse,
    PurchaseUnit,
)

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
_CHARGEABLE = PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE
_HELD = (PaymentStatus.AUTHORIZED, PaymentStatus.PARTIALLY_AUTHORIZED, _CHARGEABLE)
_TAKEN = ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED")
CAPTURED = ("CAPTURED", "PARTIALLY_CAPTURED")
"""The statuses of an authorization of which there is a capture."""
UNPAID = frozenset(_ORDER) - {"COMPLETED"}
"""The statuses of an order of which there may be no payment."""
NOT_TAKEN = ("DECLINED", "FAILED")
"""The statuses of a capture that took nothing, and will not."""


def payment(order: Order) -> Payment:
    """The payment that an order is."""
    unit, parts = unit_of(order), parts_of(order)
    held, taken = parts.authorizations or [], parts.captures or []
    back = [one.amount for one in parts.refunds or () if one.status == "COMPLETED"]
    status = _status(order, unit, held, taken)
    if parts.refunds and not taken:
        status = PaymentStatus.UNRESOLVED  # refunds are of captures, which are not told
    part = held[-1] if held else taken[-1] if taken else None
    checks = (part.processor_response if part else None) or ProcessorResponse()
    network = part.network_transaction_reference if part else None
    return Payment(
        status=status,
        connector_transaction_id=order.id,
        merchant_transaction_id=unit.custom_id,
        connector_customer_id=_customer(order.payment_source),
        amount=money_of(unit.amount) if unit.amount else None,
        authorized_amount=money_of(held[-1].amount) if held and status not in _FAILED else None,
        capturable_amount=_capturable(status, held, taken),
        captured_amount=_total(one.amount for one in taken if one.status in _TAKEN),
        refunded_amount=_total(back),
        redirection_data=redirection(order.links) if status is _PENDING else None,
        network_transaction_id=network.id if network else None,
        avs_code=_code(checks.avs_code),
        cvc_code=_code(checks.cvv_code),
        error=_denied(part) if part and status in _FAILED else None,
    )


def captured(order: Order, authorization: Part, made: Part) -> Payment:
    """The payment of an order after a capture, which the order as it was found may list already."""
    if made.status in NOT_TAKEN:
        failed = PaymentStatus.CAPTURE_FAILED
        return msgspec.structs.replace(payment(order), status=failed, error=_denied(made))
    parts = parts_of(order)
    parts.captures = [one for one in parts.captures or [] if one.id != made.id] + [made]
    is_all = left(authorization.amount, under_way(parts.captures)).minor_amount == 0
    authorization.status = "CAPTURED" if is_all or made.final_capture else "PARTIALLY_CAPTURED"
    return payment(order)


def voided(order: Order, authorization: Part, status: str) -> Payment:
    """The payment of an order whose authorization has another status now."""
    authorization.status = status
    return payment(order)


def unit_of(order: Order) -> PurchaseUnit:
    """What an order of this connector's is for: it has one purchase unit."""
    return order.purchase_units[0] if order.purchase_units else PurchaseUnit()


def parts_of(order: Order) -> Parts:
    """What was made of an order: authorizations, captures and refunds."""
    return unit_of(order).payments or Parts()


def _status(order: Order, unit: PurchaseUnit, held: list[Part], taken: list[Part]) -> PaymentStatus:
    status = _ORDER.get(order.status, PaymentStatus.UNRESOLVED)
    if order.status not in _ORDER or status is _PENDING:
        return status
    if held:
        status = _AUTHORIZATION.get(held[-1].status, PaymentStatus.UNRESOLVED)
    elif taken:
        known = _CAPTURE if order.intent == "CAPTURE" else {}
        status = known.get(taken[-1].status, PaymentStatus.UNRESOLVED)
    if any(one.status not in _CAPTURE for one in taken):
        return PaymentStatus.UNRESOLVED
    if status is PaymentStatus.AUTHORIZED and _is_less(held[-1:], unit):
        return PaymentStatus.PARTIALLY_AUTHORIZED
    return _after_captures(status, unit, taken)


def _after_captures(status: PaymentStatus, unit: PurchaseUnit, taken: list[Part]) -> PaymentStatus:
    """The status of a payment, in view of what was captured."""
    done = [one for one in taken if one.status in _TAKEN]
    if status in (PaymentStatus.VOIDED, PaymentStatus.EXPIRED) and done:
        return PaymentStatus.PARTIAL_CHARGED  # only the rest is given up
    if status in (PaymentStatus.CHARGED, _CHARGEABLE):
        if any(one.status == "PENDING" for one in taken):
            return PaymentStatus.CAPTURE_INITIATED
        if status is _CHARGEABLE and any(one.final_capture for one in taken):
            return PaymentStatus.PARTIAL_CHARGED
    if status is PaymentStatus.CHARGED and _is_less(done, unit):
        return PaymentStatus.PARTIAL_CHARGED
    return status


def _capturable(status: PaymentStatus, held: list[Part], taken: list[Part]) -> Money | None:
    """What is held and not captured yet; None where that cannot be told."""
    if status not in _HELD or (status is _CHARGEABLE and not taken):
        return None
    return left(held[-1].amount, under_way(taken))


def money_of(amount: Amount) -> Money:
    """An amount of PayPal's."""
    return Money.from_decimal(amount.value, amount.currency_code)


def _total(amounts: Iterable[Amount]) -> Money | None:
    """What several amounts are together."""
    monies = [money_of(amount) for amount in amounts]
    if not monies:
        return None
    if len({money.currency for money in monies}) > 1:
        raise MalformedResponse("the amounts of one order are in several currencies")
    return Money(sum(money.minor_amount for money in monies), monies[0].currency)


def left(whole: Amount, gone: Iterable[Amount]) -> Money:
    """What is left of an amount, once others are taken from it."""
    all_of_it, taken = money_of(whole), _total((*gone, Amount(whole.currency_code, "0")))
    assert taken is not None
    return Money(max(0, all_of_it.minor_amount - taken.minor_amount), all_of_it.currency)


def under_way(captures: Iterable[Part]) -> list[Amount]:
    """What captures took, or will."""
    return [one.amount for one in captures if one.status not in NOT_TAKEN]


def _is_less(parts: list[Part], unit: PurchaseUnit) -> bool:
    """Whether parts are less than what the order asks for; other money is the core's to see."""
    money = _total(one.amount for one in parts)
    whole = money_of(unit.amount) if unit.amount else None
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


def _denied(part: Part) -> ErrorDetails:
    """Why a payment that PayPal made a record of failed."""
    processor = part.processor_response or ProcessorResponse()
    reason = part.status_details.reason if part.status_details else None
    code = processor.response_code
    return ErrorDetails(
        unified=unified(of_processor(code, reason)),
        issuer=IssuerError(
            code=code, network=NetworkError(advice_code=processor.payment_advice_code)
        ),
        connector=ConnectorDetails(code=code or reason or part.status, reason=reason),
    )
