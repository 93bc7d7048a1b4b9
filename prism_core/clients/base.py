"""The base classes of the clients: opening and closing. See `methods` for their methods."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from prism_core.clients.methods import Method, awaited, blocking
from prism_core.connector import first_use
from prism_core.schema.secrets import Secret
from prism_core.schema.status import Environment, EnvironmentInput
from prism_core.transport.proxies import as_secret

if TYPE_CHECKING:
    from prism_core.connector.info import ConnectorInfo
    from prism_core.runtime.engine import Engine
    from prism_core.transport.own_httpx import (
        AnyAsyncClient,
        AnyAsyncTransport,
        AnyClient,
        AnyTransport,
    )
    from prism_core.transport.tls import Verify

DEFAULT_TIMEOUT = 60.0
DEFAULT_RETRIES = 2

S = TypeVar("S", bound="_Opened")
Sync = TypeVar("Sync", bound="Client")
Async = TypeVar("Async", bound="AsyncClient")


def _opened(connector: str, credentials: dict[str, object], **options: Any) -> Engine:
    """The engine of a client. It is imported with the first client, not with the package: many
    programs import Prism at their start and never pay."""
    with first_use.held():
        from prism_core.runtime.engine import Engine

        return Engine(connector, credentials, **options)


class _Opened:
    """A client with an engine, which several clients can share."""

    _engine: Engine
    _function: ClassVar[Callable[..., Any]]

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name in dir(cls):
            if isinstance(method := getattr(cls, name), Method):
                setattr(cls, name, cls._function(method, cls))

    @classmethod
    def _sharing(cls: type[S], engine: Engine) -> S:
        client = cls.__new__(cls)
        client._engine = engine
        return client

    @classmethod
    def from_env(cls: type[S], connector: str, **options: Any) -> S:
        """A client with credentials, environment and base URL from the PRISM_<CONNECTOR>_...
        variables (`PRISM_STRIPE_API_KEY`). Keyword arguments replace them."""
        with first_use.held():
            from prism_core.runtime.engine import from_environment

        given: dict[str, Any] = {**from_environment(connector), **options}
        options.clear()
        make: Any = cls
        try:
            return make(connector, **given)  # type: ignore[no-any-return]
        finally:
            given.clear()

    @property
    def connector(self) -> ConnectorInfo:
        """What the connector declares: its display name, payment methods, outcomes, notes."""
        return self._engine.connector.info

    def supports(self, operation: str, field: str | None = None) -> bool:
        """Whether the connector has an operation such as "authorize", and can send that field of
        its request ("return_url", "billing_address.city"). Of a field with parts, such as
        "billing_address", all must be sent. Operations have the names of the hooks:
        "setup_recurring" is `recurring.setup`. The connector's code is run up to its first
        request, which is not sent. Raises `ConfigurationError` for an unknown operation, and
        for a field that its request does not have."""
        return self._engine.supports(operation, field)

    def key_hours(self, operation: str) -> float | None:
        """For how many hours the processor keeps the idempotency key of an operation such as
        "authorize": so long the same call with the same key is done only once. `math.inf` if for
        ever, 0 if it takes no key with that operation, None if its documentation does not say.
        Raises `ConfigurationError` for an unknown operation."""
        return self._engine.key_hours(operation)

    def __repr__(self) -> str:
        # An error tracker may ask for it while the client is still being set up.
        engine = self.__dict__.get("_engine")
        return f"<{type(self).__name__} {engine.connector.name if engine else '(not open)'}>"


class Client(_Opened):
    """A blocking client. Thread-safe; `close()` it or use it as a context manager. Its options are
    those of `Prism`."""

    _function = staticmethod(blocking)

    def __init__(
        self,
        connector: str,
        *,
        environment: EnvironmentInput = Environment.SANDBOX,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_RETRIES,
        transport: AnyTransport | None = None,
        http_client: AnyClient | None = None,
        proxy: str | Secret | None = None,
        verify: Verify = True,
        card_numbers: bool = True,
        extensions: Iterable[object] | None = None,
        **credentials: object,
    ) -> None:
        credentials["base_url"] = base_url
        del base_url  # it may hold a password, and tracebacks can show local variables
        proxy = as_secret(proxy)  # so may this
        self._engine = _opened(
            connector,
            credentials,
            environment=environment,
            timeout=timeout,
            max_retries=max_retries,
            blocking=True,
            transport=transport,
            http_client=http_client,
            proxy=proxy,
            verify=verify,
            card_numbers=card_numbers,
            extensions=extensions,
        )

    def close(self) -> None:
        """Closes the connections."""
        self._engine.close()

    def __enter__(self: Sync) -> Sync:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncClient(_Opened):
    """A client for asyncio and trio; otherwise as `Client`, with httpx's async classes."""

    _function = staticmethod(awaited)

    def __init__(
        self,
        connector: str,
        *,
        environment: EnvironmentInput = Environment.SANDBOX,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_RETRIES,
        transport: AnyAsyncTransport | None = None,
        http_client: AnyAsyncClient | None = None,
        proxy: str | Secret | None = None,
        verify: Verify = True,
        card_numbers: bool = True,
        extensions: Iterable[object] | None = None,
        **credentials: object,
    ) -> None:
        credentials["base_url"] = base_url
        del base_url  # it may hold a password, and tracebacks can show local variables
        proxy = as_secret(proxy)  # so may this
        self._engine = _opened(
            connector,
            credentials,
            environment=environment,
            timeout=timeout,
            max_retries=max_retries,
            blocking=False,
            transport=transport,
            http_client=http_client,
            proxy=proxy,
            verify=verify,
            card_numbers=card_numbers,
            extensions=extensions,
        )

    async def close(self) -> None:
        """Closes the connections."""
        await self._engine.aclose()

    async def __aenter__(self: Async) -> Async:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
