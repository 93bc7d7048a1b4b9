"""What an exchange file must not hold, and how a recorder takes it out.

`leaks` finds; `Scrubber` replaces, the same value by the same placeholder everywhere. Neither ever
repeats what it found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv6Address
from typing import Any

import msgspec

from prism_contract_tests.public_keys import names_public, without_public_keys
from prism_core import Account, Secret
from prism_core.runtime.masking import CARD_NUMBER, LONG, mask_value

# Numbers that processors and networks publish for testing; they can pay for nothing.
_NUMBERS = """
    4242424242424242 4000056655665556 4000000000000002 4000000000000069 4000000000000077
    4000000000000101 4000000000000119 4000000000000127 4000000000000259 4000000000000341
    4000000000003220 4000000000009979 4000000000009987 4000000000009995 4000002500003155
    4000002760003184 4000003800000446 4000008260003178 4000008400001629 4000000000006975
    4111111111111111 4012888888881881 4222222222222 4444333322221111 4917610000000000
    4988438843884305 4166676667666746 4646464646464644 4005550000000019 4005519200000004
    5555555555554444 5105105105105100 5200828282828210 5454545454545454 5555341244441115
    2223003122003222 2222400070000005 2223000048410010 2222420000001113 5136333333333335
    378282246310005 371449635398431 378734493671000 370000000000002 341111111111111
    6011111111111117 6011000990139424 6011981111111113 3056930009020004 30569309025904
    36227206271667 38520000023237 6555900000604105 3566002020360505 3530111333300000
    4007000000027 5424000000000015 6011000000000012 3088000000000017 38000000000006
    6200000000000005 6205500000000000004 6759649826438453 6304000000000000
"""
TEST_NUMBERS = frozenset(_NUMBERS.split())
# https://docs.stripe.com/payments/sepa-debit/accept-a-payment, and those that registers of IBANs
# have for their examples.
_IBANS = """
    AT611904300234573201 AT321904300235473204 AT861904300235473202 AT051904300235473205
    AT591904300235473203 AT981904300002222227 DE89370400440532013000 DE08370400440532013003
    DE62370400440532013001 DE78370400440532013004 DE35370400440532013002 DE65370400440002222227
    FR1420041010050500013M02606 FR3020041010050500013M02609 FR8420041010050500013M02607
    FR7920041010050500013M02600 FR5720041010050500013M02608 FI2112345600000785 FI9112345600000786
    BE62510007547061 BE68539007547034 ES9121000418450200051332 GB29NWBK60161331926819
    GB82WEST12345698765432 IE29AIBK93115212345678 IT60X0542811101000000123456 LU280019400644750000
    NL91ABNA0417164300 NL13TEST0123456789 PT50000201231234567890154
"""
TEST_IBANS = frozenset(_IBANS.split())
"""The IBANs that standards and processors publish as examples."""
PLACEHOLDERS = {
    "card": "4242424242424242",
    "iban": "DE89370400440532013000",
    "account_number": "000123456789",
    "email": "ada@example.com",
    "phone": "+12025550123",
}
SECRET_PARTS = {
    "code": "777123",
    "cryptogram": "ZXhhbXBsZWV4YW1wbGVleGFtcGw=",
    "cavv": "ZXhhbXBsZWV4YW1wbGVleGFtcGw=",
    "verification_token": "verification_token_example",
    "device_data": "device_data_example",
    "payment_data": '{"version":"EC_v1","data":"ZXhhbXBsZQ==","signature":"ZXhhbXBsZQ=="}',
}
"""The secret parts of a request, besides numbers and tokens, and what stands for them."""
PERSONAL = {
    "name": "Ada Lovelace",
    "full_name": "Ada Lovelace",
    "holder_name": "Ada Lovelace",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": PLACEHOLDERS["email"],
    "receipt_email": PLACEHOLDERS["email"],
    "phone": PLACEHOLDERS["phone"],
    "phone_number": PLACEHOLDERS["phone"],
    "line1": "1 Example Street",
    "line2": "Flat 2",
    "line3": "Rear",
    "street": "1 Example Street",
    "city": "London",
    "zip_code": "N1 1AA",
    "postal_code": "N1 1AA",
}
"""Fields that hold a person's data, in our schema and in most answers, and what stands for it."""

