"""Events: what a processor tells by webhook, verified before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from prism_core.schema.base import Request, Result
from prism_core.schema.payments import Payment
from prism_core.schema.recurring import Mandate
from prism_core.schema.refunds import Refund
from prism_core.schema.status import EventKind


def _headers(value: object) -> dict[str, str]:
    """Whatever an attacker may send: what is no text, or holds control characters, is left out,
    so that it verifies nothing."""
    if not isinstance(value, Mapping):
        raise ValueError(f"must map names to values, not be {type(value).__name__}")
    texts = {k: v for k, v in value.items() if isinstance(k, str) and isinstance(v, str)}
    return {k: v for k, v in texts.items() if k.isprintable() and v.isprintable()}


if TYPE_CHECKING:
    HeadersInput = Mapping[str, str]
else:
    HeadersInput = Annotated[Any, _headers]


class HandleEventRequest(Request, frozen=True, kw_only=True):
    """A webhook as it was received: `body` is the raw bytes, before anything parsed them, and
    `headers` are all of its headers, in any case. `received_at` (Unix seconds) is filled in by
    the core.
    """

    body: bytes
    headers: HeadersInput
    received_at: int | None = None

    options = Request.options | {"received_at"}
    merchant_field = "merchant_transaction_id"
    from_processor = True

    def header(self, name: str) -> str | None:
        """The value of a header, whatever the case of its name."""
        wanted = name.lower()
        return next((v for k, v in self.headers.items() if k.lower() == wanted), None)


class Event(Result, frozen=True, kw_only=True):
    """What happened, from the processor for certain.

    `kind` says what it is about: `payment`, `refund` and `mandate` hold it as the other operations
    return it, and the ids name what none of these names (the customer, the dispute and its
    payment, a refund made elsewhere). UNKNOWN is an event whose `event_type` (the processor's own
    word) the connector does not know. Processors deliver an event more than once and out of
    order: `connector_event_id` is the same each time. Where the processor gives none, it is made
    from what was verified.
    """

    kind: EventKind
    event_type: str
    connector_event_id: str = ""
    created_at: int | None = None
    payment: Payment | None = None
    refund: Refund | None = None
    mandate: Mandate | None = None
    connector_customer_id: str | None = None
    connector_transaction_id: str | None = None
    connector_refund_id: str | None = None
    connector_mandate_id: str | None = None
    connector_payment_method_id: str | None = None
    connector_dispute_id: str | None = None

    @property
    def body(self) -> bytes | None:
        """The webhook's body as it was received, after it was verified, with everything that the
        schema has no field for. Like `response`, it is in no repr, JSON or pickle."""
        return self.__dict__.get("body")
