"""The error tree: every exception that Prism raises::

    PrismError
    |-- ConfigurationError        the client is set up wrongly; nothing was sent
    |   |-- ConnectorNotFound     no installed connector has that name
    |   `-- ConnectorLoadError    found, but it cannot be loaded
    |-- InvalidRequest            the request is wrong; nothing was sent
    |-- UnsupportedOperation      this connector cannot do that; nothing was sent
    |-- EventRejected             a webhook that is not from the processor, or too old
    |-- ConnectorError            the processor answered with an error
    |   |-- AuthenticationError   it refused the credentials
    |   |-- NotFound              it knows no such object
    |   |-- Conflict              the object exists already, or the key was used already
    |   |-- RateLimited           too many requests; nothing was done
    |   `-- Unavailable           the processor itself failed: the outcome is unknown
    |-- MalformedResponse         an answer that Prism cannot use: the outcome is unknown
    |-- ConnectorBug              the connector's own code failed
    `-- TransportError            no answer: `outcome` is "not_sent" or "unknown"

A declined payment is no error: it is a result with a status. Every error can be pickled and
copied, and none holds a secret or card data.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from prism_core.errors.answering import HTTP_STATUSES, customer_message
from prism_core.errors.details import ErrorDetails, ErrorKind

Outcome = Literal["not_sent", "rejected", "unknown"]
Reason = Literal["dns", "refused", "unreachable", "timeout", "certificate", "tls", "proxy"]


class PrismError(Exception):
    """The base class of all errors.

    `outcome` says what happened to the operation: "not_sent" (the processor did not receive it),
    "rejected" (the processor received it and did nothing), "unknown" (it may have been done: look
    it up, or repeat it with `idempotency_key`). Attributes that do not apply are None.
    `connector_customer_id` and `connector_transaction_id` name what exists at the processor: the
    customer of a conflict, the payment that the error answer names, or what an earlier step of the
    call created.
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
    """The part of a composite call that was done before it failed (`checkout`: the customer)."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def http_status(self) -> int:
        """The HTTP status with which your own API can answer: 4xx if another request can succeed,
        500 for a mistake on your side, 503 if nothing was done and it can be tried again, 502 or
        504 if the processor failed or did not answer (then look at `outcome`)."""
        return 500

    @property
    def customer_message(self) -> str:
        """What to tell the customer, in English; it names neither the processor nor the reason.
        "Nothing was charged" is about this call alone, and only said of a call that charges. A
        decline is no error: see `ErrorDetails.customer_message`."""
        return customer_message(self.outcome, self.http_status, self.operation)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, dict(self.__dict__))

    def to_dict(self) -> dict[str, object]:
        """The error as JSON-ready values."""
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
    """The request is wrong: `field` names the field to change. Nothing was done."""

    in_value: bool = False
    """Whether the value itself is invalid; False if the connector refuses a valid value."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field

    def to_dict(self) -> dict[str, object]:
        """The error as JSON-ready values, with the field to change."""
        return {**super().to_dict(), "field": self.field}

    @property
    def http_status(self) -> int:
        """422: what was given cannot be used."""
        return 422


class UnsupportedOperation(PrismError):
    """The processor has no such operation, or its connector does not implement it."""

    @property
    def http_status(self) -> int:
        """501: nothing like it can be done."""
        return 501


class EventRejected(PrismError):
    """The webhook cannot be trusted: its signature is missing, wrong or too old, or the processor
    does not know the object. `outcome` is always "rejected": nothing was changed."""

    outcome: Outcome = "rejected"

    @property
    def http_status(self) -> int:
        """400: the processor delivers a genuine event again."""
        return 400


class ConnectorError(PrismError):
    """The processor answered with an error: see `details`. Nothing was done, unless `outcome` is
    "unknown"."""

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
        """The error as JSON-ready values, with the processor's own codes and messages."""
        more = {
            "kind": self.kind.value,
            "retryable": self.retryable,
            "status_code": self.status_code,
            "request_id": self.request_id,
        }
        return {**super().to_dict(), **more, "details": msgspec.to_builtins(self.details)}

    @property
    def http_status(self) -> int:
        """By the kind: 422, 404 or 409 for the request, 500 for refused credentials, 503 for too
        many requests; else 502."""
        kinds = (kind for kind, cls in BY_KIND.items() if isinstance(self, cls))
        return HTTP_STATUSES.get(next(kinds, self.kind), 502)


class AuthenticationError(ConnectorError):
    """The processor refused the credentials."""


class NotFound(ConnectorError):
    """The processor knows no object with that id."""

    @property
    def is_foreign(self) -> bool:
        """Whether it is a 404 without the processor's own error format: it may come from a proxy.
        An error that a connector raises itself has no HTTP status."""
        return self.status_code is not None and self.details.connector is None


class Conflict(ConnectorError):
    """The object exists already, or the idempotency key was used for another request."""


class RateLimited(ConnectorError):
    """Too many requests; nothing was done.

    `retry_after` is the number of seconds after which the processor wants to be asked again (its
    `Retry-After`, which may be a date); None if it does not say.
    """

    retry_after: float | None = None

    def to_dict(self) -> dict[str, object]:
        """The error as JSON-ready values, with the seconds to wait if the processor says them."""
        asked = {} if self.retry_after is None else {"retry_after": self.retry_after}
        return {**super().to_dict(), **asked}


class Unavailable(ConnectorError):
    """The processor itself failed (5xx); whether it did anything is unknown."""

    outcome: Outcome = "unknown"


class MalformedResponse(PrismError):
    """The processor's answer cannot be used; whether it did anything is unknown."""

    outcome: Outcome = "unknown"
    status_code: int | None = None
    request_id: str | None = None

    @property
    def http_status(self) -> int:
        """502: the processor's answer was no use."""
        return 502


class ConnectorBug(PrismError):
    """The connector's own code failed; `outcome` is "unknown" if anything may have been sent.
    The message names the line of code, for a report to its author."""


class TransportError(PrismError):
    """No answer came. `outcome` is "not_sent" only where that is certain.

    `reason` says why no connection could be opened: "dns" (the host's name has no address),
    "refused" or "unreachable" (the host, on this port), "timeout", "certificate" (not trusted, not
    valid today, or for another host), "tls" (another failure of the handshake) or "proxy" (the
    proxy itself, or it refused). None if there was a connection, or if nobody knows.
    """

    def __init__(
        self, message: str, *, outcome: Outcome = "unknown", reason: Reason | None = None
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.reason = reason

    def to_dict(self) -> dict[str, object]:
        """The error as JSON-ready values, with the reason if it is known."""
        known = {} if self.reason is None else {"reason": self.reason}
        return {**super().to_dict(), **known}

    @property
    def http_status(self) -> int:
        """503 if nothing was sent, else 504."""
        return 503 if self.outcome == "not_sent" else 504


BY_KIND: dict[ErrorKind, type[ConnectorError]] = {
    ErrorKind.AUTHENTICATION: AuthenticationError,
    ErrorKind.NOT_FOUND: NotFound,
    ErrorKind.CONFLICT: Conflict,
    ErrorKind.RATE_LIMITED: RateLimited,
    ErrorKind.UNAVAILABLE: Unavailable,
}
"""The subclass raised for a kind; the other kinds are plain `ConnectorError`."""


def described(error: BaseException) -> str:
    """The text of any exception; only its class if its own `str` fails."""
    kind = type(error).__name__
    try:
        return f"{kind}: {error}"
    except Exception:
        return kind
