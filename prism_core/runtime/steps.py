"""The steps of a call, which the blocking and the async loop execute."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple

from prism_core.connector.http import HttpRequest
from prism_core.schema.base import Result


class Send(NamedTuple):
    """Send this request; return an `HttpResponse` or a `Failure` within `timeout` seconds."""

    request: HttpRequest
    timeout: float


class Wait(NamedTuple):
    """Wait this many seconds."""

    seconds: float


class CloseIdle(NamedTuple):
    """Close all idle connections: one of them gave the answer to another request."""


Step = Send | Wait | CloseIdle
Steps = Generator[Step | Result, Any, None]
"""The steps of a call, and at last its result."""
