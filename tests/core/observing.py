"""Extensions for the tests of the core: one that notes what it is told, and some that fail."""

from __future__ import annotations

from typing import Any

from prism_core import hookimpl
from prism_core.connector.extensions import AnswerInfo, CallInfo, EndInfo, RequestInfo


class Noting:
    """Notes every hook with what it was given."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    @hookimpl
    def call_started(self, call: CallInfo) -> None:
        self.told.append(("call_started", call))

    @hookimpl
    def request_ready(self, call: CallInfo, request: RequestInfo) -> None:
        self.told.append(("request_ready", call, request))

    @hookimpl
    def answer_received(self, call: CallInfo, request: RequestInfo, answer: AnswerInfo) -> None:
        self.told.append(("answer_received", call, request, answer))

    @hookimpl
    def retry(self, call: CallInfo, request: RequestInfo, pause: float) -> None:
        self.told.append(("retry", call, request, pause))

    @hookimpl
    def call_ended(self, call: CallInfo, end: EndInfo) -> None:
        self.told.append(("call_ended", call, end))

    @property
    def hooks(self) -> list[str]:
        """The hooks that were called, in order."""
        return [name for name, *_ in self.told]

    def of(self, hook: str) -> list[Any]:
        """What that hook was given last, each time."""
        return [given[-1] for given in self.told if given[0] == hook]

    @property
    def end(self) -> EndInfo:
        """How the one call ended."""
        (end,) = self.of("call_ended")
        assert isinstance(end, EndInfo)
        return end


class Raising:
    """Raises the same in every hook."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    @hookimpl
    def call_started(self) -> None:
        raise self.error

    @hookimpl
    def request_ready(self) -> None:
        raise self.error

    @hookimpl
    def answer_received(self) -> None:
        raise self.error

    @hookimpl
    def retry(self) -> None:
        raise self.error

    @hookimpl
    def call_ended(self) -> None:
        raise self.error
