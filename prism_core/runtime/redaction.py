"""Redaction: masks the private values of a call in a processor's texts, in results and errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar, get_type_hints

import msgspec

from prism_core.errors import ConnectorError, PrismError
from prism_core.errors.details import ConnectorDetails, ErrorDetails, IssuerError, NetworkError
from prism_core.runtime.call import Call
from prism_core.runtime.copies import copied
from prism_core.runtime.masking import IS_CODE, LONG, mask_code, mask_number, mask_private, one_line
from prism_core.runtime.private import (
    card_of,
    credentials,
    number_of,
    private_values,
    repeats_credential,
)
from prism_core.schema.base import Discrepancy, Result
from prism_core.schema.checks import members
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import Card
from prism_core.schema.secrets import MASK, Secret, reveal
from prism_core.schema.stored import PaymentMethodInfo

S = TypeVar("S", bound=msgspec.Struct)
R = TypeVar("R", bound=Result)

_CODES = ("avs_code", "cvc_code", "event_type")
_NO_TEXT = (Enum, int, float, Money)
FROM_CORE = frozenset(Result.__struct_fields__) - {"request_id"}
"""The fields of a result with no text of a processor, except in paths and discrepancies."""
_LONG_NUMBER = 8
"""A shorter account number can be part of an id by chance."""
_RUNS = re.compile("[0-9]+")
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))


def redacted_result(call: Call, result: R) -> R:
    """The result without private values that the processor repeats."""
    if not _may_repeat(call, result):
        return result
    return _Redactor(call).struct(result)


def redact_error(call: Call, error: PrismError) -> None:
    """The same for an error: its message, its details and its ids."""
    redactor = _Redactor(call)
    error.message = redactor.text(error.message)
    error.args = (error.message,)
    error.attempts = redactor.value("attempts", error.attempts)
    if isinstance(error, ConnectorError):
        error.details = redacted_details(error.details, redactor.private)
    for name in ("request_id", "connector_customer_id", "connector_transaction_id"):
        said = getattr(error, name, None)
        if said is not None:
            setattr(error, name, redactor.value(name, said))


def _may_repeat(call: Call, result: Result) -> bool:
    """Whether a result must be searched in detail. Most need no search, and it is slow."""
    fields = _fields_of(type(result))
    if result.discrepancies or fields.others(result) != fields.no_others:
        return True
    said = " ".join(filter(None, fields.texts(result)))
    if len(result.attempts) > 1:  # later paths hold ids of earlier answers
        said += " ".join(attempt.path for attempt in result.attempts)
    # Digits that are not ASCII or have something coded between them, and what breaks a line.
    if not (said.isascii() and said.isprintable()) or "%" in said or "&" in said:
        return True
    card, number = card_of(call), number_of(call)
    if number is not None and _holds_number(said, number):
        return True
    for name in fields.codes:
        code = getattr(result, name)
        if code is not None and not _is_harmless_code(code, card):
            return True
    return repeats_credential(call, said)


class _Fields(NamedTuple):
    """The fields of a result type that can hold a processor's text."""

    texts: Callable[[Result], tuple[str | None, ...]]
    others: Callable[[Result], tuple[Any, ...]]
    """The fields that hold more than one text."""
    no_others: tuple[None, ...]
    codes: tuple[str, ...]


@cache
def _fields_of(kind: type[Result]) -> _Fields:
    texts: list[str] = []
    others: list[str] = []
    for name, hint in get_type_hints(kind).items():
        held = {one for one in members(hint) if one is not type(None)}
        if name in FROM_CORE or name not in kind.__struct_fields__:
            continue
        if held == {str}:
            texts.append(name)
        elif not all(map(_holds_no_text, held)):
            others.append(name)
    codes = tuple(name for name in _CODES if name in texts)
    return _Fields(_getter(texts), _getter(others), (None,) * len(others), codes)


