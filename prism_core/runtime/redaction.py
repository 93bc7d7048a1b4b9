"""Taking out of what a processor says what the caller sent: secrets, card and personal data."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar, get_type_hints

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.http import HttpRequest
from prism_core.errors import ConnectorError, PrismError
from prism_core.errors.details import ConnectorDetails, ErrorDetails, IssuerError, NetworkError
from prism_core.runtime.call import Call
from prism_core.runtime.masking import IS_CODE, LONG, cleaned, code, one_line, without_number
from prism_core.schema.base import Discrepancy, Result
from prism_core.schema.checks import members
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import Card
from prism_core.schema.secrets import MASK, Secret, reveal

S = TypeVar("S", bound=msgspec.Struct)

_PERSONAL = frozenset(
    {"name", "email", "phone", "phone_number", "holder_name", "first_name", "last_name"}
    | {"line1", "line2", "line3", "zip_code"}
)
_CODES = ("avs_code", "cvc_code", "event_type")
_NO_TEXT = (Enum, int, float, Money)
_OURS = frozenset({"status_code", "idempotency_key", "attempts", "discrepancies", "not_sent"})
_NO_LETTERS: Any = (None, bytes(set(range(256)) - set(b"0123456789")))
_put = msgspec.structs.force_setattr


def take_out(call: Call, result: Result) -> None:
    """Takes out of a result what the caller sent and the processor repeats."""
    if _may_repeat(call, result):
        words = _Words(call)
        for name in result.__struct_fields__:
            value = getattr(result, name)
            kept = words.kept(name, value)
            if kept is not value:
                _put(result, name, kept)


def take_out_of_error(call: Call, error: PrismError) -> None:
    """The same for an error: its message, its details and its ids."""
    words = _Words(call)
    error.message = words.text(error.message)
    error.args = (error.message,)
    error.attempts = words.kept("attempts", error.attempts)
    if isinstance(error, ConnectorError):
        error.details = redacted(error.details, words.private)
    for name in ("request_id", "connector_customer_id", "connector_transaction_id"):
        said = getattr(error, name, None)
        if said is not None:
            setattr(error, name, words.kept(name, said))


def _may_repeat(call: Call, result: Result) -> bool:
    """Whether a result needs a closer look. Most need none, and this takes three microseconds."""
    parts = _parts_of(type(result))
    if result.discrepancies:
        return True
    values = parts.values(result)
    if values[parts.texts :] != parts.nothing:
        return True
    said = " ".join(filter(None, values[: parts.texts]))
    if len(result.attempts) > 1:  # later paths hold ids of earlier answers
        said += " ".join(attempt.path for attempt in result.attempts)
    # Digits that are not ASCII or have something coded between them, and what breaks a line.
    if not (said.isascii() and said.isprintable()) or "%" in said or "&" in said:
        return True
    card = getattr(call.request, "payment_method", None)
    if type(card) is Card and reveal(card.number).encode() in said.encode().translate(*_NO_LETTERS):
        return True
    for name in parts.codes:
        code = getattr(result, name)
        if code is not None and not _is_code(code, card):
            return True
    return _repeats_credential(call, said)


class _Parts(NamedTuple):
    """The fields of a kind of result: those with a text, and all others that can hold one."""

    values: Callable[[Result], tuple[Any, ...]]
    """Of a result, its texts and then all others."""
    texts: int
    """How many of these are texts."""
    nothing: tuple[None, ...]
    """All others, where none of them holds anything."""
    codes: tuple[str, ...]


@cache
def _parts_of(kind: type[Result]) -> _Parts:
    texts: list[str] = []
    rest: list[str] = []
    for name, hint in get_type_hints(kind).items():
        held = {one for one in members(hint) if one is not type(None)}
        if name in _OURS or name not in kind.__struct_fields__:
            continue
        if held == {str}:
            texts.append(name)
        elif not all(isinstance(one, type) and issubclass(one, _NO_TEXT) for one in held):
            rest.append(name)
    codes = tuple(name for name in _CODES if name in texts)
    # The second `request_id`: of one name alone, an `attrgetter` gives no tuple.
    values = attrgetter("request_id", *texts, *rest)
    return _Parts(values, 1 + len(texts), (None,) * len(rest), codes)


def _is_code(said: str, card: object) -> bool:
    cvc = reveal(card.cvc or "") if isinstance(card, Card) else ""
    return bool(IS_CODE.fullmatch(said)) and not (cvc and cvc in said)


def _repeats_credential(call: Call, said: str) -> bool:
    account, request = call.account, call.last_request
    for name in _secret_names(type(account)):
        secret = getattr(account, name)
        if secret is not None and secret.reveal() in said:
            return True
    return request is not None and _token(request) in said


def _token(request: HttpRequest) -> str:
    """What a request is authorized by: it may be an access token, which no field holds."""
    return request.headers.get("authorization", "").partition(" ")[2] or "\0"


def _credentials(call: Call) -> Iterator[Secret]:
    """What gives access to the account, and is too long to stand in an id by chance."""
    found = [getattr(call.account, name) for name in _secret_names(type(call.account))]
    if call.last_request is not None:
        found.append(Secret(_token(call.last_request)))
    return (secret for secret in found if secret is not None and len(secret) >= LONG)


@cache
def _secret_names(account: type[Account]) -> tuple[str, ...]:
    hints = get_type_hints(account)
    return tuple(name for name in account.__struct_fields__ if Secret in members(hints[name]))


class _Words:
    """What a call must not show, and the words of its processor without that.

    A text that people read loses every private value. What must be given on exactly, such as an
    id or where to send the customer, loses only what can never be meant: the card's number and
    the account's credentials.
    """

    def __init__(self, call: Call) -> None:
        self.private = private_of(call)
        self._request = call.request
        card = getattr(call.request, "payment_method", None)
        self._never = [*_credentials(call)]
        self._cvc: list[Secret] = []
        if isinstance(card, Card):
            self._never.append(Secret(card.number))
            self._cvc = [] if card.cvc is None else [Secret(card.cvc)]

    def text(self, said: str) -> str:
        """A text for people."""
        return cleaned(said, self.private)

    def exact(self, said: str) -> str:
        """A text that is used as it is."""
        for secret in self._never:
            said = without_number(said.replace(reveal(secret), MASK), secret)
        return said

    def kept(self, name: str, value: Any) -> Any:
        """What a field may hold."""
        if getattr(self._request, name, None) == value or isinstance(value, (Enum, Money)):
            return value  # the caller's own, as it was given
        if isinstance(value, str):
            return self._said(name, value)
        if isinstance(value, tuple):
            return tuple(self.kept(name, one) for one in value)
        if isinstance(value, Mapping):
            return {key: self.exact(entry) for key, entry in value.items()}
        if isinstance(value, ErrorDetails):
            return redacted(value, self.private)
        if isinstance(value, Discrepancy):
            return Discrepancy(value.field, value.asked, self._reported(value))
        return self._inside(value) if isinstance(value, msgspec.Struct) else value

    def _said(self, name: str, said: str) -> str:
        if name == "event_type":
            return code(said, self.private)
        if name in _CODES:
            is_code = IS_CODE.fullmatch(said)
            return cleaned(self.exact(said), self._cvc) if is_code else self.text(said)
        kept = self.exact(said)
        return one_line(kept) if name.endswith("_id") else kept

    def _reported(self, told: Discrepancy) -> str:
        if told.field.endswith("_id") and not IS_CODE.fullmatch(told.reported):
            return self.text(told.reported)
        return one_line(self.exact(told.reported))

    def _inside(self, value: S) -> S:
        changed = {}
        for name in value.__struct_fields__:
            old = getattr(value, name)
            new = self.kept(name, old)
            if new is not old:
                changed[name] = new
        if not changed:
            return value
        value = copy.copy(value)  # not checked again: a mask is no URL, say
        for name, new in changed.items():
            _put(value, name, new)
        return value


def private_of(call: Call) -> list[Secret]:
    """The secrets and personal data of a call, longest first; held as secrets, because frames
    that hold them can be shown."""
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
            found.add(value)
        elif isinstance(value, Mapping):
            found.update(Secret(entry) for entry in value.values() if len(entry) > 3)
        elif isinstance(value, msgspec.Struct) and not isinstance(value, Money):
            _collect(value, found)
        elif isinstance(value, str) and (name in _PERSONAL or _is_credential(owner, name)):
            found.add(Secret(value))
            if name in ("name", "holder_name"):  # a connector may send its words one by one
                found.update(Secret(word) for word in value.split() if len(word) > 1)


def _is_credential(owner: msgspec.Struct, name: str) -> bool:
    return isinstance(owner, Account) and name not in Account.__struct_fields__


def redacted(details: ErrorDetails, private: list[Secret]) -> ErrorDetails:
    """The details of an error without what the caller sent: processors quote it."""

    def text(value: str | None) -> str | None:
        return None if value is None else cleaned(value, private)

    def word(value: str | None) -> str | None:
        return None if value is None else code(value, private)

    issuer, said = details.issuer, details.connector
    if issuer is not None:
        network = issuer.network
        issuer = IssuerError(
            code=word(issuer.code),
            message=text(issuer.message),
            network=None
            if network is None
            else NetworkError(
                advice_code=word(network.advice_code),
                decline_code=word(network.decline_code),
                error_message=text(network.error_message),
            ),
        )
    if said is not None:
        said = ConnectorDetails(
            code=word(said.code), message=text(said.message), reason=text(said.reason)
        )
    return msgspec.structs.replace(details, issuer=issuer, connector=said)
