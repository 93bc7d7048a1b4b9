"""A server on 127.0.0.1 that stands in for Adyen and answers by script."""

from __future__ import annotations

from typing import Any

from prism_contract_tests.scripted import Server

from .adyen_samples import stored_list


class StandIn(Server):
    """Answers as Adyen does."""

    def answer(self, body: Any, status: int = 200, **headers: str) -> StandIn:
        """Adds an answer; `_` in names of headers is `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return super().answer(status, body, {"content-type": "application/json", **named})

    def answer_stored(self) -> StandIn:
        """Adds the answer to the lookup that comes before a payment with a stored method."""
        return self.answer(stored_list())
