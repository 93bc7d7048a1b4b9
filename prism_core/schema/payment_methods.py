"""What a payment can be made with: a card, or a token for one that the processor keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from prism_core.schema.base import Schema
from prism_core.schema.checks import Text
from prism_core.secrets import Secret

if TYPE_CHECKING:
    SecretInput = str | Secret
else:
    SecretInput = Secret


class Card(Schema, frozen=True, tag_field="type", tag="card"):
    """A card as its holder typed it. Number and CVC are held as `Secret`.

    `number` is 12 to 19 digits (spaces and hyphens are taken out), `exp_year` four digits,
    `cvc` three or four digits or None. Whether the card is expired and passes the Luhn check
    is judged when it is used, because some processors' test numbers do not pass it.
    """

    number: SecretInput
    exp_month: int
    exp_year: int
    cvc: SecretInput | None
    holder_name: Text | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        digits = Secret(_secret(self.number).reveal().replace(" ", "").replace("-", ""))
        if not (12 <= len(digits) <= 19 and _ascii_digits(digits)):
            raise self._invalid("number", "must be 12 to 19 digits")
        if digits != self.number:
            msgspec.structs.force_setattr(self, "number", digits)
        if not 1 <= self.exp_month <= 12:
            raise self._invalid("exp_month", "must be 1 to 12")
        if not 2000 <= self.exp_year <= 2199:
            raise self._invalid("exp_year", "must be four digits, such as 2030")
        if self.cvc is not None:
            cvc = _secret(self.cvc)
            if len(cvc) not in (3, 4) or not _ascii_digits(cvc):
                raise self._invalid("cvc", "must be 3 or 4 digits, or None")

    def passes_luhn(self) -> bool:
        """Whether the number's check digit is right (ISO/IEC 7812-1, annex B)."""
        total = 0
        for index, digit in enumerate(map(int, reversed(_secret(self.number).reveal()))):
            doubled = digit * 2 if index % 2 else digit
            total += doubled - 9 if doubled > 9 else doubled
        return total % 10 == 0


class Token(Schema, frozen=True, tag_field="type", tag="token"):
    """A payment method that the processor keeps, by the id it gave."""

    token: SecretInput


PaymentMethod = Card | Token


def _secret(value: str | Secret) -> Secret:
    return Secret(value)


def _ascii_digits(value: Secret) -> bool:
    return value.reveal().isascii() and value.reveal().isdigit()
