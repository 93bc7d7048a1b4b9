"""What a request tells about a payment's circumstances: the customer's browser and acceptance, 3-D
Secure that was done elsewhere, and the lines of the order."""

from __future__ import annotations

from decimal import Decimal

from prism_core.schema.base import Schema
from prism_core.schema.checks import Count, Identifier, Text, Url
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import SecretInput
from prism_core.schema.status import AcceptanceType, AcceptanceTypeInput


class BrowserInfo(Schema, frozen=True, kw_only=True):
    """The customer's browser, for 3-D Secure and against fraud. `origin` is your page's (scheme and
    host). `time_zone_offset_minutes` is what JavaScript's `getTimezoneOffset` returns.
    `device_data` is what the processor's own risk library gave, or the id of its session."""

    ip_address: Text | None = None
    user_agent: Text | None = None
    accept_header: Text | None = None
    accept_language: Text | None = None
    language: Text | None = None
    referer: Text | None = None
    origin: Text | None = None
    color_depth: Count | None = None
    screen_height: Count | None = None
    screen_width: Count | None = None
    time_zone_offset_minutes: Count | None = None
    java_enabled: bool | None = None
    java_script_enabled: bool | None = None
    os_type: Text | None = None
    os_version: Text | None = None
    device_model: Text | None = None
    device_data: SecretInput | None = None


BrowserInfo.descriptive = frozenset(BrowserInfo.__struct_fields__)


class CustomerAcceptance(Schema, frozen=True, kw_only=True):
    """That the customer agreed to a mandate or to a stored payment method, and how. `accepted_at`
    is in Unix seconds. Keep the proof yourself: many processors have no field for it."""

    acceptance_type: AcceptanceTypeInput = AcceptanceType.ONLINE
    accepted_at: Count | None = None
    ip_address: Text | None = None
    user_agent: Text | None = None

    descriptive = frozenset({"acceptance_type", "accepted_at", "ip_address", "user_agent"})


class AuthenticationData(Schema, frozen=True, kw_only=True):
    """The result of 3-D Secure that was done elsewhere, in the names of EMV 3-D Secure: `cavv` is
    the authentication value, `message_version` is such as "2.2.0". `exemption_indicator` asks for
    an exemption, in the processor's own word."""

    eci: Text | None = None
    cavv: SecretInput | None = None
    message_version: Text | None = None
    trans_status: Text | None = None
    ds_transaction_id: Identifier | None = None
    acs_transaction_id: Identifier | None = None
    threeds_server_transaction_id: Identifier | None = None
    exemption_indicator: Text | None = None
    ucaf_collection_indicator: Text | None = None

    descriptive = frozenset(
        {
            *("message_version", "trans_status", "ds_transaction_id", "acs_transaction_id"),
            *("threeds_server_transaction_id", "ucaf_collection_indicator"),
        }
    )


class OrderLine(Schema, frozen=True, kw_only=True):
    """One line of the order. `amount` is the price of one piece, without tax if `total_tax_amount`
    is given; `tax_rate` is in percent."""

    product_name: Text
    quantity: Count = 1
    amount: Money
    total_tax_amount: Money | None = None
    tax_rate: Decimal | None = None
    product_id: Identifier | None = None
    description: Text | None = None
    category: Text | None = None
    product_img_link: Url | None = None
    product_type: Text | None = None
    product_tax_code: Text | None = None
    unit_of_measure: Text | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.quantity < 1:
            raise self._invalid("quantity", "must be 1 or more")
        tax, rate = self.total_tax_amount, self.tax_rate
        if tax is not None and tax.currency != self.amount.currency:
            raise self._invalid("total_tax_amount", f"must be in {self.amount.currency}")
        if rate is not None and not (rate.is_finite() and 0 <= rate <= 1000):
            raise self._invalid("tax_rate", "must be a percentage, such as Decimal('19.0')")
