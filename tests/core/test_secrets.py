"""A Secret shows its text in none of many ways, lists it nowhere, and is written to no pickle."""

from __future__ import annotations

import copyreg
import dataclasses
import inspect
import io
import json
import pickle
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import rich
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from prism_core import Card, Secret, Token

from .showing import shown

TEXT = "sk_live_51secret"


@dataclasses.dataclass
class Settings:
    key: Secret


def listed(secret: Secret) -> str:
    """What inspectors find that ask for every attribute, private ones among them."""
    console = Console(file=io.StringIO(), width=200)
    rich.inspect(secret, console=console, all=True, methods=True, help=False)
    found = [getattr(secret, name, None) for name in (*dir(secret), *Secret.__slots__)]
    bound = {"reveal"}  # the one way, asked for by name
    members = [value for name, value in inspect.getmembers(secret) if name not in bound]
    return f"{found} {members} {console.file.getvalue()}"  # type: ignore[attr-defined]


@settings(deadline=None, max_examples=40)
@given(st.text(min_size=6))
def test_no_way_of_showing_shows_a_secret(text: str) -> None:
    """Whatever the text: repr, formats, logs, rich, structlog, Sentry, JSON and inspectors show
    a mask; the text comes back from `reveal` alone."""
    secret = Secret(f"<{text}>")
    ways = {
        **shown(secret),
        **{f"{name} of what holds it": how for name, how in shown(Settings(secret)).items()},
        **{f"{name} of a token": how for name, how in shown(Token(secret)).items()},
        "attributes": listed(secret),
        "the token as a dict": str(msgspec.structs.asdict(Token(secret))),
        "as a dict": str(dataclasses.asdict(Settings(secret))),
    }
    assert len(ways) > 20
    hidden = (f"<{text}>", repr(f"<{text}>")[1:-1], json.dumps(f"<{text}>")[1:-1])
    assert [way for way, found in ways.items() if any(one in found for one in hidden)] == []
    assert secret.reveal() == f"<{text}>"


REFUSED: dict[str, Callable[[Any], object]] = {
    **{f"pickle {n}": lambda it, n=n: pickle.dumps(it, n) for n in range(6)},
    "__reduce_ex__": lambda it: it.__reduce_ex__(2),
    "__reduce__": lambda it: it.__reduce__(),
    "__getstate__": lambda it: it.__getstate__(),
    "__getnewargs__": lambda it: it.__getnewargs__(),
    "__getnewargs_ex__": lambda it: it.__getnewargs_ex__(),
    "object's __reduce__": object.__reduce__,
    "object's __reduce_ex__": lambda it: object.__reduce_ex__(it, 2),
    "copyreg": lambda it: copyreg._reduce_ex(it, 0),  # type: ignore[attr-defined]
    "json": json.dumps,
    "msgspec": msgspec.json.encode,
    "msgspec of a card": lambda it: msgspec.json.encode(Card("4242424242424242", 1, 2090, it)),
}


@pytest.mark.parametrize("way", REFUSED)
def test_a_secret_is_not_serialized(way: str) -> None:
    """Every way to write it down is refused, and the error does not hold it: serializers that
    are refused one way try the next (jsonpickle asks for the state, then for the slots)."""
    with pytest.raises(TypeError) as caught:
        REFUSED[way](Secret("737"))
    assert "737" not in str(caught.value)


def test_no_state_is_to_be_had() -> None:
    """Python's own state of an object finds nothing in a secret."""
    with pytest.raises(AttributeError):
        getattr(Secret(TEXT), "_text")  # noqa: B009
    assert TEXT not in str(object.__getstate__(Secret(TEXT)))
    with pytest.raises(TypeError):
        vars(Secret(TEXT))


def test_a_subclass_and_an_odd_text_are_secrets_too() -> None:
    """A kind of Secret keeps its text; one that UTF-8 cannot hold is compared like any."""

    class Kind(Secret):
        pass

    assert Kind(TEXT) == Secret(TEXT)
    assert TEXT not in f"{vars(Kind(TEXT))} {Kind(TEXT)!r}"
    assert Secret("\ud800") == Secret("\ud800") != Secret("\ud801")


@pytest.mark.parametrize(
    "wrong", [4242424242424242, b"sk_live_51secret", None, ["sk_live_51secret"]]
)
def test_only_a_string_is_kept_secret(wrong: Any) -> None:
    """Another value is refused by its type, and is in no frame that a tracker shows."""
    with pytest.raises(TypeError, match=f"holds a string, not {type(wrong).__name__}") as caught:
        Secret(wrong)
    traceback = caught.tb.tb_next
    assert traceback is not None
    assert "text" not in traceback.tb_frame.f_locals
