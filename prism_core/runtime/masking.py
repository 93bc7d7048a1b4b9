"""Masking: removes private values and card numbers from a text, and puts it on one line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote, quote_plus

from prism_core.schema.secrets import MASK, Secret

# People and programs write numbers with something between the digits, URLs and pages coded.
_GAP = r"(?:[\s._/\u00ad\u200b-\u200d\u2060\ufeff\u2010-\u2015\u2212-]{0,3})"
CARD_NUMBER = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{11,18}}(?!\d)")
_ANY_GAP = r"(?:%[0-9A-Fa-f]{2}|&#?\w{1,8};|[\W_]){0,4}"
_DIGITS = re.compile(rf"\d(?:{_ANY_GAP}\d){{6,}}")
# The digits of a match, without those of what is coded between them, and with those.
_READINGS = (re.compile(r"%[0-9A-Fa-f]{2}|&#?\w{1,8};|(\d)"), re.compile(r"(\d)"))
# ECMA-48 (5th edition), section 5: what a terminal obeys.
_ESCAPES = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
IS_CODE = re.compile(r"[\w.:/-]{1,64}")
"""The form of a processor's code: one word without a space."""
_NEVER_CODED = re.compile(r"[A-Za-z0-9_.~-]+")
"""What forms, URLs and HTML write as it is (RFC 3986, 2.3)."""
_CODED = re.compile(r"[%+&\\]")
"""What stands in a text wherever something in it is encoded."""
LONG = 12
"""The length from which a secret is not part of another word by chance."""


def mask_private(text: str, private: list[Secret]) -> str:
    """The text on one line, with a mask for every private value that is a word in it, and for every
    number that looks like a card number."""
    text = one_line(text)
    for secret in private:
        text = mask_value(text, Secret(one_line(secret.reveal())))
    return CARD_NUMBER.sub(MASK, text)


def mask_code(said: str, private: list[Secret]) -> str:
    """The same for a code. A code is the processor's own word: "Declined" is not masked, even if it
    is the customer's name. A code of several words is masked like a text."""
    if IS_CODE.fullmatch(said):
        private = [secret for secret in private if len(secret) >= LONG]
    return mask_private(said, private)


def one_line(text: str) -> str:
    """The text without terminal control characters, line breaks and right-to-left marks."""
    if text.isprintable():
        return text
    return "".join(map(_harmless, _ESCAPES.sub("", text)))


def _harmless(char: str) -> str:
    if char.isspace():
        return " "
    kind = unicodedata.category(char)
    if kind == "Cf":  # unseen: it may stand in the middle of a word
        return ""
    return "\N{REPLACEMENT CHARACTER}" if kind in ("Cc", "Cs") else char


def mask_value(text: str, value: Secret, mask: str = MASK) -> str:
    """The text with a mask for a private value that is a word in it, in any spelling."""
    text = mask_number(_mask_word(text, value, mask), value, mask.lstrip("+"))
    if _CODED.search(text):  # to encode every value is slow, and most texts have nothing encoded
        for coded in _coded(value):
            text = _mask_word(text, coded, mask)
    return text


def _coded(value: Secret) -> set[Secret]:
    """The value as forms, URLs, HTML and JSON encode it, if that differs: a processor may repeat a
    value in the form in which it was sent, or what it was sent in."""
    if _NEVER_CODED.fullmatch(value.reveal()):
        return set()
    from html import escape  # not needed before, and slow to import
    from json import dumps

    def escaped(text: str) -> str:
        return dumps(text, ensure_ascii=False)[1:-1]

    ways: tuple[Callable[[str], str], ...] = (
        *(quote, quote_plus, partial(quote, safe=""), escape, escaped),
        lambda text: escaped(text).replace("/", "\\/"),
    )
    said = one_line(value.reveal())  # with no lone surrogate, which none of them can write
    return {Secret(way(said)) for way in ways} - {value}


def _mask_word(text: str, value: Secret, mask: str) -> str:
    # By hand, not by a pattern: `re` caches patterns, and this one would hold the secret.
    if not len(value):  # of characters that nobody sees, such as a soft hyphen: it is everywhere
        return text
    start, lowered = 0, _lower(text)
    while (found := lowered.find(_lower(value.reveal()), start)) >= 0:
        end = found + len(value)
        within = text[max(0, found - 1) : found].isalnum() or text[end : end + 1].isalnum()
        if within and (len(value) < LONG or value.reveal().isdigit()):  # see `mask_number`
            start = found + 1
        else:
            text = f"{text[:found]}{mask}{text[end:]}"
            start, lowered = found + len(mask), _lower(text)
    return text


def _lower(text: str) -> str:
    """The text in lower case with the same length: one Unicode letter would become two."""
    return text.replace("\u0130", "i").lower()


def mask_number(text: str, value: Secret, mask: str = MASK) -> str:
    """The text without a number of at least seven digits (of a card, a phone), also with other
    characters between the digits. A card's number is masked even within a longer number."""
    digits = value.reveal().lstrip("+")
    if len(digits) < 7 or not (digits.isascii() and digits.isdigit()):
        return text
    for reading in _READINGS:
        runs = _DIGITS.finditer(text)
        found = [span for run in runs for span in _spans(run, reading, digits)]
        for start, end in reversed(found):
            is_part = text[max(0, start - 1) : start].isdigit() or text[end : end + 1].isdigit()
            if len(digits) >= LONG or not is_part:
                text = f"{text[:start]}{mask}{text[end:]}"
    return text


def _spans(run: re.Match[str], reading: re.Pattern[str], digits: str) -> Iterator[tuple[int, int]]:
    """The places of these digits within a match."""
    found = reading.finditer(run.string, *run.span())
    places = [one.start(1) for one in found if one.group(1)]
    written = "".join(str(int(run.string[place])) for place in places)
    at = written.find(digits)
    while at >= 0:
        yield places[at], places[at + len(digits) - 1] + 1
        at = written.find(digits, at + len(digits))
