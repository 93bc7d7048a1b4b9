"""What Square answers, with the fields that are used."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, field

from prism_core import Nullable


class Amount(Struct):
    """https://developer.squareup.com/reference/square/objects/Money"""

    amount: int
    currency: str


class Problem(Struct):
    """https://developer.squareup.com/reference/square/objects/Error"""

    category: str
    code: str
    detail: str | None = None
    field: str | None = None


class PaidCard(Struct):
    """https://developer.squareup.com/reference/square/objects/Card, of a payment"""

    card_brand: str | None = None
    last_4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None
    card_type: str | None = None


class CardBody(PaidCard, kw_only=True):
    """https://developer.squareup.com/reference/square/objects/Card, on file"""

    id: str
    customer_id: Nullable[str] = UNSET
    reference_id: Nullable[str] = UNSET
    enabled: bool

    @property
    def status(self) -> str:
        """As a bank account's."""
        return "VERIFIED" if self.enabled else "DISABLED"


class CardDetails(Struct):
    """https://developer.squareup.com/reference/square/objects/CardPaymentDetails"""

    card: PaidCard | None = None
    cvv_status: str | None = None
    avs_status: str | None = None
    errors: list[Problem] | None = None


class AchDetails(Struct):
    """https://developer.squareup.com/reference/square/objects/ACHDetails"""

    account_number_suffix: str | None = None


class BankDetails(Struct):
    """https://developer.squareup.com/reference/square/objects/BankAccountPaymentDetails"""

    bank_name: str | None = None
    country: str | None = None
    ach_details: AchDetails | None = None
    errors: list[Problem] | None = None


class WalletDetails(Struct):
    """https://developer.squareup.com/reference/square/objects/DigitalWalletDetails and
    https://developer.squareup.com/reference/square/objects/BuyNowPayLaterDetails"""

    brand: str | None = None
    errors: list[Problem] | None = None


class PaymentBody(Struct):
    """https://developer.squareup.com/reference/square/objects/Payment"""

    id: str
    status: str
    amount_money: Amount
    total_money: Amount | None = None
    refunded_money: Amount | None = None
    source_type: str | None = None
    card_details: CardDetails | None = None
    bank_account_details: BankDetails | None = None
    wallet_details: WalletDetails | None = None
    buy_now_pay_later_details: WalletDetails | None = None
    order_id: str | None = None
    version_token: str | None = None
    reference_id: Nullable[str] = UNSET
    customer_id: Nullable[str] = UNSET


class RefundBody(Struct):
    """https://developer.squareup.com/reference/square/objects/PaymentRefund"""

    id: str
    amount_money: Amount
    status: str | None = None
    payment_id: Nullable[str] = UNSET
    reason: Nullable[str] = UNSET


class TenderDetails(Struct):
    """https://developer.squareup.com/reference/square/objects/TenderCardDetails, and others"""

    status: str | None = None


class Tender(Struct):
    """https://developer.squareup.com/reference/square/objects/Tender: a payment of an order."""

    id: str | None = None
    payment_id: str | None = None
    card_details: TenderDetails | None = None
    bank_account_details: TenderDetails | None = None
    buy_now_pay_later_details: TenderDetails | None = None
    square_account_details: TenderDetails | None = None

    @property
    def payment(self) -> str | None:
        """The id of its payment."""
        return self.payment_id or self.id

    @property
    def failed(self) -> bool:
        """Whether it has paid nothing. A tender of a wallet does not tell."""
        card, bank = self.card_details, self.bank_account_details
        details = card or bank or self.buy_now_pay_later_details or self.square_account_details
        return details is not None and details.status in ("FAILED", "VOIDED")


class Marks(Struct):
    """What the metadata of an order of ours has, and that of no other."""

    opened_by: str | None = None


class OrderBody(Struct):
    """https://developer.squareup.com/reference/square/objects/Order"""

    id: str
    state: str
    total_money: Amount | None = None
    tenders: list[Tender] | None = None
    metadata: Marks | None = None
    reference_id: Nullable[str] = UNSET
    customer_id: Nullable[str] = UNSET


class LinkBody(Struct):
    """https://developer.squareup.com/reference/square/objects/PaymentLink"""

    order_id: str
    url: str


class Related(Struct):
    """What was made with a payment link."""

    orders: Annotated[list[OrderBody], Meta(min_length=1)]


class LinkAnswer(Struct):
    """https://developer.squareup.com/reference/square/checkout-api/create-payment-link"""

    payment_link: LinkBody
    related_resources: Related


class BankBody(Struct):
    """https://developer.squareup.com/reference/square/objects/BankAccount"""

    id: str
    status: str
    account_number_suffix: str | None = None
    bank_name: str | None = None
    country: str | None = None
    customer_id: Nullable[str] = UNSET
    reference_id: Nullable[str] = UNSET


class StoredPage(Struct):
    """https://developer.squareup.com/reference/square/cards-api/list-cards, and of bank accounts"""

    cards: list[CardBody] = []
    bank_accounts: list[BankBody] = []
    cursor: str | None = None


class Location(Struct):
    """https://developer.squareup.com/reference/square/objects/Location"""

    id: str
    country: str
    currency: str


class CustomerBody(Struct):
    """https://developer.squareup.com/reference/square/objects/Customer"""

    id: str
    given_name: str | None = None
    family_name: str | None = None
    email_address: str | None = None
    phone_number: str | None = None
    note: str | None = None
    reference_id: Nullable[str] = UNSET


class CustomerPage(Struct):
    """https://developer.squareup.com/reference/square/customers-api/search-customers"""

    customers: list[CustomerBody] = []


class DisputedPayment(Struct):
    """The payment of a dispute."""

    payment_id: str | None = None


class DisputeBody(Struct):
    """https://developer.squareup.com/reference/square/objects/Dispute"""

    state: str
    id: str | None = None
    dispute_id: str | None = None
    amount_money: Amount | None = None
    reason: str | None = None
    due_at: datetime | None = None
    disputed_payment: DisputedPayment | None = None


class EventObject(Struct):
    """The object of an event, under the name of its type."""

    payment: PaymentBody | None = None
    refund: RefundBody | None = None
    dispute: DisputeBody | None = None


class EventData(Struct):
    """What an event is about."""

    type: str | None = None
    id: str | None = None
    object: EventObject = field(default_factory=EventObject)


class EventBody(Struct):
    """https://developer.squareup.com/reference/square/webhooks/payment.updated"""

    type: str
    event_id: str
    created_at: datetime
    data: EventData = field(default_factory=EventData)
