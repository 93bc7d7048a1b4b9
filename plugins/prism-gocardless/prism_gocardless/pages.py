"""Billing requests: what a customer pays or agrees to on GoCardless's page."""

from prism_core import (
    Address,
    CreateOrderRequest,
    CustomerDetails,
    Flow,
    InvalidRequest,
    Money,
    RedirectionData,
    SetupRecurringRequest,
    single_value,
)
from prism_core.connector.values import unix_seconds

from .account import GoCardlessAccount as Account
from .calls import fetched, made
from .customers import names, place
from .shapes import BillingRequestBody, FlowBody, Object

# The currencies of instant payments, and the schemes of their mandates.
INSTANT = {"EUR": "sepa_core", "GBP": "bacs"}


def at_once(money: Money, hosted: bool) -> Money:
    """https://developer.gocardless.com/api-reference/#billing-requests-create-a-billing-request: an
    instant payment is in two currencies; and not in the library, by
    https://developer.gocardless.com/integration-types/javascript-drop-in-flow."""
    if not hosted:
        said = "GoCardless's library in the page has no instant payments: leave hosted out"
        raise InvalidRequest(said, field="hosted")
    if money.currency not in INSTANT:
        said = "GoCardless has instant payments in EUR and GBP alone: debit a bank account instead"
        raise InvalidRequest(said, field="amount")
    return money


def mandate_request(
    scheme: str | None, money: Money | None, description: str | None, metadata: Object
) -> Object:
    """https://developer.gocardless.com/api-reference/#billing-requests-create-a-billing-request:
    the customer chooses the scheme only of a mandate without a payment."""
    return {
        "scheme": scheme or (INSTANT.get(money.currency) if money else None),
        "currency": money.currency if money else None,
        "description": description,
        "metadata": metadata,
    }


def opened(
    request: CreateOrderRequest | SetupRecurringRequest, order: Object, account: Account
) -> Flow[tuple[BillingRequestBody, FlowBody]]:
    """https://developer.gocardless.com/api-reference/#billing-request-flows-create-a-billing-request-flow:
    a second flow is a second link to the same, so that it can be asked for again."""
    customer, who = request.connector_customer_id, request.customer or CustomerDetails()
    to = request.billing_address or Address()
    prefilled = {
        **names(who.name, to),
        "email": single_value("email", "customer", who.email, to.email),
        **place(to),
    }
    page: Object = {
        "prefilled_customer": prefilled if any(prefilled.values()) else None,
        "redirect_uri": request.return_url,
        "exit_uri": request.cancel_url,
        "language": request.locale[:2] if request.locale else None,
    }
    links = {"links": {"customer": customer}} if customer else {}
    body = yield from made(BillingRequestBody, {**order, **links}, account)
    flow = {FlowBody.name: {**page, "links": {"billing_request": body.id}}}
    asked = account.post(f"/{FlowBody.name}", json=flow, changes=False)
    return body, (yield from fetched(asked, FlowBody, account))


def page_of(flow: FlowBody) -> RedirectionData:
    """The hosted page."""
    return RedirectionData(uri=flow.authorisation_url, expires_at=unix_seconds(flow.expires_at))
