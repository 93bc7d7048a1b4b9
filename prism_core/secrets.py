"""Secret: a string that is masked wherever it could be seen."""

from __future__ import annotations

from typing import NoReturn

MASK = "**********"


class Secret:
    """Holds a credential, a card number or another string that must not be seen.

    `repr`, `str` and `format` give a mask; only `reveal()` gives the text. A secret compares
    in constant time, copies as itself, and refuses to be pickled, because a pickle (a task
    queue, a cache, a crash dump) is a place where it could be read.
    """

    __slots__ = ("_text",)
    _text: str

    def __init__(self, text: str | Secret) -> None:
        # Of an enumeration's member the text alone: formatted, it would be what it is called.
        plain = text._text if isinstance(text, Secret) else str.__str__(text)
        object.__setattr__(self, "_text", plain)

    def reveal(self) -> str:
        """The text itself: for the wire, and for nothing else."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __len__(self) -> int:
        return len(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest  # not needed before, and slow to import

        return compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Secret cannot be changed; make a new one")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled; pass what it holds on purpose, with .reveal()")


def reveal(value: str | Secret) -> str:
    """The text of a `Secret`, or the string itself."""
    return value.reveal() if isinstance(value, Secret) else value
