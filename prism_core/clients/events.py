"""The event service: `events.handle`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, overload

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.incoming import AnyRequest, SyncRequest, take, take_async
from prism_core.clients.methods import AsyncMethod, Method, SyncMethod
from prism_core.connector import hookspecs
from prism_core.schema.events import AnyEvent, HandleEventRequest

if TYPE_CHECKING:
    from prism_core.connector.http import Flow

P = ParamSpec("P")


class SyncHandle(SyncMethod[P, HandleEventRequest, AnyEvent]):
    """`events.handle`, which takes a web framework's request, too."""

    if TYPE_CHECKING:

        @overload
        def __call__(self, request: HandleEventRequest, /) -> AnyEvent: ...
        @overload
        def __call__(
            self,
            request: SyncRequest,
            /,
            *,
            timeout: float | None = None,
            max_retries: int | None = None,
        ) -> AnyEvent: ...
        @overload
        def __call__(self, *args: P.args, **kwargs: P.kwargs) -> AnyEvent: ...
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            """Verifies and reads a webhook. Raises `EventRejected`, or another `PrismError`."""
            ...

    def _called_with(self, given: list[Any], fields: dict[str, Any]) -> Any:
        try:
            take(given, fields)
        except BaseException as end:
            raise self._ended(end)  # noqa: B904 - nothing shall hang on it
        return super()._called_with(given, fields)


class AsyncHandle(AsyncMethod[P, HandleEventRequest, AnyEvent]):
    """The same, for asyncio and trio: a body that must be awaited is awaited."""

    if TYPE_CHECKING:

        @overload
        async def __call__(self, request: HandleEventRequest, /) -> AnyEvent: ...
        @overload
        async def __call__(
            self,
            request: AnyRequest,
            /,
            *,
            timeout: float | None = None,
            max_retries: int | None = None,
        ) -> AnyEvent: ...
        @overload
        async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> AnyEvent: ...
        async def __call__(self, *args: Any, **kwargs: Any) -> Any:
            """Verifies and reads a webhook. Raises `EventRejected`, or another `PrismError`."""
            ...

    async def _called_with(self, given: list[Any], fields: dict[str, Any]) -> Any:
        try:
            await take_async(given, fields)
        except BaseException as end:
            raise self._ended(end)  # noqa: B904 - nothing shall hang on it
        return await super()._called_with(given, fields)


class Handle(Method[P, HandleEventRequest, AnyEvent]):
    """Declares `events.handle`."""

    @overload
    def __get__(self, client: None, owner: type) -> Handle[P]: ...
    @overload
    def __get__(self, client: Client, owner: type) -> SyncHandle[P]: ...
    @overload
    def __get__(self, client: AsyncClient, owner: type) -> AsyncHandle[P]: ...
    def __get__(self, client: Client | AsyncClient | None, owner: type) -> Any:
        if client is None:
            return self
        kind = SyncHandle if isinstance(client, Client) else AsyncHandle
        return kind(self, client._engine)


if TYPE_CHECKING:

    def _handle(request: HandleEventRequest, account: Any) -> Flow[AnyEvent]:
        """The hook returns an `Event`, of which the core makes the one of its kind."""
        ...
else:
    _handle = hookspecs.handle_event


class EventService:
    """The methods for events."""

    service = "events"

    handle = Handle(
        _handle,
        HandleEventRequest,
        "Verify a webhook and read it. Takes your web framework's request as it is, too: of "
        "Django, Flask, Starlette, FastAPI, aiohttp, or a WSGI environ. Raises `EventRejected` for "
        "one that is not from the processor.",
    )


class EventClient(EventService, Client):
    """The methods for events, blocking."""


class AsyncEventClient(EventService, AsyncClient):
    """The methods for events, for asyncio and trio."""
