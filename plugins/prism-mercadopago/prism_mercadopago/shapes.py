"""What Mercado Pago answers, with the fields that are used."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct

from prism_core import Nullable, PlainDecimal


class CardPart(Struct):
    """The card of a payment; empty if it was paid otherwise."""

    last_four_digits: str | None = None
    expiration_month: int | None = None
    expiration_year: int | None = None


class Details(Struct):
    """Where a voucher is shown."""

    external_resource_url: str | None = None


class QrCode(Struct):
    """https://www.mercadopago.com/developers/en/docs/checkout-api-payments/integration-configuration/integrate-with-pix"""

    qr_code: str | None = None
    qr_code_base64: str | None = None
    ticket_url: str | None = None


class Interaction(Struct):
    """What a customer of Pix needs."""

    transaction_data: QrCode | None = None


class Challenge(Struct):
    """https://www.mercadopago.com/developers/en/docs/checkout-api-payments/how-tos/integrate-3ds"""

    external_resource_url: str | None = None
    creq: str | None = None


class Marks(Struct):
    """What this connector keeps in the metadata: whether a payment is one of an order's, where a
    rejected one is only a try."""

    prism_order: Any = None


class PaymentBody(Struct):
    """https://www.mercadopago.com/developers/en/reference/payments/_payments_id/get"""

    id: int
    status: str
    transaction_amount: PlainDecimal
    currency_id: str
    date_last_updated: str | None = None
    status_detail: str | None = None
    transaction_amount_refunded: PlainDecimal | None = None
    external_reference: Nullable[str] = UNSET
    captured: bool | None = None
    payment_type_id: str | None = None
    payment_method_id: str | None = None
    card: CardPart | None = None
    metadata: Marks | None = None
    date_of_expiration: datetime | None = None
    transaction_details: Details | None = None
    point_of_interaction: Interaction | None = None
    three_ds_info: Challenge | None = None


class Paging(Struct):
    """How many payments a search has, on all its pages."""

    total: int


class PaymentPage(Struct):
    """https://www.mercadopago.com/developers/en/reference/payments/_payments_search/get"""

    results: list[PaymentBody]
    paging: Paging


class RefundBody(Struct):
    """https://www.mercadopago.com/developers/en/reference/chargebacks/_payments_id_refunds/post"""

    id: int
    payment_id: int
    amount: PlainDecimal
    status: str
    reason: str | None = None


class Item(Struct):
    """A line of a preference."""

    currency_id: str | None = None


class PreferenceBody(Struct):
    """https://www.mercadopago.com/developers/en/reference/preferences/_checkout_preferences_id/get"""

    id: str
    init_point: str
    items: list[Item]
    total_amount: PlainDecimal | None = None
    external_reference: Nullable[str] = UNSET


class ChargebackBody(Struct):
    """https://www.mercadopago.com/developers/en/reference/chargebacks/_chargebacks_id/get: the page
    has the payments' ids, https://github.com/mercadopago/openapi/blob/main/spec3.yaml objects."""

    id: str | int
    amount: PlainDecimal
    currency: str
    date_last_updated: str | None = None
    payments: list[int | dict[str, Any]] = []
    coverage_applied: bool | None = None
    documentation_status: str | None = None
    date_documentation_deadline: datetime | None = None
    reason: str | None = None


class Phone(Struct):
    """A phone number; a number made here has no area code of its own."""

    area_code: str | int | None = None
    number: str | int | None = None


class CustomerBody(Struct):
    """https://www.mercadopago.com/developers/en/reference/customers/_customers_id/get"""

    id: str
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: Phone | None = None
    description: str | None = None
    metadata: Any = None


class Brand(Struct):
    """The payment method of a stored card."""

    id: str | None = None
    payment_type_id: str | None = None


class StoredCard(Struct):
    """https://www.mercadopago.com/developers/en/reference/cards/_customers_customer_id_cards_id/get"""

    id: str | int
    customer_id: Nullable[str] = UNSET
    last_four_digits: str | None = None
    expiration_month: int | None = None
    expiration_year: int | None = None
    payment_method: Brand | None = None
