"""Damaging answers: every variant is another answer, and nothing that there is is left out."""

from __future__ import annotations

import msgspec
import pytest

from prism_contract_tests import damage
from prism_core import HttpResponse

BODY = {"id": "pay_1", "amount": 1000, "paid": True, "card": {"last4": "4242"}, "tags": ["a", None]}
ANSWER = HttpResponse(201, {"content-length": "99", "x-request-id": "r"}, msgspec.json.encode(BODY))
EVERYWHERE = [
    ("id",), ("amount",), ("paid",), ("card",), ("card", "last4"),
    ("tags",), ("tags", 0), ("tags", 1),
]  # fmt: skip


def test_members_are_all_fields_and_entries_outer_ones_first() -> None:
    """Nothing at any level is spared."""
    assert [path for path, _ in damage.members(BODY)] == EVERYWHERE


def test_leaves_hold_no_others() -> None:
    assert ("card",) not in dict(damage.leaves(BODY))
    assert dict(damage.leaves(BODY))[("card", "last4")] == "4242"


def test_edits_leave_the_original_alone() -> None:
    """Damage is done to copies, at exactly one place."""
    before = msgspec.json.encode(BODY)
    assert damage.replaced(BODY, ("card", "last4"), 7)["card"] == {"last4": 7}
    assert damage.without(BODY, ("tags", 0))["tags"] == [None]
    assert "id" not in damage.without(BODY, ("id",))
    assert msgspec.json.encode(BODY) == before


@pytest.mark.parametrize(
    "how",
    [
        damage.statuses,
        damage.redirects,
        damage.bodies,
        damage.no_content,
        damage.wrong_types,
        damage.missing,
        damage.nulls,
        damage.unheard,
    ],
)
def test_every_variant_is_another_answer_with_a_label_of_its_own(how: damage.Damage) -> None:
    """No variant is the good answer, which would be judged as if it were damaged."""
    found = list(how(ANSWER))
    assert found
    assert len({one.label for one in found}) == len(found)
    for one in found:
        assert (one.answer.status_code, one.answer.body) != (ANSWER.status_code, ANSWER.body)
        assert "content-length" not in one.answer.headers
        assert one.answer.headers["x-request-id"] == "r"


def test_missing_and_nulls_are_everywhere() -> None:
    """Each field is taken out once, and each that holds something is null once."""
    assert [one.path for one in damage.missing(ANSWER)] == EVERYWHERE
    assert [one.path for one in damage.nulls(ANSWER)] == EVERYWHERE[:-1]


def test_wrong_types_are_of_another_type() -> None:
    """A text is replaced by everything but a text; a number also by a huge one."""
    at_id = [one.value for one in damage.wrong_types(ANSWER) if one.path == ("id",)]
    assert at_id == [7, damage.HUGE, 0.5, True, [], {}]
    at_amount = [one.value for one in damage.wrong_types(ANSWER) if one.path == ("amount",)]
    assert at_amount == [damage.HUGE, 0.5, "prism", True, [], {}]


def test_unheard_words_replace_texts_and_small_numbers() -> None:
    """Statuses are words or small numbers; booleans and lists are none."""
    places = [one.path for one in damage.unheard(ANSWER)]
    assert [*dict.fromkeys(places)] == [("id",), ("amount",), ("card", "last4"), ("tags", 0)]


def test_unheard_words_are_like_the_one_heard() -> None:
    """A word that begins or ends like a status is another one; an address or an id is no word."""
    answer = HttpResponse(200, {}, b'{"state": "paid", "id": "pay_1", "url": "https://a.example"}')
    tried = [(one.path[0], one.value) for one in damage.unheard(answer)]
    assert tried == [
        ("state", "prism_unheard_of"),
        ("state", "paid_prism_unheard_of"),
        ("state", "prism_unheard_of_paid"),
        ("id", "prism_unheard_of"),
        ("url", "prism_unheard_of"),
    ]


def test_no_broken_body_reads_as_the_good_one() -> None:
    """A body cut off after its last brace is whole; it is not among the broken ones."""
    padded = HttpResponse(200, {}, ANSWER.body + b"\n\n")
    for one in damage.bodies(padded):
        assert damage.json_of(one.answer) != BODY


def test_an_answer_that_is_no_json_has_no_fields() -> None:
    """Plain text and endless nesting are damaged as a whole only."""
    for body in (b"OK", b"", b"[" * 100_000, b"\xff"):
        answer = HttpResponse(200, {}, body)
        assert damage.json_of(answer) is None
        assert list(damage.missing(answer)) == []


def test_redirects_lead_elsewhere() -> None:
    found = list(damage.redirects(ANSWER))
    assert [one.answer.status_code for one in found] == [301, 302, 303, 307, 308]
    assert {one.answer.headers["location"] for one in found} == {damage.ELSEWHERE}


def test_paths_read_as_json_paths() -> None:
    """A failure names the place as its reader would write it."""
    assert damage.dotted(("data", 0, "id")) == "$.data[0].id"
