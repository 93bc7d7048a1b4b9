"""What PayPal answers: of each object, the fields used."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET

from prism_core import Told

Id = Annotated[str, msgspec.Meta(pattern=r"\A[A-Z0-9]{1,36}\Z")]
"""An id that becomes part of a path."""


class Link(msgspec.Struct):
    """https://developer.paypal.com/api/rest/responses/#hateoas-links"""

    href: str
    rel: str


class Customer(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-customer"""

    id: str
    merchant_customer_id: Told[str] = UNSET


class SetupToken(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-setup_token_response"""

    id: str
    status: str
    customer: Customer


class SetupTokenId(msgspec.Struct):
    """Of a setup token, what makes a payment token of it, and whose it is."""

    id: str
    customer: Told[Customer] = UNSET


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
    customer: Told[Customer] = UNSET
    payment_source: VaultSource | None = None


class PaymentTokens(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#customer_payment-tokens_get"""

    payment_tokens: list[PaymentToken]
    customer: Told[Customer] = UNSET
    total_items: int | None = None
    links: list[Link] | None = None


class Verification(msgspec.Struct):
    """https://developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post"""

    verification_status: str


class Created(msgspec.Struct):
    """Of a new order, what it is called."""

    id: Id


class Amount(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-money: digits, and perhaps a
    point and digits, for any currency. A negative amount, which the page has too, is none that a
    payment can have."""

    currency_code: str
    value: Annotated[str, msgspec.Meta(pattern=r"\A([0-9]+|[0-9]*[.][0-9]+)\Z", max_length=32)]


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


class RelatedIds(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payments/v2/#definition-related_ids"""

    order_id: Told[str] = UNSET
    authorization_id: Told[str] = UNSET
    capture_id: str | None = None


class Supplement(msgspec.Struct):
    """What is told beside a payment's part."""

    related_ids: RelatedIds | None = None


class Part(msgspec.Struct):
    """An authorization or a capture of an order's payment."""

    id: Id
    status: str
    amount: Amount
    custom_id: Told[str] = UNSET
    invoice_id: Told[str] = UNSET
    links: list[Link] | None = None
    supplementary_data: Supplement | None = None
    status_details: StatusDetails | None = None
    processor_response: ProcessorResponse | None = None
    network_transaction_reference: NetworkReference | None = None
    final_capture: bool | None = None


class Voided(msgspec.Struct):
    """Of an authorization that was voided, which one it is, and its status."""

    id: str
    status: str
    invoice_id: Told[str] = UNSET
    links: list[Link] | None = None
    supplementary_data: Supplement | None = None


class RefundBody(msgspec.Struct):
    """https://developer.paypal.com/docs/api/payments/v2/#definition-refund; of its links, `up` is
    the capture."""

    id: Id
    status: str
    amount: Amount
    custom_id: Told[str] = UNSET
    status_details: StatusDetails | None = None
    links: list[Link] | None = None
    supplementary_data: Supplement | None = None


class Parts(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-payment_collection"""

    authorizations: list[Part] | None = None
    captures: list[Part] | None = None
    refunds: list[RefundBody] | None = None


class PurchaseUnit(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-purchase_unit"""

    amount: Amount | None = None
    custom_id: Told[str] = UNSET
    payments: Parts | None = None


class Vault(msgspec.Struct):
    """Of a card that is saved: its payment token, which a card that is saved later has not yet,
    and whose it is."""

    id: Told[str] = UNSET
    customer: Told[Customer] = UNSET


class CardAttributes(msgspec.Struct):
    """Of a card, what belongs to its use."""

    vault: Told[Vault] = UNSET


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
    attributes: Told[CardAttributes] = UNSET


class PaymentSource(msgspec.Struct):
    """What paid."""

    card: CardSource | None = None


class ErrorDetail(msgspec.Struct):
    """One thing that is wrong: https://developer.paypal.com/api/rest/responses/"""

    issue: str
    description: str | None = None


class Order(msgspec.Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-order. One that was paid has no
    `name` and no `details`: those are of an error."""

    id: str
    status: str
    intent: str | None = None
    purchase_units: list[PurchaseUnit] | None = None
    payment_source: PaymentSource | None = None
    links: list[Link] | None = None
    name: str | None = None
    details: list[ErrorDetail] | None = None
