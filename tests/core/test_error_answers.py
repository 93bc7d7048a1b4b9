"""Every error has the HTTP status and the text with which an application can answer its caller."""

from __future__ import annotations

import pytest

from prism_core import (
    AuthenticationError,
    ConfigurationError,
    Conflict,
    ConnectorBug,
    ConnectorError,
    ErrorKind,
    EventRejected,
    InvalidRequest,
    MalformedResponse,
    NotFound,
    PrismError,
    RateLimited,
    TransportError,
    Unavailable,
    UnsupportedOperation,
)

K = ErrorKind


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ConfigurationError("m"), 500),
        (ConnectorBug("m"), 500),
        (InvalidRequest("m"), 422),
        (UnsupportedOperation("m"), 501),
        (EventRejected("m"), 400),
        (ConnectorError("m"), 502),
        (ConnectorError("m", kind=K.INVALID_REQUEST), 422),
        (AuthenticationError("m"), 500),
        (NotFound("m"), 404),
        (Conflict("m"), 409),
        (RateLimited("m"), 503),
        (Unavailable("m"), 502),
        (MalformedResponse("m"), 502),
        (TransportError("m", outcome="not_sent"), 503),
        (TransportError("m", outcome="unknown"), 504),
    ],
)
def test_an_error_has_an_http_status(error: PrismError, status: int) -> None:
    """A mistake of yours is never the customer's, nor is the processor's."""
    assert error.http_status == status


@pytest.mark.parametrize(
    "error", [Unavailable("acme is down"), TransportError("no answer"), MalformedResponse("?")]
)
def test_of_an_unknown_outcome_nobody_is_told_that_nothing_was_charged(error: PrismError) -> None:
    """Nor to try again: the customer would pay twice."""
    assert "do not try again" in error.customer_message
    assert "Nothing" not in error.customer_message


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InvalidRequest("AuthorizeRequest.email must be ..."), "details"),
        (RateLimited("acme: slow down"), "try again in a minute"),
        (TransportError("no route", outcome="not_sent"), "try again in a minute"),
        (ConfigurationError("the api_key is missing"), "at the moment"),
        (NotFound("no such order"), "at the moment"),
    ],
)
def test_a_customer_reads_what_became_of_it(error: PrismError, said: str) -> None:
    """And nothing of the message, which is for you."""
    assert said in error.customer_message
    assert "Nothing was changed" in error.customer_message
    assert error.message not in error.customer_message


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("payments.authorize", "Nothing was charged"),
        ("recurring.charge", "Nothing was charged"),
        ("payments.complete", "Nothing was changed"),
        ("payments.get", "Nothing was changed"),
        (None, "Nothing was changed"),
    ],
)
def test_only_a_call_that_charges_says_that_nothing_was_charged(
    operation: str | None, said: str
) -> None:
    """A wrong lookup after a timeout says nothing about the payment: it may be charged."""
    error = InvalidRequest("needs connector_transaction_id")
    error.operation = operation
    assert said in error.customer_message
