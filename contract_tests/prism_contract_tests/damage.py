"""Damaging answers: what a processor, a proxy or a bad day can make of a good one.

Pure functions: an answer goes in, labelled variants of it come out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from prism_core import HttpResponse

Path = tuple[str | int, ...]
ELSEWHERE = "https://elsewhere.example/landing"
HTML = b"<!doctype html><html><body><h1>Something went wrong</h1></body></html>"
FOREIGN = {
    "nothing": b"",
    "an HTML page": HTML,
    "an empty object": b"{}",
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
    "a gateway's JSON": b'{"message":"Forbidden"}',
}
"""Answers of a proxy or gateway, which are not in the processor's own format."""
UNHEARD = "prism_unheard_of"
"""A word that no processor ever said."""
_WORD = re.compile(r"[A-Za-z]+([_-][A-Za-z]+)*")
UNHEARD_NUMBER = 987654
STATUSES = (
    *(400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 415, 422, 425, 429, 431, 451),
    *(500, 501, 502, 503, 504, 507, 520, 529, 599),
)
REDIRECTS = (301, 302, 303, 307, 308)
HUGE = 10**40
_WRONG: dict[str, Any] = {
    # Those that are alike are neighbours, and of neighbours a sample takes one.
    "a number": 7,
    "a huge number": HUGE,
    "a fraction": 0.5,
    "text": "prism",
    "true": True,
    "a list": [],
    "an object": {},
}
_BODIES = {
    "nothing": b"",
    "an HTML page": HTML,
    "random bytes": bytes(range(255, -1, -1)),
    "null": b"null",
    "an empty list": b"[]",
    "an empty text": b'""',
    "an empty object": b"{}",
    "a bare true": b"true",
    "a bare number": b"0",
    "endless lists": b"[" * 100_000,
    "endless objects": b'{"a":' * 100_000,
    "deep lists": b"[" * 5_000 + b"]" * 5_000,
}


GONE = object()
"""What stands at the path of a member that was taken out."""


@dataclass(frozen=True)
class Damaged:
    """A damaged answer, and what was done to it in a few words."""

    label: str
    good: HttpResponse
    """The answer as it was; or, with no kind, as it is now."""
    path: Path = ()
    value: Any = None
    """What stands at `path` now."""
    kind: str | None = None
    """What was done there, apart from where: damage of one kind can be done at many paths."""

    @cached_property
    def answer(self) -> HttpResponse:
        """The damaged answer, which is written when it is first needed."""
        return together(self.good, [self]) if self.kind else self.good


Damage = Callable[[HttpResponse], Iterator[Damaged]]


def statuses(answer: HttpResponse) -> Iterator[Damaged]:
    """Every error status, with a body of nobody's in particular, and the answer's own body."""
    bodies = {**FOREIGN, "the same body": answer.body}
    for status in STATUSES:
        for label, body in bodies.items():
            if (status, body) != (answer.status_code, answer.body):
                yield Damaged(f"HTTP {status} with {label}", _with(answer, body, status))


def redirects(answer: HttpResponse) -> Iterator[Damaged]:
    """Every redirect to another host."""
    for status in REDIRECTS:
        moved = _with(answer, answer.body, status)
        moved.headers["location"] = ELSEWHERE
        yield Damaged(f"HTTP {status} to {ELSEWHERE}", moved)


def bodies(answer: HttpResponse) -> Iterator[Damaged]:
    """Other bodies, the body cut off at many points, twice, and in no charset at all."""
    whole = answer.body
    broken = {
        **_BODIES,
        "the body twice": whole * 2,
        "the body in UTF-16": whole.decode("utf-8", "replace").encode("utf-16"),
        "the body with bytes of no charset": whole.replace(b'"', b'"\xff'),
        **{f"the body's first {at} bytes": whole[:at] for at in _cuts(len(whole))},
    }
    for label, body in broken.items():
        if body != whole and not _same_json(body, whole):
            yield Damaged(label, _with(answer, body))


def no_content(answer: HttpResponse) -> Iterator[Damaged]:
    """HTTP 204, where there was a body."""
    if answer.body:
        yield Damaged("HTTP 204 with nothing", _with(answer, b"", 204))


