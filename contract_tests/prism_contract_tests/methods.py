"""Payment methods to try: of each class a first one, and others with one part changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from prism_contract_tests.exchange import Exchange
from prism_contract_tests.target import Target
from prism_contract_tests.values import HOLDER, fresh, hint_of
from prism_core import (
    Ach,
    ApplePay,
    Bacs,
    BankHolderType,
    BankType,
    Becs,
    Card,
    GooglePay,
    NetworkToken,
    PaymentMethodType,
    Redirect,
    SdkToken,
    Secret,
    Sepa,
    Token,
    TokenSource,
)
from prism_core.connector.operations import request_type
from prism_core.schema.base import Schema
from prism_core.schema.secrets import reveal

_SIGNED = '{"version":"EC_v1","data":"a2l0ZGF0YQ==","signature":"a2l0c2lnbmVk","header":{}}'
_FIRST: dict[type[Schema], Schema] = {
    Card: Card("4242424242424242", exp_month=11, exp_year=2088, cvc="737", holder_name=HOLDER),
    Token: Token("tok_kit"),
    ApplePay: ApplePay(_SIGNED),
    GooglePay: GooglePay('{"signature":"a2l0","protocolVersion":"ECv2","signedMessage":"{}"}'),
    NetworkToken: NetworkToken(
        *("4242424242424242", 11, 2088), cryptogram="AgAAAAAABk4DWZ4C28yUQAAAAAA="
    ),
    Sepa: Sepa("DE89370400440532013000", HOLDER),
    Ach: Ach("000123456789", "110000000", HOLDER),
    Bacs: Bacs("00012345", "108800", HOLDER),
    Becs: Becs("000123456", "000000", HOLDER),
}
"""One of each class, with numbers that processors publish for testing."""
_NUMBERS: list[dict[str, Any]] = [
    {"number": Secret("5555555555554444")},
    {"exp_month": 10},
    {"exp_year": 2087},
    {"holder_name": None},
    {"holder_name": "Kitholder"},
]
_CHANGES: dict[type[Schema], list[dict[str, Any]]] = {
    Card: [*_NUMBERS, {"cvc": Secret("838")}, {"cvc": None}],
    SdkToken: [
        *({"payment_method_type": one} for one in ("CARD", "PAY_PAL")),
        *({"verification_token": Secret(one)} for one in ("verf_kit", "verf_kit2")),
    ],
    ApplePay: [
        *({"transaction_identifier": one} for one in ("kit4711", "kit4712")),
        *({"display_name": one} for one in ("Visa 1234", "Visa 1235")),
        *({"network": one} for one in ("Visa", "MasterCard")),
    ],
    GooglePay: [{"card_network": one} for one in ("VISA", "MASTERCARD")],
    NetworkToken: [
        *(*_NUMBERS, {"cryptogram": Secret("AgAAAAAABk4DWZ4C28yUQAAAAAB=")}),
        *({"cryptogram": None}, {"eci": "05"}, {"eci": "07"}),
        *({"network": one} for one in ("VISA", "MASTERCARD")),
        *({"source": one} for one in TokenSource),
        *({"token_requestor_id": one} for one in ("40010030273", "40010030274")),
    ],
    Redirect: [
        *({"bank_name": one} for one in ("kit_bank", "kit_bank2")),
        *({"code": Secret(one)} for one in ("777123", "777124")),
    ],
    Sepa: [{"iban": Secret("FR1420041010050500013M02606")}, {"holder_name": "Kitholder"}],
    Ach: [
        {"account_number": Secret("000111111116")},
        {"routing_number": Secret("021000021")},
        {"holder_name": "Kitholder"},
        *({"account_type": one} for one in BankType),
        *({"holder_type": one} for one in BankHolderType),
    ],
    Bacs: [
        {"account_number": Secret("55779911")},
        {"sort_code": Secret("200000")},
        {"holder_name": "Kitholder"},
    ],
    Becs: [
        {"account_number": Secret("900123456")},
        {"bsb_number": Secret("082082")},
        {"holder_name": "Kitholder"},
    ],
}
"""By class: the changes of one part that are tried."""
OPAQUE: dict[type[Schema], str] = {
    Token: "token",
    SdkToken: "token",
    GooglePay: "token",
    ApplePay: "payment_data",
}
"""By class: the part that only the processor can read."""


PAID_KINDS = ("success", "pending", "authentication_required")
"""The kinds of exchanges that show a payment method that was taken."""


def classes(operation: str) -> list[type[Schema]]:
    """The classes of payment methods that the schema of an operation has."""
    hint = hint_of(request_type(operation), "payment_method")
    return [one for one in get_args(hint) or (hint,) if one is not type(None)]


def taken(target: Target, operation: str) -> list[type[Schema]]:
    """Those of them that the connector takes with the operation."""
    declared = target.connector.info.takes(operation)
    return [one for one in classes(operation) if one in declared]


def method_of(exchange: Exchange) -> Schema | None:
    """The payment method of an exchange's request."""
    found: Schema | None = getattr(exchange.build(), "payment_method", None)
    return found


def paying_with(
    target: Target, operation: str, kind: type[Schema], named: PaymentMethodType | None = None
) -> Iterator[Exchange]:
    """The exchanges of an operation with that class of payment method (and that type of a
    `Redirect`) that are no failures."""
    for status in PAID_KINDS:
        for one in target.of(operation, status):
            method = method_of(one)
            if isinstance(method, kind) and (
                named is None or getattr(method, "payment_method_type", None) == named
            ):
                yield one


def first_of(target: Target, kind: type[Schema], given: Schema | None) -> Schema:
    """A payment method of a class: an opaque one has the form of the exchange's own."""
    if kind is SdkToken:
        own = given if isinstance(given, SdkToken) else None
        return own or SdkToken(target.connector.info.sdk_token_example)
    if isinstance(given, kind) and (kind is Redirect or kind in OPAQUE):
        return given
    if kind is Redirect:
        return Redirect(next(iter(target.connector.info.payment_method_types), "IDEAL"))
    return _FIRST[kind]


def variations(first: Schema) -> Iterator[Schema]:
    """The payment method with one part changed, each part in turn."""
    kind = type(first)
    opaque = OPAQUE.get(kind)
    if opaque is not None:
        for text in _others(reveal(getattr(first, opaque))):
            yield msgspec.structs.replace(first, **{opaque: Secret(text)})
    fields = msgspec.structs.fields(kind)
    left_out: list[dict[str, Any]] = [{one.name: None} for one in fields if one.default is None]
    for change in (*_CHANGES.get(kind, ()), *left_out):
        changed = msgspec.structs.replace(first, **change)
        if changed != first:
            yield changed


def _others(opaque: str) -> Iterator[str]:
    """Other texts of the same form; of a JSON object, each with another text in one place."""
    if opaque[:1] != "{":
        yield fresh(opaque)
        yield fresh(fresh(opaque))
        return
    whole = msgspec.json.decode(opaque)
    for name, value in whole.items():
        if isinstance(value, str):
            yield msgspec.json.encode({**whole, name: fresh(value)}).decode()


def differing(one: Schema, other: Schema) -> list[str]:
    """The parts in which two payment methods differ."""
    return [name for name in one.__struct_fields__ if getattr(one, name) != getattr(other, name)]
