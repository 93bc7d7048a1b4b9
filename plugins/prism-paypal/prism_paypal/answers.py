"""What PayPal's answers mean in Prism's words: an order as a payment, and changes to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from prism_core import (
    ConnectorDetails,
    Discrepancy,
    ErrorDetails,
    IssuerError,
    Money,
    NetworkError,
    Payment,
    PaymentStatus,
    RedirectionData,
    Told,
    told,
    unified_error,
)
from prism_paypal.amounts import NOT_TAKEN, is_less, left, money_of, total, under_way
from prism_paypal.declines import APPROVALS, of_processor
from prism_paypal.shapes import (
    Link,
    Order,
    Part,
    PaymentSource,
    ProcessorResponse,
    RefundBody,
)

_UNRESOLVED = PaymentStatus.UNRESOLVED
# https://developer.paypal.com/docs/api/orders/v2/#definition-order_status: COMPLETED says only
# that there is a payment, whose own status decides; so it is no status of a payment here.
_ORDER = {
    "CREATED": PaymentStatus.PAYMENT_METHOD_AWAITED,
    "SAVED": PaymentStatus.CONFIRMATION_AWAITED,
    "APPROVED": PaymentStatus.CONFIRMATION_AWAITED,
    "PAYER_ACTION_REQUIRED": PaymentStatus.AUTHENTICATION_PENDING,
    "VOIDED": PaymentStatus.VOIDED,
    "COMPLETED": _UNRESOLVED,
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
_SUCCESS = (*_HELD, PaymentStatus.CHARGED, PaymentStatus.PARTIAL_CHARGED)
_LIVE = ("CREATED", "PENDING", "CAPTURED", "PARTIALLY_CAPTURED")
_GIVEN_UP = ("DENIED", "VOIDED", "EXPIRED")
_TAKEN = ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED")
CAPTURED = ("CAPTURED", "PARTIALLY_CAPTURED")
"""The statuses of an authorization of which there is a capture."""
UNPAID = frozenset(_ORDER) - {"COMPLETED"}
"""The statuses of an order of which there may be no payment."""


class Made(NamedTuple):
    """What was made of an order, in all of its purchase units."""

    authorizations: list[Part]
    captures: list[Part]
    refunds: list[RefundBody]


def payment(order: Order) -> Payment:
    """The payment that an order is."""
    return _payment(order, parts_of(order))


def _payment(order: Order, made: Made) -> Payment:
    held, taken = live(made.authorizations), made.captures
    back = [one.amount for one in made.refunds if one.status == "COMPLETED"]
    whole = total(unit.amount for unit in order.purchase_units or () if unit.amount)
    status = _status(order, whole, held, taken)
    if made.refunds and not taken:
        status = _UNRESOLVED  # refunds are of captures, which are not told
    if status in (*_FAILED, _PENDING) and under_way(taken):
        status = _UNRESOLVED  # nothing is taken of what failed, or waits for the payer
    part = held[-1] if held else taken[-1] if taken else None
    checks = (part.processor_response if part else None) or ProcessorResponse()
    network = part.network_transaction_reference if part else None
    card_kept = _card_kept(order.payment_source)
    customer = _told_in(card_kept, "customer")
    return Payment(
        status=status,
        connector_transaction_id=order.id,
        merchant_transaction_id=told(_custom_id(order, part)),
        connector_customer_id=told(_told_in(customer, "id")),
        connector_payment_method_id=told(_told_in(card_kept, "id")),
        amount=whole,
        authorized_amount=total(one.amount for one in held) if status not in _FAILED else None,
        capturable_amount=_capturable(status, held, taken),
        captured_amount=total(one.amount for one in taken if one.status in _TAKEN),
        refunded_amount=total(back),
        redirection_data=redirection(order.links) if status is _PENDING else None,
        network_transaction_id=_network_id(network.id if network else None),
        avs_code=_code(checks.avs_code),
        cvc_code=_code(checks.cvv_code),
        error=_error(order, part, status),
        discrepancies=tuple(_more_than_one(order, made, held)),
    )


def captured(order: Order, authorization: Part, made: Part, asked: Money) -> Payment:
    """The payment of an order after a capture, which the order as it was found may list already.
    What this capture alone took is compared here: the payment has the total of all."""
    if made.status in NOT_TAKEN:
        failed = PaymentStatus.CAPTURE_FAILED
        return msgspec.structs.replace(payment(order), status=failed, error=_denied(made))
    parts = parts_of(order)
    captures = [one for one in parts.captures if one.id != made.id] + [made]
    is_all = left(money_of(authorization.amount), under_way(captures)).minor_amount == 0
    authorization.status = "CAPTURED" if is_all or made.final_capture else "PARTIALLY_CAPTURED"
    after, took = _payment(order, parts._replace(captures=captures)), money_of(made.amount)
    return (
        after if took == asked else telling(after, [Discrepancy("amount", str(asked), str(took))])
    )


def telling(found: Payment, more: Iterable[Discrepancy]) -> Payment:
    """The payment with more discrepancies."""
    return msgspec.structs.replace(found, discrepancies=(*found.discrepancies, *more))


def voided(order: Order, authorization: Part, status: str) -> Payment:
    """The payment of an order whose authorization has another status now."""
    authorization.status = status
    return payment(order)


def parts_of(order: Order) -> Made:
    """What was made of an order: authorizations, captures and refunds. An order of this
    connector's has one purchase unit; what another one holds is money, too."""
    parts = [unit.payments for unit in order.purchase_units or () if unit.payments]
    return Made(
        [one for part in parts for one in part.authorizations or ()],
        [one for part in parts for one in part.captures or ()],
        [one for part in parts for one in part.refunds or ()],
    )


