"""What PayPal's answers mean in Prism's words: an order as a payment, and changes to it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import UNSET
from msgspec.structs import replace

from prism_core import (
    ConnectorDetails,
    Discrepancy,
    ErrorDetails,
    IssuerError,
    MalformedResponse,
    Money,
    NetworkError,
    Nullable,
    Payment,
    PaymentStatus,
    RedirectionData,
    UnifiedCode,
    expect_same,
    nullable,
    unified_error,
)
from prism_paypal.declines import APPROVALS, CODES
from prism_paypal.methods import WALLETS, told
from prism_paypal.shapes import Link, Made, Order, Part, ProcessorResponse, PurchaseUnit

_S = PaymentStatus
# https://developer.paypal.com/docs/api/orders/v2/#definition-order_status: COMPLETED says only
# that there is a payment, whose own status decides; so it is no status of a payment here.
_ORDER = {
    "CREATED": _S.PAYMENT_METHOD_AWAITED,
    "SAVED": _S.CONFIRMATION_AWAITED,
    "APPROVED": _S.CONFIRMATION_AWAITED,
    "PAYER_ACTION_REQUIRED": _S.AUTHENTICATION_PENDING,
    "VOIDED": _S.VOIDED,
    "COMPLETED": _S.UNRESOLVED,
}
# https://developer.paypal.com/docs/api/orders/v2/#definition-authorization_status; EXPIRED is of
# earlier revisions of that page.
_AUTHORIZATION = {
    "CREATED": _S.AUTHORIZED,
    "PENDING": _S.PENDING,
    "DENIED": _S.AUTHORIZATION_FAILED,
    "CAPTURED": _S.CHARGED,
    "PARTIALLY_CAPTURED": _S.PARTIAL_CHARGED_AND_CHARGEABLE,
    "VOIDED": _S.VOIDED,
    "EXPIRED": _S.EXPIRED,
}
_TAKEN = ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED")
# https://developer.paypal.com/docs/api/orders/v2/#definition-capture_status; a refund does not
# undo that the payment was made.
_CAPTURE = {
    **dict.fromkeys(_TAKEN, _S.CHARGED),
    "PENDING": _S.PENDING,
    "DECLINED": _S.AUTHORIZATION_FAILED,
    "FAILED": _S.FAILURE,
}
_CHARGEABLE = _S.PARTIAL_CHARGED_AND_CHARGEABLE
FAILED = (_S.AUTHORIZATION_FAILED, _S.FAILURE)
_HELD = (_S.AUTHORIZED, _S.PARTIALLY_AUTHORIZED, _CHARGEABLE)
PAID = (_S.CHARGED, _S.PARTIAL_CHARGED)
_PAYABLE = (_S.AUTHENTICATION_PENDING, _S.PAYMENT_METHOD_AWAITED)
_SUCCESS = (*_HELD, *PAID)


def payment(
    order: Order, captures: list[Part] | None = None, more: Iterable[Discrepancy] = ()
) -> Payment:
    """The payment that an order is, with the captures that it lists, or with these; `more` is what
    else differs from what was asked."""
    taken = order.listed("captures") if captures is None else captures
    held, refunds = order.held, order.listed("refunds")
    whole = total(order.purchase_units or ())
    status = _status(order, whole, held, taken)
    # Refunds are of captures, which must be told; of what failed or waits, none can be.
    is_untaken = status in (*FAILED, _S.AUTHENTICATION_PENDING)
    if (refunds and not taken) or (is_untaken and any(one.is_taken for one in taken)):
        status = _S.UNRESOLVED
    part = next(reversed(held or taken), None)
    checks = (part and part.processor_response) or ProcessorResponse()
    network = part.network_transaction_reference if part else None
    return Payment(
        status=status,
        connector_transaction_id=order.id,
        connector_order_id=order.id if order.is_page else None,
        merchant_transaction_id=nullable(_custom_id(order, part)),
        connector_customer_id=nullable(order.paid_with("attributes", "vault", "customer", "id")),
        connector_payment_method_id=nullable(order.paid_with("attributes", "vault", "id")),
        payment_method=told(*order.source),
        amount=whole,
        authorized_amount=total(held) if status not in FAILED else None,
        capturable_amount=_capturable(status, held, taken),
        captured_amount=total(one for one in taken if one.status in _TAKEN),
        refunded_amount=total(one for one in refunds if one.status == "COMPLETED"),
        redirection_data=redirection(order.links) if status in _PAYABLE else None,
        # Zeros alone are no id.
        network_transaction_id=network.id if network and (network.id or "").strip("0") else None,
        avs_code=_code(checks.avs_code),
        cvc_code=_code(checks.cvv_code),
        error=_error(order, part, status),
        discrepancies=(*more, *_more_than_one(order, taken, held)),
    )


def captured(order: Order, held: Part, made: Part, asked: Money, own_id: str | None) -> Payment:
    """The payment of an order after a capture of what is held, which the order as it was found may
    list already. What this capture alone took is compared here: the payment has the total."""
    more, took = otherwise(made, order, held, own_id), made.amount.money
    if not made.is_taken:
        return replace(payment(order, None, more), status=_S.CAPTURE_FAILED, error=_denied(made))
    captures = [one for one in order.listed("captures") if one.id != made.id] + [made]
    is_all = left(held.amount.money, captures).minor_amount == 0
    held.status = "CAPTURED" if is_all or made.final_capture else "PARTIALLY_CAPTURED"
    if took != asked:
        more.append(Discrepancy("amount", str(asked), str(took)))
    return payment(order, captures, more)


def otherwise(made: Made, order: Order, held: Part, own_id: str | None = None) -> list[Discrepancy]:
    """What the answer to a change of what is held says is null. Raises `MalformedResponse` where it
    is about another order, authorization or capture than asked."""
    found = []
    for field, asked, named in (
        ("connector_transaction_id", order.id, made.parent("checkout/orders") or UNSET),
        ("authorization", held.id, made.parent("authorizations") or UNSET),
        ("connector_transaction_id", order.id, made.ids.order_id),
        ("authorization", held.id, made.ids.authorization_id),
        ("merchant_capture_id", own_id, made.invoice_id),
    ):
        expect_same(field, asked, named or asked)
        if asked is not None and named is None:
            found.append(Discrepancy(field, asked, "null"))
    return found


def total(parts: Iterable[Part | PurchaseUnit]) -> Money | None:
    """The amounts of several parts together; None where there are none."""
    monies = [part.amount.money for part in parts if part.amount]
    if len({one.currency for one in monies}) > 1:
        raise MalformedResponse("the amounts of one order are in several currencies")
    return Money(sum(one.minor_amount for one in monies), monies[0].currency) if monies else None


def left(whole: Money, gone: Iterable[Part]) -> Money:
    """What is left of an amount once captures or refunds are taken from it, but those that failed.
    PayPal may let more be captured than was held: then nothing is."""
    taken = total(part for part in gone if part.is_taken) or Money(0, whole.currency)
    expect_same("currency", whole.currency, taken.currency)
    return Money(max(0, whole.minor_amount - taken.minor_amount), whole.currency)


def holds(whole: Money | None, amount: Money | None) -> bool:
    """Whether an amount is known to be the whole of another, or a part of it."""
    if whole is None or amount is None or whole.currency != amount.currency:
        return False
    return whole.minor_amount >= amount.minor_amount


def redirection(links: list[Link] | None) -> RedirectionData | None:
    """Where the payer goes to act: https://developer.paypal.com/api/orders-v2/expanded/3d-secure"""
    by_rel = {link.rel: link.href for link in links or ()}
    uris = (by_rel[rel] for rel in ("payer-action", "approve", "redirect") if rel in by_rel)
    uri = next(uris, None)
    return None if uri is None else RedirectionData(uri=uri)


