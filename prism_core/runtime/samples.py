"""Sample values of the schema, one of each type, to run a flow without sending anything."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.info import ConnectorInfo
from prism_core.schema.base import Request, Schema
from prism_core.schema.checks import Email, Phone, Text, Url, members
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import Redirect, SdkToken

_TEXTS: dict[Any, str] = {
    Text: "Sample",
    Email: "sample@example.com",
    Phone: "+14155552671",
    Url: "https://shop.example/back",
}
_BY_NAME = {
    "exp_month": 12,
    "exp_year": 2099,
    "cvc": "123",
    "iban": "DE89370400440532013000",
    "account_number": "12345678",
    "routing_number": "110000000",
    "sort_code": "108800",
    "bsb_number": "000000",
    "payment_data": '{"version":"EC_v1","data":"c2FtcGxl","signature":"c2FtcGxl","header":{}}',
    "zip_code": "94107",
    "state": "CA",
    "city": "San Francisco",
    "phone_country_code": "1",
    "cavv": "AAABBEg0VhI0VniQEjRWAAAAAAA=",
    "eci": "05",
    "message_version": "2.2.0",
    "trans_status": "Y",
    "locale": "en-US",
    "language": "en-US",
    "ip_address": "192.0.2.7",
    "tax_rate": Decimal("19.0"),
    "quantity": 1,
    "payment_method_types": ("CARD",),
    "number": "4111111111111111",
    "holder_name": "Sample Sample",  # as the address's: some processors have one place for all
    "name": "Sample Sample",
}
_ID = "1000000001"
"""Only digits, which every processor's ids may have, and long enough for each."""


@cache
def required_fields(kind: type[Request]) -> tuple[str, ...]:
    """The required fields of a request type, except those that differ by case."""
    cases = ("payment_method", "capture_method")
    fields = msgspec.structs.fields(kind)
    return tuple(one.name for one in fields if one.required and one.name not in cases)


@cache
def optional_fields(kind: type[Request]) -> tuple[str, ...]:
    """The other fields that are for the processor."""
    fields = msgspec.structs.fields(kind)
    return tuple(one.name for one in fields if not one.required and one.name not in kind.options)


def sample(
    kind: type[Schema], name: str, account: Account, info: ConnectorInfo | None = None
) -> Any:
    """A value for a field of a schema type; money in the currency of the account, if it has one,
    else in the connector's usual one."""
    hint = _hints(kind)[name]
    if Money in members(hint):
        own = getattr(account, "currency", None)
        return Money(1000, own or (*(info.currencies if info else ()), "USD")[0])
    return _value(hint, name)


def whole(kind: type[Schema]) -> Any:
    """A value with all of its fields set."""
    return kind(**{name: _value(hint, name) for name, hint in _hints(kind).items()})


def sample_methods(info: ConnectorInfo, operation: str) -> list[Schema]:
    """One payment method of each class and type that an operation takes."""
    found: list[Schema] = []
    for kind in info.takes(operation):
        if kind is SdkToken:
            found.append(SdkToken(info.sdk_token_example))
        elif kind is Redirect:
            found += (
                msgspec.structs.replace(whole(kind), payment_method_type=one)
                for one in info.payment_method_types
            )
        else:
            found.append(whole(kind))
    return found


@cache
def _hints(kind: type[Schema]) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in kind.__struct_fields__}


def _value(hint: Any, name: str) -> Any:
    hint = next(one for one in members(hint) if one is not type(None))
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name == "country_alpha2_code":
        return "US"
    if hint in _TEXTS:
        return _TEXTS[hint]
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if hint is Money:
        return Money(1000, "USD")
    if isinstance(hint, type) and issubclass(hint, Schema):
        return whole(hint)
    if hint in (bool, int):
        return hint(1)
    if get_origin(hint) is tuple:
        return (_value(get_args(hint)[0], name),)
    return {"sample": "value"} if get_origin(hint) is not None else _ID
