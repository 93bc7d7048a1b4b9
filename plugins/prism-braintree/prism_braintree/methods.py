"""What is paid with: the id in place of card data, and what the vault stores."""

from typing import Any

from prism_core import (
    Ach,
    BankHolderType,
    Card,
    ClientToken,
    CreateClientTokenRequest,
    DeletePaymentMethodRequest,
    Flow,
    ListPaymentMethodsRequest,
    MalformedResponse,
    NetworkToken,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    Secret,
    SetupRecurringRequest,
    TokenizeRequest,
    TokenSource,
    expect_same,
    hookimpl,
    needs,
    needs_setting,
    nullable,
)
from prism_core.connector.values import split_name, stored_result

from . import documents
from .account import BraintreeAccount as Account
from .answers import stored
from .fields import address
from .shapes import MethodBody, Named, Owner, VaultPayload

METHOD_ID = "paymentMethodId"
ORIGINS = {TokenSource.APPLEPAY: "APPLE_PAY", TokenSource.GOOGLEPAY: "GOOGLE_PAY"}


def number(method: Card | NetworkToken) -> dict[str, Any]:
    """What both kinds of cards have."""
    month, year = f"{method.exp_month:02}", str(method.exp_year)
    return {"number": method.number, "expirationMonth": month, "expirationYear": year}


def card(method: Card) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/credit-card-input"""
    return {**number(method), "cvv": method.cvc, "cardholderName": method.holder_name}


def network_token(method: NetworkToken) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/network-token-input"""
    return {
        **number(method),
        "cryptogram": needs("payment_method", method.cryptogram, "with its cryptogram"),
        "eCommerceIndicator": method.eci,
        "originDetails": {
            "origin": ORIGINS[TokenSource(method.source)] if method.source else "NETWORK_TOKEN",
            "tokenRequestorId": method.token_requestor_id,
        },
    }


def bank_account(method: Ach, account: Account) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/us-bank-account-input"""
    mandate = needs_setting("ach_mandate", account.ach_mandate, "for Ach: customers agree to it")
    owner: dict[str, Any]
    if method.holder_type == BankHolderType.BUSINESS:
        owner = {"businessOwner": {"businessName": method.holder_name}}
    else:
        first, last = split_name(method.holder_name)
        needs("payment_method", last, "with the holder's first and last name")
        owner = {"individualOwner": {"firstName": first, "lastName": last}}
    return {
        **owner,
        "accountNumber": method.account_number,
        "routingNumber": method.routing_number,
        "accountType": method.account_type,
        "achMandate": mandate,
    }


def usable(method: object, account: Account) -> Flow[str | Secret]:
    """The id that pays: card data are exchanged for one that can be used once. It moves no money.
    https://developer.paypal.com/braintree/graphql/reference/mutations/tokenize-credit-card"""
    if isinstance(method, Card):
        document, data = documents.TOKENIZE_CARD, {"creditCard": card(method)}
    elif isinstance(method, NetworkToken):
        document = documents.TOKENIZE_NETWORK_TOKEN
        data = {"networkToken": network_token(method)}
    elif isinstance(method, Ach):
        document = documents.TOKENIZE_BANK_ACCOUNT
        data = {"usBankAccount": bank_account(method, account)}
    else:
        yield from ()
        found: str | Secret = method.token  # type: ignore[attr-defined]  # Token and SdkToken
        return found
    asked = account.mutation(document, {"input": data}, changes=False)
    return (yield from account.fetch(asked, Named, member="paymentMethod")).id


def vaulted(
    request: TokenizeRequest | SetupRecurringRequest, own_id: str | None, account: Account
) -> Flow[VaultPayload]:
    """https://developer.paypal.com/braintree/graphql/reference/mutations/vault-payment-method:
    Braintree verifies it first, honours no key here, and only repeats the caller's id. One that is
    declined raises by `errors.unverified`."""
    method, billing = request.payment_method, request.billing_address
    data: dict[str, Any] = {"clientMutationId": own_id, "customerId": request.connector_customer_id}
    document = documents.VAULT
    if isinstance(method, Ach):
        document = documents.VAULT_BANK_ACCOUNT
        data["verificationMethod"] = "NETWORK_CHECK"
    elif billing is not None:
        document, data["billingAddress"] = documents.VAULT_CARD, address(billing)
    data = {"paymentMethodId": (yield from usable(method, account)), **data}
    asked = account.mutation(document, {"input": data}, keyed=False)
    return (yield from account.fetch(asked, VaultPayload))


def kept(body: VaultPayload) -> MethodBody:
    """The payment method that is now stored."""
    if body.payment_method is None:
        raise MalformedResponse("the answer names no stored payment method, and says not why")
    return body.payment_method


class PaymentMethods:
    """The operations on stored payment methods."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/vault-payment-method"""
        own_id = request.merchant_payment_method_id
        answer = yield from vaulted(request, own_id, account)
        body = kept(answer)
        return stored_result(stored(body), nullable(answer.client_mutation_id))

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://developer.paypal.com/braintree/graphql/reference/types/payment-method-connection"""
        customer = request.connector_customer_id
        asked = account.query(documents.LIST_METHODS, {"id": customer})
        body = yield from account.fetch(asked, Owner)
        expect_same("connector_customer_id", customer, body.id)
        found = (one.node for one in body.payment_methods.edges)
        return PaymentMethodList(
            payment_methods=tuple(stored(one) for one in found if one.can_pay),
            is_complete=not body.payment_methods.page_info.has_next_page,
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/delete-payment-method-from-vault"""
        known = request.connector_payment_method_id
        yield from deleted(documents.DELETE_METHOD, METHOD_ID, known, account)
        return PaymentMethodDeleted(connector_payment_method_id=known)

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://developer.paypal.com/braintree/graphql/reference/types/client-token-input; the
        library in the page calls it `authorization`."""
        domains = None if request.domain_name is None else [request.domain_name]
        wanted = {"customerId": request.connector_customer_id, "domains": domains}
        data = {"input": {"clientToken": wanted}}
        asked = account.mutation(documents.CLIENT_TOKEN, data, changes=False)
        token = yield from account.fetch(asked, str, member="clientToken")
        return ClientToken(sdk={"authorization": token})


def deleted(document: str, field: str, known: str, account: Account) -> Flow[None]:
    """Deletes a stored payment method or a customer. The answer repeats its id."""
    data = {"input": {"clientMutationId": known, field: known}}
    asked = account.mutation(document, data, keyed=False)
    repeated = yield from account.fetch(asked, str, member="clientMutationId")
    expect_same("clientMutationId", known, repeated)
