"""Money: integer minor units and an ISO 4217 currency. Never a float, never rounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from operator import ge, gt, le, lt

from prism_core.errors import InvalidRequest, PrismError
from prism_core.schema.base import Schema
from prism_core.schema.numbers import LARGEST, MOST_DIGITS, plain_decimal

# The currencies of ISO 4217 with their number of decimals (list one, fund codes included):
# https://www.six-group.com/en/products-services/financial-information/data-standards.html
_BY_EXPONENT = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP "
    "GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT "
    "LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN "
    "NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE "
    "SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES "
    "WST XAD XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

EXPONENTS: dict[str, int] = {
    code: exponent for exponent, codes in _BY_EXPONENT.items() for code in codes.split()
}
"""Number of decimals by currency code."""

# The caller's own decimal context may round; this one never does.
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
_TOO_MUCH = f"must be {LARGEST} at most"


class Money(Schema, frozen=True, order=False):
    """An amount in the currency's minor units: `Money(1000, "USD")` is ten dollars,
    `Money(1000, "JPY")` a thousand yen, `Money(1000, "KWD")` one dinar.

    `minor_amount` is an integer of 0 or more that fits into 64 bits; `currency` is an ISO 4217
    code in capitals. Raises `InvalidRequest` otherwise.
    """

    minor_amount: int
    currency: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.currency not in EXPONENTS:
            known = self.currency.upper() in EXPONENTS
            hint = f"; write {self.currency.upper()!r}" if known else ""
            raise self._invalid("currency", f"{self.currency!r} is not an ISO 4217 code{hint}")
        if not 0 <= self.minor_amount <= LARGEST:
            problem = "must be 0 or more" if self.minor_amount < 0 else _TOO_MUCH
            raise self._invalid("minor_amount", problem)

    @classmethod
    def _invalid(cls, field: str, problem: str) -> PrismError:
        if problem.startswith("must be an integer"):
            problem += ": Money(1000, 'USD') and Money.from_decimal('10.00', 'USD') are 10.00 USD"
        return super()._invalid(field, problem)

    @classmethod
    def from_decimal(cls, amount: str | Decimal, currency: str) -> Money:
        """Money from a decimal such as "10.50", in plain ASCII digits; more decimals than the
        currency has is an error."""
        if not isinstance(amount, (str, Decimal)):
            kind = type(amount).__name__
            raise cls._invalid("from_decimal", f"needs a decimal string or Decimal, not {kind}")
        number = plain_decimal(amount) if isinstance(amount, str) else amount
        return cls.from_scaled(Decimal("NaN") if number is None else number, currency, 0)

    @classmethod
    def from_scaled(cls, amount: int | Decimal, currency: str, exponent: int) -> Money:
        """Money from a number of units of 10**-exponent, as some processors report it."""
        own, number = cls(0, currency).exponent, Decimal(amount)
        if not number.is_finite():
            raise cls._invalid("minor_amount", "needs a decimal number such as '10.50'")
        if number.adjusted() > MOST_DIGITS:  # before it is written out
            raise cls._invalid("minor_amount", _TOO_MUCH)
        scaled = number.scaleb(own - exponent, _EXACT)
        if scaled != scaled.to_integral_value():
            raise cls._invalid(
                "minor_amount", f"has more decimals than {currency}, which has {own}"
            )
        return cls(int(scaled), currency)

    @classmethod
    def from_wire(cls, amount: int, currency: str, exceptions: Mapping[str, int]) -> Money:
        """Money from a processor's integer; `exceptions` as in `to_wire`."""
        code = currency.upper()
        exponent = exceptions.get(code)
        return cls(amount, code) if exponent is None else cls.from_scaled(amount, code, exponent)

    @property
    def exponent(self) -> int:
        """The number of decimals of the currency in ISO 4217."""
        return EXPONENTS[self.currency]

    def to_decimal(self, exceptions: Mapping[str, int] | None = None) -> Decimal:
        """The amount in major units, with the decimals of the currency or those in `exceptions`
        (as in `to_wire`). Raises where that would lose precision."""
        exponent = (exceptions or {}).get(self.currency, self.exponent)
        return Decimal(self.to_wire(exceptions or {})).scaleb(-exponent, _EXACT)

    def to_wire(self, exceptions: Mapping[str, int]) -> int:
        """The integer for a processor that uses another number of decimals than ISO 4217 for
        some currencies (`exceptions`). Raises where that would lose precision."""
        exponent = exceptions.get(self.currency)
        if exponent is None:
            return self.minor_amount
        scaled = Decimal(self.minor_amount).scaleb(exponent - self.exponent, _EXACT)
        if scaled != scaled.to_integral_value():
            raise InvalidRequest(
                f"amount: this processor takes {self.currency} with {exponent} decimals, "
                f"and {self} has more",
                field="amount",
            )
        return int(scaled)

    def __str__(self) -> str:
        return f"{self.to_decimal():f} {self.currency}"

    def format(self, locale: str | None = None) -> str:
        """The amount for people, by the rules of a locale such as "de-DE" (RFC 5646), with all
        decimals of the currency. Without a locale, and where the package babel is not installed
        (the extra `babel`), as `str` does: "1234.50 EUR". Raises `InvalidRequest` for a locale
        that babel does not know."""
        from prism_core.schema.money_text import localized  # needs babel, and is seldom used

        return str(self) if locale is None else localized(self, locale)

    def __add__(self, other: Money) -> Money:
        """The sum. Raises `InvalidRequest` for another currency, as comparing does."""
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.minor_amount + self._same(other), self.currency)

    def __radd__(self, other: int) -> Money:
        """For `sum`, which begins with 0."""
        return self if type(other) is int and other == 0 else NotImplemented

    def __sub__(self, other: Money) -> Money:
        """The difference. Raises `InvalidRequest` if it is less than 0: no amount is negative."""
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.minor_amount - self._same(other), self.currency)

    def __mul__(self, times: int) -> Money:
        """A whole number of times the amount. There is no product with a float or a Decimal, which
        would have to be rounded."""
        if type(times) is not int:
            return NotImplemented
        return Money(self.minor_amount * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self._compared(lt, other)

    def __le__(self, other: Money) -> bool:
        return self._compared(le, other)

    def __gt__(self, other: Money) -> bool:
        return self._compared(gt, other)

    def __ge__(self, other: Money) -> bool:
        return self._compared(ge, other)

    def _compared(self, how: Callable[[int, int], bool], other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented  # type: ignore[no-any-return]  # Python then raises TypeError
        return how(self.minor_amount, self._same(other))

    def _same(self, other: Money) -> int:
        """The other amount, in the same currency."""
        if other.currency != self.currency:
            raise self._invalid(
                "currency", f"is {self.currency}, and the other amount's is {other.currency}"
            )
        return other.minor_amount
