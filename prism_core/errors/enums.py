"""TextEnum: what every enumeration of ours is made of."""

from __future__ import annotations

from enum import Enum


class TextEnum(str, Enum):
    """An enumeration whose members are texts, and are written as their value: by `str`, `format`
    and f-strings, on every Python. (Python itself changed its mind in 3.11.)"""

    def __str__(self) -> str:
        return str.__str__(self.value)

    def __format__(self, form: str) -> str:
        return str.__format__(self.value, form)
