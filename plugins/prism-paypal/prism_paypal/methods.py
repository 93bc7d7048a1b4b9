"""Payment methods: cards kept at https://developer.paypal.com/docs/api/payment-tokens/v3/, whose
ids (payment tokens) pay as a `Token`."""

from __future__ import annotations

from prism_core import (
    DeletePaymentMethodRequest,
    Flow,
    HttpResponse,
    KeptCard,
    ListPaymentMethodsRequest,
    PaymentMethodDeleted,
    PaymentMethodKept,
    PaymentMethodList,
    Token,
    TokenizeRequest,
    Told,
    hookimpl,
    segment,
    told,
)
from prism_paypal.account import PayPalAccount
from prism_paypal.card import whole_card
from prism_paypal.lookups import insist
from prism_paypal.parts import customer_id, vault_id
from prism_paypal.shapes import (
    Customer,
    PaymentToken,
    PaymentTokens,
    SetupTokenId,
    VaultCard,
    VaultSource,
)

KEEPING = "-keeping"
"""What the key of the call that makes a payment token ends in."""

_PAGE = 50  # total_items of the collection counts no further


class Methods:
    """The operations on payment methods."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: PayPalAccount) -> Flow[PaymentMethodKept]:
        """https://developer.paypal.com/docs/checkout/save-payment-methods/purchase-later/payment-tokens-api/cards"""
        response = yield from keep(request, account)
        made = account.decode(response, PaymentToken)
        return PaymentMethodKept(
            connector_payment_method_id=made.id,
            connector_customer_id=told(_owner(made.customer)),
            card=_card(made),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: PayPalAccount
    ) -> Flow[PaymentMethodList]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#customer_payment-tokens_get;
        what is kept that is no card is left out."""
        customer = customer_id(request.connector_customer_id)
        query = {"customer_id": customer, "page_size": str(_PAGE), "total_required": "true"}
        response = yield from account.authorized(
            account.get("/v3/vault/payment-tokens", query=query)
        )
        found = account.decode(response, PaymentTokens)
        kept, links = found.payment_tokens, found.links or []
        owner = _owner(found.customer)
        for one in kept:
            insist("connector_customer_id", customer, _owner(one.customer) or None)
        cards = (_card(one, owner or None) for one in kept)
        return PaymentMethodList(
            payment_methods=tuple(card for card in cards if card is not None),
            connector_customer_id=told(owner),
            is_complete=(found.total_items or 0) <= len(kept)
            and not any(link.rel == "next" for link in links),
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: PayPalAccount
    ) -> Flow[PaymentMethodDeleted]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#payment-tokens_delete"""
        asked = request.connector_payment_method_id
        vault_id(Token(asked), "connector_payment_method_id")
        yield from forget(asked, account, request.idempotency_key)
        return PaymentMethodDeleted(connector_payment_method_id=asked)


def keep(request: TokenizeRequest, account: PayPalAccount) -> Flow[HttpResponse]:
    """Makes a setup token of a card, and a payment token of that; the answer of the call that
    came last."""
    key, customer = request.idempotency_key, request.connector_customer_id
    card = whole_card(request.payment_method, request.billing_address)
    owner = None if customer is None else {"id": customer_id(customer)}
    response = yield from account.authorized(
        account.post(
            "/v3/vault/setup-tokens",
            json={"payment_source": {"card": card}, "customer": owner},
            idempotency_key=key,
            changes=False,
        )
    )
    made = account.decode(response, SetupTokenId)
    insist("connector_customer_id", customer, _owner(made.customer) or None)
    token = {"id": made.id, "type": "SETUP_TOKEN"}
    return (
        yield from account.authorized(
            account.post(
                "/v3/vault/payment-tokens",
                json={"payment_source": {"token": token}},
                idempotency_key=None if key is None else f"{key}{KEEPING}",
            )
        )
    )


def forget(token: str, account: PayPalAccount, key: str | None) -> Flow[HttpResponse]:
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#payment-tokens_delete: a card that
    is not kept any more is a 204 without a body."""
    response = yield from account.authorized(
        account.delete(f"/v3/vault/payment-tokens/{segment(token)}", idempotency_key=key)
    )
    if response.error is None:
        account.expect_empty(response, 204)
    return response


def _owner(customer: Told[Customer]) -> Told[str]:
    """The id of a customer who may be null, or not told."""
    return customer.id if isinstance(customer, Customer) else customer


def _card(token: PaymentToken, owner: str | None = None) -> KeptCard | None:
    """The card of a payment token; None where it is of something else."""
    card = (token.payment_source or VaultSource()).card
    if card is None:
        return None
    year, month = _expiry(card)
    return KeptCard(
        connector_payment_method_id=token.id,
        connector_customer_id=_owner(token.customer) or owner,
        brand=card.brand,
        last_four=card.last_digits,
        exp_month=month,
        exp_year=year,
    )


def _expiry(card: VaultCard) -> tuple[int | None, int | None]:
    if card.expiry is None:
        return None, None
    year, _, month = card.expiry.partition("-")
    return int(year), int(month)
