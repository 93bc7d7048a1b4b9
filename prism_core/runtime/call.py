"""Call: the state of one operation while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.http import Flow, HttpRequest, HttpResponse
from prism_core.discovery.loading import Connector
from prism_core.errors import PrismError
from prism_core.runtime.reads import Noted
from prism_core.runtime.token_cache import TokenCache
from prism_core.schema.base import Attempt, Request

if TYPE_CHECKING:
    from prism_core.runtime.observers import Observers


class Call(msgspec.Struct, weakref=True):
    """The state of one operation while it runs. A token request changes none of the flags."""

    connector: Connector
    operation: str
    method: str
    """The client's method, such as "customers.create"."""
    hook: Callable[..., Flow[Any]]
    """The connector's flow, or the core's own flow around it."""
    request: Request
    account: Account
    timeout: float
    max_retries: int
    tokens: TokenCache = msgspec.field(default_factory=TokenCache)
    """The account's token cache."""
    observers: Observers | None = None
    """The client's extensions, if it has any."""
    deadline: float = 0.0
    is_late: bool = False
    """The flow was told that the time is up."""

    noted: Noted | None = None
    """The request that the flow gets."""
    not_sent: tuple[str, ...] = ()
    """The fields that are left out."""
    unkeyed: Callable[[], PrismError] | None = None
    """The refusal of a call that relies on its key, where the processor would not get it."""
    feature_data: Mapping[str, Any] | None = None
    """The caller's own fields for the body, until a request has them."""
    keys: int = 0
    """How many requests of the flow have got an idempotency key so far."""

    attempts: list[Attempt] = []
    sent: bool = False
    """Something was sent."""
    changed: bool = False
    """A request that changes something was sent, answered or not."""
    uncertain: bool = False
    """An attempt had no answer and may have been executed."""
    answered: bool = False
    """The processor has answered a request."""
    acted: bool = False
    """The processor has answered a request that changes something."""
    done: bool = False
    """The processor has answered such a request, and did not decline or refuse it."""
    last: HttpResponse | None = None
    """The answer to the last request."""
    declined: bool = False
    """Whether that answer is a decline."""
    last_request: HttpRequest | None = None
    """The last request, which may be a token request."""

    def __repr__(self) -> str:
        # Tracebacks show it; paths may hold what the processor repeats, before it is taken out.
        return f"<Call {self.connector.name} {self.method}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("connector", self.connector.name), ("method", self.method)]
