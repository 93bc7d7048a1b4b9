"""Money: exact in every currency, and refused where it would not be."""

from __future__ import annotations

import json
import re
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iso4217 import Currency

from prism_core import InvalidRequest, Money
from prism_core.schema.money import EXPONENTS

currencies = st.sampled_from(sorted(EXPONENTS))
# Codes of list one that no payment is made in: metals, bond units, test and no-currency codes.
NOT_MONEY = {"XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA"}


def test_exponents_agree_with_the_published_list() -> None:
    """Every currency that ISO 4217 publishes today has the published number of decimals."""
    published = {c.code: c.exponent for c in Currency if c.exponent is not None}
    shared = set(published) & set(EXPONENTS)
    assert {code: EXPONENTS[code] for code in shared} == {code: published[code] for code in shared}
    assert set(published) - NOT_MONEY - {"XXX"} - set(EXPONENTS) <= {"BGN", "ANG", "CUC", "HRK"}
    assert len(shared) > 150


@given(amount=st.integers(0, 10**15), currency=currencies)
def test_decimal_and_back_is_the_same_money(amount: int, currency: str) -> None:
    """No amount changes on its way to a decimal and back, in any currency."""
    money = Money(amount, currency)
    assert Money.from_decimal(money.to_decimal(), currency) == money
    assert Money.from_decimal(str(money.to_decimal()), currency) == money


@given(amount=st.integers(0, 10**12), currency=currencies, exponent=st.integers(0, 4))
def test_wire_amounts_are_exact_or_refused(amount: int, currency: str, exponent: int) -> None:
    """With a processor's own exponent an amount comes back the same, or never leaves."""
    money = Money(amount, currency)
    exceptions = {currency: exponent}
    if amount % 10 ** max(0, money.exponent - exponent):
        with pytest.raises(InvalidRequest, match="has more"):
            money.to_wire(exceptions)
        return
    wire = money.to_wire(exceptions)
    assert Decimal(wire).scaleb(-exponent) == money.to_decimal()
    assert Money.from_wire(wire, currency.lower(), exceptions) == money


def test_the_callers_decimal_context_changes_nothing() -> None:
    """An application that works with few digits, or the largest amount, still has exact money."""
    with localcontext() as context:
        context.prec = 4
        assert Money.from_decimal("1234.56", "USD") == Money(123456, "USD")
        assert Money(123456, "ISK").to_wire({"ISK": 2}) == 12345600
        assert str(Money(123456, "USD")) == "1234.56 USD"
    assert Money(2**63 - 1, "ISK").to_wire({"ISK": 2}) == (2**63 - 1) * 100


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1000, "USD", "10.00 USD"),
        (1000, "JPY", "1000 JPY"),
        (12345, "KWD", "12.345 KWD"),
        (1, "OMR", "0.001 OMR"),
        (12345, "CLF", "1.2345 CLF"),
    ],
)
def test_each_kind_of_currency_reads_right(minor: int, currency: str, text: str) -> None:
    """Zero, two, three and four decimals are shown as the currency has them."""
    assert str(Money(minor, currency)) == text
    assert Money(minor, currency).to_wire({}) == minor
    assert Money.from_wire(minor, currency.lower(), {}) == Money(minor, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "word"),
    [
        (10.0, "USD", "integer, not float"),
        (True, "USD", "integer, not bool"),
        ("10", "USD", "integer, not str"),
        (Decimal(10), "USD", "integer, not Decimal"),
        (-1, "USD", "0 or more"),
        (1, "usd", "write 'USD'"),
        (1, "XYZ", "not an ISO 4217 code"),
        (1, "", "not an ISO 4217 code"),
        (1, 840, "string"),
        (None, "USD", "integer, not NoneType"),
        ("10.00", "USD", r"not str: Money\(1000, 'USD'\) and Money.from_decimal\('10.00', 'USD'\)"),
    ],
)
def test_bad_money_is_refused(minor: object, currency: object, word: str) -> None:
    """Floats, wrong codes and negative amounts raise an error that says what to write."""
    with pytest.raises(InvalidRequest, match=word):
        Money(minor, currency)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "word"),
    [
        *((amount, "more decimals than USD") for amount in ("10.001", Decimal("1e-3"))),
        *((amount, "not float|not int|not NoneType") for amount in (10.0, 10, None)),
        *(
            (amount, "07 at most")
            for amount in ("1" * 30, "9223372036854775808", Decimal("1e999999"))
        ),
        *((amount, "0 or more") for amount in ("-10.00", "-1", Decimal(-1))),
        *((amount, "such as '10.50'") for amount in (Decimal("NaN"), Decimal("-Infinity"))),
    ],
)
def test_decimals_that_are_not_exact_money_are_refused(amount: object, word: str) -> None:
    """More digits than the currency has, and what is no decimal, is never rounded."""
    with pytest.raises(InvalidRequest, match=word):
        Money.from_decimal(amount, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        *("1_0.00", "1_000", "1e1", "1E1", "1e999999", "+10.00", " 10.00", "10.00 ", "10.00\n"),
        *("10.", ".50", ".", "-", "", "1,000.00", "0x10", "10.0.0", "--1", "abc", "NaN", "sNaN"),
        *("Infinity", "\u0661\u0660.\u0660\u0660", "\uff11\uff10", "1\u00b2", "\u221210", "1" * 31),
        "1." + "0" * 31,
    ],
)
def test_text_that_is_no_plain_decimal_is_refused(text: str) -> None:
    """Python takes many texts for a number; Money takes digits of ASCII with one point at most."""
    with pytest.raises(InvalidRequest, match=r"such as '10\.50'"):
        Money.from_decimal(text, "USD")


