"""Limits of a processor's fields, and checks of required and matching values. The core checks the
limits that a connector declares; the functions are for a flow's own checks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from prism_core.errors import ConfigurationError, InvalidRequest, MalformedResponse
from prism_core.schema.money import Money

T = TypeVar("T")


class Limit(msgspec.Struct, frozen=True):
    """The text that a processor accepts in a field.

    `longest` and `shortest` count characters. `characters` is a regular expression's class of
    those that may stand in it, such as `"[0-9A-Za-z_-]"`; where more is to be said, `pattern` is
    a regular expression of the whole text. `said` names them in words, as the error message does:
    "letters, digits, hyphens and underscores".
    """

    longest: int
    shortest: int = 1
    characters: str | None = None
    said: str = ""
    pattern: str | None = None

    def problem(self, text: str) -> str | None:
        """What is wrong with a text, as the end of a sentence; None if it fits."""
        if self.shortest <= len(text) <= self.longest and self._has_its_form(text):
            return None
        least = f"{self.shortest} to" if self.shortest > 1 else "up to"
        return f"has {least} {self.longest} {self.said or 'characters'}"

    def _has_its_form(self, text: str) -> bool:
        pattern = self.pattern or (self.characters and f"{self.characters}*")
        return pattern is None or re.fullmatch(pattern, text) is not None


class MetadataLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The metadata that a processor accepts: the number of entries, the limits of keys and values,
    each as far as it is documented; and the keys that the connector itself uses, which no caller
    can give."""

    entries: int | None = None
    key: Limit | None = None
    value: Limit | None = None
    reserved: tuple[str, ...] = ()

    def problem(self, metadata: Mapping[str, str]) -> str | None:
        """The problem of metadata as the end of a sentence; None if there is none."""
        if self.entries is not None and len(metadata) > self.entries:
            return f"has up to {self.entries} keys"
        for name, value in metadata.items():
            if name in self.reserved:
                return f"must not use the key '{name}'"
            wrong = self.key and self.key.problem(name)
            if wrong:
                return f"has a key of another form: each {wrong}"
            wrong = self.value and self.value.problem(value)
            if wrong:
                return f"has a value of another form: each {wrong}"
        return None


def needs(field: str, value: T | None, what: str) -> T:
    """The value of an optional field that the processor requires in this case; `what` names the
    case, such as "with a card". Raises `InvalidRequest` if it is None. Declare fields that an
    operation always requires in `ConnectorInfo.needs`."""
    if value is None:
        raise InvalidRequest(f"{field} is needed here {what}; give it", field=field)
    return value


def needs_setting(name: str, value: T | None, what: str) -> T:
    """The value of an optional setting of the account that this call requires; `what` names the
    case, such as "for Acme's library". Raises `ConfigurationError` if it is None."""
    if value is None:
        raise ConfigurationError(f"{name} is needed {what}: give {name}=... to the client")
    return value


def at_most(longest: int, field: str, value: str | None) -> str | None:
    """Checks the length of a text that is made of several fields, and returns it. Raises
    `InvalidRequest`; `field` may be a part of a field (`"returned.payload"`). Declare the limits of
    single fields in `ConnectorInfo.limits`."""
    if value is not None and len(value) > longest:
        raise InvalidRequest(
            f"{field} has up to {longest} characters here", field=field.partition(".")[0]
        )
    return value


def single_value(what: str, field: str, *values: str | None) -> str | None:
    """The one value that a caller may give in several fields (such as the name, in the card and in
    the billing address) and that the processor has one field for. Raises `InvalidRequest` with
    `field` if the values differ."""
    given = {value for value in values if value}
    if len(given) > 1:
        raise InvalidRequest(
            f"two different {what}s are given, and one can be sent; give the same, or only one",
            field=field,
        )
    return given.pop() if given else None


def expect_same(field: str, asked: str | None, found: str | None) -> None:
    """Raises `MalformedResponse` if an answer is about another object than `field` asked for,
    because the next request would change that object. If nothing was asked, any id is accepted."""
    if asked is not None and asked != found:
        raise MalformedResponse(f"the answer is about another {field} than asked")


def expect_currency(asked: Money | None, known: Money) -> None:
    """Raises `InvalidRequest` if an amount has another currency than its payment: some processors
    ignore the currency and would move that amount in the payment's currency."""
    if asked is not None and asked.currency != known.currency:
        raise InvalidRequest(
            f"amount is in {asked.currency}, and the payment is in {known.currency}",
            field="amount",
        )
