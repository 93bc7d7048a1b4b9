"""The event service: `events.handle`."""

from __future__ import annotations

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.connector import hookspecs
from prism_core.schema.events import HandleEventRequest


class EventService:
    """The methods for events."""

    service = "events"

    handle = Method(
        hookspecs.handle_event,
        HandleEventRequest,
        "Verify a webhook and read it. Raises `EventRejected` for one that is not from the "
        "processor.",
    )


class EventClient(EventService, Client):
    """The methods for events, blocking."""


class AsyncEventClient(EventService, AsyncClient):
    """The methods for events, for asyncio and trio."""
