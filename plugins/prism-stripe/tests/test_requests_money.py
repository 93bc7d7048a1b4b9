"""Amounts on the wire: every currency the way Stripe counts it, and back without a loss.

https://docs.stripe.com/currencies: zero-decimal, three-decimal and special cases.
"""

from __future__ import annotations

import decimal
from typing import Any

import pytest

from prism_core import InvalidRequest, Money, Payment
from prism_core.schema.money import EXPONENTS as ISO

from .samples import Wire, authorizing, called, intent, payment_request
from .stripe_openapi import read_form


def on_the_wire(amount: Money) -> tuple[int, str]:
    """The integer and the currency that go to Stripe."""
    sent = authorizing(payment_request(amount=amount))
    form = read_form(sent.body.decode())
    return int(form["amount"]), form["currency"]


def there_and_back(amount: Money) -> Payment:
    """The payment when Stripe answers with the very amounts it was sent."""
    wired, currency = on_the_wire(amount)
    body: dict[str, Any] = intent(amount=wired, amount_received=wired, currency=currency)
    result: Payment = called("payments.authorize", payment_request(amount=amount), Wire(body))
    return result


@pytest.mark.parametrize(
    ("minor", "currency", "wire"),
    [
        (1000, "USD", 1000),
        (500, "JPY", 500),
        (500, "KRW", 500),
        (500, "ISK", 50000),
        (500, "UGX", 50000),
        (50000, "MGA", 500),
        (1230, "KWD", 1230),
        (1230, "TND", 1230),
        (99999999, "EUR", 99999999),
        (1, "USD", 1),
    ],
)
def test_an_amount_is_what_stripe_means_by_it(minor: int, currency: str, wire: int) -> None:
    """ISO minor units, except ISK and UGX (two decimals at Stripe) and MGA (none)."""
    assert on_the_wire(Money(minor, currency)) == (wire, currency.lower())


@pytest.mark.parametrize(
    ("minor", "currency"),
    [(1234, "KWD"), (1, "BHD"), (1005, "JOD"), (9, "OMR"), (50050, "MGA"), (1, "MGA")],
)
def test_more_precision_than_stripe_takes_is_refused(minor: int, currency: str) -> None:
    """A third decimal other than 0, or a fraction of an ariary, is refused and never rounded."""
    with pytest.raises(InvalidRequest) as caught:
        on_the_wire(Money(minor, currency))
    assert (caught.value.field, caught.value.outcome) == ("amount", "not_sent")


@pytest.mark.parametrize("currency", sorted(ISO))
def test_money_comes_back_as_it_went(currency: str) -> None:
    """To the wire and back is the same amount, in every currency of ISO 4217."""
    for minor in (100, 1000, 12300, 4711000, 99999900):
        asked = Money(minor, currency)
        payment = there_and_back(asked)
        assert payment.amount == payment.captured_amount == payment.authorized_amount == asked


@pytest.mark.parametrize("currency", ["ISK", "UGX", "MGA", "USD", "KWD"])
def test_an_amount_does_not_depend_on_the_decimal_context(currency: str) -> None:
    """A program that lowers the precision of `decimal` still pays the exact amount."""
    asked = Money(123456700, currency)
    exact = on_the_wire(asked)
    with decimal.localcontext() as context:
        context.prec = 4
        assert on_the_wire(asked) == exact
        assert there_and_back(asked).amount == asked
