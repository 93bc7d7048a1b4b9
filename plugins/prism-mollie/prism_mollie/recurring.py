"""Mandates: given by a first payment or a bank account, charged, looked up, revoked."""

from datetime import UTC, datetime

from msgspec.structs import replace

from prism_core import (
    ChargeRecurringRequest,
    CompleteMandateRequest,
    Flow,
    GetMandateRequest,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    PaymentMethodType,
    Redirect,
    RevokeMandateRequest,
    SdkToken,
    Sepa,
    SetupRecurringRequest,
    expect_same,
    hookimpl,
    needs,
    nullable,
)

from .account import MollieAccount as Account
from .answers import asked_mandate, mandate_of, payment_of
from .customers import MANDATE, MANDATES
from .fields import address, common, language, lines
from .methods import REDIRECTS, offered
from .payments import PAYMENT, PAYMENTS
from .shapes import MandateBody, PaymentBody


def day(seconds: int | None) -> str | None:
    """A day, as Mollie writes it."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).date().isoformat()


def first_payment(request: SetupRecurringRequest) -> dict[str, object]:
    """https://docs.mollie.com/docs/recurring-payments#setting-up-the-first-payment"""
    method, money = request.payment_method, request.amount
    what: dict[str, object]
    if isinstance(method, SdkToken):
        what = {"method": "creditcard", "cardToken": method.token}
        money = money or Money(0, "EUR")  # nothing is charged, and Mollie wants a currency
    elif isinstance(method, Redirect):
        what = {"method": REDIRECTS[PaymentMethodType(method.payment_method_type)]}
    else:
        what = {"method": offered(request.payment_method_types)}
    needs("amount", money, "with a Redirect or a page")
    return {
        **common(request, money),
        **what,
        "sequenceType": "first",
        "redirectUrl": needs("return_url", request.return_url, "with a first payment"),
        "cancelUrl": request.cancel_url,
        "locale": language(request.locale),
        "billingAddress": address(request.billing_address),
    }


def mandate_after(body: PaymentBody, account: Account, asked_customer: str | None) -> Flow[Mandate]:
    """The mandate of a first payment: when that is paid, a lookup says if it is valid."""
    asked = asked_mandate(body)
    customer, known = asked.connector_customer_id, asked.connector_mandate_id
    if body.status != "paid" or not customer or not known:
        yield from ()
        return asked
    expect_same("connector_customer_id", asked_customer, customer)
    asked_for = account.get(MANDATE, customer, known)
    found = yield from account.fetch(asked_for, MandateBody, payment=body.id)
    return replace(
        mandate_of(found),
        merchant_mandate_id=asked.merchant_mandate_id,
        connector_transaction_id=body.id,
        amount=asked.amount,
    )


class Recurring:
    """The operations on mandates."""

    @hookimpl
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """https://docs.mollie.com/docs/recurring-payments; of a bank account directly:
        https://docs.mollie.com/reference/create-mandate"""
        if not isinstance(request.payment_method, Sepa):
            asked = account.post(PAYMENTS, json=first_payment(request))
            body = yield from account.fetch(asked, PaymentBody)
            return (yield from mandate_after(body, account, request.connector_customer_id))
        agreed = request.customer_acceptance
        order = {
            "method": "directdebit",
            "consumerName": request.payment_method.holder_name,
            "consumerAccount": request.payment_method.iban,
            "signatureDate": day(agreed.accepted_at) if agreed else None,
            "mandateReference": request.merchant_mandate_id,
        }
        asked = account.post(MANDATES, request.connector_customer_id, json=order)
        made = yield from account.fetch(asked, MandateBody)
        return replace(mandate_of(made), merchant_mandate_id=nullable(made.mandate_reference))

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://docs.mollie.com/reference/get-mandate"""
        known, customer = request.connector_mandate_id, request.connector_customer_id
        payment = request.connector_order_id or request.connector_transaction_id
        if known is None:
            body = yield from account.fetch(account.get(PAYMENT, payment), PaymentBody)
            return (yield from mandate_after(body, account, customer))
        needs("connector_customer_id", customer, "with connector_mandate_id")
        found = yield from account.fetch(account.get(MANDATE, customer, known), MandateBody)
        return mandate_of(found)

    @hookimpl
    def complete_mandate(self, request: CompleteMandateRequest, account: Account) -> Flow[Mandate]:
        """https://docs.mollie.com/reference/get-payment: the way back says nothing."""
        payment = request.connector_order_id or request.connector_transaction_id
        body = yield from account.fetch(account.get(PAYMENT, payment), PaymentBody)
        return (yield from mandate_after(body, account, None))

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://docs.mollie.com/docs/recurring-payments#charging-immediately-on-demand"""
        charge = {
            **common(request, request.amount),
            "sequenceType": "recurring",
            "mandateId": request.connector_mandate_id,
            "lines": lines(request.order_details),
        }
        asked = account.post(PAYMENTS, json=charge)
        return payment_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """https://docs.mollie.com/reference/revoke-mandate"""
        known = request.connector_mandate_id
        asked = account.delete(MANDATE, request.connector_customer_id, known, keyed=False)
        account.expect_empty((yield asked))
        return Mandate(status=MandateStatus.REVOKED, connector_mandate_id=known)
