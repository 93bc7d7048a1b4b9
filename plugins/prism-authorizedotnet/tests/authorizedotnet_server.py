"""A server on 127.0.0.1 that stands in for Authorize.Net: one endpoint, answers by script."""

from __future__ import annotations

import json
from typing import Any

from prism_contract_tests.scripted import Server

from .authorizedotnet_samples import BOM


class Gateway(Server):
    """Answers as Authorize.Net does: with a byte-order mark before the JSON."""

    def answer(self, body: Any, status: int = 200) -> Gateway:
        """Adds an answer."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = {"content-type": "application/json; charset=utf-8"}
        return super().answer(status, BOM + raw, kind)

    @property
    def bodies(self) -> list[Any]:
        """The bodies of the requests; every one went to the one endpoint."""
        assert {one.path for one in self.seen} <= {"/xml/v1/request.api"}
        return [one.json for one in self.seen]