def _is_less(parts: list[Part], whole: Money | None) -> bool:
    """Whether parts are less than what the order asks for; the core sees other money."""
    money = total(parts)
    return holds(whole, money) and money != whole


def _status(order: Order, whole: Money | None, held: list[Part], taken: list[Part]) -> _S:
    status = _ORDER.get(order.status, _S.UNRESOLVED)
    if order.status not in _ORDER:
        return status
    if status is _S.AUTHENTICATION_PENDING:
        is_open = order.is_page and order.source[0] in (None, *WALLETS)
        return _S.PAYMENT_METHOD_AWAITED if is_open else status
    if status is _S.CONFIRMATION_AWAITED and order.completes_itself:
        status = _S.PENDING
    if any(one.status not in _CAPTURE for one in taken):
        return _S.UNRESOLVED
    if held:
        status = _AUTHORIZATION.get(held[-1].status, _S.UNRESOLVED)
    elif taken and order.intent == "AUTHORIZE":
        return _S.UNRESOLVED
    elif taken:  # what one capture took is not undone by another one that failed
        statuses = [_CAPTURE[one.status] for one in taken]
        status = next((one for one in (_S.CHARGED, _S.PENDING) if one in statuses), statuses[-1])
    if status is _S.AUTHORIZED and _is_less(held, whole):
        return _S.PARTIALLY_AUTHORIZED
    return _after_captures(status, whole, taken)


