"""What the author of an extension writes, type-checked by mypy and pyright: never run."""

from __future__ import annotations

from typing import assert_type

from prism_core import AsyncPrism, Prism, hookimpl
from prism_core.connector.extensions import AnswerInfo, CallInfo, CallOutcome, EndInfo, RequestInfo


class Observing:
    """Every hook, with what it is given."""

    @hookimpl
    def call_started(self, call: CallInfo) -> None:
        assert_type(call.ids.get("merchant_transaction_id"), str | None)
        call.state[self] = 1

    @hookimpl
    def request_ready(self, request: RequestInfo) -> None:
        assert_type(request.path_template, str | None)

    @hookimpl
    def answer_received(self, call: CallInfo, answer: AnswerInfo) -> None:
        assert_type(answer.seconds, float)

    @hookimpl
    def retry(self, pause: float) -> None:
        assert_type(pause, float)

    @hookimpl
    def call_ended(self, end: EndInfo) -> None:
        assert_type(end.outcome, CallOutcome)


prism = Prism("stripe", api_key="sk_test_...", extensions=[Observing()])
twin = AsyncPrism("stripe", api_key="sk_test_...", extensions=())