def _holds_no_text(kind: object) -> bool:
    """Whether values of a type have no text of a processor, or texts that are short and checked."""
    return kind is PaymentMethodInfo or (isinstance(kind, type) and issubclass(kind, _NO_TEXT))


def _getter(names: list[str]) -> Callable[[Result], tuple[Any, ...]]:
    """A function that returns the values of these fields, always as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda result: tuple(getattr(result, name) for name in names)


def _holds_number(said: str, number: Secret) -> bool:
    """Whether a text has the digits of a number, whatever stands between them."""
    digits = number.reveal().encode().translate(None, _NO_DIGITS)
    return digits in said.encode().translate(None, _NO_DIGITS)


def _is_harmless_code(said: str, card: Card | None) -> bool:
    if not ((len(said) < LONG and said.isalnum()) or IS_CODE.fullmatch(said)):
        return False
    return card is None or card.cvc is None or reveal(card.cvc) not in said


class _Redactor:
    """Removes the private values of a call from its processor's texts.

    In a text for people, every private value is masked. In a value that must stay exact, such as an
    id or a redirect URL, only the card's number and the account's credentials are masked.
    """

    def __init__(self, call: Call) -> None:
        self.private = private_values(call)
        self._request = call.request
        card = card_of(call)
        self._never = [*credentials(call)]
        self._cvc: list[Secret] = []
        number = number_of(call)
        if number is not None and len(number) >= _LONG_NUMBER:
            # An IBAN is written with spaces, too; its digits are found then.
            self._never += [number, Secret(max(_RUNS.findall(reveal(number)), key=len))]
        if card is not None and card.cvc is not None:
            self._cvc = [Secret(card.cvc)]

    def text(self, said: str) -> str:
        """A text for people."""
        return mask_private(said, self.private)

    def exact(self, said: str) -> str:
        """A text that is used as it is."""
        for secret in self._never:
            said = mask_number(said.replace(reveal(secret), MASK), secret)
        return said

    def value(self, name: str, value: Any) -> Any:
        """The value for the field of that name, redacted."""
        if getattr(self._request, name, None) == value or isinstance(value, (Enum, Money)):
            return value  # the caller's own, as it was given
        if isinstance(value, str):
            return self._string(name, value)
        if isinstance(value, tuple):
            return tuple(self.value(name, one) for one in value)
        if isinstance(value, Mapping):
            return {key: self.exact(entry) for key, entry in value.items()}
        if isinstance(value, ErrorDetails):
            return redacted_details(value, self.private)
        if isinstance(value, Discrepancy):
            return Discrepancy(value.field, value.asked, self._reported(value))
        return self.struct(value) if isinstance(value, msgspec.Struct) else value

    def struct(self, value: S) -> S:
        """The value with all of its fields redacted; the same object if nothing had to change."""
        changes = {}
        for name in value.__struct_fields__:
            old = getattr(value, name)
            new = self.value(name, old)
            if new is not old:
                changes[name] = new
        return copied(value, changes) if changes else value

    def _string(self, name: str, said: str) -> str:
        if name == "event_type":
            return mask_code(said, self.private)
        if name in _CODES:
            is_code = IS_CODE.fullmatch(said)
            return mask_private(self.exact(said), self._cvc) if is_code else self.text(said)
        kept = self.exact(said)
        return one_line(kept) if name.endswith("_id") else kept

    def _reported(self, found: Discrepancy) -> str:
        if found.field.endswith("_id") and not IS_CODE.fullmatch(found.reported):
            return self.text(found.reported)
        return one_line(self.exact(found.reported))


def redacted_details(details: ErrorDetails, private: list[Secret]) -> ErrorDetails:
    """The details of an error without private values, which processors quote."""

    def text(value: str | None) -> str | None:
        return None if value is None else mask_private(value, private)

    def code(value: str | None) -> str | None:
        return None if value is None else mask_code(value, private)

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
