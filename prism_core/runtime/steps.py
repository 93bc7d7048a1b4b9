"""The steps of a call: what the loops do for it, blocking or in an event loop."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple

from prism_core.connector.http import HttpRequest
from prism_core.schema.base import Result


class Send(NamedTuple):
    """Send this request; answer with an `HttpResponse` or a `Failure` within `timeout` seconds."""

    request: HttpRequest
    timeout: float


class Wait(NamedTuple):
    """Let this many seconds pass."""

    seconds: float


class Distrust(NamedTuple):
    """Keep no idle connection: one of them gave an answer to something else."""


Step = Send | Wait | Distrust
Steps = Generator[Step | Result, Any, None]
"""The steps of a call, and at last its result."""
