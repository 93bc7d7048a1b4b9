"""What is sent in more than one operation: amounts, notes, capture settings."""

from typing import Any

from prism_core import InvalidRequest, Money

# https://razorpay.com/docs/payments/international-payments/#supported-currencies
NAMES = (
    "INR AED ALL AMD AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BZD CAD CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD GBP GHS GIP GMD GNF GTQ GYD HKD "
    "HNL HTG HUF IDR ILS IQD ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LKR LRD LSL MAD "
    "MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PEN PGK PHP PKR "
    "PLN PYG QAR RON RSD RUB RWF SAR SCR SEK SGD SOS SVC SZL THB TND TRY TTD TWD TZS UAH UGX USD "
    "UYU UZS VND VUV XAF XCD XOF XPF YER ZAR ZMW"
)
CURRENCIES = tuple(NAMES.split())
THREE_DECIMALS = {"BHD", "IQD", "JOD", "KWD", "OMR", "TND"}
# "within 3 days": https://razorpay.com/docs/payments/payments/capture-settings
THREE_DAYS = 4320
AUTOMATIC = {
    "capture": "automatic",
    "capture_options": {
        "automatic_expiry_period": THREE_DAYS,
        "manual_expiry_period": THREE_DAYS,
        "refund_speed": "normal",
    },
}


def subunits(money: Money) -> int:
    """https://razorpay.com/docs/api/orders/create, `amount`: the smallest unit; the last of three
    decimals must be 0."""
    if money.currency in THREE_DECIMALS and money.minor_amount % 10:
        raise InvalidRequest(
            f"Razorpay takes {money.currency} with a 0 as its last decimal: 99.990, not 99.991",
            field="amount",
        )
    return money.minor_amount


def order_for(money: Money, receipt: str, *, manual: bool = False) -> dict[str, Any]:
    """https://razorpay.com/docs/api/orders/create, and for its `payment`
    https://razorpay.com/docs/payments/payments/capture-settings/api"""
    return {
        "amount": subunits(money),
        "currency": money.currency,
        "receipt": receipt,
        "payment": {"capture": "manual"} if manual else AUTOMATIC,
    }
