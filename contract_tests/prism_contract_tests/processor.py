"""A processor for a plugin's own tests: it answers what a test says, and keeps what it was sent.

prism = Prism("acme", transport=httpx.MockTransport(processor), ...)
"""

from __future__ import annotations

import json
from typing import Any

import httpx


class Processor:
    """The answers that come next, and the requests that came."""

    def __init__(self) -> None:
        self.answers: list[httpx.Response] = []
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Keeps the request, and gives the next answer."""
        self.requests.append(request)
        return self.answers.pop(0)

    def says(self, body: Any, status: int = 200) -> None:
        """Adds an answer with a JSON body."""
        self.answers.append(httpx.Response(status, json=body))

    def sent(self, index: int = -1) -> dict[str, Any]:
        """The JSON body of a request: the last one, or another."""
        body: dict[str, Any] = json.loads(self.requests[index].content)
        return body