@given(text=st.text(st.sampled_from("0123456789.-+_eE \u0661\u00b2"), max_size=8))
def test_what_text_is_money(text: str) -> None:
    """Whatever is taken is written as plain digits, and nothing is lost of it."""
    try:
        money = Money.from_decimal(text, "CLF")
    except InvalidRequest:
        return
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text)
    assert money.to_decimal() == Decimal(text)


@given(amount=st.one_of(st.integers(), st.integers(2**63 - 2, 10**4000)), currency=currencies)
def test_every_amount_can_be_shown(amount: int, currency: str) -> None:
    """What databases and processors cannot count is refused when it is built, so that no log
    record or error fails on it later."""
    if not 0 <= amount < 2**63:
        with pytest.raises(InvalidRequest, match=r"0 or more|07 at most"):
            Money(amount, currency)
        return
    money = Money(amount, currency)
    for shown in (repr(money), str(money), f"{money}", json.dumps(money.to_dict())):
        assert currency in shown


def test_amounts_without_end() -> None:
    """Are refused at once, before Python writes the number out, which it does not for so many."""
    for amount in (10**5000, Decimal("1e5000"), Decimal("1e999999999")):
        with pytest.raises(InvalidRequest, match="07 at most"):
            Money.from_scaled(amount, "USD", 2)
    with pytest.raises(InvalidRequest, match="07 at most"):
        Money(10**5000, "USD")


def test_a_wire_amount_with_excess_precision_is_refused() -> None:
    """A processor's integer that its own currency cannot hold does not become money."""
    with pytest.raises(InvalidRequest, match="more decimals than ISK"):
        Money.from_wire(1050, "isk", {"ISK": 2})


def test_money_is_a_value() -> None:
    """Money compares and hashes by what it is, and cannot be changed."""
    assert len({Money(1, "USD"), Money(1, "USD"), Money(1, "EUR")}) == 2
    with pytest.raises(AttributeError):
        Money(1, "USD").minor_amount = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    ("money", "exceptions", "written"),
    [
        (Money(1050, "USD"), {}, "10.50"),
        (Money(1050, "JPY"), {"HUF": 0}, "1050"),
        (Money(12345, "KWD"), {}, "12.345"),
        (Money(105000, "HUF"), {"HUF": 0}, "1050"),
        (Money(1050, "ISK"), {"ISK": 2}, "1050.00"),
    ],
)
def test_decimals_as_the_processor_gives_them(
    money: Money, exceptions: dict[str, int], written: str
) -> None:
    """An amount in major units has the decimals of the currency, or of the processor."""
    assert f"{money.to_decimal(exceptions):f}" == written
    assert Money.from_decimal(Decimal(written), money.currency) == money


def test_decimals_that_the_processor_does_not_take() -> None:
    """They are refused, not rounded."""
    with pytest.raises(InvalidRequest, match="0 decimals"):
        Money(1050, "HUF").to_decimal({"HUF": 0})
