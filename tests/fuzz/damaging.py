"""Damage at random to bytes and JSON texts: what the kit's `damage` does in order and one at a
time, here several at once, and with texts that no JSON encoder writes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import msgspec

from prism_contract_tests import damage

_FRAGMENTS = [
    *(b"null", b"true", b"false", b"0", b"-1", b"1", b"7", b"1.5", b"-0.0", b"1e2", b"01"),
    *(b"10" * 20, b"-" + b"9" * 40, b"9" * 5000, b"1e400", b"1e-400", b"9223372036854775808"),
    *(b"NaN", b"Infinity", b"-Infinity", b"undefined", b"'prism'"),
    *(b'""', b'" "', b'"prism"', b'"0"', b'"10.00"', b'"-1.00"', b'"1E+9"', b'"NaN"', b'"."'),
    *(b'"\\ud800"', b'"\\udfff\\ud800"', b'"\\u0000"', b'"\\r\\nx: y"', b'"\xff"', b'"\\x"'),
    *('"\U0001f4b3"'.encode(), '"\u0661\u0662"'.encode(), '"\u202eevil"'.encode()),
    *(b'"\xed\xa0\x80"', b'"2026-99-99T99:99:99Z"', b'"9999-12-31T23:59:59-14:00"'),
    *(b'"0001-01-01T00:00:00+14:00"', b'"USD"', b'"JPY"', b'"XXX"', b'"usd"', b'"12/90"'),
    *(b'"../.."', b'"' + b"x" * 30_000 + b'"', b'[1,"a",{}]', b'{"":{}}', b'{"id":null}'),
    *(b"[]", b"{}", b"[[]]", b"[null]", b"[{}]"),
    *(b"[" * 900 + b"]" * 900, b'{"a":' * 900 + b"1" + b"}" * 900),
    *(b"[" * 60_000 + b"]" * 60_000, b'{"a":' * 60_000),
]
_BYTES = [b"", b"\x00", b"\xff", b'"', b"{", b"}", b"[", b",", b":", b"\\", b"\xef\xbb\xbf", b"0"]


def fragment(chance: random.Random) -> bytes:
    """The JSON text of a value; most are odd, some are no JSON."""
    kind = chance.randrange(6)
    if kind == 0:
        return str(chance.randint(-(10 ** chance.randint(1, 20)), 10**15)).encode()
    if kind == 1:
        return msgspec.json.encode(words(chance, 20))
    return chance.choice(_FRAGMENTS)


def words(chance: random.Random, longest: int) -> str:
    """A text of any characters but surrogates, up to a length."""
    ends = (0x7F, 0x7F, 0x250, 0xD7FF)
    codes = [chance.randint(0, chance.choice(ends)) for _ in range(chance.randint(0, longest))]
    return "".join(map(chr, codes))


def damaged(chance: random.Random, body: bytes, others: Sequence[bytes] = ()) -> bytes:
    """A body with one to three things wrong with it, in its structure or in its bytes; parts of
    `others` may stand in it."""
    whole = _parsed(body)
    if isinstance(whole, (dict, list)) and chance.randrange(4):
        for _ in range(chance.randint(1, 3)):
            whole = _edited(chance, whole, others)
        body = msgspec.json.encode(whole)
        if chance.randrange(10):
            return body
    for _ in range(chance.randint(1, 3)):
        body = _scratched(chance, body, others)
    return body


def _parsed(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _edited(chance: random.Random, whole: Any, others: Sequence[bytes]) -> Any:
    """The structure with one member changed, missing, twice, elsewhere or wrapped."""
    places = list(damage.members(whole))
    if not places:
        return msgspec.Raw(fragment(chance))
    path, value = chance.choice(places)
    how = chance.choice(_EDITS)
    return how(chance, whole, path, value, others)


def _other_value(chance: random.Random, whole: Any, path: Any, value: Any, others: Any) -> Any:
    return damage.replaced(whole, path, msgspec.Raw(fragment(chance)))


def _missing(chance: random.Random, whole: Any, path: Any, value: Any, others: Any) -> Any:
    return damage.without(whole, path)


def _twice(chance: random.Random, whole: Any, path: Any, value: Any, others: Any) -> Any:
    """The key a second time with another value, which JSON does not forbid."""
    parent, key = path[:-1], path[-1]
    if not isinstance(key, str):
        return damage.replaced(whole, path, [value, value])
    around = whole
    for part in parent:
        around = around[part]
    second = msgspec.json.encode(key) + b":" + fragment(chance)
    raw = msgspec.Raw(msgspec.json.encode(around)[:-1] + b"," + second + b"}")
    return damage.replaced(whole, parent, raw)


def _moved(chance: random.Random, whole: Any, path: Any, value: Any, others: Any) -> Any:
    _, found = chance.choice(list(damage.members(whole)))
    return damage.replaced(whole, path, found)


def _foreign(chance: random.Random, whole: Any, path: Any, value: Any, others: Any) -> Any:
    if not others:
        return damage.without(whole, path)
    found = list(damage.members(_parsed(chance.choice(others))))
    _, stranger = chance.choice(found) if found else ((), None)
    return damage.replaced(whole, path, stranger)


def _wrapped(chance: random.Random, whole: Any, path: Any, value: Any, others: Any) -> Any:
    shape = chance.choice([[value], {"": value}, [value] * 3, str(value), [value] * 300])
    return damage.replaced(whole, path, shape)


_EDITS = (_other_value, _other_value, _other_value, _missing, _twice, _moved, _foreign, _wrapped)


def _scratched(chance: random.Random, body: bytes, others: Sequence[bytes]) -> bytes:
    """The body with a byte flipped, a part cut out or repeated, or another's end."""
    start = chance.randint(0, len(body))
    end = min(len(body), start + chance.randint(1, 40))
    how = chance.choice(["flip", "cut", "less", "more", "again", "splice"])
    if how == "flip" and start < len(body):
        flipped = body[start] ^ (1 << chance.randrange(8))
        return body[:start] + bytes([flipped]) + body[start + 1 :]
    if how == "cut":
        return body[:start]
    if how == "less":
        return body[:start] + body[end:]
    if how == "again":
        return body[:end] + body[start:]
    if how == "splice" and others:
        other = chance.choice(others)
        return body[:start] + other[chance.randint(0, len(other)) :]
    junk = chance.choice([*_BYTES, chance.randbytes(4)])
    return body[:start] + junk + body[start:]
