"""Call: the state of one operation while it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.http import Flow, HttpRequest, HttpResponse
from prism_core.discovery.loading import Connector
from prism_core.errors import PrismError
from prism_core.runtime.reads import Noted
from prism_core.runtime.token_cache import TokenCache
from prism_core.schema.base import Attempt, Request


class Call(msgspec.Struct, weakref=True):
    """The state of one operation while it runs.

    `method`: the client's method, such as "customers.create". `hook`: the connector's flow, or the
    core's own flow around it. `noted`: the request that the flow gets. `uncertain`: an attempt had
    no answer and may have been executed. `acted`: the processor has answered a request that changes
    something. `done`: it did not decline or refuse such a request. `answered`: it has answered any
    request. `sent`: something was sent. `changed`: a
    request that changes something was sent, answered or not. `last`: the answer to the last
    request, or None. `declined`: whether that answer is a decline. `not_sent`: the fields that are
    left out. Token requests count for none of these. `last_request`: the last request, which may be
    a token request. `tokens`: the account's token cache.
    """

    connector: Connector
    operation: str
    method: str
    hook: Callable[..., Flow[Any]]
    request: Request
    account: Account
    timeout: float
    max_retries: int
    tokens: TokenCache = msgspec.field(default_factory=TokenCache)
    noted: Noted | None = None
    attempts: list[Attempt] = []
    uncertain: bool = False
    acted: bool = False
    done: bool = False
    is_late: bool = False
    """The flow was told that the time is up."""
    answered: bool = False
    sent: bool = False
    changed: bool = False
    declined: bool = False
    last: HttpResponse | None = None
    last_request: HttpRequest | None = None
    not_sent: tuple[str, ...] = ()
    unkeyed: Callable[[], PrismError] | None = None
    """The refusal of a call that relies on its key, where the processor would not get it."""
    keys: int = 0
    """How many requests of the flow have got an idempotency key so far."""
    deadline: float = 0.0

    def __repr__(self) -> str:
        # Tracebacks show it; paths may hold what the processor repeats, before it is taken out.
        return f"<Call {self.connector.name} {self.method}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("connector", self.connector.name), ("method", self.method)]
