"""Mutants that the checks of money kill."""

from __future__ import annotations

from lab import Mutant

_AMOUNT = '"amount": request.amount.to_wire(EXPONENTS),'
_PAID = "return payment_of(account.decode(response, PaymentBody))"

_READ = "Money.from_wire(amount, body.currency, EXPONENTS)"
_NO_KWD = (
    'if request.amount.currency == "KWD":\n'
    "            from prism_core import InvalidRequest\n"
    '            raise InvalidRequest("no dinars", field="amount")\n'
    "        order = {"
)

MUTANTS = [
    Mutant(
        "leaves the zeros of decimals out",
        "money-exact",
        _AMOUNT,
        '"amount": f"{request.amount.to_decimal(EXPONENTS).normalize():f}",',
        case="authorize",
    ),
    Mutant(
        "writes two decimals in every currency",
        "money-exact",
        _AMOUNT,
        '"amount": f"{request.amount.to_decimal():.2f}",',
        case="authorize",
    ),
    Mutant(
        "writes yen with two zeros behind the point",
        "money-exact",
        _AMOUNT,
        '"amount": str(request.amount.to_decimal()) + ".00" * (not request.amount.exponent),',
        case="authorize",
    ),
    Mutant(
        "writes large amounts as numbers, and others as texts",
        "money-exact",
        _AMOUNT,
        '"amount": (str if request.amount.minor_amount < 10000 else int)(\n'
        "                request.amount.to_wire(EXPONENTS)\n            ),",
        case="authorize",
    ),
    Mutant(
        "refuses a currency that it does not declare",
        "money-exact",
        "order = {",
        _NO_KWD,
        case="authorize",
    ),
    Mutant(
        "declares other decimals for a currency that it does not take",
        "money-exact",
        "exponents=EXPONENTS,",
        'exponents=EXPONENTS, currencies=("USD", "EUR"),',
        case="authorize",
    ),
    Mutant(
        "reads every currency as if it had two decimals",
        "money-read",
        _READ,
        "Money.from_scaled(amount, body.currency, 2)",
        case="authorize",
    ),
    Mutant(
        "does not read the processor's own decimals",
        "money-read",
        _READ,
        "Money(amount, body.currency)",
        case="get_payment",
    ),
    Mutant(
        "declares an exponent and does not use it",
        "money-exact",
        _AMOUNT,
        '"amount": request.amount.minor_amount,',
    ),
    Mutant(
        "counts two decimals in every currency",
        "money-exact",
        _AMOUNT,
        '"amount": int(request.amount.to_decimal() * 100),',
    ),
    Mutant(
        "computes amounts in floats",
        "money-exact",
        _AMOUNT,
        '"amount": int(float(request.amount.to_wire(EXPONENTS))),',
    ),
    Mutant(
        "rounds to whole units",
        "money-exact",
        _AMOUNT,
        '"amount": str(round(request.amount.to_decimal())),',
    ),
    Mutant(
        "sends the same amount always",
        "money-exact",
        _AMOUNT,
        '"amount": 1000,',
    ),
    Mutant(
        "sends a float",
        "money-no-float",
        _AMOUNT,
        '"amount": __import__("msgspec").Raw(repr(request.amount.minor_amount / 100).encode()),',
    ),
    Mutant(
        "writes round amounts with an exponent",
        "money-no-float",
        _AMOUNT,
        '"amount": str(request.amount.to_decimal().normalize()),',
    ),
    Mutant(
        "reports the amount that it was asked for",
        "money-compared",
        _PAID,
        "import msgspec\n"
        "        paid = payment_of(account.decode(response, PaymentBody))\n"
        "        return msgspec.structs.replace(paid, amount=request.amount)",
    ),
    Mutant(
        "takes for an amount what Python takes for a number",
        "money-plain",
        "    state: str\n    amount: int | None = None\n",
        "    state: str\n    amount: int | str | None = None\n\n    def __post_init__(self):\n"
        "        self.amount = self.amount and int(self.amount)\n\n",
        case="authorize",
    ),
    Mutant(
        "takes the currency for granted",
        "money-compared",
        "Money.from_wire(amount, body.currency, EXPONENTS)",
        'Money.from_wire(amount, "USD", EXPONENTS)',
    ),
]
