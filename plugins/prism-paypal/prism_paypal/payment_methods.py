"""Payment methods that PayPal stores:
https://developer.paypal.com/docs/api/payment-tokens/v3/, whose ids (payment tokens) pay as a
`Token`."""

from __future__ import annotations

from prism_core import (
    ClientToken,
    CreateClientTokenRequest,
    DeletePaymentMethodRequest,
    Flow,
    ListPaymentMethodsRequest,
    MalformedResponse,
    Nullable,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    SdkToken,
    StoredPaymentMethod,
    TokenizeRequest,
    expect_same,
    hookimpl,
    nullable,
)
from prism_core.schema.secrets import reveal
from prism_paypal.account import PayPalAccount as Account
from prism_paypal.methods import Customer, facts
from prism_paypal.shapes import BrowserToken, PaymentToken, PaymentTokens
from prism_paypal.sources import whole_card


class PaymentMethods:
    """The operations on payment methods."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """https://developer.paypal.com/docs/checkout/save-payment-methods/purchase-later/payment-tokens-api/cards:
        a setup token of the card, or the one that the library in the page filled in, and a payment
        token of that"""
        asked, method = request.connector_customer_id, request.payment_method
        if isinstance(method, SdkToken):
            return _result((yield from stored_of(account, reveal(method.token))))
        body = {
            "payment_source": {"card": whole_card(method, request.billing_address)},
            "customer": {"id": asked} if asked else None,
        }
        setup = account.post("/v3/vault/setup-tokens", json=body, changes=False, keyed=True)
        made = yield from account.fetch(setup, PaymentToken)
        expect_same("connector_customer_id", asked, owner_of(made.customer) or asked)
        return _result((yield from stored_of(account, made.id)))

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#customer_payment-tokens_get;
        what is stored that cannot pay an order here is left out."""
        customer = request.connector_customer_id
        # total_items of the collection counts no further than 50
        query = {"customer_id": customer, "page_size": "50", "total_required": "true"}
        asked = account.get("/v3/vault/payment-tokens", query=query)
        found = yield from account.fetch(asked, PaymentTokens)
        stored, owner = found.payment_tokens, owner_of(found.customer)
        methods = (one_stored(token, owner or None) for token in stored)
        is_last = not any(link.rel == "next" for link in found.links or ())
        return PaymentMethodList(
            payment_methods=tuple(one for one in methods if one is not None),
            connector_customer_id=nullable(owner),
            is_complete=is_last and (found.total_items or 0) <= len(stored),
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#payment-tokens_delete"""
        yield from delete(request.connector_payment_method_id, account)
        return PaymentMethodDeleted(connector_payment_method_id=request.connector_payment_method_id)

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://developer.paypal.com/limited-release/client-auth-tokens: a token of an hour for
        those parts of the library that want one; the others need the client id alone, which is
        public: https://developer.paypal.com/sdk/js/save-with-purchase/paypal"""
        body = {"customer_id": request.connector_customer_id}
        asked = account.post("/v1/identity/generate-token", json=body, changes=False)
        made = yield from account.fetch(asked, BrowserToken)
        return ClientToken(sdk={"clientId": account.client_id, "clientToken": made.client_token})


def stored_of(account: Account, setup_id: str) -> Flow[PaymentToken]:
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#payment-tokens_create, of a setup
    token"""
    source = {"token": {"id": setup_id, "type": "SETUP_TOKEN"}}
    asked = account.post("/v3/vault/payment-tokens", json={"payment_source": source})
    made = yield from account.fetch(asked, PaymentToken)
    if made.status is not None:
        raise MalformedResponse("the answer is a setup token, which stores nothing yet")
    return made


def _result(token: PaymentToken) -> PaymentMethodStored:
    return PaymentMethodStored(
        connector_payment_method_id=token.id,
        connector_customer_id=nullable(owner_of(token.customer)),
        payment_method=one_stored(token),
    )


def delete(token: str, account: Account) -> Flow[None]:
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#payment-tokens_delete: a card that
    is not stored any more is a 204 without a body."""
    account.expect_empty((yield account.delete("/v3/vault/payment-tokens/{}", token)))


def owner_of(customer: Nullable[Customer]) -> Nullable[str]:
    """The id of a customer who may be null, or not told."""
    return customer.id if isinstance(customer, Customer) else customer


def one_stored(token: PaymentToken, owner: str | None = None) -> StoredPaymentMethod | None:
    """The method of a payment token; None where it is of a kind that cannot pay here."""
    kind, method = (token.payment_source and token.payment_source.given) or (None, None)
    if kind is None or method is None:
        return None
    return StoredPaymentMethod(
        connector_payment_method_id=token.id,
        connector_customer_id=owner_of(token.customer) or owner,
        **facts(kind, method),
    )
