"""A look into what a process remembers: which texts are anywhere in its memory."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest


def memory_of(pid: int) -> Iterator[bytes]:
    """All that a process has in memory, one region after the other."""
    try:
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    except PermissionError:
        pytest.skip("this machine does not let a process look into the memory of its children")
    try:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            where, permissions = line.split()[:2]
            first, last = (int(end, 16) for end in where.split("-"))
            if permissions.startswith("r") and not line.endswith(("[vvar]", "[vsyscall]")):
                yield _read(memory, first, last)
    finally:
        os.close(memory)


def _read(memory: int, first: int, last: int) -> bytes:
    try:
        return os.pread(memory, last - first, first)
    except OSError:  # a region of a device
        return b""


def spellings(number: str) -> list[bytes]:
    """How a number may be written: without spaces, with spaces or hyphens between groups of four;
    as bytes of ASCII or UTF-8, which Python's short texts have, too, or of UTF-16."""
    groups = re.findall(r".{1,4}", number)
    texts = {joint.join(groups) for joint in ("", " ", "-", "+", "%20")}
    return [text.encode(code) for text in sorted(texts) for code in ("ascii", "utf-16-le")]


def held(numbers: list[str], places: Iterator[bytes]) -> list[str]:
    """Those of the numbers that are anywhere in these places."""
    wanted = {number: spellings(number) for number in numbers}
    found = {
        number
        for place in places
        for number, ways in wanted.items()
        if any(way in place for way in ways)
    }
    return sorted(found)
