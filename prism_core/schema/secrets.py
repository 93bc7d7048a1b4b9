"""Secret: a string that is masked in reprs, logs and formatted text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

MASK = "**********"


class Secret:
    """Holds a credential, a card number or another string that must not be shown.

    `repr`, `str` and `format` give a mask; only `reveal()` gives the text. A secret compares
    in constant time, and a copy of it is the same object. It cannot be pickled, because others
    can read a pickle (a task queue, a cache, a crash dump). No attribute holds the text, so that
    tools that list the attributes of an object (a debugger, a serializer) do not find it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str | Secret) -> None:
        if isinstance(text, Secret):
            _hold(self, _held(text))
        elif isinstance(text, str):
            # Only the text of an enumeration's member: formatted, it would be its name.
            _hold(self, str.__str__(text))
        else:
            kind = type(text).__name__
            del text  # it may be secret, and tracebacks can show local variables
            raise TypeError(f"a Secret holds a string, not {kind}")

    def reveal(self) -> str:
        """The text itself. Use it only to send it."""
        return _held(self)

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(_held(self))

    def __len__(self) -> int:
        return len(_held(self))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest  # not needed before, and slow to import

        # Lone surrogates, too: an environment variable can hold them.
        one, two = (_held(each).encode("utf-8", "surrogatepass") for each in (self, other))
        return compare_digest(one, two)

    def __hash__(self) -> int:
        return hash((Secret, _held(self)))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Secret cannot be changed; make a new one")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from prism_core.schema.pydantic_secrets import schema_of_secret  # Pydantic alone calls it

        return schema_of_secret(cls)

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a Secret is not pickled; pass what it holds on purpose, with .reveal()")

    # All of them: a serializer that fails with one tries the next.
    __reduce__ = __reduce_ex__ = __getstate__ = __getnewargs__ = __getnewargs_ex__ = _refuse


_slot: Any = Secret.__dict__["_text"]
_held: Callable[[Secret], str] = _slot.__get__
_hold: Callable[[Secret, str], None] = _slot.__set__
delattr(Secret, "_text")  # the slot stays, and only this module can access it


def from_text(kind: type, value: Any) -> Any:
    """The hook with which msgspec decodes a `Secret`."""
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    if kind is Secret:
        raise ValueError(f"Expected `str`, got `{type(value).__name__}`")
    raise NotImplementedError(f"nothing of the schema is a {kind}")


def reveal(value: str | Secret) -> str:
    """The text of a `Secret`, or the string itself."""
    return value.reveal() if isinstance(value, Secret) else value
