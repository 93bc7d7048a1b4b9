"""Private values: the secrets, card data and personal data of a call, to be masked in answers."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from typing import get_type_hints

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.http import HttpRequest
from prism_core.runtime.call import Call
from prism_core.runtime.masking import LONG
from prism_core.schema.checks import members
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import Ach, Bacs, Becs, Card, NetworkToken, Sepa
from prism_core.schema.secrets import Secret

_PERSONAL = frozenset(
    {"name", "email", "phone", "phone_number", "holder_name", "first_name", "last_name"}
    | {"line1", "line2", "line3", "zip_code", "ip_address"}
)
_NAMES = ("name", "holder_name")
"""The fields whose words a connector may send separately."""


def private_values(call: Call) -> list[Secret]:
    """The secrets and personal data of a call, longest first; each is a `Secret`, because
    tracebacks can show local variables."""
    found: set[Secret] = set()
    if not call.request.from_processor:
        _collect(call.request, found)
    _collect(call.account, found)
    if call.last_request is not None:
        found.add(Secret(_token(call.last_request)))
    found.discard(Secret(""))
    return sorted(found, key=len, reverse=True)


def _collect(owner: msgspec.Struct, found: set[Secret]) -> None:
    for name in owner.__struct_fields__:
        value = getattr(owner, name)
        if isinstance(value, Secret):
            found.update(_forms(value))
        elif isinstance(value, Mapping):
            found.update(map(Secret, _texts(value, 4)))
        elif isinstance(value, tuple):
            for one in value:
                if isinstance(one, msgspec.Struct):
                    _collect(one, found)
        elif isinstance(value, msgspec.Struct) and not isinstance(value, Money):
            _collect(value, found)
        elif isinstance(value, str) and (name in _PERSONAL or _is_credential(owner, name)):
            found.add(Secret(value))
            if name in _NAMES:
                found.update(Secret(word) for word in value.split() if len(word) > 1)


def _forms(secret: Secret) -> Iterator[Secret]:
    """A secret; a long one in Base64, too; and of one that is JSON (what a browser library or a
    wallet gave), what connectors send of it: each long text of it, and of the JSON in these."""
    yield secret
    text = secret.reveal()
    if len(text) < LONG:
        return
    for encode in (b64encode, urlsafe_b64encode):  # perhaps without the padding
        coded = encode(text.encode("utf-8", "surrogatepass")).decode()
        yield from (Secret(coded), Secret(coded.rstrip("=")))
    if text[0] in "{[":
        try:
            inner = [Secret(one) for one in _texts(msgspec.json.decode(text))]
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return
        for one in inner:
            yield from _forms(one)


def _texts(value: object, least: int = LONG) -> Iterator[str]:
    """The texts in a value of JSON that have at least so many characters."""
    if isinstance(value, str):
        if len(value) >= least:
            yield value
    elif isinstance(value, (Mapping, list)):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(one, least)


def _is_credential(owner: msgspec.Struct, name: str) -> bool:
    return isinstance(owner, Account) and name not in Account.__struct_fields__


def credentials(call: Call) -> Iterator[Secret]:
    """The credentials of the account that are too long to be part of an id by chance."""
    found = [getattr(call.account, name) for name in _secret_names(type(call.account))]
    if call.last_request is not None:
        found.append(Secret(_token(call.last_request)))
    return (secret for secret in found if secret is not None and len(secret) >= LONG)


def repeats_credential(call: Call, said: str) -> bool:
    """Whether a text contains a credential of the account."""
    account, request = call.account, call.last_request
    for name in _secret_names(type(account)):
        secret = getattr(account, name)
        if secret is not None and secret.reveal() in said:
            return True
    return request is not None and _token(request) in said


def card_of(call: Call) -> Card | None:
    """The card of a call, if it pays with one."""
    method = getattr(call.request, "payment_method", None)
    return method if isinstance(method, Card) else None


def number_of(call: Call) -> Secret | None:
    """The number of the card or bank account of a call, if it pays with one."""
    method = getattr(call.request, "payment_method", None)
    name = _NUMBERS.get(type(method))
    return None if name is None else getattr(method, name)


_NUMBERS: dict[type[object], str] = {
    **dict.fromkeys((Card, NetworkToken), "number"),
    **dict.fromkeys((Ach, Bacs, Becs), "account_number"),
    Sepa: "iban",
}


def _token(request: HttpRequest) -> str:
    """The credential in a request's headers: it may be an access token, which no field holds."""
    return request.headers.get("authorization", "").partition(" ")[2] or "\0"


@cache
def _secret_names(account: type[Account]) -> tuple[str, ...]:
    hints = get_type_hints(account)
    return tuple(name for name in account.__struct_fields__ if Secret in members(hints[name]))
