"""Numbers in text: ASCII digits and nothing else, wherever a text becomes a number."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prism_core import (
    Event,
    EventKind,
    EventRejected,
    HandleEventRequest,
    HttpResponse,
    InvalidRequest,
    PlainDecimal,
    StoredPaymentMethod,
    whole_number,
)
from prism_core.connector import signatures
from prism_core.transport.http11 import LARGEST_BODY, AnswerRefused, check_head

STRANGE = [
    "1_0",
    "1e1",
    "+1",
    "-1",
    " 1",
    "1 ",
    "1\n",
    "",
    "\u0661",
    "\u00b2",
    "\uff11",
    "1.0",
    "x",
]


class Answer(msgspec.Struct):
    """A shape with a decimal that may be missing."""

    amount: PlainDecimal | None = None


@pytest.mark.parametrize("text", [*STRANGE, None, "1" * 19])
def test_what_is_no_whole_number(text: str | None) -> None:
    """None, and no exception: connectors read processors' texts with it."""
    assert whole_number(text) is None


@given(number=st.integers(0, 10**18 - 1))
def test_whole_numbers(number: int) -> None:
    """Up to 18 digits, with zeros before them or not."""
    assert whole_number(str(number)) == whole_number(f"{number:018}") == number


@pytest.mark.parametrize(
    ("written", "read"),
    [
        *(("10.50", "10.50"), ('"10.50"', "10.50"), ("10", "10"), ('"10"', "10"), ("1e1", "10")),
        *(("0.1", "0.1"), ("12345678901234567.89", "12345678901234567.89"), ('"-1"', "-1")),
    ],
)
def test_decimals_in_answers(written: str, read: str) -> None:
    """A JSON number, exactly as it is written and never a float; or a text of digits."""
    answer = HttpResponse(200, body=f'{{"amount": {written}}}'.encode()).decode(Answer)
    assert answer is not None
    assert answer.amount == Decimal(read)
    assert isinstance(answer.amount, PlainDecimal)


@pytest.mark.parametrize(
    "written",
    [*(f'"{text}"' for text in STRANGE if text not in ("-1", "1.0", "1\n")), "true", "[]"],
)
def test_what_is_no_decimal_in_an_answer(written: str) -> None:
    """The answer is another than the processor documents: a MalformedResponse."""
    assert HttpResponse(200, body=f'{{"amount": {written}}}'.encode()).decode(Answer) is None


def test_other_types_are_no_decimals() -> None:
    """A shape with a type that JSON has not is an author's mistake, and says so."""

    class Wrong(msgspec.Struct):
        amount: complex

    with pytest.raises(NotImplementedError, match="complex"):
        HttpResponse(200, body=b'{"amount": 1}').decode(Wrong)


@pytest.mark.parametrize("text", [*STRANGE, "9" * 400])
def test_signed_times_are_plain(text: str) -> None:
    """A time that is written in any other way is no time."""
    with pytest.raises(EventRejected):
        signatures.within(text, 1)


@pytest.mark.parametrize("length", ["\u00b2", "\u00b2\u00b3" * 20, "1_0", "1e99", "-1", "x", ""])
def test_a_length_that_is_no_number(length: str) -> None:
    """Headers are Latin-1, whose superscripts are digits to Python: no crash, no bound."""
    check_head({"content-length": length})


@pytest.mark.parametrize("length", [str(LARGEST_BODY + 1), "9" * 30])
def test_a_length_beyond_the_bound(length: str) -> None:
    """Refused before the body is read."""
    with pytest.raises(AnswerRefused):
        check_head({"content-length": length})


def test_every_integer_can_be_shown() -> None:
    """Python writes out no integer of more than 4300 digits: none gets into a request, a result
    or a stored card."""
    with pytest.raises(InvalidRequest, match="received_at must be 9223372036854775807 at most"):
        HandleEventRequest(body=b"", headers={}, received_at=10**5000)
    with pytest.raises(InvalidRequest, match="max_retries must be 92"):
        HandleEventRequest(body=b"", headers={}, max_retries=10**5000)
    with pytest.raises(InvalidRequest, match="created_at must be 92"):
        Event(kind=EventKind.UNKNOWN, event_type="x", created_at=-(10**5000))
    for name in ("exp_month", "exp_year"):
        with pytest.raises(InvalidRequest, match=f"{name} must be 92"):
            StoredPaymentMethod(connector_payment_method_id="pm_1", **{name: 2**63})
    assert StoredPaymentMethod(connector_payment_method_id="pm_1", exp_year=2030).exp_year == 2030
