"""`python benchmarks/walk.py`: the way of one `customers.create` through the rooms of the core.

It is the second call of the sandbox's connector, over a connection that the first one left. What is
counted is what Python's profile hook shows:

- A call is each entry into a function of the core; a generator's resumption is an entry, too.
  Comprehensions and generator expressions belong to the function that they stand in.
- The room is the folder below `prism_core` whose code runs; the connector's own code is the room
  `plugin`. What any other library does belongs to the room that called it.
- A room change is each step, into a function or back out of it, after which another room runs.
  Changes within the core are those that remain where the plugin's code belongs to its caller.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

import prism_core
import prism_sandbox
from prism_core import Prism
from prism_sandbox.server import running

CORE, PLUGIN = Path(prism_core.__file__).parent, Path(prism_sandbox.__file__).parent
PERSON = {"name": "Ada Lovelace", "email": "ada@example.com", "phone": "+14155552671"}


class Entry(NamedTuple):
    """One entry into a function, or one return to it."""

    room: str
    function: str
    is_call: bool


class Walk:
    """What the profile hook has shown of a call."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def saw(self, frame: FrameType, event: str, _: object) -> None:
        """The profile hook."""
        running = frame if event == "call" else frame.f_back
        if event not in ("call", "return") or room_of(frame.f_code) is None:
            return
        while running is not None and room_of(running.f_code) is None:
            running = running.f_back
        if running is not None:
            room = room_of(running.f_code) or ""
            self.entries.append(Entry(room, _name(running.f_code), event == "call"))

    @property
    def calls(self) -> list[Entry]:
        """The entries into functions of the core."""
        return [one for one in self.entries if one.is_call and one.room != "plugin"]

    def visits(self) -> Iterator[tuple[str, list[str]]]:
        """The rooms in order, each with the functions entered there until the next."""
        for room, entries in groupby(self.entries, lambda one: one.room):
            yield room, [one.function for one in entries if one.is_call]

    def changes(self, *, with_plugin: bool) -> int:
        """How often the room changes."""
        rooms = [one.room for one in self.entries if with_plugin or one.room != "plugin"]
        return len(list(groupby(rooms))) - 1


def room_of(code: CodeType) -> str | None:
    """The room of a function; None for what is none of the core's or the connector's."""
    path = Path(code.co_filename)
    if code.co_name in ("<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>"):
        return None
    if path.is_relative_to(PLUGIN):
        return "plugin"
    return path.relative_to(CORE).parts[0] if path.is_relative_to(CORE) else None


def _name(code: CodeType) -> str:
    return f"{Path(code.co_filename).stem}.{code.co_qualname}"


@contextmanager
def profiled(hook: Callable[[FrameType, str, Any], object]) -> Iterator[None]:
    """Calls the hook for each function that is entered or left meanwhile."""
    sys.setprofile(hook)
    try:
        yield
    finally:
        sys.setprofile(None)


def walk() -> Walk:
    """One traced call, in the steady state."""
    seen = Walk()
    with running() as url, Prism("sandbox", api_key="sandbox_walk", base_url=url) as prism:
        prism.customers.create(merchant_customer_id="user_1", **PERSON)
        create = prism.customers.create
        with profiled(seen.saw):
            create(merchant_customer_id="user_2", **PERSON)
    return seen


def main() -> None:
    options = argparse.ArgumentParser(prog="python benchmarks/walk.py", description=__doc__)
    options.add_argument("--short", action="store_true", help="print the figures alone")
    is_short = options.parse_args().short
    seen = walk()
    for room, functions in () if is_short else seen.visits():
        print(f"{room:10} {', '.join(functions) or '(back)'}")
    by_room = Counter(one.room for one in seen.calls)
    print("calls:", ", ".join(f"{room} {count}" for room, count in by_room.most_common()))
    print(f"{len(seen.calls)} calls of {len({one.function for one in seen.calls})} functions")
    within, all_of_them = seen.changes(with_plugin=False), seen.changes(with_plugin=True)
    print(f"{all_of_them} room changes, {within} of them within the core")


if __name__ == "__main__":
    main()
