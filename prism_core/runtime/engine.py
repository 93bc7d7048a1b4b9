"""Engine: one connector opened with one account, and the connections it sends through."""

from __future__ import annotations

import copy
import os
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from prism_core.connector.account import credential_names, open_account, variable
from prism_core.connector.hookspecs import OPERATIONS, request_type
from prism_core.discovery import first_use
from prism_core.discovery.loading import load
from prism_core.errors import ConfigurationError
from prism_core.runtime import preflight
from prism_core.runtime.call import Call
from prism_core.runtime.composites import COMPOSITES, Refusal, finds_first
from prism_core.runtime.driver import drive, drive_async, run
from prism_core.runtime.keys import new_key
from prism_core.runtime.observation import sends
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
    ) -> None:
        try:
            self.connector = load(connector)
            account_type = self.connector.info.account
            self.account = open_account(account_type, credentials, environment, connector)
        finally:
            credentials.clear()
        self.timeout, self.max_retries = _bounds(timeout, max_retries)
        self._route = route(blocking, transport, http_client, proxy, verify)
        self.tokens = TokenCache()
        self._transport: Any = None
        self._process = os.getpid()

    def prepare(self, operation: str, method: str, request: Request) -> Steps:
        """The steps of one operation, checked as far as can be without sending."""
        hook = self.connector.implementing(operation, method)
        composite = COMPOSITES.get(method)
        unkeyed: Refusal = None
        if getattr(request, "idempotency_key", None) is not None:
            unkeyed = partial(preflight.unkeyed, self.connector.info, operation)
        if composite is not None:
            request = composite.adapt(self.connector, self.account, request)
            hook = composite(self.connector).flow
            unkeyed = composite.unkeyed(self.connector, self.account, unkeyed)
        preflight.check(self.connector.info, operation, request)
        request = self.keyed(request)
        timeout = self.timeout if request.timeout is None else request.timeout
        retries = self.max_retries if request.max_retries is None else request.max_retries
        call = Call(
            self.connector, operation, method, hook, request, self.account, timeout, retries
        )
        call.tokens, call.unkeyed = self.tokens, unkeyed
        return run(call)

    def keyed(self, request: Req) -> Req:
        """The request with an idempotency key of its own, where it has none and one helps."""
        lacks_one = getattr(request, "idempotency_key", "") is None
        if not (lacks_one and self.account.honours_keys()):
            return request
        keyed = copy.copy(request)
        msgspec.structs.force_setattr(keyed, "idempotency_key", new_key())
        return keyed

    def finds_customers_first(self) -> bool:
        """Whether the processor finds a customer by the caller's own id, or makes no second one."""
        return finds_first(self.connector, self.account)

    def supports(self, operation: str, field: str | None) -> bool:
        """Whether the connector has an operation, and sends that field of its request."""
        if operation not in OPERATIONS:
            raise ConfigurationError(
                f"no operation is called {operation!r}: {', '.join(OPERATIONS)}"
            )
        fields = request_type(operation).__struct_fields__
        if field is not None and field.partition(".")[0] not in fields:
            raise ConfigurationError(
                f"a request to {operation} has no {field!r}: {', '.join(fields)}"
            )
        if operation not in self.connector.operations:
            return False
        return field is None or field in sends(self.connector, self.account, operation)

    def run(self, steps: Steps) -> Result:
        """Takes the steps, blocking."""
        transport: SyncTransport = self._open("SyncTransport")
        return drive(steps, transport)

    async def run_async(self, steps: Steps) -> Result:
        """Takes the steps, in an event loop."""
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
