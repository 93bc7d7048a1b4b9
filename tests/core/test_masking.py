"""No card number in a processor's words, however it is written; and no line breaks in them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from prism_core.runtime.masking import mask_code, mask_number, mask_private, one_line
from prism_core.schema.secrets import MASK, Secret

NUMBER = "4000056655665556"
GAPS = [
    "",
    " ",
    "-",
    ".",
    "/",
    "_",
    "\u00a0",
    "\u202f",
    "\u2011",
    "\u2013",
    "\t",
    "\n",
    " - ",
    "\u200b",
]
CODED = [*GAPS, "%20", "&nbsp;", "&#160;", "+", ":", "|", "%2D"]
DIGITS = ["0123456789", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"]
CONTROL = [
    "\n",
    "\r\n",
    "\x1b[31m",
    "\x1b]0;title\x07",
    "\u2028",
    "\u2029",
    "\x85",
    "\x00",
    "\u202e",
]

numbers = st.text("0123456789", min_size=12, max_size=19)
around = st.text(st.characters(exclude_characters="%\x1b\x9b"), max_size=12)


def digits_of(text: str) -> str:
    """All the digits that a reader sees in a text."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


@st.composite
def written(draw: st.DrawFn, gaps: list[str]) -> tuple[str, str]:
    """A number, and one way to write it."""
    number = draw(numbers)
    gap, zero = st.sampled_from(gaps), draw(st.sampled_from(DIGITS))
    spelled = "".join(zero[int(digit)] + draw(gap) for digit in number[:-1])
    return number, spelled + zero[int(number[-1])]


@settings(deadline=None, max_examples=300)
@given(written(CODED), around, around)
@example(("400005665566", "400005665566"), "card ", " refused")
@example((NUMBER, NUMBER), "pi_", "x")
@example((NUMBER, NUMBER), "99", "1")
def test_the_callers_card_number_survives_in_no_spelling(
    given_: tuple[str, str], before: str, after: str
) -> None:
    """In a message and in an id, alone or in the middle of a word, whatever is between the
    digits: the number is not there any more."""
    number, spelled = given_
    for shown in (
        mask_private(before + spelled + after, [Secret(number)]),
        mask_number(before + spelled + after, Secret(number)),
    ):
        assert MASK in shown
        assert spelled not in shown
        assert number not in digits_of(shown)


@given(written(GAPS), st.text(st.characters(exclude_categories=["N"]), max_size=12))
def test_a_card_number_that_nobody_gave_is_masked_too(given_: tuple[str, str], word: str) -> None:
    """A message may quote another card, of 12 to 19 digits; the texts around it stay."""
    number, spelled = given_
    shown = mask_private(f"no: {spelled} ({word}", [])
    assert shown.startswith(f"no: {MASK}")
    assert number not in digits_of(shown)


@given(st.lists(st.sampled_from(CONTROL) | st.text(max_size=5)).map("".join))
def test_a_line_stays_one_line(text: str) -> None:
    """No text of a processor breaks a line of a log, moves a terminal's cursor or turns letters
    around; what has nothing of the kind stays as it is."""
    shown = mask_private(text, [])
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    if text.isprintable():
        assert one_line(text) == text


def test_control_characters_leave_the_words() -> None:
    """What is read is the same; what cannot be shown leaves a mark."""
    assert one_line("\x1b[1;31mno\x1b[0m\r\nERROR paid\u2028twice") == "no  ERROR paid twice"
    assert (
        one_line("a\x00b\u202ec\ud800") == "a\N{REPLACEMENT CHARACTER}bc\N{REPLACEMENT CHARACTER}"
    )
    assert mask_private("4000\x1b[0m0566\x1b[1m55665556", [Secret(NUMBER)]) == MASK
    assert mask_private("Gra\u200bce\x1b[0m Hopper", [Secret("Grace Hopper")]) == MASK
    assert mask_private("at 1 Compiler\nRow", [Secret("1 Compiler\nRow")]) == f"at {MASK}"


@pytest.mark.parametrize(
    ("text", "private", "shown"),
    [
        ("a number of 400005665566 digits", [], f"a number of {MASK} digits"),
        ("a number of 40000566556 digits", [], "a number of 40000566556 digits"),
        ("20 digits 40000566556655564000", [], "20 digits 40000566556655564000"),
        ("until 2026-11-28 05:43:06", [], "until 2026-11-28 05:43:06"),
        ("1.000,00 EUR of 2.500.000", [], "1.000,00 EUR of 2.500.000"),
        ("call 1 (202) 555-0123", ["+12025550123"], f"call {MASK}"),
        ("12025550123 is no number", ["+12025550123"], f"{MASK} is no number"),
        ("id 9120255501234", ["+120255501"], f"id {MASK}"),
        ("id 91202555012", ["+12025550"], "id 91202555012"),
        ("no Li here, Lily", ["Li"], f"no {MASK} here, Lily"),
        ("LI is too short", ["Li"], f"{MASK} is too short"),
        ("4111%201111 &amp; 1111", ["411111111111"], MASK),
        ("email=ada%40example.com&x", ["ada@example.com"], f"email={MASK}&x"),
        ("n=Ada%20Lovelace", ["Ada Lovelace", "Ada", "Lovelace"], f"n={MASK}"),
        ("l=1+Main+Street%2C+4&x", ["1 Main Street, 4"], f"l={MASK}&x"),
        ("Flann O&#x27;Brien", ["O'Brien"], f"Flann {MASK}"),
        ("nothing coded", ["\ud800 x"], "nothing coded"),
        ("nothing seen.", ["\u00ad", "\u200b\u200b"], "nothing seen."),
    ],
)
def test_what_is_masked_and_what_is_not(text: str, private: list[str], shown: str) -> None:
    """Cards from 12 digits on, phones in any spelling, names of two letters, and what URLs, forms
    and pages write in their own way; dates, amounts and
    longer words stay."""
    assert mask_private(text, [Secret(one) for one in private]) == shown


def test_a_code_stays_a_code() -> None:
    """A processor's word is not changed by a person with that name; a sentence is a text."""
    private = [Secret("Declined"), Secret(NUMBER), Secret("737")]
    assert mask_code("declined", private) == "declined"
    assert mask_code("737", private) == "737"
    assert mask_code("declined 737", private) == f"{MASK} {MASK}"
    assert mask_code("4000.0566/5566:5556", private) == MASK
