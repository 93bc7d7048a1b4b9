"""What PayPal answers: of each object, the fields used."""

from __future__ import annotations

from typing import Annotated

import msgspec

Id = Annotated[str, msgspec.Meta(pattern=r"\A[A-Z0-9]{1,36}\Z")]
"""An id that becomes part of a path."""


class Customer(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-customer"""

    id: str
    merchant_customer_id: str | None = None


class SetupToken(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-setup_token_response"""

    customer: Customer


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


class Link(msgspec.Struct):
    """https://developer.paypal.com/api/rest/responses/#hateoas-links"""

    href: str
    rel: str


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

    customer: Customer | None = None


class CardAttributes(msgspec.Struct):
    """Of a card, what belongs to its use."""

    vault: Vault | None = None


class CardSource(msgspec.Struct):
    """The card that paid."""

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
