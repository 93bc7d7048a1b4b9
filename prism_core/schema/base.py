"""The base classes of the schema: checked when built, immutable, private data masked in repr."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, ClassVar, Self

import msgspec

from prism_core.errors import InvalidRequest, PrismError
from prism_core.schema.checks import Count, first_problem
from prism_core.schema.plain import from_plain, to_plain
from prism_core.schema.secrets import MASK, Secret

LONGEST_TIMEOUT = 86_400.0
"""Seconds in a day: clocks and sockets do not take every large number."""
_SHOWN = frozenset({"currency", "idempotency_key", "event_type", "brand", "last_four", "not_sent"})
"""The string fields that a repr may show, besides ids."""


class Masked(msgspec.Struct, frozen=True):
    """A Struct whose `repr` (and rich's) shows no private data.

    A string is shown only if its field is an id or is listed in `_SHOWN`, so that a field added
    later is masked by default.
    """

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({shown})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        # The method of msgspec would show the plain values in `rich` and structlog tracebacks.
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
            return _public_url(value)
    return MASK


def _public_url(url: str) -> str:
    """The origin of a URL: whoever has the rest, such as a page's token in the path, can act for
    the customer."""
    scheme, _, rest = url.partition("://")
    host = rest.partition("#")[0].partition("?")[0].partition("/")[0]
    return url if host == rest else f"{scheme}://{host}/{MASK}"


class Schema(Masked, frozen=True):
    """A value of the schema. A wrong value in a field raises when the object is built."""

    descriptive: ClassVar[frozenset[str]] = frozenset()
    """The fields that a connector may leave out if its processor has no such field: they do not
    change what happens to money. The result's `not_sent` names those that were left out."""

    def __post_init__(self) -> None:
        found = first_problem(self)
        if found is not None:
            for field in self.__struct_fields__:  # emptied: tracebacks can show local variables
                msgspec.structs.force_setattr(self, field, None)
            raise self._invalid(*found)

    @classmethod
    def _invalid(cls, field: str, problem: str) -> PrismError:
        error = InvalidRequest(f"{cls.__name__}.{field} {problem}", field=field)
        error.in_value = True
        return error

    storable: ClassVar[bool] = False
    """Whether its secrets may be stored: they are ids, such as that of a stored payment method."""
    confidential: ClassVar[frozenset[str]] = frozenset()
    """The fields that may hold a secret without being one."""

    def to_dict(self, *, secrets: bool = False) -> dict[str, Any]:
        """The fields as values of JSON, for a database or a queue; `from_dict` makes the same value
        of them. A field that is None is left out.

        Raises `InvalidRequest` if it holds a secret, such as a card, unless you ask for secrets:
        then keep them as your rules for card data say.
        """
        return to_plain(self, secrets=secrets)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The value that `to_dict` has written, or the same fields from elsewhere. Raises
        `InvalidRequest`, which names the field, for a wrong value and for a field that this
        version of Prism does not have."""
        made = from_plain(cls, values)
        del values  # it may hold secrets, and tracebacks can show local variables
        if isinstance(made, InvalidRequest):
            raise made
        return made

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from prism_core.schema.pydantic_types import schema_of  # Pydantic alone calls it

        return schema_of(cls, handler)


class Request(Schema, frozen=True, kw_only=True):
    """The input of an operation.

    `timeout` limits the whole call in seconds, retries included; `max_retries` is the number of
    repetitions after the first attempt. None means the client's own setting.
    """

    timeout: float | None = None
    max_retries: Count | None = None

    options: ClassVar[frozenset[str]] = frozenset({"timeout", "max_retries", "idempotency_key"})
    """The fields that are for the core; all others are for the processor."""
    identifying: ClassVar[frozenset[str]] = frozenset()
    """The fields that only say which existing object is meant, or how its customer came back. A
    connector leaves out those that its processor does not need. `not_sent` does not name them:
    nothing that the caller gave is lost, and the core compares ids with the answer."""
    makes_key: ClassVar[bool] = True
    """Whether the core makes an idempotency key, if it has none and the processor honours keys."""
    from_processor: ClassVar[bool] = False
    """Whether it holds data from a processor: if that is wrong, the caller has made no mistake."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.timeout is not None and not 0 < self.timeout <= LONGEST_TIMEOUT:
            raise self._invalid("timeout", "must be a positive number of seconds, a day at most")
        if self.max_retries is not None and self.max_retries < 0:
            raise self._invalid("max_retries", "must be 0 or more")

    def _positive(self, name: str) -> None:
        """Refuses an amount of 0."""
        amount = getattr(self, name)
        if amount is not None and amount.minor_amount == 0:
            raise self._invalid(name, "must be more than 0")

    def _lines_of_amount(self) -> None:
        """Refuses lines of an order in another currency than its amount, and an order of none:
        what a processor adds up of them is what it charges, or shows to the customer."""
        lines, currency = self.order_details, self.amount.currency  # type: ignore[attr-defined]
        if lines is None:
            return
        if not lines:
            raise self._invalid("order_details", "must not be empty; leave it out instead")
        if any(line.amount.currency != currency for line in lines):
            raise self._invalid("order_details", f"must be in {currency}, as the amount is")

    reference_field: ClassVar[str]
    """The field that holds the caller's own id of the customer, payment, refund and so on."""

    @property
    def reference(self) -> str | None:
        """The caller's own id of the customer, payment, refund and so on."""
        found: str | None = getattr(self, self.reference_field, None)
        return found


class Attempt(msgspec.Struct, frozen=True):
    """One HTTP request that was sent: the answer's `status_code`, or what failed (`failure`)."""

    method: str
    path: str
    status_code: int | None = None
    failure: str | None = None
    seconds: float = 0.0


class Discrepancy(msgspec.Struct, frozen=True):
    """A field that the processor reports with another value than the one asked for."""

    field: str
    asked: str
    reported: str


class Result(Schema, frozen=True, kw_only=True, dict=True):
    """The result of an operation. The fields of this base class are filled in by the core.

    `discrepancies` is empty if the processor reports everything as it was asked. `not_sent` names
    the given fields that the processor has no field for. `response` is the processor's last
    answer (status, headers, body); it is not a field, so it is in no repr, JSON or pickle.
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
