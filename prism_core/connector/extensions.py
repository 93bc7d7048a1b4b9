"""The hooks of extensions, which observe calls, and what the hooks are given: values without
secrets, card data and personal data. An extension changes nothing of a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from prism_core.connector.operations import hookspec

INTERRUPTED = "Interrupted"
"""In place of an error's class: Ctrl+C, a cancelled task, the signal of a time limit."""
CallOutcome = Literal["ok", "declined", "rejected", "not_sent", "unknown"]


class CallInfo(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """A call: every hook of one call is given the same object."""

    connector: str
    operation: str
    """The client's method, such as "payments.authorize"."""
    ids: Mapping[str, str]
    """The caller's ids and the processor's, by the name of the request's field:
    `merchant_transaction_id`, `connector_customer_id`."""
    idempotency_key: str | None = None
    state: dict[Any, Any] = msgspec.field(default_factory=dict)
    """For what extensions remember until the call ends; each uses keys of its own."""


class RequestInfo(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One HTTP request of a call, which is sent next. Of its URL, only what holds no id."""

    number: int
    """1 for the first request of the call, and so on; repetitions count."""
    resend_count: int
    """How often this request was sent before, for whatever reason: 0 the first time."""
    is_token_request: bool
    """Whether it asks for an access token, which many calls use."""
    method: str
    scheme: str
    host: str
    port: int
    path_template: str | None
    """The path with `{}` in place of ids, such as "/v1/customers/{}"; None if it is not known."""


class AnswerInfo(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What came of one HTTP request: an answer, or none (then `status_code` is None)."""

    outcome: CallOutcome
    status_code: int | None
    error: str | None
    """The class of the error, such as "TransportError"."""
    seconds: float


class EndInfo(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """How a call ended."""

    outcome: CallOutcome
    """That of the error; of a result "ok", "declined", or "unknown" if nobody knows its status
    (UNRESOLVED, REFUND_MANUAL_REVIEW)."""
    status: str | None = None
    """The status of the result, or of the payment, refund, mandate or dispute of an event."""
    error: str | None = None
    """The class of the error; "Interrupted" if the call was (Ctrl+C, a cancelled task)."""
    unified_code: str | None = None
    """Why it was declined, in Prism's own codes."""
    status_code: int | None = None
    """The HTTP status of the last answer."""
    request_id: str | None = None
    ids: Mapping[str, str]
    """As `CallInfo.ids`, with those of the result."""
    idempotency_key: str | None = None
    """The key to repeat the call with."""
    attempts: int = 0
    """The number of HTTP requests, without one that was interrupted."""
    seconds: float


@hookspec
def call_started(call: CallInfo) -> None:
    """Called when a call begins, after its request was checked and before anything is sent. A
    request that is refused before that is no call."""


@hookspec
def request_ready(call: CallInfo, request: RequestInfo) -> None:
    """Called before each HTTP request is sent: repetitions and token requests, too."""


@hookspec
def answer_received(call: CallInfo, request: RequestInfo, answer: AnswerInfo) -> None:
    """Called once for each `request_ready`, with what came of it: an answer, or none. If the call
    is interrupted meanwhile, the outcome is "unknown" and the error "Interrupted"."""


@hookspec
def retry(call: CallInfo, request: RequestInfo, pause: float) -> None:
    """Called when a request will be sent again, after `pause` seconds."""


@hookspec
def call_ended(call: CallInfo, end: EndInfo) -> None:
    """Called once at the end of each call, also if it is interrupted."""
