"""What the core does for every webhook: an id, contradictions, the class of its kind, and errors
about unknown objects."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from prism_core.connector.http import TokenRequest
from prism_core.errors import EventRejected, NotFound, PrismError
from prism_core.runtime.call import Call
from prism_core.runtime.contradictions import contradictions
from prism_core.runtime.copies import copied
from prism_core.schema.event_kinds import DisputeStatus, EventKind
from prism_core.schema.events import KINDS, Dispute, Event, UnknownEvent


def of_its_kind(event: Event) -> Event:
    """The event, and the others of its webhook, as the class of its kind. UNKNOWN if the field is
    not there that the kind is about; a dispute is still one, with its ids alone."""
    kind, (cls, needed) = event.kind, KINDS[event.kind]
    changes: dict[str, object] = {"others": tuple(map(of_its_kind, event.others))}
    if needed == "dispute" and event.dispute is None:
        changes["dispute"] = _unresolved(event)
    elif needed is not None and getattr(event, needed) is None:
        changes["kind"], cls = EventKind.UNKNOWN, UnknownEvent
    made = cls(kind=kind, event_type=event.event_type)
    return copied(made, {name: getattr(event, name) for name in event.__struct_fields__} | changes)


def _unresolved(event: Event) -> Dispute:
    made = Dispute(status=DisputeStatus.DISPUTE_UNRESOLVED)
    ids = ("connector_dispute_id", "connector_transaction_id")
    return copied(made, {name: getattr(event, name) for name in ids})


def completed(call: Call, event: Event, place: int = 0) -> Event:
    """The event with an id if the processor gives none, and with its payment's discrepancies; the
    same of the other events of the webhook."""
    changes: dict[str, object] = {}
    if event.others:
        others = enumerate(event.others, start=1)
        changes["others"] = tuple(completed(call, other, place) for place, other in others)
    if not event.connector_event_id:
        changes["connector_event_id"] = _made_id(call, event, place)
    paid = event.payment
    if paid is not None:
        found = (*paid.discrepancies, *contradictions(paid))
        changes["payment"] = copied(paid, {"discrepancies": found})
    return copied(event, changes)


def _made_id(call: Call, event: Event, place: int) -> str:
    """An id made from the verified data: the body, which is the same in each delivery, and the
    place of the event in it. If the processor was asked, its answer counts, too: a body that only
    names a payment is the same for every event of that payment. What is empty does not count: a
    field that a later version of Prism adds must not make another id of the same event."""
    content = hashlib.sha256(call.request.body)  # type: ignore[attr-defined]
    if place:
        content.update(b"%d" % place)
    if call.last is not None:
        told = copied(event, {"others": ()})  # which have ids of their own
        content.update(msgspec.json.encode(_filled(told.to_dict()), order="deterministic"))
    made = content.hexdigest()
    return f"prism-{made[:16]}-{made[16:32]}"


def _filled(told: Any) -> Any:
    """What is told, without values that are empty."""
    if not isinstance(told, dict):
        return told
    return {name: kept for name, value in told.items() if (kept := _filled(value))}


def disbelieved(call: Call, error: PrismError) -> PrismError:
    """The error for a webhook. If the processor says that it does not know the object, the webhook
    is forged: `EventRejected`. Every other error is returned unchanged, because the event may be
    genuine; so is this one if the processor has confirmed a part of the event before."""
    if call.operation != "handle_event" or not isinstance(error, NotFound):
        return error
    if error.is_foreign or call.answered or isinstance(call.last_request, TokenRequest):
        return error
    return EventRejected(
        f"the event is about something that the processor does not know: {error.message}"
    )
