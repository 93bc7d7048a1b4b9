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
        if not _ascii_digits(_secret(self.number)):
            msgspec.structs.force_setattr(self, "number", _joined(_secret(self.number)))
        if not (12 <= len(self.number) <= 19 and _ascii_digits(_secret(self.number))):
            raise self._invalid("number", "must be 12 to 19 digits")
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
        digits = [int(digit) for digit in reversed(_secret(self.number).reveal())]
        return (sum(digits[::2]) + sum(_DOUBLED[digit] for digit in digits[1::2])) % 10 == 0


class Token(Schema, frozen=True, tag_field="type", tag="token"):
    """A payment method that the processor keeps, by the id it gave."""

    token: SecretInput


PaymentMethod = Card | Token
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
"""The sum of the digits of twice a digit."""


def _secret(value: str | Secret) -> Secret:
    return value if isinstance(value, Secret) else Secret(value)


def _joined(digits: Secret) -> Secret:
    """Without the spaces and hyphens that people write between the digits."""
    return Secret(digits.reveal().replace(" ", "").replace("-", ""))


def _ascii_digits(value: Secret) -> bool:
    text = value.reveal()
    return text.isascii() and text.isdigit()