_EMAIL = re.compile(r"[\w.+%-]+(?:@|%40)([\w-]+(?:\.[\w-]+)+)")
_PHONE = re.compile(r"(?<![\w+])\+[1-9](?:[ ().-]{0,2}\d){6,14}(?!\d)")
_ADDRESS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_ADDRESS_6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:.])")
_RESERVED = re.compile(r"(?:.+\.)?example\.(?:com|org|net)|.+\.(?:example|test|invalid)")
# Numbers set aside for fiction: 555-0100 to -0199 in North America, Ofcom's in the UK.
_FICTION = re.compile(r"\+1\d{3}55501\d\d|\+447700900\d{3}|\+44(?:2079460|1632960)\d{3}")
_LOCAL = re.compile(r"127\.|0\.0\.0\.0|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.")
_CREDENTIAL = re.compile(
    r"(?:[srp]k|whsec|token|key)_live_\w+|whsec_\w{16,}|eyJ[\w-]{6,}\.eyJ[\w-]{6,}\.[\w-]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|(?<!\w)(?:AKIA[A-Z0-9]{16}|gh[pousr]_\w{30,})"
)
_SCHEME = re.compile(r"(?i)(?:bearer|basic|token)\s+(\S+)")
_LONG = re.compile(r"[A-Za-z0-9+=]{32,}")
_COUNTRIES = (
    "AT|BE|BG|CH|CY|CZ|DE|DK|EE|ES|FI|FR|GB|GI|GR|HR|HU|IE|IS|IT|LI|LT|LU|LV|MC|MT|NL|NO|PL|PT|RO"
    "|SE|SI|SK|SM"
)
_IBAN = re.compile(rf"(?<![A-Za-z0-9])(?:{_COUNTRIES})\d\d(?: ?[A-Z0-9]){{11,30}}(?![A-Za-z0-9])")


