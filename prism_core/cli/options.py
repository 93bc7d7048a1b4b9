"""From the fields of a request to command-line options, and from their values to the request."""

from __future__ import annotations

import json
import types
import typing
from enum import Enum
from typing import Any

import click
import msgspec

from prism_core.errors import InvalidRequest
from prism_core.schema.addresses import Address
from prism_core.schema.base import Request, Schema
from prism_core.schema.circumstances import AuthenticationData, BrowserInfo, CustomerAcceptance
from prism_core.schema.customers import CustomerDetails
from prism_core.schema.money import Money
from prism_core.schema.numbers import whole_number
from prism_core.schema.payment_methods import Card, PaymentMethod, SdkToken, Token
from prism_core.schema.secrets import Secret, from_text

_FILES: tuple[type[Schema], ...] = (
    *(Address, CustomerDetails, BrowserInfo, CustomerAcceptance, AuthenticationData),
)
CARD_HELP = "A file with the card as JSON ({path} is standard input). Without it you are asked."
METHOD_HELP = "A file with any other payment method as JSON, with its type."

_WEBHOOK = {
    "body": ("rb", "A file with the webhook's body as it was received (- is standard input)."),
    "headers": ("r", "A file with its headers: lines of 'Name: value', or a JSON object."),
}
"""The fields of a webhook: the mode in which the file is opened, and the help."""


def options_of(
    request: type[Request], prefixed: frozenset[str] = frozenset(), prefix: str = ""
) -> list[click.Option]:
    """One option per field; the `prefixed` fields get the prefix, where two requests have them."""
    found: list[click.Option] = []
    hints = typing.get_type_hints(request)
    for field in msgspec.structs.fields(request):
        name = f"{prefix}_{field.name}" if field.name in prefixed else field.name
        found += _options(name, hints[field.name], field.required)
    return found


def _options(name: str, hint: Any, required: bool) -> list[click.Option]:
    flag = f"--{name.replace('_', '-')}"
    is_union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    every = typing.get_args(hint) if is_union else (hint,)
    members = [part for part in every if part is not type(None)]
    first = members[0]
    if Card in members:
        return [
            click.Option(["--token"], help="The id of a stored payment method."),
            click.Option(["--sdk-token"], help="What the processor's form in the browser gave."),
            click.Option(["--card"], type=click.File("r"), help=CARD_HELP.format(path="-")),
            click.Option([flag], type=click.File("r"), help=METHOD_HELP),
        ]
    if first is Money:
        return [click.Option([flag], required=required, help="For example '10.00 USD'.")]
    if name in _WEBHOOK:
        mode, text = _WEBHOOK[name]
        return [click.Option([flag], type=click.File(mode), required=required, help=text)]
    if name == "payment_method_types":
        return [click.Option([flag], multiple=True, help="For example IDEAL; may be repeated.")]
    if first in _FILES or first is Any or typing.get_origin(first) is tuple:
        return [click.Option([flag], type=click.File("r"), help="A file with the value as JSON.")]
    if typing.get_origin(first) is not None:
        return [click.Option([flag], multiple=True, help="NAME=VALUE; may be repeated.")]
    if isinstance(first, type) and issubclass(first, Enum):
        choice = click.Choice([str(one.value) for one in first], case_sensitive=False)
        return [click.Option([flag], type=choice)]
    if first is bool:
        return [click.Option([f"{flag}/--no-{flag[2:]}"], default=None)]
    kind = first if first in (int, float) else str
    return [click.Option([flag], type=kind, required=required)]


def request_from(
    request: type[Request],
    given: dict[str, Any],
    prefixed: frozenset[str] = frozenset(),
    prefix: str = "",
) -> Request:
    """The request from the values of the options. Raises `InvalidRequest`."""
    fields: dict[str, Any] = {}
    hints = typing.get_type_hints(request)
    for field in msgspec.structs.fields(request):
        name = f"{prefix}_{field.name}" if field.name in prefixed else field.name
        if field.name == "payment_method":
            fields[field.name] = payment_method(given, field.required)
        elif given.get(name) not in (None, ()):
            fields[field.name] = _value(field.name, given[name], hints[field.name])
    return request(**fields)


