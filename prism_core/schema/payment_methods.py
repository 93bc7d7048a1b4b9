"""What a payment can be made with: a card, or a token for one that the processor keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from prism_core.schema.base import Schema
from prism_core.schema.checks import Text
from prism_core.secrets import Secret, reveal

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
    """A payment method that the processor keeps, by the id it gave."""

    token: SecretInput


PaymentMethod = Card | Token
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
"""From a digit to the sum of the digits of twice that digit."""


def _joined(digits: str | Secret) -> Secret:
    """Without the spaces and hyphens that people write between the digits."""
    return Secret(reveal(digits).replace(" ", "").replace("-", ""))


def _is_digits(value: str | Secret, least: int, most: int) -> bool:
    text = reveal(value)
    return least <= len(text) <= most and text.isascii() and text.isdigit()
