"""The event service: `events.handle`."""

from __future__ import annotations

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.connector import hookspecs
from prism_core.schema.events import HandleEventRequest


class EventService:
    """What can be done with events."""

    service = "events"

    handle = Method(
        hookspecs.handle_event,
        HandleEventRequest,
        "Verify a webhook, and only then read it. Raises `EventRejected` for one that is not the "
        "processor's.",
    )


class EventClient(EventService, Client):
    """Events, blocking."""


class AsyncEventClient(EventService, AsyncClient):
    """Events, for asyncio and trio."""
