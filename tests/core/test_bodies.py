"""Bodies of requests and answers: forms, JSON, and the decoders of answers."""

from __future__ import annotations

import subprocess
import sys
from enum import IntEnum
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prism_core import (
    Environment,
    Money,
    Secret,
    json_number,
)
from prism_core.connector.bodies import form_body, json_body

RACING = """
import sys
import threading

import msgspec

from prism_core.connector.bodies import decoder

sys.setswitchinterval(1e-6)  # as often as can be
for number in range(300):
    fields = [(f"f{at}", int | None, None) for at in range(12)]
    part = msgspec.defstruct(f"Part{number}", fields)
    whole = msgspec.defstruct(f"Whole{number}", [("part", part | None, None), *fields])
    start = threading.Barrier(4)

    def decode(shape=whole, start=start):
        start.wait()
        assert decoder(shape).decode(b'{"part": {"f1": 2}, "f3": 4}').part.f1 == 2

    threads = [threading.Thread(target=decode) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


def test_threads_decode_a_shape_for_the_first_time_at_once() -> None:
    """msgspec alone crashes the process within a few rounds of this: one thread makes the decoder,
    and the others wait."""
    done = subprocess.run([sys.executable, "-c", RACING], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


scalars = st.text() | st.integers() | st.booleans()
names = st.text(min_size=1, max_size=5)


trees = st.recursive(scalars, lambda inner: st.dictionaries(names, inner, max_size=3), max_leaves=6)


@given(st.dictionaries(names, trees, max_size=4))
def test_forms_hold_every_value_once(values: dict[str, Any]) -> None:
    """Whatever is nested in a form arrives, one pair a value, and decodes to the same text."""

    def leaves(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [leaf for entry in value.values() for leaf in leaves(entry)]
        return [("true" if value else "false") if isinstance(value, bool) else str(value)]

    try:
        body = form_body(values).decode()
    except UnicodeEncodeError:  # a lone surrogate: the schema refuses those before this
        return
    assert [value for _, value in parse_qsl(body, keep_blank_values=True)] == leaves(values)


def test_form_details() -> None:
    """Nested names go in brackets, lists are numbered, None is left out, secrets are revealed."""
    body = form_body({"a": {"b": Secret("s &")}, "l": ["x", 1], "n": None, "t": True, "k[": "v"})
    assert body == b"a[b]=s+%26&l[0]=x&l[1]=1&t=true&k%5B=v"
    with pytest.raises(TypeError, match="cannot hold a float"):
        form_body({"amount": 1.5})
    with pytest.raises(TypeError, match="cannot hold None"):
        form_body({"l": ["x", None]})


class Numbered(list[int]):
    """A list of somebody's own."""


class Vaulted(Secret):
    """A secret of somebody's own."""


def test_forms_hold_kindred_types() -> None:
    """What is a string, a number, a list or a mapping by its base class is written as that."""
    values = {
        "s": Environment.SANDBOX,
        "n": IntEnum("N", {"ONE": 1})(1),
        "l": ("x", "y"),
        "m": MappingProxyType({"k": "v", Environment.SANDBOX: "w"}),
        Environment.SANDBOX: "x",
        "k": Vaulted("w 1"),
        "e": Secret(Environment.PRODUCTION),
        "d": Numbered([1]),
    }
    expected = b"s=SANDBOX&n=1&l[0]=x&l[1]=y&m[k]=v&m[SANDBOX]=w&SANDBOX=x&k=w+1"
    expected += b"&e=PRODUCTION&d[0]=1"
    assert form_body(values) == expected


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1000, "EUR"), "10.00"),
        (Money(1000, "JPY"), "1000"),
        (Money(1000, "KWD"), "1.000"),
        (Money(1, "CLF"), "0.0001"),
        (Money(0, "EUR"), "0.00"),
    ],
)
def test_amounts_in_bodies_have_the_decimals_of_their_currency(money: Money, text: str) -> None:
    amount = money.to_decimal()
    assert form_body({"amount": amount}) == f"amount={text}".encode()
    assert json_body({"amount": amount}) == f'{{"amount":"{text}"}}'.encode()
    assert json_body({"amount": json_number(amount)}) == f'{{"amount":{text}}}'.encode()


def test_a_tiny_decimal_has_no_exponent() -> None:
    amount = Money(0, "USD").to_decimal({"USD": 9})
    assert str(amount) == "0E-9"
    assert (
        json_body({"a": amount, "b": json_number(amount)}) == b'{"a":"0.000000000","b":0.000000000}'
    )
    assert form_body({"a": amount}) == b"a=0.000000000"


def test_json_details() -> None:
    """None is left out at every level, secrets are revealed, floats are refused."""
    body = json_body({"a": {"b": Secret("s"), "n": None}, "l": [{"n": None}, Secret("t")]})
    assert body == b'{"a":{"b":"s"},"l":[{},"t"]}'
    with pytest.raises(TypeError, match="cannot hold a float"):
        json_body({"amount": [1.5]})
