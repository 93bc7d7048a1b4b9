"""Mandates: given on the shop's page with Razorpay's library, looked up, charged, revoked."""

from collections.abc import Mapping

from msgspec.structs import replace

from prism_core import (
    ChargeRecurringRequest,
    CompleteMandateRequest,
    Flow,
    GetMandateRequest,
    InvalidRequest,
    Mandate,
    MandateStatus,
    Payment,
    RevokeMandateRequest,
    SetupRecurringRequest,
    expect_same,
    hookimpl,
    needs,
    nullable,
)
from prism_core.connector.values import mandate_of_payment, metadata_with

from .account import RazorpayAccount as Account
from .answers import CHARGE, mandate_of, order_of, payment_of
from .customers import CUSTOMER, TOKEN
from .fields import order_for
from .pages import options, page_of
from .payments import ORDERS, PAYMENT, WITH_CARD, came_back, tries
from .shapes import CustomerBody, OrderBody, PaymentBody, TokenBody


def awaited(order: OrderBody) -> Mandate:
    """An order whose customer has given no permission yet."""
    return mandate_of_payment(order_of(order, []), MandateStatus.MANDATE_PENDING)


def found_token(customer: str | None, token: str, account: Account) -> Flow[TokenBody]:
    """https://razorpay.com/docs/api/payments/recurring-payments/cards/tokens#23-fetch-a-token-by-customer-id"""
    found = yield from account.fetch(account.get(TOKEN, customer, token), TokenBody)
    expect_same("connector_mandate_id", token, found.id)
    return found


def mandate_after(
    order: str | None, payment: str | None, returned: Mapping[str, str], account: Account
) -> Flow[Mandate]:
    """https://razorpay.com/docs/api/payments/recurring-payments/cards/tokens: the first
    payment names its token. Whether that can be charged, only a lookup says: a first payment by
    UPI may have failed, although the mandate was registered."""
    made, best = yield from came_back(order, payment, returned, account)
    open_ = awaited(made)
    paid = next((one for one in tries(made) if one.token_id), best)
    if paid is None or not paid.token_id or not paid.customer_id:
        return open_
    customer, known = str(paid.customer_id), str(paid.token_id)
    token = yield from found_token(customer, known, account)
    return replace(
        mandate_of(token),
        merchant_mandate_id=open_.merchant_mandate_id,
        connector_customer_id=customer,
        connector_order_id=made.id,
        connector_transaction_id=paid.id,
        amount=open_.amount,
    )


class Recurring:
    """The operations on mandates."""

    @hookimpl
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """https://razorpay.com/docs/api/payments/recurring-payments/cards/create-authorization-transaction:
        what may be charged, how often and until when is for the caller to say, in
        `connector_feature_data`: all of it is mandatory in a `token`."""
        if request.hosted:
            raise InvalidRequest("Razorpay's own page gives no mandate", field="hosted")
        money = needs("amount", request.amount, "for the first payment")
        order = {
            **order_for(money, request.merchant_mandate_id),
            "customer_id": request.connector_customer_id,
            "notes": request.metadata or None,
            "token": {},
        }
        page = {**options(request, account), "recurring": "true"}
        body = yield from account.fetch(account.post(ORDERS, json=order, keyed=False), OrderBody)
        return replace(awaited(body), redirection_data=page_of(body, page, hosted=False))

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://razorpay.com/docs/api/payments/recurring-payments/cards/tokens"""
        known, customer = request.connector_mandate_id, request.connector_customer_id
        payment, order = request.connector_transaction_id, request.connector_order_id
        if known is not None:
            needs("connector_customer_id", customer, "with connector_mandate_id")
            token = yield from found_token(customer, known, account)
            return replace(mandate_of(token), connector_customer_id=token.customer_id or customer)
        return (yield from mandate_after(order, payment, {}, account))

    @hookimpl
    def complete_mandate(self, request: CompleteMandateRequest, account: Account) -> Flow[Mandate]:
        """https://razorpay.com/docs/api/payments/recurring-payments/cards/create-authorization-transaction"""
        order, payment = request.connector_order_id, request.connector_transaction_id
        return (yield from mandate_after(order, payment, request.returned, account))

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://razorpay.com/docs/api/payments/recurring-payments/cards/create-subsequent-payments:
        an order first, which moves no money; then its payment, which wants the customer's email and
        phone; and a lookup, because the answer is an id alone."""
        customer, own_id = request.connector_customer_id, request.merchant_transaction_id
        notes = metadata_with(request.metadata, prism_charge=CHARGE)
        order = {**order_for(request.amount, own_id), "notes": notes}
        charge = {
            "amount": order["amount"],
            "currency": request.amount.currency,
            "customer_id": customer,
            "token": request.connector_mandate_id,
            "recurring": True,
            "description": request.description,
            "notes": notes,
        }
        who = yield from account.fetch(account.get(CUSTOMER, customer), CustomerBody)
        expect_same("connector_customer_id", customer, who.id)
        asked = account.post(ORDERS, json=order, changes=False)
        made = yield from account.fetch(asked, OrderBody)
        expect_same("merchant_transaction_id", own_id, made.receipt or None)
        charge |= {"order_id": made.id, "email": who.email, "contact": who.contact}
        asked = account.post("/v1/payments/create/recurring", json=charge, keyed=False)
        paid = yield from account.fetch(asked, str, member="razorpay_payment_id")
        asked = account.get(PAYMENT, paid, query=WITH_CARD)
        found = yield from account.fetch(asked, PaymentBody, payment=paid)
        expect_same("connector_order_id", made.id, found.order_id or None)
        return replace(payment_of(found, made), connector_mandate_id=nullable(found.token_id))

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """https://razorpay.com/docs/api/payments/recurring-payments/cards/tokens#24-delete-tokens.
        Of a token of UPI, that would leave the mandate at the customer's bank: it is cancelled
        there, and `token.cancelled` says when it is done:
        https://razorpay.com/docs/api/payments/recurring-payments/upi/tokens#24-cancel-token"""
        token, customer = request.connector_mandate_id, request.connector_customer_id
        found = yield from found_token(customer, token, account)
        if found.method == "upi":
            asked = account.put(TOKEN + "/cancel", customer, token, keyed=False)
            yield from account.fetch(asked, str, member="status")
            return Mandate(status=MandateStatus.MANDATE_PENDING, connector_mandate_id=found.id)
        asked = account.delete(TOKEN, customer, token, keyed=False)
        done = yield from account.fetch(asked, bool, member="deleted")
        status = MandateStatus.REVOKED if done else MandateStatus.MANDATE_REVOKE_FAILED
        return Mandate(status=status, connector_mandate_id=found.id)
