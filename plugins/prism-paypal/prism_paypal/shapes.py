"""What PayPal answers: of each object, the fields used."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from prism_core import Money, Nullable
from prism_paypal.methods import BANKS, Customer, Instrument, PaymentSource

Json = dict[str, Any]
Id = Annotated[str, Meta(pattern=r"\A[A-Z0-9]{1,36}\Z")]
"""An id that becomes part of a path."""


CAPTURED = ("CAPTURED", "PARTIALLY_CAPTURED")
"""The statuses of an authorization of which there is a capture."""


class Link(Struct):
    """https://developer.paypal.com/api/rest/responses/#hateoas-links"""

    href: str
    rel: str


class NewCustomer(Struct):
    """A setup token that makes a customer:
    https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-setup_token_response"""

    id: str
    status: str
    customer: Customer


class BrowserToken(Struct):
    """https://developer.paypal.com/limited-release/client-auth-tokens"""

    client_token: str


class PaymentToken(Struct):
    """A stored payment method, or the setup token that one is made of, which has a status:
    https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-payment_token_response"""

    id: str
    status: str | None = None
    customer: Nullable[Customer] = UNSET
    payment_source: PaymentSource | None = None
    links: list[Link] | None = None


class PaymentTokens(Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#customer_payment-tokens_get"""

    payment_tokens: list[PaymentToken]
    customer: Nullable[Customer] = UNSET
    total_items: int | None = None
    links: list[Link] | None = None


class Amount(Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-money: digits, and perhaps a
    point and digits, for any currency. The page also has negative amounts, which no payment has."""

    currency_code: str
    value: Annotated[str, Meta(pattern=r"\A([0-9]+|[0-9]*[.][0-9]+)\Z", max_length=32)]

    @property
    def money(self) -> Money:
        """It exactly: `1000.00` yen are 1000, and `1000.50` yen are no money."""
        value = f"0{self.value}" if self.value[0] == "." else self.value
        return Money.from_decimal(value, self.currency_code)


class ProcessorResponse(Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-processor_response"""

    avs_code: str | None = None
    cvv_code: str | None = None
    response_code: str | None = None
    payment_advice_code: str | None = None


class StatusDetails(Struct):
    """Why an authorization, a capture or a refund has its status."""

    reason: str | None = None


class NetworkReference(Struct):
    """The card network's id of the transaction."""

    id: str | None = None


class RelatedIds(Struct):
    """https://developer.paypal.com/docs/api/payments/v2/#definition-related_ids"""

    order_id: Nullable[str] = UNSET
    authorization_id: Nullable[str] = UNSET
    capture_id: str | None = None


class Supplement(Struct):
    """The ids that PayPal names beside an authorization, a capture or a refund."""

    related_ids: RelatedIds | None = None


class Made(Struct, kw_only=True):
    """What was made of an order: an authorization, a capture or a refund. Its link `up` leads to
    what it was made of, and the ids beside it name the same. A minimal answer has no amount:
    https://developer.paypal.com/api/rest/requests/#prefer"""

    id: Id
    status: str
    amount: Amount | UnsetType = UNSET
    invoice_id: Nullable[str] = UNSET
    links: list[Link] | None = None
    supplementary_data: Supplement | None = None

    @property
    def ids(self) -> RelatedIds:
        """The ids beside it."""
        return (self.supplementary_data and self.supplementary_data.related_ids) or RelatedIds()

    def parent(self, collection: str) -> str | None:
        """The id that the link `up` leads to, where that is of a collection such as "captures"."""
        ups = [link.href.rpartition("/") for link in self.links or () if link.rel == "up"]
        return next((last for path, _, last in ups if path.endswith(f"/{collection}")), None)

    @property
    def order_id(self) -> str | None:
        """The id of the order that an authorization or a capture belongs to."""
        return self.ids.order_id or self.parent("checkout/orders")


class Part(Made, kw_only=True):
    """An authorization, a capture or a refund, whole:
    https://developer.paypal.com/docs/api/payments/v2/"""

    amount: Amount
    custom_id: Nullable[str] = UNSET
    status_details: StatusDetails | None = None
    processor_response: ProcessorResponse | None = None
    network_transaction_reference: NetworkReference | None = None
    final_capture: bool | None = None

    @property
    def is_taken(self) -> bool:
        """Whether a capture took money, or will."""
        return self.status not in ("DECLINED", "FAILED")


class Parts(Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-payment_collection"""

    authorizations: list[Part] | None = None
    captures: list[Part] | None = None
    refunds: list[Part] | None = None


class PurchaseUnit(Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-purchase_unit"""

    reference_id: Nullable[str] = UNSET
    amount: Amount | None = None
    custom_id: Nullable[str] = UNSET
    payments: Parts | None = None


class ErrorDetail(Struct):
    """One thing that is wrong: https://developer.paypal.com/api/rest/responses/"""

    issue: str
    description: str | None = None


class Order(Struct):
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

    def listed(self, collection: str) -> list[Part]:
        """Its "authorizations", "captures" or "refunds", in all of its purchase units. An order of
        this connector has one unit; what another one holds is money, too."""
        units = self.purchase_units or ()
        return [one for unit in units for one in getattr(unit.payments, collection, None) or ()]

    def paid_with(self, *path: str) -> Any:
        """A field of what paid, such as `("attributes", "vault", "id")`: of a saved method, or of
        one that was saved by paying with it. Where something on the way there is null or not told,
        so is the field."""
        found: Any = self.source[1] or UNSET
        for name in path:
            found = getattr(found, name, found)
        return found

    @property
    def source(self) -> tuple[str | None, Instrument | None]:
        """What paid, or shall pay, by its name at PayPal."""
        return (self.payment_source and self.payment_source.given) or (None, None)

    @property
    def completes_itself(self) -> bool:
        """Whether PayPal takes the money by itself once the payer approved at their bank, as a
        redirect asks it to: https://developer.paypal.com/api/orders/v2/definitions/processing_instruction"""
        return self.source[0] in BANKS and not self.is_page

    @property
    def is_page(self) -> bool:
        """Whether `create_order` made it, for a page where the payer chooses how to pay: PayPal
        keeps the `reference_id` that it got from there, and calls it "default" otherwise."""
        named = {unit.reference_id or "default" for unit in self.purchase_units or ()}
        return not named <= {"default"}

    @property
    def is_empty(self) -> bool:
        """Whether it lists nothing that was made of it."""
        return not any(map(self.listed, Parts.__struct_fields__))

    @property
    def held(self) -> list[Part]:
        """The authorizations that hold money, or did until it was captured; the last one, where
        there are none of these."""
        found, holding = self.listed("authorizations"), ("CREATED", "PENDING", *CAPTURED)
        return [one for one in found if one.status in holding] or found[-1:]