def _after_captures(status: _S, whole: Money | None, taken: list[Part]) -> _S:
    """The status of a payment, in view of what was captured."""
    done = [one for one in taken if one.status in _TAKEN]
    if status in (_S.VOIDED, _S.EXPIRED) and done:
        return _S.PARTIAL_CHARGED  # only the rest is given up
    if status in (_S.CHARGED, _CHARGEABLE) and any(one.status == "PENDING" for one in taken):
        return _S.CAPTURE_INITIATED
    is_last = status is _CHARGEABLE and any(one.final_capture for one in taken)
    if is_last or (status is _S.CHARGED and _is_less(done, whole)):
        return _S.PARTIAL_CHARGED
    return status


def _capturable(status: _S, held: list[Part], taken: list[Part]) -> Money | None:
    """The amount held and not captured yet; None where that cannot be told."""
    whole = total(held)
    if status not in _HELD or whole is None or (status is _CHARGEABLE and not taken):
        return None
    return left(whole, taken)


def _more_than_one(order: Order, taken: list[Part], held: list[Part]) -> list[Discrepancy]:
    """What an order has more of than this connector makes: money that nobody asked for."""
    authorizations, given_up = order.listed("authorizations"), ("DENIED", "VOIDED", "EXPIRED")
    counts = {
        "purchase_units": len(order.purchase_units or ()),
        "authorizations": sum(one.status not in given_up for one in authorizations),
        "captures": 0 if held else sum(one.is_taken for one in taken),
    }
    return [Discrepancy(name, "1", str(count)) for name, count in counts.items() if count > 1]


def _custom_id(order: Order, part: Part | None) -> Nullable[str]:
    """The caller's own id of a payment, which a short answer tells with the part alone."""
    named = (unit.custom_id for unit in order.purchase_units or () if unit.custom_id is not UNSET)
    return next(named, part.custom_id if part else UNSET)


def _code(word: str | None) -> str | None:
    """The outcome of a check: a letter or digit, "Null" or "All others", and no sentence."""
    return word if word is not None and len(word) <= len("All others") else None


def _error(order: Order, part: Part | None, status: _S) -> ErrorDetails | None:
    """Why a payment failed; and what an answer says of a failure beside a payment that it says is
    made, which the core then tells."""
    if part is None or status not in (*FAILED, *_SUCCESS):
        return None
    said = order.details[0].issue if order.details else order.name
    if status in _SUCCESS and said is not None:
        return ErrorDetails(connector=ConnectorDetails(code=said))
    code = part.processor_response.response_code if part.processor_response else None
    return None if status in _SUCCESS and code in (None, *APPROVALS) else _denied(part)


def _denied(part: Part) -> ErrorDetails:
    """Why a payment that PayPal made a record of failed: the processor's code, else PayPal's."""
    said = part.processor_response or ProcessorResponse()
    reason = part.status_details.reason if part.status_details else None
    code = said.response_code
    why = CODES.get(code or "") or CODES.get(reason or "") or UnifiedCode.DECLINED
    return ErrorDetails(
        unified=unified_error(why),
        issuer=IssuerError(code=code, network=NetworkError(advice_code=said.payment_advice_code)),
        connector=ConnectorDetails(code=code or reason or part.status, reason=reason),
    )
