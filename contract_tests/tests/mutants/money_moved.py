"""Mutants that the checks of money moved later kill."""

from __future__ import annotations

from lab import Mutant

_CAPTURED = "        return payment_of((yield from account.fetch(taking, PaymentBody)))\n"

MUTANTS = [
    Mutant(
        "captures yen of a payment in dollars",
        "money-currency",
        "        expect_currency(amount, Money(0, known.currency))\n",
        "",
        case="capture/success",
    ),
    Mutant(
        "says that it captured what it was asked for",
        "money-moved",
        _CAPTURED,
        _CAPTURED.replace("return", "paid =") + "        import msgspec\n"
        "        return msgspec.structs.replace(paid, captured_amount=amount)\n",
        case="capture/success",
    ),
]