def live(authorizations: list[Part]) -> list[Part]:
    """The authorizations that hold money, or did until it was captured; the last one, where there
    are none of these."""
    return [one for one in authorizations if one.status in _LIVE] or authorizations[-1:]


def _status(
    order: Order, whole: Money | None, held: list[Part], taken: list[Part]
) -> PaymentStatus:
    status = _ORDER.get(order.status, _UNRESOLVED)
    if order.status not in _ORDER or status is _PENDING:
        return status
    if any(one.status not in _CAPTURE for one in taken):
        return _UNRESOLVED
    if held:
        status = _AUTHORIZATION.get(held[-1].status, _UNRESOLVED)
    elif taken:
        status = _charged_at_once(taken) if order.intent != "AUTHORIZE" else _UNRESOLVED
    if status is PaymentStatus.AUTHORIZED and is_less(held, whole):
        return PaymentStatus.PARTIALLY_AUTHORIZED
    return _after_captures(status, whole, taken)


def _charged_at_once(taken: list[Part]) -> PaymentStatus:
    """The status of captures without an authorization: what one of them took is not undone by
    another one that failed."""
    statuses = [_CAPTURE[one.status] for one in taken]
    for status in (PaymentStatus.CHARGED, PaymentStatus.PENDING):
        if status in statuses:
            return status
    return statuses[-1]


def _after_captures(status: PaymentStatus, whole: Money | None, taken: list[Part]) -> PaymentStatus:
    """The status of a payment, in view of what was captured."""
    done = [one for one in taken if one.status in _TAKEN]
    if status in (PaymentStatus.VOIDED, PaymentStatus.EXPIRED) and done:
        return PaymentStatus.PARTIAL_CHARGED  # only the rest is given up
    if status in (PaymentStatus.CHARGED, _CHARGEABLE):
        if any(one.status == "PENDING" for one in taken):
            return PaymentStatus.CAPTURE_INITIATED
        if status is _CHARGEABLE and any(one.final_capture for one in taken):
            return PaymentStatus.PARTIAL_CHARGED
    if status is PaymentStatus.CHARGED and is_less(done, whole):
        return PaymentStatus.PARTIAL_CHARGED
    return status


def _capturable(status: PaymentStatus, held: list[Part], taken: list[Part]) -> Money | None:
    """What is held and not captured yet; None where that cannot be told."""
    whole = total(one.amount for one in held)
    if status not in _HELD or whole is None or (status is _CHARGEABLE and not taken):
        return None
    return left(whole, under_way(taken))


def _more_than_one(order: Order, made: Made, held: list[Part]) -> Iterator[Discrepancy]:
    """What an order has more of than this connector makes: money that nobody asked for."""
    at_once = [one for one in made.captures if one.status not in NOT_TAKEN] if not held else []
    for name, found in (
        ("purchase_units", order.purchase_units or ()),
        ("authorizations", [one for one in made.authorizations if one.status not in _GIVEN_UP]),
        ("captures", at_once),
    ):
        if len(found) > 1:
            yield Discrepancy(name, "1", str(len(found)))


def _custom_id(order: Order, part: Part | None) -> Told[str]:
    """The caller's own id of a payment, which a short answer tells with the part alone."""
    for unit in order.purchase_units or ():
        if unit.custom_id is not UNSET:
            return unit.custom_id
    return part.custom_id if part else UNSET


def _network_id(given: str | None) -> str | None:
    """What the card network calls the payment; nothing but zeros is no name."""
    return given if given is not None and given.strip("0") else None


def _code(word: str | None) -> str | None:
    """The outcome of a check: a letter or digit, "Null" or "All others", and no sentence."""
    return word if word is not None and len(word) <= len("All others") else None


def _card_kept(source: PaymentSource | None) -> Any:
    """The saved card that paid, or that was saved by paying with it; PayPal names none elsewhere.
    What is null on the way there is null itself."""
    card = source.card if source else None
    return UNSET if card is None else _told_in(card.attributes, "vault")


def _told_in(value: Any, name: str) -> Any:
    """A field of a value that may be null, or not told."""
    return value if value is None or value is UNSET else getattr(value, name)


def redirection(links: list[Link] | None) -> RedirectionData | None:
    """Where the payer goes to act: https://developer.paypal.com/api/orders-v2/expanded/3d-secure"""
    by_rel = {link.rel: link.href for link in links or ()}
    uri = by_rel.get("payer-action") or by_rel.get("approve")
    return None if uri is None else RedirectionData(uri=uri)


def _error(order: Order, part: Part | None, status: PaymentStatus) -> ErrorDetails | None:
    """Why a payment failed; and what an answer says of a failure beside a payment that it says is
    made, which the core then tells."""
    if part is None:
        return None
    if status in _FAILED:
        return _denied(part)
    if status not in _SUCCESS:
        return None
    if order.name is not None or order.details:
        issue = order.details[0].issue if order.details else None
        return ErrorDetails(connector=ConnectorDetails(code=issue or order.name))
    code = part.processor_response.response_code if part.processor_response else None
    return None if code is None or code in APPROVALS else _denied(part)


def _denied(part: Part) -> ErrorDetails:
    """Why a payment that PayPal made a record of failed."""
    processor = part.processor_response or ProcessorResponse()
    reason = part.status_details.reason if part.status_details else None
    code = processor.response_code
    return ErrorDetails(
        unified=unified_error(of_processor(code, reason)),
        issuer=IssuerError(
            code=code, network=NetworkError(advice_code=processor.payment_advice_code)
        ),
        connector=ConnectorDetails(code=code or reason or part.status, reason=reason),
    )