def money(text: str) -> Money:
    """An amount as it is given to `--amount`. Raises `InvalidRequest`."""
    amount, _, currency = text.strip().partition(" ")
    if not currency:
        raise InvalidRequest(
            "--amount must be a number and a currency, such as '10.00 USD'", field="amount"
        )
    return Money.from_decimal(amount, currency.strip().upper())


def _value(name: str, value: Any, hint: Any) -> Any:
    if name == "amount":
        return money(value)
    if name in ("payment_method_types", "body"):
        return value.read() if name == "body" else value
    if name == "headers":
        return _headers(value)
    if isinstance(value, tuple):
        if not all("=" in entry for entry in value):
            raise InvalidRequest(f"{name} must look like NAME=VALUE", field=name)
        return dict(entry.partition("=")[::2] for entry in value)
    if hasattr(value, "read"):
        wanted = [one for one in typing.get_args(hint) if one in _FILES]
        return _from_json(value, wanted[0]) if wanted else _decoded(value, hint)
    return value


def _headers(file: typing.IO[str]) -> Any:
    """The headers in a file. Errors do not repeat what the file holds."""
    problem = "it must hold lines of 'Name: value', or a JSON object"
    try:
        text = file.read()
        if text.lstrip().startswith("{"):
            return msgspec.json.decode(text, type=dict[str, str])
        lines = [line.partition(":") for line in text.splitlines() if line.strip()]
        if all(colon for _, colon, _ in lines):
            return [(name.strip(), value.strip()) for name, _, value in lines]
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    raise InvalidRequest(f"the file is not right: {problem}", field="headers")


def _decoded(file: typing.IO[str], hint: Any) -> Any:
    """The value in a JSON file. Errors do not repeat what the file holds."""
    problem = "it must hold JSON"
    try:
        return msgspec.json.decode(file.read(), type=hint, dec_hook=from_text)
    except msgspec.ValidationError as reason:
        problem = str(reason)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    raise InvalidRequest(f"the file is not right: {problem}")


def payment_method(given: dict[str, Any], required: bool) -> PaymentMethod | None:
    """The payment method of the options; if it is required and not given, a card that is asked
    for. Raises `InvalidRequest`."""
    if given.get("token"):
        return Token(given["token"])
    if given.get("sdk_token"):
        return SdkToken(given["sdk_token"])
    if given.get("card") is not None:
        return _from_json(given["card"], Card)
    if given.get("payment_method") is not None:
        method: PaymentMethod = _decoded(given["payment_method"], PaymentMethod)
        return method
    return _asked_card() if required else None


def _asked_card() -> Card:
    number = Secret(click.prompt("Card number", hide_input=True))
    month, _, year = click.prompt("Expiry (MM/YYYY)").partition("/")
    cvc = Secret(click.prompt("CVC", hide_input=True))
    in_month, in_year = whole_number(month.strip()), whole_number(year.strip())
    if in_month is None or in_year is None:
        raise InvalidRequest("the expiry must look like 12/2030", field="payment_method")
    return Card(number, in_month, in_year, cvc)


S = typing.TypeVar("S", bound=Schema)


def _from_json(file: typing.IO[str], shape: type[S]) -> S:
    """The object in a JSON file. Errors do not repeat what the file holds."""
    try:
        values = json.loads(file.read())
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict) or set(values) - set(shape.__struct_fields__) - {"type"}:
        known = ", ".join(shape.__struct_fields__)
        raise InvalidRequest(f"the file must hold a JSON object with {known}")
    values.pop("type", None)
    try:
        return shape(**values)
    except TypeError:
        fields = msgspec.structs.fields(shape)
    finally:
        values.clear()  # it may hold a card, and tracebacks can show local variables
    names = ", ".join(field.name for field in fields if field.required)
    more = ", ".join(field.name for field in fields if not field.required)
    raise InvalidRequest(f"the file must hold {names}{more and f' and, if you like, {more}'}")
