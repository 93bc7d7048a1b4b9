"""Engine: one connector with one account, and the connections that it uses."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from prism_core.connector import first_use
from prism_core.connector.account import credential_names
from prism_core.connector.credentials import open_account, variable
from prism_core.connector.operations import OPERATIONS, request_type
from prism_core.discovery.extensions import hooks_of
from prism_core.discovery.loading import load
from prism_core.errors import ConfigurationError
from prism_core.runtime import preflight
from prism_core.runtime.call import Call
from prism_core.runtime.composites import (
    ADAPTED,
    Hook,
    finds_first,
    flow_of,
    refusal_without_key,
)
from prism_core.runtime.copies import copied
from prism_core.runtime.driver import drive, drive_async, run
from prism_core.runtime.keys import new_key
from prism_core.runtime.observation import sends, takes_key
from prism_core.runtime.observers import Observers
from prism_core.runtime.steps import Steps
from prism_core.runtime.token_cache import TokenCache
from prism_core.schema.base import LONGEST_TIMEOUT, Request, Result
from prism_core.schema.secrets import Secret
from prism_core.schema.status import EnvironmentInput
from prism_core.transport.routes import route

if TYPE_CHECKING:
    from prism_core.transport.transports import AsyncTransport, SyncTransport

Req = TypeVar("Req", bound=Request)


class Engine:
    """What all clients of one `Prism` share. Thread-safe; the transport opens on first use."""

    def __init__(
        self,
        connector: str,
        credentials: dict[str, object],
        *,
        environment: EnvironmentInput,
        timeout: float,
        max_retries: int,
        blocking: bool,
        transport: object,
        http_client: object,
        proxy: Secret | None,
        verify: object,
        card_numbers: bool = True,
        extensions: Iterable[object] | None = None,
    ) -> None:
        try:
            self.connector = load(connector)
            account_type = self.connector.info.account
            self.account = open_account(account_type, credentials, environment, connector)
        finally:
            credentials.clear()
        self.timeout, self.max_retries = _bounds(timeout, max_retries)
        self._extensions = hooks_of(extensions)
        self._route = route(blocking, transport, http_client, proxy, verify)
        self.tokens = TokenCache()
        self._flows: dict[str, Hook] = {}
        self._card_numbers = card_numbers
        self._honours_keys = self.account.honours_keys()
        self._transport: Any = None
        self._process = os.getpid()

    def prepare(self, operation: str, method: str, request: Request) -> Steps:
        """The steps of one operation, after all checks that need no request."""
        connector, account = self.connector, self.account
        flow = self._flows.get(method)
        if flow is None:
            flow = self._flows[method] = flow_of(connector, account, operation, method)
        if method in ADAPTED:
            request = ADAPTED[method](connector, account, request)
        self.check(operation, request)
        refusal = refusal_without_key(connector, account, operation, method, request)
        request = self.keyed(request)
        timeout = self.timeout if request.timeout is None else request.timeout
        retries = self.max_retries if request.max_retries is None else request.max_retries
        call = Call(
            *(connector, operation, method, flow, request, account, timeout, retries),
            tokens=self.tokens,
            unkeyed=refusal,
            feature_data=getattr(request, "connector_feature_data", None),
        )
        if self._extensions is not None:
            call.observers = Observers(self._extensions, call)
        return run(call)

    def check(self, operation: str, request: Request) -> None:
        """Raises `InvalidRequest` for a request that is refused whatever the connector does."""
        info = self.connector.info
        preflight.check(info, operation, request, card_numbers=self._card_numbers)

    def keyed(self, request: Req) -> Req:
        """The request with a new idempotency key, if it has none and the processor honours one."""
        makes_key = self._honours_keys and request.makes_key
        if not makes_key or getattr(request, "idempotency_key", "") is not None:
            return request
        return copied(request, {"idempotency_key": new_key()})

    def finds_customers_first(self) -> bool:
        """Whether the processor finds a customer by the caller's id, or prevents a second one."""
        return finds_first(self.connector, self.account)

    def supports(self, operation: str, field: str | None) -> bool:
        """Whether the connector has an operation, and can send that field of its request."""
        if operation not in OPERATIONS:
            raise ConfigurationError(
                f"no operation is called {operation!r}; they have the names of the hooks, such as "
                f"'authorize' for payments.authorize: {', '.join(OPERATIONS)}"
            )
        fields = request_type(operation).__struct_fields__
        if field is not None and field.partition(".")[0] not in fields:
            raise ConfigurationError(
                f"a request to {operation} has no {field!r}: {', '.join(fields)}"
            )
        if operation not in self.connector.operations:
            return False
        if field == "connector_feature_data":
            return self.account.takes_feature_data
        return field is None or field in sends(self.connector, self.account, operation)

    def key_hours(self, operation: str) -> float | None:
        """For how many hours the processor keeps an operation's idempotency key."""
        if not self.supports(operation, None) or not takes_key(
            self.connector, self.account, operation
        ):
            return 0.0
        info = self.connector.info
        return info.key_hours_of.get(operation, info.key_hours)

    def run(self, operation: str, method: str, request: Request) -> Result:
        """Runs one operation, blocking."""
        steps = self.prepare(operation, method, request)
        transport: SyncTransport = self._open("SyncTransport")
        return drive(steps, transport)

    async def run_async(self, operation: str, method: str, request: Request) -> Result:
        """Runs one operation, in an event loop."""
        steps = self.prepare(operation, method, request)
        transport: AsyncTransport = self._open("AsyncTransport")
        return await drive_async(steps, transport)

    def _open(self, kind: str) -> Any:
        # A forked child must not write on its parent's connections.
        if self._transport is None or self._process != os.getpid():
            with first_use.held():
                if self._process != os.getpid() and self._transport is not None:
                    self._transport.drop_idle()  # its own copies: the parent's stay open
                    self._transport = None
                if self._transport is None:
                    from prism_core.transport import transports

                    self._transport = getattr(transports, kind)(self._route)
                    self._process = os.getpid()
        return self._transport

    def close(self) -> None:
        """Closes the sync transport, if one was opened."""
        if self._transport is not None:
            self._transport.close()

    async def aclose(self) -> None:
        """Closes the async transport, if one was opened."""
        if self._transport is not None:
            await self._transport.close()

    def __repr__(self) -> str:
        # An error tracker may ask for it while the engine is still being set up.
        return f"<Engine {getattr(self.__dict__.get('connector'), 'name', '(not open)')}>"


def _bounds(timeout: float, max_retries: int) -> tuple[float, int]:
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise ConfigurationError("timeout must be a number of seconds")
    if not 0 < timeout <= LONGEST_TIMEOUT:
        raise ConfigurationError("timeout must be a positive number of seconds, a day at most")
    if isinstance(max_retries, bool) or not isinstance(max_retries, int) or max_retries < 0:
        raise ConfigurationError("max_retries must be an integer of 0 or more")
    return timeout, max_retries


def from_environment(connector: str) -> dict[str, Any]:
    """The keyword arguments of a client, from PRISM_<CONNECTOR>_<NAME> variables."""
    names = [*credential_names(load(connector).info.account), "environment", "base_url"]
    found = {name: os.environ.get(variable(connector, name)) for name in names}
    return {name: value for name, value in found.items() if value}
