"""Payment methods to pay with, and requests and results of the stored ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from prism_core.schema.addresses import Address
from prism_core.schema.base import Request, Result, Schema
from prism_core.schema.checks import Count, IdempotencyKey, Identifier, Text
from prism_core.schema.secrets import Secret, reveal

if TYPE_CHECKING:
    SecretInput = str | Secret
else:
    SecretInput = Secret


class Card(Schema, frozen=True, tag_field="type", tag="card"):
    """A card as its holder typed it. Number and CVC are held as `Secret`.

    `number` is 12 to 19 digits (spaces and hyphens are removed), `exp_year` four digits,
    `cvc` three or four digits or None. Expiry and Luhn check digit are checked when the card is
    used, because the test numbers of some processors fail the Luhn check.
    """

    number: SecretInput
    exp_month: int
    exp_year: int
    cvc: SecretInput | None
    holder_name: Text | None = None

    descriptive = frozenset({"holder_name"})

    def __post_init__(self) -> None:
        super().__post_init__()
        if not _is_digits(self.number, 12, 19):
            msgspec.structs.force_setattr(self, "number", _joined(self.number))
            if not _is_digits(self.number, 12, 19):
                raise self._invalid("number", "must be 12 to 19 digits")
        if not 1 <= self.exp_month <= 12:
            raise self._invalid("exp_month", "must be 1 to 12")
        if not 2000 <= self.exp_year <= 2199:
            raise self._invalid("exp_year", "must be four digits, such as 2030")
        if self.cvc is not None and not _is_digits(self.cvc, 3, 4):
            raise self._invalid("cvc", "must be 3 or 4 digits, or None")

    def passes_luhn(self) -> bool:
        """Whether the number's check digit is right (ISO/IEC 7812-1, annex B)."""
        backwards = reveal(self.number).encode()[::-1]
        digits = backwards[::2] + backwards[1::2].translate(_DOUBLED)
        return (sum(digits) - len(digits) * ord("0")) % 10 == 0


class Token(Schema, frozen=True, tag_field="type", tag="token"):
    """A payment method that is stored at the processor, by the processor's id."""

    token: SecretInput


PaymentMethod = Card | Token
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
"""Maps a digit to the sum of the digits of its double, as the Luhn check needs it."""


def _joined(digits: str | Secret) -> Secret:
    """Without the spaces and hyphens that people write between the digits."""
    return Secret(reveal(digits).replace(" ", "").replace("-", ""))


def _is_digits(value: str | Secret, least: int, most: int) -> bool:
    text = reveal(value)
    return least <= len(text) <= most and text.isascii() and text.isdigit()


class TokenizeRequest(Request, frozen=True, kw_only=True):
    """A card to store at the processor, on its own or for a customer.

    `merchant_payment_method_id` is your own id of it; it is sent if the processor has a field
    for it.
    """

    payment_method: Card
    connector_customer_id: Identifier | None = None
    merchant_payment_method_id: Identifier | None = None
    billing_address: Address | None = None
    metadata: Mapping[str, str] | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_payment_method_id"
    descriptive = frozenset({"merchant_payment_method_id", "metadata"})


class ListPaymentMethodsRequest(Request, frozen=True, kw_only=True):
    """The customer whose stored payment methods shall be listed."""

    connector_customer_id: Identifier
    merchant_customer_id: Identifier | None = None

    reference_field = "merchant_customer_id"
    descriptive = frozenset({"merchant_customer_id"})


class DeletePaymentMethodRequest(Request, frozen=True, kw_only=True):
    """A stored payment method to delete. Some processors need the customer's
    `connector_customer_id`, too."""

    connector_payment_method_id: Identifier
    connector_customer_id: Identifier | None = None
    merchant_payment_method_id: Identifier | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_payment_method_id"
    descriptive = frozenset({"connector_customer_id", "merchant_payment_method_id"})


class StoredCard(Schema, frozen=True, kw_only=True):
    """A stored card as the processor describes it; pay with
    `Token(card.connector_payment_method_id)`. A `brand` that is too long to be a name, or has
    more than four digits, is left out."""

    connector_payment_method_id: Identifier
    connector_customer_id: str | None = None
    brand: str | None = None
    last_four: str | None = None
    exp_month: Count | None = None
    exp_year: Count | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        # A repr shows both, so they must not hold a card number.
        for name, longest, most_digits in (("brand", 30, 4), ("last_four", 4, 4)):
            said = getattr(self, name) or ""
            if len(said) > longest or sum(map(str.isdigit, said)) > most_digits:
                msgspec.structs.force_setattr(self, name, None)


class PaymentMethodStored(Result, frozen=True, kw_only=True):
    """A payment method that is now stored at the processor: keep its
    `connector_payment_method_id`, and pay with `Token(connector_payment_method_id)`."""

    connector_payment_method_id: Identifier
    connector_customer_id: str | None = None
    merchant_payment_method_id: str | None = None
    card: StoredCard | None = None


class PaymentMethodList(Result, frozen=True, kw_only=True):
    """The stored payment methods of a customer; `is_complete` is False if there are more than the
    processor lists at once."""

    payment_methods: tuple[StoredCard, ...] = ()
    connector_customer_id: str | None = None
    is_complete: bool = True


class PaymentMethodDeleted(Result, frozen=True, kw_only=True):
    """A stored payment method that was deleted."""

    connector_payment_method_id: Identifier