def findings(text: str, known: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """What a text must not hold, as kind and value. `known` are placeholders of credentials."""
    text = without_public_keys(text)
    for match in CARD_NUMBER.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if digits[0] in "23456" and passes_luhn(digits) and digits not in TEST_NUMBERS:
            yield "a card number", match[0]
    for match in _IBAN.finditer(text):
        iban = match[0].replace(" ", "")
        if is_iban(iban) and iban not in TEST_IBANS:
            yield "an IBAN", match[0]
    for match in _EMAIL.finditer(text):
        if not _RESERVED.fullmatch(match[1].lower()):
            yield "an email address", match[0]
    for match in _PHONE.finditer(text):
        if not _FICTION.fullmatch(re.sub(r"[^\d+]", "", match[0])):
            yield "a phone number", match[0]
    for match in _ADDRESS.finditer(text):
        if not _LOCAL.match(match[0]) and all(int(part) < 256 for part in match[0].split(".")):
            yield "an IP address", match[0]
    for match in _ADDRESS_6.finditer(text):
        if _is_public(match[0]):
            yield "an IP address", match[0]
    yield from _credentials(text, tuple(known))


def _is_public(address: str) -> bool:
    try:
        return IPv6Address(address).is_global
    except ValueError:
        return False


def _credentials(text: str, known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for match in _CREDENTIAL.finditer(text):
        yield "a credential", match[0]
    header = _SCHEME.fullmatch(text)
    if header is not None and not _stands_in(header[1], known):
        yield "a credential", header[1]
    for match in _LONG.finditer(text):
        if _is_random(match[0]) and not _encodes(match[0], known):
            yield "a long secret", match[0]


def _stands_in(word: str, known: tuple[str, ...]) -> bool:
    """Whether a word says itself that it is none: `access_token_example`."""
    says_so = word.startswith("scrubbed_") or "example" in word.lower()
    return says_so or word in known or _encodes(word, known)


def _is_random(word: str) -> bool:
    digits = sum(char.isdigit() for char in word)
    return 3 <= digits < len(word) and len(set(word)) >= 10


def _encodes(word: str, known: tuple[str, ...]) -> bool:
    """Whether a word is base64 of something with a placeholder in it (basic authentication)."""
    import base64

    try:
        plain = base64.b64decode(word, validate=True).decode()
    except ValueError:
        return False
    return any(value in plain for value in known)


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Whether the check digits of an IBAN are right (ISO 13616: ISO/IEC 7064, mod 97-10)."""
    return int("".join(str(int(one, 36)) for one in text[4:] + text[:4])) % 97 == 1


def is_invented(account_number: str) -> bool:
    """Whether the number of an account is made up, as those are that processors publish for
    testing: three different digits at most, or counting up."""
    return len(set(account_number)) <= 3 or "12345" in account_number


def texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text and number in a JSON value, names included, with its place."""
    if isinstance(value, Mapping):
        for name, entry in value.items():
            yield place, str(name)
            yield from texts(entry, f"{place}.{name}" if place else str(name))
    elif isinstance(value, (list, tuple)):
        for index, entry in enumerate(value):
            yield from texts(entry, f"{place}[{index}]")
    elif isinstance(value, (str, int)) and not isinstance(value, bool):
        yield place, str(value)


def leaks(value: Any, known: Iterable[str] = ()) -> Iterator[str]:
    """What a JSON value must not hold: a sentence's end each, without the value itself."""
    given = tuple(known)
    for place, text in texts(value):
        if place.endswith("account_number") and not is_invented(text):
            yield f"an account number at {place}"
        for kind, _ in findings(text, given):
            if kind == "a long secret" and names_public(place):
                continue
            yield f"{kind} at {place or 'the top'}"


def secret_names(account: type[Account]) -> list[str]:
    """The fields of an account type that are secrets."""
    fields = msgspec.structs.fields(account)
    return [field.name for field in fields if field.type in (Secret, Secret | None)]


class Scrubber:
    """Replaces what must not be written, the same value by the same placeholder each time."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """`known` maps values that are private for certain (credentials, the request's personal
        data) to their placeholders."""
        self._known = dict(sorted(known.items(), key=lambda pair: -len(pair[0])))
        self._made: dict[str, str] = {}

    def clean(self, value: Any, field: str = "") -> Any:
        """The JSON value without anything private; `field` is the name it stands under."""
        if isinstance(value, dict):
            return {self.text(name): self.clean(entry, name) for name, entry in value.items()}
        if isinstance(value, list):
            return [self.clean(entry, field) for entry in value]
        if isinstance(value, str):
            return PERSONAL[field] if value and field in PERSONAL else self.text(value)
        if isinstance(value, int) and not isinstance(value, bool):
            cleaned = self.text(str(value))
            return int(cleaned) if cleaned.isdigit() else value
        return value

    def text(self, text: str) -> str:
        """The text without anything private."""
        for private, placeholder in self._known.items():
            if len(private) >= LONG:  # stands in no other word by chance
                text = text.replace(private, placeholder)
            text = mask_value(text, Secret(private), placeholder)
        for kind, found in list(findings(text, self._known.values())):
            text = text.replace(found, self._placeholder(kind, found))
        return text

    def _placeholder(self, kind: str, found: str) -> str:
        fixed = {
            "a card number": PLACEHOLDERS["card"],
            "an IBAN": PLACEHOLDERS["iban"],
            "an email address": PLACEHOLDERS["email"],
            "a phone number": PLACEHOLDERS["phone"],
            "an IP address": "192.0.2.1",
        }
        return self._made.setdefault(found, fixed.get(kind, f"scrubbed_{len(self._made) + 1}"))