def _cuts(length: int) -> list[int]:
    near = {1, 2, 3, length - 3, length - 2, length - 1}
    return sorted(at for at in near | {length * n // 24 for n in range(1, 24)} if 0 < at < length)


def wrong_types(answer: HttpResponse) -> Iterator[Damaged]:
    """Every field that holds something holds a value of each other type."""
    for path, value in members(json_of(answer)):
        for label, wrong in _WRONG.items():
            if value is not None and (type(wrong) is not type(value) or wrong == HUGE):
                yield edited(answer, path, wrong, label)


def missing(answer: HttpResponse) -> Iterator[Damaged]:
    """Every field and list entry taken out, one at a time, at every level."""
    for path, _ in members(json_of(answer)):
        yield Damaged(f"no {dotted(path)}", answer, path, GONE, "no")


def nulls(answer: HttpResponse) -> Iterator[Damaged]:
    """Every field and list entry null, one at a time, at every level."""
    for path, value in members(json_of(answer)):
        if value is not None:
            yield edited(answer, path, None, "null")


def unheard(answer: HttpResponse) -> Iterator[Damaged]:
    """Every text a word, and every small number a number, that the processor never said; also a
    word that another one stands in, as "paid" does in "unpaid". In a body that is not JSON, every
    word."""
    if json_of(answer) is None:
        yield from _unheard_in_text(answer)
    for path, value in leaves(json_of(answer)):
        if isinstance(value, str):
            more = {"longer": f"{value}_{UNHEARD}", "before": f"{UNHEARD}_{value}"}
            for kind, word in {"word": UNHEARD, **(more if _WORD.fullmatch(value) else {})}.items():
                yield edited(answer, path, word, repr(word), kind)
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 100_000:
            yield edited(answer, path, UNHEARD_NUMBER, str(UNHEARD_NUMBER))


def _unheard_in_text(answer: HttpResponse) -> Iterator[Damaged]:
    text = answer.body.decode("utf-8", "replace")
    for number, match in enumerate(_WORD.finditer(text)):
        for word in (UNHEARD, f"{match[0]}_{UNHEARD}"):
            body = f"{text[: match.start()]}{word}{text[match.end() :]}".encode()
            yield Damaged(f"{match[0]} is {word}", _with(answer, body), (f"word {number}",), word)


def long(answer: HttpResponse, length: int) -> Iterator[Damaged]:
    """Every text repeated until it is as long."""
    for path, value in leaves(json_of(answer)):
        if isinstance(value, str):
            yield edited(answer, path, value * (length // max(1, len(value))), "long")


def edited(
    answer: HttpResponse, path: Path, value: Any, said: str, kind: str | None = None
) -> Damaged:
    """The answer with another value at one place."""
    return Damaged(f"{dotted(path)} is {said}", answer, path, value, kind or said)


def together(answer: HttpResponse, all_damage: Sequence[Damaged]) -> HttpResponse:
    """The answer with all of this damage, none of it inside of another."""
    whole = json_of(answer)
    for one in reversed(all_damage):  # the last entry of a list first: the others keep their place
        gone = one.value is GONE
        whole = without(whole, one.path) if gone else replaced(whole, one.path, one.value)
    return _with(answer, msgspec.json.encode(whole))


def json_of(answer: HttpResponse) -> Any:
    """The body as JSON; None where it is none."""
    try:
        return answer.json()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def members(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every field and list entry with its path, at every level, outer ones first."""
    for key, entry in _entries(value):
        yield (*path, key), entry
        yield from members(entry, (*path, key))


def leaves(value: Any) -> Iterator[tuple[Path, Any]]:
    """Every member that holds no other."""
    return ((path, entry) for path, entry in members(value) if not isinstance(entry, (dict, list)))


def _entries(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def replaced(value: Any, path: Path, new: Any) -> Any:
    """A copy with `new` at the path."""
    if not path:
        return new
    copied = value.copy()
    copied[path[0]] = replaced(value[path[0]], path[1:], new)
    return copied


def without(value: Any, path: Path) -> Any:
    """A copy that lacks what is at the path."""
    copied = value.copy()
    if len(path) == 1:
        del copied[path[0]]
    else:
        copied[path[0]] = without(value[path[0]], path[1:])
    return copied


def dotted(path: Path) -> str:
    """A path as it is written: `$.data[0].id`."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def _with(answer: HttpResponse, body: bytes, status: int | None = None) -> HttpResponse:
    stale = ("content-length", "content-encoding", "transfer-encoding")
    headers = {name: value for name, value in answer.headers.items() if name not in stale}
    return HttpResponse(answer.status_code if status is None else status, headers, body)


def _same_json(body: bytes, whole: bytes) -> bool:
    try:
        one, other = (HttpResponse(200, body=found).json() for found in (body, whole))
        return bool(one == other)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
