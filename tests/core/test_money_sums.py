"""Money adds, subtracts, multiplies and compares within a currency, and is written for people."""

from __future__ import annotations

import sys
from decimal import Decimal
from operator import add, ge, gt, le, lt, mul, sub, truediv
from typing import Any

import pytest
from babel.numbers import parse_decimal
from hypothesis import given
from hypothesis import strategies as st

from prism_core import InvalidRequest, Money
from prism_core.schema.money import EXPONENTS

amounts = st.integers(0, 10**15)


@given(st.lists(amounts, min_size=1), st.integers(0, 1000))
def test_sums_are_exact(minor: list[int], times: int) -> None:
    """Of order lines and refunds: `sum`, differences and multiples are those of the integers."""
    total = sum(Money(one, "KWD") for one in minor)
    assert total == Money(sum(minor), "KWD")
    assert Money(sum(minor), "KWD") - Money(minor[0], "KWD") == Money(sum(minor[1:]), "KWD")
    assert Money(minor[0], "KWD") * times == times * Money(minor[0], "KWD")
    assert (times * Money(minor[0], "KWD")).minor_amount == times * minor[0]


@given(amounts, amounts)
def test_amounts_compare_as_their_numbers(one: int, other: int) -> None:
    """A list of amounts can be sorted, and the highest found."""
    first, second = Money(one, "JPY"), Money(other, "JPY")
    assert (first < second, first <= second) == (one < other, one <= other)
    assert (first > second, first >= second) == (one > other, one >= other)
    assert max(first, second) == Money(max(one, other), "JPY")


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (lambda: Money(1, "USD") + Money(1, "EUR"), "is USD, and the other amount's is EUR"),
        (lambda: Money(1, "USD") - Money(1, "EUR"), "is USD, and the other amount's is EUR"),
        (lambda: Money(1, "USD") < Money(1, "EUR"), "is USD, and the other amount's is EUR"),
        (lambda: Money(1, "USD") >= Money(1, "EUR"), "is USD, and the other amount's is EUR"),
        (lambda: sum([Money(1, "USD"), Money(1, "EUR")]), "is USD, and the other amount's is EUR"),
        (lambda: Money(1, "USD") - Money(2, "USD"), "must be 0 or more"),
        (lambda: Money(1, "USD") * -1, "must be 0 or more"),
        (lambda: Money(2**62, "USD") + Money(2**62, "USD"), "07 at most"),
    ],
)
def test_what_is_no_amount_is_refused(made: Any, problem: str) -> None:
    """Two currencies have no sum; no amount is negative, or more than 64 bits."""
    with pytest.raises(InvalidRequest, match=problem):
        made()


@pytest.mark.parametrize("number", [1, 1.5, Decimal(2), True, "1", None])
@pytest.mark.parametrize("how", [add, sub, mul, truediv, lt, le, gt, ge])
def test_only_money_is_added_to_money(how: Any, number: Any) -> None:
    """No number stands for an amount, and nothing is rounded; only whole multiples are amounts."""
    if how is mul and number == 1 and type(number) is int:
        return
    for one, other in ((Money(1, "USD"), number), (number, Money(1, "USD"))):
        with pytest.raises(TypeError):
            how(one, other)


@pytest.mark.parametrize(
    ("money", "locale", "text"),
    [
        (Money(123450, "EUR"), "de-DE", "1.234,50\xa0€"),
        (Money(123450, "USD"), "en_US", "$1,234.50"),
        (Money(123450, "JPY"), "ja", "￥123,450"),
        (Money(123450, "HUF"), "en-US", "HUF1,234.50"),
        (Money(12345, "IQD"), "en-US", "IQD12.345"),
        (Money(1, "CLF"), "de", "0,0001\xa0CLF"),
        (Money(2**63 - 1, "USD"), "en-IN", "$92,23,37,20,36,85,47,758.07"),
        (Money(123450, "EUR"), None, "1234.50 EUR"),
    ],
)
def test_an_amount_is_written_as_a_locale_does(money: Money, locale: str | None, text: str) -> None:
    """With all decimals of ISO 4217, also where CLDR has none and would round (HUF, IQD)."""
    assert money.format(locale) == text


@given(amounts, st.sampled_from(sorted(EXPONENTS)), st.sampled_from(["de", "en-US", "fr", "hi"]))
def test_what_is_written_is_the_amount(minor: int, currency: str, locale: str) -> None:
    """Read back by babel, in every currency."""
    money = Money(minor, currency)
    text = money.format(locale)
    start = next(at for at, one in enumerate(text) if one.isdigit())
    end = max(at for at, one in enumerate(text) if one.isdigit())
    assert parse_decimal(text[start : end + 1], locale=locale.replace("-", "_")) == (
        money.to_decimal()
    )


@pytest.mark.parametrize("locale", ["xx-nowhere!", "zz", "not a locale", "", "de-DE\n"])
def test_a_locale_that_nobody_knows_is_refused(locale: str) -> None:
    """It may come from a browser: the error is Prism's own."""
    with pytest.raises(InvalidRequest, match="is no locale that babel knows") as refused:
        Money(1, "USD").format(locale)
    assert refused.value.field == "locale"


def test_without_babel_an_amount_is_written_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "babel", None)
    assert Money(123450, "EUR").format("de-DE") == "1234.50 EUR"
