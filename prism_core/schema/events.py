"""Events: the webhooks of a processor, verified before they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, TypeAlias

from prism_core.schema.base import Request, Result, Schema
from prism_core.schema.checks import Count, Identifier
from prism_core.schema.event_kinds import DisputeStage, DisputeStatus, EventKind
from prism_core.schema.money import Money
from prism_core.schema.payments import Payment
from prism_core.schema.recurring import Mandate
from prism_core.schema.refunds import Refund


class SupportsItems(Protocol):
    """The header types of Werkzeug, Starlette, Django, aiohttp and email."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Names and values; a name may come more than once."""
        ...


HeadersInput = SupportsItems | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]


def _headers(value: object) -> dict[str, str]:
    """Headers as a mapping of names to values. Values of a repeated header are joined as in RFC
    9110 (5.3), so that an added second signature makes the header invalid.

    A header that has a value with control characters, or one that is no text, is left out with all
    of its values: an attacker may have sent it.
    """
    found: dict[str, tuple[str, list[str]]] = {}
    broken = set()
    for name, text in _pairs(value):
        if name is None:
            continue
        if text is None:
            broken.add(name.lower())
        else:
            found.setdefault(name.lower(), (name, []))[1].append(text)
    return {name: ", ".join(all_) for key, (name, all_) in found.items() if key not in broken}


def _pairs(value: Any) -> Iterator[tuple[str | None, str | None]]:
    items = getattr(value, "items", None)
    try:
        for name, text in items() if callable(items) else value:
            yield _text(name), _text(text)
    except (TypeError, ValueError):
        kind = type(value).__name__
        problem = f"must be the request's headers, or pairs of names and values, not {kind}"
    else:
        return
    raise ValueError(problem)


