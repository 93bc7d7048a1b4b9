"""Interrupts at the worst moment: an exception at one instruction of the code under test, the way
a signal's handler raises it there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType, ModuleType
from typing import Any


class Strike:
    """Raises once, at the instruction (or line) with that number among those of some modules."""

    def __init__(
        self, at: int, modules: tuple[ModuleType, ...], error: type[BaseException], unit: str
    ) -> None:
        self.at, self.error, self.unit = at, error, unit
        self.files = {module.__file__ for module in modules}
        self.passed = 0
        self.place: tuple[CodeType, int] | None = None

    @property
    def struck(self) -> bool:
        """Whether there were so many instructions."""
        return self.place is not None

    def trace(self, frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        if frame.f_code.co_filename not in self.files or self.place is not None:
            return None
        frame.f_trace_opcodes = self.unit == "opcode"
        if event == self.unit:
            self.passed += 1
            if self.passed > self.at:
                self.place = (frame.f_code, frame.f_lineno)
                raise self.error
        return self.trace


@contextmanager
def striking(
    at: int,
    *modules: ModuleType,
    error: type[BaseException] = KeyboardInterrupt,
    unit: str = "opcode",
) -> Iterator[Strike]:
    """Strikes this thread, while the block runs."""
    before = sys.gettrace()
    strike = Strike(at, modules, error, unit)
    sys.settrace(strike.trace)
    try:
        yield strike
    finally:
        sys.settrace(before)
