"""Mandates: given with a bank account or on a page, charged, looked up, revoked, listed."""

from msgspec.structs import replace

from prism_core import (
    ChargeRecurringRequest,
    CompleteMandateRequest,
    DeletePaymentMethodRequest,
    Flow,
    GetMandateRequest,
    ListPaymentMethodsRequest,
    MalformedResponse,
    Mandate,
    MandateStatus,
    Payment,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    RedirectionData,
    RevokeMandateRequest,
    SetupRecurringRequest,
    StoredPaymentMethod,
    TokenizeRequest,
    expect_same,
    hookimpl,
    nullable,
)
from prism_core.connector.values import metadata_with_id, stored_payment_method, stored_result

from .account import GoCardlessAccount as Account
from .answers import MANDATES, asked_mandate, info_of, mandate_of
from .calls import cancelled, known
from .fields import agreed, mandate, offered, payment
from .pages import at_once, mandate_request, opened, page_of
from .payments import debit, payment_for
from .shapes import BankAccountBody, BillingRequestBody, FlowBody, MandateBody, MandatePage, Object


def on_page(request: SetupRecurringRequest) -> Object:
    """https://developer.gocardless.com/billing-requests/setting-up-a-dd-mandate; an amount is paid
    at once."""
    money, text = request.amount, request.description
    mine = metadata_with_id(request)
    its = {"merchant_transaction_id": request.merchant_mandate_id}
    scheme = offered(request.payment_method_types)
    return {
        "mandate_request": mandate_request(scheme, money, text, mine),
        "payment_request": payment(at_once(money, request.hosted), text, its) if money else None,
        "metadata": mine,
    }


def drop_in(flow: FlowBody, account: Account) -> RedirectionData:
    """https://developer.gocardless.com/integration-types/javascript-drop-in-flow"""
    environment = "live" if account.environment == "PRODUCTION" else "sandbox"
    values = {"billingRequestFlowID": flow.id, "environment": environment}
    return replace(page_of(flow), uri=None, sdk=values)


def stored(body: MandateBody, bank: BankAccountBody | None = None) -> StoredPaymentMethod:
    """A mandate that can be charged."""
    customer = nullable(body.links.customer)
    return stored_payment_method(info_of(body.scheme, bank), body.id, customer)


def asked_for(order: str | None, account: Account) -> Flow[Mandate]:
    """The mandate of a billing request; when it was given, a lookup says whether it is valid."""
    body = yield from known(BillingRequestBody, order, account)
    given = body.links.mandate_request_mandate
    if given is None:
        return asked_mandate(body)
    found = yield from known(MandateBody, given, account)
    asked = asked_mandate(body)
    return replace(
        mandate_of(found),
        merchant_mandate_id=asked.merchant_mandate_id,
        connector_order_id=body.id,
        connector_transaction_id=body.links.payment_request_payment,
        amount=asked.amount,
    )


class Recurring:
    """The operations on mandates, which are the stored payment methods, too."""

    @hookimpl
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """https://developer.gocardless.com/api-reference/#mandates-create-a-mandate; without a bank
        account https://developer.gocardless.com/billing-requests/setting-up-a-dd-mandate"""
        method, money = request.payment_method, request.amount
        if method is None:
            hosted = request.hosted
            body, flow = yield from opened(request, on_page(request), account)
            page = page_of(flow) if hosted else drop_in(flow, account)
            return replace(asked_mandate(body), redirection_data=page)
        mine = metadata_with_id(request)
        accepted = agreed(method, request.customer_acceptance)
        its = {"merchant_transaction_id": request.merchant_mandate_id}
        first = payment(money, request.description, its) if money else None
        given = mandate_of(*(yield from mandate(request, accepted, mine, account)))
        if first is None:
            return given
        expect_same("merchant_mandate_id", request.merchant_mandate_id, given.merchant_mandate_id)
        paid = yield from debit(first, given.connector_mandate_id, account)
        return replace(
            given,
            merchant_mandate_id=paid.merchant_transaction_id,
            connector_transaction_id=paid.connector_transaction_id,
            amount=paid.amount,
        )

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://developer.gocardless.com/api-reference/#mandates-get-a-single-mandate"""
        of = request.connector_mandate_id
        if of is None:
            return (yield from asked_for(request.connector_order_id, account))
        return mandate_of((yield from known(MandateBody, of, account)))

    @hookimpl
    def complete_mandate(self, request: CompleteMandateRequest, account: Account) -> Flow[Mandate]:
        """https://developer.gocardless.com/api-reference/#billing-requests-get-a-billing-request:
        the way back says nothing."""
        return (yield from asked_for(request.connector_order_id, account))

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://developer.gocardless.com/api-reference/#payments-create-a-payment"""
        return (yield from debit(payment_for(request), request.connector_mandate_id, account))

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """https://developer.gocardless.com/api-reference/#mandates-cancel-a-mandate"""
        of = request.connector_mandate_id
        return mandate_of((yield from cancelled(MandateBody, of, account)))

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """https://developer.gocardless.com/api-reference/#mandates-create-a-mandate: a bank account
        alone cannot be charged."""
        body, bank = yield from mandate(request, {}, request.metadata or None, account)
        return stored_result(stored(body, bank))

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://developer.gocardless.com/api-reference/#mandates-list-mandates"""
        of = request.connector_customer_id
        asked = account.get("/mandates", query={"customer": of})
        body = yield from account.fetch(asked, MandatePage)
        for one in body.mandates:
            expect_same("connector_customer_id", of, nullable(one.links.customer))
        can = [one for one in body.mandates if MANDATES.get(one.status) is MandateStatus.ACTIVE]
        return PaymentMethodList(
            payment_methods=tuple(map(stored, can)), is_complete=body.meta.cursors.after is None
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://developer.gocardless.com/api-reference/#mandates-cancel-a-mandate"""
        of = request.connector_payment_method_id
        ended = yield from cancelled(MandateBody, of, account)
        if MANDATES.get(ended.status) is not MandateStatus.REVOKED:
            raise MalformedResponse("the answer does not say that the mandate is cancelled")
        return PaymentMethodDeleted(connector_payment_method_id=ended.id)