def _text(value: object) -> str | None:
    """A name or a value as text; ASGI has bytes, which are Latin-1."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return text if isinstance(text, str) and text.isprintable() else None


def _raw(value: object) -> object:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return value
    kind = type(value).__name__
    raise ValueError(f"must be the raw bytes of the webhook, before anything read them, not {kind}")


if TYPE_CHECKING:
    _Headers = Mapping[str, str]
    _Body = bytes
else:
    _Headers = Annotated[Any, _headers]
    _Body = Annotated[Any, _raw, bytes]


class HandleEventRequest(Request, frozen=True, kw_only=True):
    """A webhook as it was received: `body` is the raw bytes, before anything parsed them, and
    `headers` are all of its headers: a mapping, the web framework's own headers object, or pairs.
    Of a GET, `body` is the query string. `received_at` (Unix seconds) is filled in by the core.
    """

    body: _Body
    headers: _Headers
    received_at: Count | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            body: bytes | bytearray | memoryview,
            headers: HeadersInput,
            received_at: int | None = None,
            timeout: float | None = None,
            max_retries: int | None = None,
        ) -> None: ...

    options = Request.options | {"received_at"}
    reference_field = "merchant_transaction_id"
    from_processor = True
    confidential = frozenset({"headers"})  # some processors send a password with each webhook

    def header(self, name: str) -> str | None:
        """The value of a header, whatever the case of its name."""
        wanted = name.lower()
        return next((v for k, v in self.headers.items() if k.lower() == wanted), None)


class Dispute(Schema, frozen=True, kw_only=True):
    """A payment that the customer or their bank disputes, or a debit that the bank returned.

    `reason_code` is the processor's or the network's own code. Answer before `respond_by` (Unix
    seconds). `amount` is the disputed amount. A status that the connector does not know is
    DISPUTE_UNRESOLVED.
    """

    status: DisputeStatus
    stage: DisputeStage = DisputeStage.ACTIVE_DISPUTE
    connector_dispute_id: Identifier | None = None
    connector_transaction_id: str | None = None
    amount: Money | None = None
    reason_code: str | None = None
    respond_by: Count | None = None


if TYPE_CHECKING:
    _Others: TypeAlias = "AnyEvent"
else:
    _Others = "Event"


class Event(Result, frozen=True, kw_only=True):
    """A verified event from the processor, as a connector returns it. `events.handle` returns it
    as the class of its `kind` (`AnyEvent`), in which that object is never None.

    `kind` says what it is about. `payment`, `refund` or `mandate` hold that object as the other
    operations return it, `dispute` a dispute or a returned debit; the ids name what none of these
    names (a customer, a refund made elsewhere). UNKNOWN is an event of whose `event_type` (the
    processor's own name) or object the connector knows too little. Processors deliver an event more
    than once and out of order: `connector_event_id` is the same each time. If the processor gives
    no id, the core makes one from the verified data.

    `reply` is a text that your endpoint must answer with: some processors test an endpoint before
    they deliver anything, or want a certain word for each delivery. Answer with status 200, this
    text and nothing else. If it is None, any 2xx will do.

    `others` are the further events of the same webhook, if the processor sends several in one:
    handle each of them as this one. They have no `others` of their own.
    """

    kind: EventKind
    event_type: str
    connector_event_id: str = ""
    created_at: Count | None = None
    payment: Payment | None = None
    refund: Refund | None = None
    mandate: Mandate | None = None
    dispute: Dispute | None = None
    connector_customer_id: str | None = None
    connector_transaction_id: str | None = None
    connector_order_id: str | None = None
    connector_refund_id: str | None = None
    connector_mandate_id: str | None = None
    connector_payment_method_id: str | None = None
    connector_dispute_id: str | None = None
    reply: str | None = None
    others: tuple[_Others, ...] = ()

    @classmethod
    def class_of(cls, values: Mapping[str, Any]) -> type[Event]:
        """The class of the kind that a dict names, for `from_dict`. Raises `InvalidRequest` for one
        without the object that it is about."""
        kind = values.get("kind")
        found, needed = KINDS.get(kind, (cls, None)) if isinstance(kind, str) else (cls, None)
        if not issubclass(found, cls):
            raise cls._invalid("kind", f"is not that of a {cls.__name__}")
        if needed is not None and values.get(needed) is None:
            raise cls._invalid(needed, f"must be given with the kind {kind}")
        return found

    @property
    def body(self) -> bytes | None:
        """The webhook's body as it was received, including everything that the schema has no
        field for. It is verified. Like `response`, it is in no repr, JSON or pickle."""
        return self.__dict__.get("body")


_GIVEN: Any = None
"""The default of a field that the core always fills in."""


class PaymentEvent(Event, frozen=True, kw_only=True):
    """An event about a payment. `mandate` is the permission that came with it, if one did."""

    if TYPE_CHECKING:
        kind: Literal[EventKind.PAYMENT]
        payment: Payment = _GIVEN


class RefundEvent(Event, frozen=True, kw_only=True):
    """An event about a refund."""

    if TYPE_CHECKING:
        kind: Literal[EventKind.REFUND]
        refund: Refund = _GIVEN


class MandateEvent(Event, frozen=True, kw_only=True):
    """An event about a permission to charge."""

    if TYPE_CHECKING:
        kind: Literal[EventKind.MANDATE]
        mandate: Mandate = _GIVEN


class DisputeEvent(Event, frozen=True, kw_only=True):
    """An event about a dispute or a returned debit. `payment` is the disputed one as it stands, if
    the processor tells it."""

    if TYPE_CHECKING:
        kind: Literal[EventKind.DISPUTE]
        dispute: Dispute = _GIVEN


class CustomerEvent(Event, frozen=True, kw_only=True):
    """An event about a customer."""

    if TYPE_CHECKING:
        kind: Literal[EventKind.CUSTOMER]
        connector_customer_id: str = _GIVEN


class PaymentMethodEvent(Event, frozen=True, kw_only=True):
    """An event about a stored payment method."""

    if TYPE_CHECKING:
        kind: Literal[EventKind.PAYMENT_METHOD]
        connector_payment_method_id: str = _GIVEN


class UnknownEvent(Event, frozen=True, kw_only=True):
    """An event of which the connector knows no more than its `event_type` and perhaps ids."""

    if TYPE_CHECKING:
        kind: Literal[EventKind.UNKNOWN]


AnyEvent = (
    PaymentEvent
    | RefundEvent
    | MandateEvent
    | DisputeEvent
    | CustomerEvent
    | PaymentMethodEvent
    | UnknownEvent
)
"""What `events.handle` returns: after `match event.kind`, type checkers know which one it is."""

KINDS: dict[str, tuple[type[Event], str | None]] = {
    EventKind.PAYMENT: (PaymentEvent, "payment"),
    EventKind.REFUND: (RefundEvent, "refund"),
    EventKind.MANDATE: (MandateEvent, "mandate"),
    EventKind.DISPUTE: (DisputeEvent, "dispute"),
    EventKind.CUSTOMER: (CustomerEvent, "connector_customer_id"),
    EventKind.PAYMENT_METHOD: (PaymentMethodEvent, "connector_payment_method_id"),
    EventKind.UNKNOWN: (UnknownEvent, None),
}
"""The class of each kind, and the field that is never None in it."""
