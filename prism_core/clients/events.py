"""The event service: `events.handle`."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.connector import hookspecs
from prism_core.schema.events import HandleEventRequest


def _stamped(_connector: Any, _account: Any, request: HandleEventRequest) -> HandleEventRequest:
    """The request with the time: flows read no clock."""
    if request.received_at is not None:
        return request
    return msgspec.structs.replace(request, received_at=int(time.time()))


class EventMethods:
    """What can be done with events."""

    service = "events"

    handle = Method(
        hookspecs.handle_event,
        HandleEventRequest,
        "Verify a webhook, and only then read it. Raises `EventRejected` for one that is not the "
        "processor's.",
        adapt=_stamped,
    )


class EventClient(EventMethods, Client):
    """Events, blocking."""


class AsyncEventClient(EventMethods, AsyncClient):
    """Events, for asyncio and trio."""
