"""Payment methods to pay with: cards, stored ones, tokens of a page, wallets, redirects, debits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from prism_core.schema.base import Schema
from prism_core.schema.checks import Identifier, Text
from prism_core.schema.method_types import (
    BankHolderType,
    BankHolderTypeInput,
    BankType,
    BankTypeInput,
    PaymentMethodTypeInput,
    TokenSourceInput,
)
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
        _digits(self, "number", 12, 19)
        _check_expiry(self)
        if self.cvc is not None and not _is_digits(self.cvc, 3, 4):
            raise self._invalid("cvc", "must be 3 or 4 digits, or None")

    def passes_luhn(self) -> bool:
        """Whether the number's check digit is right (ISO/IEC 7812-1, annex B)."""
        return passes_luhn(reveal(self.number))


class Token(Schema, frozen=True, tag_field="type", tag="token"):
    """A payment method that is stored at the processor, by the processor's id."""

    token: SecretInput

    storable = True


class SdkToken(Schema, frozen=True, tag_field="type", tag="sdk_token"):
    """What the processor's own form or library in the browser gave for a payment method, so that
    no card number reaches your server. Most can be used once, for some minutes.

    `token` is the id or nonce, or the compact text of the object (`JSON.stringify` in the page).
    `payment_method_type` says what it stands for, for processors that want to know.
    `verification_token` is a second value that some libraries give (Square's buyer verification).
    """

    token: SecretInput
    payment_method_type: PaymentMethodTypeInput | None = None
    verification_token: SecretInput | None = None

    descriptive = frozenset({"payment_method_type"})


class ApplePay(Schema, frozen=True, tag_field="type", tag="apple_pay"):
    """An Apple Pay payment, still encrypted: `payment_data` is the compact text of the
    `paymentData` of Apple's `ApplePayPaymentToken`; the others are parts of the same object.
    https://developer.apple.com/documentation/applepayontheweb/applepaypaymenttoken"""

    payment_data: SecretInput
    transaction_identifier: Identifier | None = None
    display_name: Text | None = None
    network: Text | None = None

    descriptive = frozenset({"transaction_identifier", "display_name", "network"})


class GooglePay(Schema, frozen=True, tag_field="type", tag="google_pay"):
    """A Google Pay payment, still encrypted: `token` is `paymentMethodData.tokenizationData.token`,
    as it is. https://developers.google.com/pay/api/web/reference/response-objects"""

    token: SecretInput
    card_network: Text | None = None

    descriptive = frozenset({"card_network"})


class NetworkToken(Schema, frozen=True, tag_field="type", tag="network_token"):
    """A card network's token in place of a card number, or a wallet's payment after you decrypted
    it (`source`). It is card data: your server is in PCI scope."""

    number: SecretInput
    exp_month: int
    exp_year: int
    cryptogram: SecretInput | None = None
    eci: Text | None = None
    source: TokenSourceInput | None = None
    network: Text | None = None
    token_requestor_id: Identifier | None = None
    holder_name: Text | None = None

    descriptive = frozenset({"holder_name", "network"})

    def __post_init__(self) -> None:
        super().__post_init__()
        _digits(self, "number", 12, 19)
        _check_expiry(self)


class Redirect(Schema, frozen=True, tag_field="type", tag="redirect"):
    """A payment method whose customer is sent to a bank, a wallet or an app, such as IDEAL, EPS,
    BLIK, KLARNA or PAY_PAL. What it needs (name, email, country, order lines) stands in the
    request.

    `bank_name` is the processor's own word for a bank, if your page asks for it. `code` is a code
    that the customer reads in an app (BLIK).
    """

    payment_method_type: PaymentMethodTypeInput
    bank_name: Text | None = None
    code: SecretInput | None = None


class Sepa(Schema, frozen=True, tag_field="type", tag="sepa"):
    """A bank account in the euro area, to be debited by SEPA; spaces in the IBAN are removed."""

    iban: SecretInput
    holder_name: Text

    def __post_init__(self) -> None:
        super().__post_init__()
        msgspec.structs.force_setattr(self, "iban", Secret(_joined(self.iban).reveal().upper()))
        if not _is_iban(reveal(self.iban)):
            raise self._invalid("iban", "must be an IBAN, and its check digits are wrong")


