"""The pages on which an order is paid: Razorpay's own, or the shop's with Razorpay's library."""

from collections.abc import Mapping

from prism_core import (
    CreateOrderRequest,
    InvalidRequest,
    RedirectionData,
    SetupRecurringRequest,
    needs,
    needs_setting,
)
from prism_core.connector import signatures
from prism_core.connector.values import without_nones
from prism_core.errors import EventRejected

from .account import API
from .account import RazorpayAccount as Account
from .shapes import OrderBody

HOSTED = API + "/v1/checkout/embedded"
RETURNED, SIGNATURE = "razorpay_payment_id", "razorpay_signature"
Options = dict[str, str | None]


def options(request: CreateOrderRequest | SetupRecurringRequest, account: Account) -> Options:
    """https://razorpay.com/docs/payments/payment-gateway/web-integration/standard/integration-steps
    and https://razorpay.com/docs/payments/payment-gateway/web-integration/hosted/integration-steps,
    "Checkout options"."""
    both = {
        "name": account.business_name,
        "description": request.description,
        "callback_url": request.return_url,
    }
    if not request.hosted:
        return {"key": account.key_id, "customer_id": request.connector_customer_id, **both}
    needs_setting("business_name", account.business_name, "for Razorpay's page")
    needs("return_url", request.return_url, "with Razorpay's page")
    return {"key_id": account.key_id, **both, "cancel_url": request.cancel_url}


def page_of(order: OrderBody, more: Options, *, hosted: bool) -> RedirectionData:
    """A form to post to Razorpay, or what the library is opened with."""
    of_order = {"order_id": order.id, "amount": str(order.amount), "currency": order.currency}
    fields = without_nones({**more, **of_order})
    return RedirectionData(uri=HOSTED, form=fields) if hosted else RedirectionData(sdk=fields)


def signed(order: str | None, payment: str, returned: Mapping[str, str], account: Account) -> None:
    """Raises `InvalidRequest` unless Razorpay has signed that this payment paid this order:
    https://razorpay.com/docs/payments/payment-gateway/web-integration/standard/integration-steps,
    "Verify payment signature". The order is the one that the shop knows, not the returned one."""
    given = signatures.from_hex(returned.get(SIGNATURE, ""))
    try:
        signatures.verify([account.key_secret], f"{order}|{payment}".encode(), [given])
    except EventRejected:
        raise InvalidRequest(
            "Razorpay has not signed this payment for this order", field="returned"
        ) from None
