"""What is sent in more than one operation: bank accounts, mandates, pages, metadata."""

from collections.abc import Mapping, Sequence

from prism_core import (
    Ach,
    AuthorizeRequest,
    Bacs,
    Becs,
    CustomerAcceptance,
    Flow,
    InvalidRequest,
    Money,
    PaymentMethodType,
    Sepa,
    SetupRecurringRequest,
    TokenizeRequest,
    expect_same,
    needs,
    nullable,
)

from .account import GoCardlessAccount as Account
from .calls import made
from .shapes import BankAccountBody, MandateBody, Object

Debit = Sepa | Ach | Bacs | Becs


def payment(
    money: Money, description: str | None, metadata: Object, reference: str | None = None
) -> Object:
    """https://developer.gocardless.com/api-reference/#payments-create-a-payment"""
    return {
        "amount": money.minor_amount,
        "currency": money.currency,
        "description": description,
        "reference": reference,
        "metadata": metadata,
    }


def account_of(method: Debit) -> tuple[str, Object]:
    """The scheme, and https://developer.gocardless.com/api-reference/#appendix-local-bank-details"""
    holder: Object = {"account_holder_name": method.holder_name}
    if isinstance(method, Sepa):
        return "sepa_core", {**holder, "iban": method.iban}
    holder["account_number"] = method.account_number
    if isinstance(method, Ach):
        kind = method.account_type.lower()
        local = {"country_code": "US", "bank_code": method.routing_number, "account_type": kind}
        return "ach", {**holder, **local}
    if isinstance(method, Bacs):
        return "bacs", {**holder, "country_code": "GB", "branch_code": method.sort_code}
    return "becs", {**holder, "country_code": "AU", "branch_code": method.bsb_number}


OFFERED = {"SEPA": "sepa_core", "ACH": "ach", "BACS": "bacs", "BECS": "becs"}


def offered(types: Sequence[PaymentMethodType | str] | None) -> str | None:
    """https://developer.gocardless.com/api-reference/#billing-requests-create-a-billing-request:
    the scheme of a mandate; without one, the customer chooses among the account's."""
    if types is None:
        return None
    if len(types) != 1 or types[0] not in OFFERED:
        raise InvalidRequest(
            "GoCardless's page offers SEPA, ACH, BACS or BECS alone, or all that the account has: "
            "name one of them, or none",
            field="payment_method_types",
        )
    return OFFERED[types[0]]


def agreed(method: object, acceptance: CustomerAcceptance | None) -> Object:
    """https://developer.gocardless.com/api-reference/#mandates-create-a-mandate: for ACH it needs
    the address from which the customer agreed, unless that was on paper."""
    if not isinstance(method, Ach):
        return {}
    if acceptance is not None and acceptance.acceptance_type == "OFFLINE":
        return {"authorisation_source": "paper"}
    address = acceptance.ip_address if acceptance else None
    address = needs("customer_acceptance", address, "with an Ach, for its ip_address")
    return {"authorisation_source": "web", "payer_ip_address": address}


def mandate(
    request: AuthorizeRequest | SetupRecurringRequest | TokenizeRequest,
    accepted: Object,
    metadata: Mapping[str, str] | None,
    account: Account,
) -> Flow[tuple[MandateBody, BankAccountBody]]:
    """https://developer.gocardless.com/api-reference/#mandates-create-a-mandate, of a new bank
    account. The same account cannot be added twice, and the error names the one that exists."""
    assert isinstance(request.payment_method, Debit)
    scheme, details = account_of(request.payment_method)
    of = needs("connector_customer_id", request.connector_customer_id, "with a bank account")
    details["links"] = {"customer": of}
    bank = yield from made(BankAccountBody, details, account, again="bank_account_exists")
    expect_same("connector_customer_id", of, nullable(bank.links.customer))
    order = {
        "scheme": scheme,
        **accepted,
        "metadata": metadata,
        "links": {"customer_bank_account": bank.id},
    }
    body = yield from made(MandateBody, order, account)
    expect_same("connector_customer_id", of, nullable(body.links.customer))
    return body, bank
