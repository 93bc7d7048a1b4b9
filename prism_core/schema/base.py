"""What every value of the schema shares: checked when built, immutable, private in its repr."""

from __future__ import annotations

from enum import Enum
from typing import Any, ClassVar

import msgspec

from prism_core.errors import InvalidRequest, PrismError
from prism_core.schema.checks import Count, first_problem
from prism_core.schema.secrets import MASK, Secret

LONGEST_TIMEOUT = 86_400.0
"""Seconds; clocks and sockets take no number without end."""
_SHOWN = frozenset({"currency", "idempotency_key", "event_type", "brand", "last_four", "not_sent"})
"""The strings that are harmless, besides ids."""


class Masked(msgspec.Struct, frozen=True):
    """A Struct whose `repr`, and rich's, shows nothing private.

    Both fail closed: a string is shown only where its field is an id or named as harmless here,
    so that a field added later is private until somebody decides otherwise.
    """

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({shown})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        # msgspec's own would give the plain values to `rich`, its tracebacks and structlog's.
        values = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return [(name, _shown(name, value)) for name, value in values if value is not None]


def _shown(name: str, value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_shown(name, one) for one in value)
    if isinstance(value, (msgspec.Struct, Secret, Enum, int, float)):
        return value
    if isinstance(value, str):
        if name in _SHOWN or name.endswith("_id"):
            return value
        if name == "uri":
            return _place(value)
    return MASK


def _place(url: str) -> str:
    """A URL without its query and fragment: they let whoever has them act for the customer."""
    place = url.partition("#")[0].partition("?")[0]
    return place if place == url else f"{place}{url[len(place)]}{MASK}"


class Schema(Masked, frozen=True):
    """A value of the schema. A field that cannot be right raises when the value is built."""

    descriptive: ClassVar[frozenset[str]] = frozenset()
    """The fields that a connector may leave out where its processor has no place for them: they
    change nothing about what happens to money. The result's `not_sent` names them."""

    def __post_init__(self) -> None:
        found = first_problem(self)
        if found is not None:
            for field in self.__struct_fields__:  # tracebacks can show it: now it holds nothing
                msgspec.structs.force_setattr(self, field, None)
            raise self._invalid(*found)

    @classmethod
    def _invalid(cls, field: str, problem: str) -> PrismError:
        error = InvalidRequest(f"{cls.__name__}.{field} {problem}", field=field)
        error.in_value = True
        return error

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON-ready values, without those that are None. Secrets are masked."""
        everything = msgspec.to_builtins(self, enc_hook=_mask_secret)
        return {name: value for name, value in everything.items() if value is not None}


def _mask_secret(value: object) -> str:
    if isinstance(value, Secret):
        return MASK
    raise NotImplementedError


class Request(Schema, frozen=True, kw_only=True):
    """What an operation is asked to do, and how long the core may try.

    `timeout` bounds the whole call in seconds, retries included; `max_retries` counts the
    repetitions after the first attempt. None means what the client was set up with.
    """

    timeout: float | None = None
    max_retries: Count | None = None

    options: ClassVar[frozenset[str]] = frozenset({"timeout", "max_retries", "idempotency_key"})
    """The fields that speak to the core; all others speak to the processor."""
    from_processor: ClassVar[bool] = False
    """Whether it carries what a processor said: what is wrong with that is not the caller's."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.timeout is not None and not 0 < self.timeout <= LONGEST_TIMEOUT:
            raise self._invalid("timeout", "must be a positive number of seconds, a day at most")
        if self.max_retries is not None and self.max_retries < 0:
            raise self._invalid("max_retries", "must be 0 or more")

    def _positive(self, name: str) -> None:
        """Refuses an amount of 0, which moves nothing."""
        amount = getattr(self, name)
        if amount is not None and amount.minor_amount == 0:
            raise self._invalid(name, "must be more than 0")

    reference_field: ClassVar[str]
    """The field that holds the caller's own id of what the request is about."""

    @property
    def reference(self) -> str | None:
        """The caller's own id of what the request is about: a customer, a payment, a refund."""
        found: str | None = getattr(self, self.reference_field, None)
        return found


class Attempt(msgspec.Struct, frozen=True):
    """One request on the wire: what answered it (`status_code`) or what went wrong (`failure`)."""

    method: str
    path: str
    status_code: int | None = None
    failure: str | None = None
    seconds: float = 0.0


class Discrepancy(msgspec.Struct, frozen=True):
    """Something that the processor reports otherwise than it was asked for."""

    field: str
    asked: str
    reported: str


class Result(Schema, frozen=True, kw_only=True, dict=True):
    """What an operation came to. The fields here are filled in by the core.

    `discrepancies` is empty when the processor reports all as it was asked. `not_sent` names
    the fields given that the processor has no place for. `response` is the processor's last
    answer (status, headers, body); it is not a field, so that no repr, JSON or pickle of a
    result carries it.
    """

    status_code: int = 0
    request_id: str | None = None
    idempotency_key: str | None = None
    attempts: tuple[Attempt, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()
    not_sent: tuple[str, ...] = ()

    @property
    def response(self) -> Any:
        """The processor's last answer, an `HttpResponse`; None in a copy or an unpickled one."""
        return self.__dict__.get("response")

    @property
    def response_headers(self) -> dict[str, str]:
        """The headers of the processor's last answer, names in lower case."""
        return dict(self.response.headers) if self.response is not None else {}
