"""Processors that write amounts as decimals, as texts or as JSON numbers: the checks of money pass
a connector that is right, and fail one that is wrong in one currency."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lab import installed
from support import REFERENCE

from prism_contract_tests.amounts import FORMS, Form, Written
from prism_contract_tests.runner import Run
from prism_core import Money

SUCCESS = "prism_acme/exchanges/authorize/success.json"
EXACT = "request.amount.to_decimal(EXPONENTS)"
READ = "Money.from_decimal(amount, body.currency)"
CHECKS = ("money-exact", "money-no-float", "money-read", "exchange-request", "exchange-result")


def certified(folder: Path, write: str, read: str, *, text: bool) -> set[str]:
    """The checks of money that fail for a connector that writes and reads decimals so."""
    kind = "str" if text else "PlainDecimal"
    changed = [
        ('"amount": request.amount.to_wire(EXPONENTS),', f'"amount": {write},'),
        ("Money.from_wire(amount, body.currency, EXPONENTS)", read),
        ("    amount: int | None = None\n", f"    amount: {kind} | None = None\n"),
        ("    authorized: int | None", f"    authorized: {kind} | None"),
        ("money(amount: int | None)", f"money(amount: {kind} | None)"),
        ("    Nullable,\n    Payment,", "    Nullable,\n    PlainDecimal,\n    Payment,"),
        (
            "    Money,\n    Payment,\n    expect",
            "    Money,\n    Payment,\n    json_number,\n    expect",
        ),
    ]
    exchange = json.loads((REFERENCE / SUCCESS).read_text().replace("1000", "1234"))
    step, amount = exchange["steps"][0], "12.34" if text else 12.34
    step["request"]["json"]["amount"] = amount
    step["response"]["json"] |= {"amount": amount, "authorized": amount}
    files = {SUCCESS: json.dumps(exchange)}
    with installed(folder, changes=changed, files=files) as name:
        run = Run(name)
        owed = [(one, of) for one, of in run.owed if one in CHECKS]
        found = [
            run.execute(entry) for entry in owed if entry[1] in ("authorize", "authorize/success")
        ]
    assert {one.check for one in found} == set(CHECKS)
    return {one.check for one in found if one.verdict == "failed"}


@pytest.mark.parametrize(
    ("write", "text"), [(EXACT, True), (f"json_number({EXACT})", False)], ids=["texts", "numbers"]
)
def test_decimals_that_are_right_pass(tmp_path: Path, write: str, text: bool) -> None:
    assert certified(tmp_path, write, READ, text=text) == set()


@pytest.mark.parametrize(
    ("write", "text", "failed"),
    [
        ("str(request.amount.to_decimal(EXPONENTS).normalize())", True, "money-exact"),
        ('f"{request.amount.to_decimal():.2f}"', True, "money-exact"),
        ('f"{request.amount.minor_amount / 100:.2f}"', True, "money-exact"),
        ("json_number(request.amount.to_decimal().quantize(1))", False, "money-exact"),
        (f'__import__("msgspec").Raw(b"%.1e" % float({EXACT}))', False, "money-no-float"),
    ],
)
def test_decimals_that_are_wrong_in_one_currency_fail(
    tmp_path: Path, write: str, text: bool, failed: str
) -> None:
    assert failed in certified(tmp_path, write, READ, text=text)


@pytest.mark.parametrize("text", [True, False])
def test_decimals_that_are_read_as_dollars_fail(tmp_path: Path, text: bool) -> None:
    """Whatever the currency, two decimals are read."""
    read = "Money(int(__import__('decimal').Decimal(amount) * 100), body.currency)"
    write = EXACT if text else f"json_number({EXACT})"
    assert certified(tmp_path, write, read, text=text) == {"money-read"}


@pytest.mark.parametrize(
    ("value", "amount", "currency", "names"),
    [
        (1000, 1000, "EUR", ["an integer of minor units"]),
        ("1000", 1000, "EUR", ["a text of minor units"]),
        ("10.00", 1000, "EUR", ["a text with the currency's decimals"]),
        ("10", 1000, "EUR", []),
        ("10.0", 1000, "EUR", []),
        ("1000.00", 1000, "JPY", []),
        ("1000", 1000, "JPY", ["a text of minor units", "a text with the currency's decimals"]),
        ("1.000", 1000, "KWD", ["a text with the currency's decimals"]),
        ("1.00", 1000, "KWD", []),
        (Written("10.50"), 1050, "EUR", ["a JSON number in major units"]),
        (10, 1000, "EUR", ["a JSON number in major units"]),
        (Written("1e1"), 1000, "EUR", []),
        ("10", 1000, "HUF", ["a text of minor units", "a text with the currency's decimals"]),
        ("1050", 1050, "HUF", []),
        (10.5, 1050, "HUF", []),
        (True, 1, "JPY", []),
    ],
)
def test_forms(value: object, amount: int, currency: str, names: list[str]) -> None:
    """An amount is compared as it is written; HUF has no decimals at this processor."""
    money, exponents = Money(amount, currency), {"HUF": 0}
    found: list[Form] = [one for one in FORMS if one.fits(value, money, exponents)]
    assert [one.name for one in found] == names
    assert all(one.expected(money, exponents) for one in FORMS)
