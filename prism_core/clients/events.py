"""The event service: `events.handle`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, overload

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.incoming import AnyRequest, SyncRequest, take, take_async
from prism_core.clients.methods import Method
from prism_core.connector import hookspecs
from prism_core.schema.events import AnyEvent, HandleEventRequest

P = ParamSpec("P")

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Protocol

    from prism_core.connector.http import Flow

    class SyncHandle(Protocol[P]):
        """`events.handle`, which takes a web framework's request, too."""

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

    class AsyncHandle(Protocol[P]):
        """The same, for asyncio and trio: a body that must be awaited is awaited."""

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


class Handle(Method[P, HandleEventRequest, AnyEvent]):
    """Declares `events.handle`."""

    if TYPE_CHECKING:

        @overload
        def __get__(self, client: Client, owner: type) -> SyncHandle[P]: ...
        @overload
        def __get__(self, client: AsyncClient, owner: type) -> AsyncHandle[P]: ...
        @overload
        def __get__(self, client: None, owner: type[Client]) -> Callable[..., AnyEvent]: ...
        @overload
        def __get__(
            self, client: None, owner: type[AsyncClient]
        ) -> Callable[..., Awaitable[AnyEvent]]: ...
        @overload
        def __get__(self, client: None, owner: type) -> Handle[P]: ...
        def __get__(self, client: Any, owner: type) -> Any: ...

    is_prepared = True

    async def prepare(self, args: list[Any], fields: dict[str, Any]) -> None:
        """Awaits the body of a web framework's request."""
        await take_async(args, fields)

    def _request(self, args: list[Any], fields: dict[str, Any]) -> Any:
        take(args, fields)
        return super()._request(args, fields)


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
