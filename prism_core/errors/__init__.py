"""The error tree: every exception that Prism raises::

    PrismError
    |-- ConfigurationError        the client is set up wrongly; nothing was sent
    |   |-- ConnectorNotFound     no installed connector has that name
    |   `-- ConnectorLoadError    found, but it cannot be loaded
    |-- InvalidRequest            the request cannot be right; nothing was sent
    |-- UnsupportedOperation      this connector cannot do that; nothing was sent
    |-- EventRejected             a webhook that is not the processor's, or too old
    |-- ConnectorError            the processor answered with an error
    |   |-- AuthenticationError   it refused the credentials
    |   |-- NotFound              it knows no such object
    |   |-- Conflict              it has that object, or used that key, already
    |   |-- RateLimited           too many requests; nothing was done
    |   `-- Unavailable           it failed itself: the outcome is unknown
    |-- MalformedResponse         it answered, and the answer makes no sense: outcome unknown
    |-- ConnectorBug              the connector's own code failed
    `-- TransportError            no answer: `outcome` is "not_sent" or "unknown"

A declined payment is none of these: it is a result with a status. Every error pickles and
copies, and none holds a secret or card data.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from prism_core.errors.details import ErrorDetails, ErrorKind

Outcome = Literal["not_sent", "rejected", "unknown"]


class PrismError(Exception):
    """The base of all errors here.

    `outcome` tells what became of the operation: "not_sent" (the processor never got it),
    "rejected" (it got it and did nothing), "unknown" (it may have been done: look it up, or
    repeat it with `idempotency_key`). The other attributes are None where they do not apply.
    `connector_customer_id` and `connector_transaction_id` are what the processor already has: a
    customer in conflict, or what an earlier step of the call made there.
    """

    outcome: Outcome = "not_sent"
    connector: str | None = None
    operation: str | None = None
    reference: str | None = None
    idempotency_key: str | None = None
    connector_customer_id: str | None = None
    connector_transaction_id: str | None = None
    attempts: tuple[Any, ...] = ()
    completed: Any = None
    """What a composite call had finished before it failed (`checkout`: the customer)."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, dict(self.__dict__))

    def to_dict(self) -> dict[str, object]:
        """What the error says, as JSON-ready values."""
        shown = {
            "type": type(self).__name__,
            "message": self.message,
            "outcome": self.outcome,
            "connector": self.connector,
            "operation": self.operation,
            "reference": self.reference,
            "idempotency_key": self.idempotency_key,
            "connector_customer_id": self.connector_customer_id,
            "connector_transaction_id": self.connector_transaction_id,
            "completed": None if self.completed is None else self.completed.to_dict(),
            "attempts": [msgspec.to_builtins(attempt) for attempt in self.attempts] or None,
        }
        return {name: value for name, value in shown.items() if value is not None}


def _rebuild(cls: type[PrismError], message: str, state: dict[str, Any]) -> PrismError:
    error = cls.__new__(cls, message)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


class ConfigurationError(PrismError):
    """The client or its credentials are set up wrongly; the message says what to change."""


class ConnectorNotFound(ConfigurationError):
    """No installed distribution provides the connector."""


class ConnectorLoadError(ConfigurationError):
    """The connector is installed but ambiguous, blocked, incompatible or broken."""


class InvalidRequest(PrismError):
    """The request cannot be right: `field` names what to change. Nothing was done."""

    in_value: bool = False
    """Whether a value of the schema cannot be built so; False where a connector refuses."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field

    def to_dict(self) -> dict[str, object]:
        """As every error's, with the field to change."""
        return {**super().to_dict(), "field": self.field}


class UnsupportedOperation(PrismError):
    """The processor has no such operation, or its connector does not implement it."""


class EventRejected(PrismError):
    """The webhook is not believed: its signature is missing, wrong or too old, or the processor
    does not know what it is about. `outcome` is always "rejected": nothing of it was taken for
    true, and nothing was changed."""

    outcome: Outcome = "rejected"


class ConnectorError(PrismError):
    """The processor answered with an error, in `details`; nothing was done unless
    `outcome` says "unknown"."""

    outcome: Outcome = "rejected"

    def __init__(
        self,
        message: str,
        *,
        kind: ErrorKind = ErrorKind.OTHER,
        details: ErrorDetails | None = None,
        status_code: int | None = None,
        request_id: str | None = None,
        retryable: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.details = details or ErrorDetails()
        self.status_code = status_code
        self.request_id = request_id
        self.retryable = retryable

    def to_dict(self) -> dict[str, object]:
        """As every error's, with the processor's own words."""
        more = {
            "kind": self.kind.value,
            "retryable": self.retryable,
            "status_code": self.status_code,
            "request_id": self.request_id,
        }
        return {**super().to_dict(), **more, "details": msgspec.to_builtins(self.details)}


class AuthenticationError(ConnectorError):
    """The processor refused the credentials."""


class NotFound(ConnectorError):
    """The processor knows no object with that id."""

    @property
    def is_foreign(self) -> bool:
        """Whether it is a 404 that is not in the processor's own words, but perhaps those of
        somebody in between. What a connector raises itself has no HTTP status."""
        return self.status_code is not None and self.details.connector is None


class Conflict(ConnectorError):
    """The object exists already, or the idempotency key was used for another request."""


class RateLimited(ConnectorError):
    """Too many requests; nothing was done."""


class Unavailable(ConnectorError):
    """The processor failed itself (5xx); whether it acted is unknown."""

    outcome: Outcome = "unknown"


class MalformedResponse(PrismError):
    """The processor answered, and the answer makes no sense; whether it acted is unknown."""

    outcome: Outcome = "unknown"
    status_code: int | None = None
    request_id: str | None = None


class ConnectorBug(PrismError):
    """The connector's own code failed; `outcome` is "unknown" if anything may have been sent.
    The message names the place in it, for a report to its author."""


class TransportError(PrismError):
    """No answer came. `outcome` is "not_sent" only where that is certain."""

    def __init__(self, message: str, *, outcome: Outcome = "unknown") -> None:
        super().__init__(message)
        self.outcome = outcome


BY_KIND: dict[ErrorKind, type[ConnectorError]] = {
    ErrorKind.AUTHENTICATION: AuthenticationError,
    ErrorKind.NOT_FOUND: NotFound,
    ErrorKind.CONFLICT: Conflict,
    ErrorKind.RATE_LIMITED: RateLimited,
    ErrorKind.UNAVAILABLE: Unavailable,
}
"""The subclass raised for a kind; the other kinds are plain `ConnectorError`."""


def described(error: BaseException) -> str:
    """A foreign error in words; by its class alone where its own words fail, too."""
    kind = type(error).__name__
    try:
        return f"{kind}: {error}"
    except Exception:
        return kind
