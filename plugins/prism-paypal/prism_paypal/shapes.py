"""What PayPal answers: of each object, the fields used."""

from __future__ import annotations

from typing import Annotated

import msgspec

Id = Annotated[str, msgspec.Meta(pattern=r"\A[A-Z0-9]{1,36}\Z")]
"""An id that becomes part of a path."""


class Link(msgspec.Struct):
    """https://developer.paypal.com/api/rest/responses/#hateoas-links"""

    href: str
    rel: str


class Customer(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-customer"""

    id: str
    merchant_customer_id: str | None = None


class SetupToken(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-setup_token_response"""

    customer: Customer


class SetupTokenId(msgspec.Struct):
    """Of a setup token, what makes a payment token of it."""

    id: str
    links: list[Link] | None = None


class VaultCard(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-card_response"""

    brand: str | None = None
    last_digits: str | None = None
    expiry: Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{4}-(0[1-9]|1[0-2])\Z")] | None = None


class VaultSource(msgspec.Struct):
    """What is kept; another thing than a card is no concern of this connector's."""

    card: VaultCard | None = None


class PaymentToken(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-payment_token_response"""

    id: str
    customer: Customer | None = None
    payment_source: VaultSource | None = None


class PaymentTokens(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#customer_payment-tokens_get"""

    payment_tokens: list[PaymentToken]
    customer: Customer | None = None
    total_items: int | None = None
    links: list[Link] | None = None


class Verification(msgspec.Struct):
    """https://developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post"""

    verification_status: str


class Created(msgspec.Struct):
    """Of a new order, what it is called."""

    id: Id


class Amount(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-money"""

    currency_code: str
    value: str


class ProcessorResponse(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-processor_response"""

    avs_code: str | None = None
    cvv_code: str | None = None
    response_code: str | None = None
    payment_advice_code: str | None = None


class StatusDetails(msgspec.Struct):
    """Why an authorization, a capture or a refund has its status."""

    reason: str | None = None


class NetworkReference(msgspec.Struct):
    """What the card network calls the transaction."""

    id: str | None = None


class Part(msgspec.Struct):
    """An authorization or a capture of an order's payment."""

    id: Id
    status: str
    amount: Amount
    status_details: StatusDetails | None = None
    processor_response: ProcessorResponse | None = None
    network_transaction_reference: NetworkReference | None = None
    final_capture: bool | None = None


class Voided(msgspec.Struct):
    """Of an authorization that was voided, its status."""

    status: str


class RefundBody(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payments/v2/#definition-refund; of its links, `up` is
    the capture."""

    id: str
    status: str
    amount: Amount
    custom_id: str | None = None
    status_details: StatusDetails | None = None
    links: list[Link] | None = None


class Parts(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-payment_collection"""

    authorizations: list[Part] | None = None
    captures: list[Part] | None = None
    refunds: list[RefundBody] | None = None


class PurchaseUnit(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-purchase_unit"""

    amount: Amount | None = None
    custom_id: str | None = None
    payments: Parts | None = None


class Vault(msgspec.Struct):
    """What became of a card to save."""

    id: str | None = None
    customer: Customer | None = None


class CardAttributes(msgspec.Struct):
    """Of a card, what belongs to its use."""

    vault: Vault | None = None


class ThreeDSecure(msgspec.Struct):
    """What became of 3-D Secure, in letters."""

    enrollment_status: str | None = None
    authentication_status: str | None = None


class AuthenticationResult(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-authentication_response"""

    liability_shift: str | None = None
    three_d_secure: ThreeDSecure | None = None


class CardSource(msgspec.Struct):
    """The card that paid."""

    authentication_result: AuthenticationResult | None = None
    attributes: CardAttributes | None = None


class PaymentSource(msgspec.Struct):
    """What paid."""

    card: CardSource | None = None


class Order(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-order"""

    id: str
    status: str
    intent: str | None = None
    purchase_units: list[PurchaseUnit] | None = None
    payment_source: PaymentSource | None = None
    links: list[Link] | None = None