class Ach(Schema, frozen=True, tag_field="type", tag="ach"):
    """A bank account in the USA, to be debited by ACH."""

    account_number: SecretInput
    routing_number: SecretInput
    holder_name: Text
    account_type: BankTypeInput = BankType.CHECKING
    holder_type: BankHolderTypeInput = BankHolderType.PERSONAL

    descriptive = frozenset({"account_type", "holder_type"})

    def __post_init__(self) -> None:
        super().__post_init__()
        _digits(self, "account_number", 4, 17)
        _digits(self, "routing_number", 9, 9)
        if not _is_routing_number(reveal(self.routing_number)):
            raise self._invalid("routing_number", "must be nine digits; its check digit is wrong")


class Bacs(Schema, frozen=True, tag_field="type", tag="bacs"):
    """A bank account in the United Kingdom, to be debited by Bacs."""

    account_number: SecretInput
    sort_code: SecretInput
    holder_name: Text

    def __post_init__(self) -> None:
        super().__post_init__()
        _digits(self, "account_number", 6, 10)
        _digits(self, "sort_code", 6, 6)


class Becs(Schema, frozen=True, tag_field="type", tag="becs"):
    """A bank account in Australia, to be debited by BECS."""

    account_number: SecretInput
    bsb_number: SecretInput
    holder_name: Text

    def __post_init__(self) -> None:
        super().__post_init__()
        _digits(self, "account_number", 4, 9)
        _digits(self, "bsb_number", 6, 6)


BankDebit = Sepa | Ach | Bacs | Becs
PaymentMethod = Card | Token | SdkToken | ApplePay | GooglePay | NetworkToken | Redirect | BankDebit
"""What a payment is paid with: one of these classes."""
CARD_DATA = (Card, NetworkToken)
"""The payment methods that bring card data to your server (PCI DSS)."""

_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
"""Maps a digit to the sum of the digits of its double, as the Luhn check needs it."""


def passes_luhn(number: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    backwards = number.encode()[::-1]
    digits = backwards[::2] + backwards[1::2].translate(_DOUBLED)
    return (sum(digits) - len(digits) * ord("0")) % 10 == 0


def _digits(owner: Schema, name: str, least: int, most: int) -> None:
    """Checks a number, and removes the spaces and hyphens that people write into it."""
    if _is_digits(getattr(owner, name), least, most):
        return
    joined = _joined(getattr(owner, name))
    msgspec.structs.force_setattr(owner, name, joined)
    if not _is_digits(joined, least, most):
        length = f"{least} to {most}" if least < most else str(least)
        raise owner._invalid(name, f"must be {length} digits")


def _check_expiry(card: Card | NetworkToken) -> None:
    if not 1 <= card.exp_month <= 12:
        raise card._invalid("exp_month", "must be 1 to 12")
    if not 2000 <= card.exp_year <= 2199:
        raise card._invalid("exp_year", "must be four digits, such as 2030")


def _is_iban(text: str) -> bool:
    """Whether an IBAN's check digits are right (ISO 13616: ISO/IEC 7064, mod 97-10)."""
    if not (15 <= len(text) <= 34 and text.isascii() and text.isalnum() and text[:2].isalpha()):
        return False
    return int("".join(str(int(one, 36)) for one in text[4:] + text[:4])) % 97 == 1


def _is_routing_number(digits: str) -> bool:
    """Whether the check digit of an ABA routing number is right (weights 3, 7, 1)."""
    return sum(int(one) * (3, 7, 1)[at % 3] for at, one in enumerate(digits)) % 10 == 0


def _joined(digits: str | Secret) -> Secret:
    """Without the spaces and hyphens that people write between the digits."""
    return Secret(reveal(digits).replace(" ", "").replace("-", ""))


def _is_digits(value: str | Secret, least: int, most: int) -> bool:
    text = reveal(value)
    return least <= len(text) <= most and text.isascii() and text.isdigit()
