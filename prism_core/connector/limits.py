"""Limits: what a processor has room for, and what it cannot do without. Those that a connector
declares are checked by the core; the functions are for a flow's own checks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from prism_core.errors import InvalidRequest, MalformedResponse
from prism_core.schema.money import Money

T = TypeVar("T")


class Limit(msgspec.Struct, frozen=True):
    """What a processor takes as the text of a field.

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
    """What a processor takes as metadata: how many entries, the limits of their keys and values,
    and the keys that the connector itself uses for the caller's own ids."""

    entries: int
    key: Limit
    value: Limit
    reserved: tuple[str, ...] = ()

    def problem(self, metadata: Mapping[str, str]) -> str | None:
        """What is wrong with metadata, as the end of a sentence; None if it fits."""
        if len(metadata) > self.entries:
            return f"has up to {self.entries} keys"
        for name, value in metadata.items():
            if name in self.reserved:
                return f"must not use the key '{name}'"
            wrong = self.key.problem(name)
            if wrong is not None:
                return f"has a key of another form: each {wrong}"
            wrong = self.value.problem(value)
            if wrong is not None:
                return f"has a value of another form: each {wrong}"
        return None


def needs(field: str, value: T | None, what: str) -> T:
    """The value of an optional field that the processor cannot do without in this case: `what`
    says in which, as in "with a card". Raises `InvalidRequest`. What an operation always needs is
    declared as `ConnectorInfo.needs`."""
    if value is None:
        raise InvalidRequest(f"{field} is needed here {what}; give it", field=field)
    return value


def at_most(longest: int, field: str, value: str | None) -> str | None:
    """A text that is made of several fields, unless it has more characters than the processor
    takes. Raises `InvalidRequest`; `field` may be a part of one (`"returned.payload"`). The limits
    of single fields are `ConnectorInfo.limits`."""
    if value is not None and len(value) > longest:
        raise InvalidRequest(
            f"{field} has up to {longest} characters here", field=field.partition(".")[0]
        )
    return value


def single_value(what: str, field: str, *values: str | None) -> str | None:
    """The one value among several places in which a caller may give it (the name of the card's
    holder and of the billing address), for a processor that has one place. Raises
    `InvalidRequest`, blaming `field`, where they differ."""
    given = {value for value in values if value}
    if len(given) > 1:
        raise InvalidRequest(
            f"two different {what}s are given, and there is one here; give the same, or only one",
            field=field,
        )
    return given.pop() if given else None


def expect_same(field: str, asked: str | None, found: str | None) -> None:
    """Raises `MalformedResponse` where an answer is about another object than `field` asked for:
    what is sent next would change that one. Where nothing was asked, anything goes."""
    if asked is not None and asked != found:
        raise MalformedResponse(f"the answer is about another {field} than asked")


def expect_currency(asked: Money | None, known: Money) -> None:
    """Raises `InvalidRequest` where an amount is in another currency than the payment that it is
    about: some processors read the number alone, and would move that many of their own."""
    if asked is not None and asked.currency != known.currency:
        raise InvalidRequest(
            f"amount is in {asked.currency}, and the payment is in {known.currency}",
            field="amount",
        )
