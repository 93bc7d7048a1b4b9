"""Taking out of a processor's words what the caller sent: secrets, card data, personal data."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from prism_core.account import Account
from prism_core.call import Call
from prism_core.details import ConnectorDetails, ErrorDetails, IssuerError, NetworkError
from prism_core.schema.money import Money
from prism_core.secrets import MASK, Secret

_CARD_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)")
_WORD = re.compile(r"[\w.:/-]{1,64}")
_LONG = 12
_PERSONAL = frozenset(
    {"name", "email", "phone", "phone_number", "holder_name", "first_name", "last_name"}
    | {"line1", "line2", "line3", "zip_code"}
)


def private_of(call: Call) -> list[Secret]:
    """The secrets and personal data of a call, longest first; held as secrets, because frames
    that hold them can be shown."""
    found: set[Secret] = set()
    _collect(call.request, found)
    _collect(call.account, found)
    if call.last_request is not None:  # it may carry an access token that no field holds
        found.add(Secret(call.last_request.headers.get("authorization", "").partition(" ")[2]))
    found.discard(Secret(""))
    return sorted(found, key=len, reverse=True)


def _collect(owner: msgspec.Struct, found: set[Secret]) -> None:
    for name in owner.__struct_fields__:
        value = getattr(owner, name)
        if isinstance(value, Secret):
            found.add(value)
        elif isinstance(value, Mapping):
            found.update(Secret(entry) for entry in value.values() if len(entry) > 3)
        elif isinstance(value, msgspec.Struct) and not isinstance(value, Money):
            _collect(value, found)
        elif isinstance(value, str) and (name in _PERSONAL or _is_credential(owner, name)):
            found.add(Secret(value))
            found.update(Secret(part) for part in _parts(name, value) if len(part) > 1)


def _parts(name: str, value: str) -> list[str]:
    """What a connector may send of a value: a name's words, a phone number without its plus."""
    if name in ("name", "holder_name"):
        return value.split()
    return [value.lstrip("+")] if name in ("phone", "phone_number") else []


def _is_credential(owner: msgspec.Struct, name: str) -> bool:
    return isinstance(owner, Account) and name not in Account.__struct_fields__


def redacted(details: ErrorDetails, private: list[Secret]) -> ErrorDetails:
    """The details of an error without what the caller sent: processors quote it."""

    def text(value: str | None) -> str | None:
        return None if value is None else cleaned(value, private)

    def code(value: str | None) -> str | None:
        # A code is the processor's own word: a person called "Declined" must not change it.
        if value is None or not _WORD.fullmatch(value):
            return text(value)
        return cleaned(value, [secret for secret in private if len(secret) >= _LONG])

    issuer, said = details.issuer, details.connector
    if issuer is not None:
        network = issuer.network
        issuer = IssuerError(
            code=code(issuer.code),
            message=text(issuer.message),
            network=None
            if network is None
            else NetworkError(
                advice_code=code(network.advice_code),
                decline_code=code(network.decline_code),
                error_message=text(network.error_message),
            ),
        )
    if said is not None:
        said = ConnectorDetails(
            code=code(said.code), message=text(said.message), reason=text(said.reason)
        )
    return msgspec.structs.replace(details, issuer=issuer, connector=said)


def cleaned(text: str, private: list[Secret]) -> str:
    """The text with a mask for every private value that stands in it as a word of its own, and
    for whatever looks like a card number."""
    for value in private:
        text = _masked(text, value)
    return _CARD_NUMBER.sub(MASK, text)


def _masked(text: str, value: Secret) -> str:
    # By hand, not by a pattern: `re` caches patterns, and this one would hold the secret.
    start = 0
    while (found := _lower(text).find(_lower(value.reveal()), start)) >= 0:
        end = found + len(value)
        if text[max(0, found - 1) : found].isalnum() or text[end : end + 1].isalnum():
            start = found + 1
        else:
            text = f"{text[:found]}{MASK}{text[end:]}"
            start = found + len(MASK)
    return text


def _lower(text: str) -> str:
    """In lower case, and as long as before: one letter of Unicode becomes two."""
    return text.replace("\u0130", "i").lower()
