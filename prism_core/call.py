"""Call: one operation under way, and what is known of it so far."""

from __future__ import annotations

import msgspec

from prism_core.account import Account
from prism_core.http import HttpResponse
from prism_core.loading import Connector
from prism_core.schema.base import Attempt, Request


class Call(msgspec.Struct):
    """One operation under way.

    `uncertain`: an attempt may have been acted on and was not answered. `acted`: the processor
    has answered a request that changes something. `sent`: something left this machine. `last`:
    the answer to the last request, None while there is none.
    """

    connector: Connector
    operation: str
    called: str
    request: Request
    account: Account
    timeout: float
    max_retries: int
    attempts: list[Attempt] = []
    uncertain: bool = False
    acted: bool = False
    sent: bool = False
    last: HttpResponse | None = None
    deadline: float = 0.0
