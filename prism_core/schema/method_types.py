"""Kinds of payment methods, by the names of the published schema."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any


class PaymentMethodType(StrEnum):
    """A kind of payment method. Two names are Prism's own: `CARD`, because a shop does not know
    before it asks whether a card is CREDIT or DEBIT; and `KLARNA`, which is not in the published
    list."""

    ACH = "ACH"
    AFFIRM = "AFFIRM"
    AFTERPAY_CLEARPAY = "AFTERPAY_CLEARPAY"
    ALFAMART = "ALFAMART"
    ALI_PAY = "ALI_PAY"
    ALI_PAY_HK = "ALI_PAY_HK"
    ALMA = "ALMA"
    AMAZON_PAY = "AMAZON_PAY"
    APPLE_PAY = "APPLE_PAY"
    ATOME = "ATOME"
    BACS = "BACS"
    BANCONTACT_CARD = "BANCONTACT_CARD"
    BCA_BANK_TRANSFER = "BCA_BANK_TRANSFER"
    BECS = "BECS"
    BENEFIT = "BENEFIT"
    BILL_DESK = "BILL_DESK"
    BIZUM = "BIZUM"
    BLIK = "BLIK"
    BNI_VA = "BNI_VA"
    BOLETO = "BOLETO"
    BRI_VA = "BRI_VA"
    CARD = "CARD"
    CARD_REDIRECT = "CARD_REDIRECT"
    CASHAPP = "CASHAPP"
    CASH_FREE = "CASH_FREE"
    CIMB_VA = "CIMB_VA"
    CLASSIC_REWARD = "CLASSIC_REWARD"
    CREDIT = "CREDIT"
    CRYPTO_CURRENCY = "CRYPTO_CURRENCY"
    DANA = "DANA"
    DANAMON_VA = "DANAMON_VA"
    DEBIT = "DEBIT"
    DIRECT_CARRIER_BILLING = "DIRECT_CARRIER_BILLING"
    DUIT_NOW = "DUIT_NOW"
    EASE_BUZZ = "EASE_BUZZ"
    EFECTY = "EFECTY"
    EFT = "EFT"
    EPS = "EPS"
    EVOUCHER = "EVOUCHER"
    FAMILY_MART = "FAMILY_MART"
    FPS = "FPS"
    GCASH = "GCASH"
    GIROPAY = "GIROPAY"
    GIVEX = "GIVEX"
    GOOGLE_PAY = "GOOGLE_PAY"
    GO_PAY = "GO_PAY"
    IDEAL = "IDEAL"
    INDOMARET = "INDOMARET"
    INSTANT_BANK_TRANSFER = "INSTANT_BANK_TRANSFER"
    INSTANT_BANK_TRANSFER_FINLAND = "INSTANT_BANK_TRANSFER_FINLAND"
    INSTANT_BANK_TRANSFER_POLAND = "INSTANT_BANK_TRANSFER_POLAND"
    INTERAC = "INTERAC"
    KAKAO_PAY = "KAKAO_PAY"
    KLARNA = "KLARNA"
    KNET = "KNET"
    LAWSON = "LAWSON"
    LAZY_PAY = "LAZY_PAY"
    LOCAL_BANK_REDIRECT = "LOCAL_BANK_REDIRECT"
    LOCAL_BANK_TRANSFER = "LOCAL_BANK_TRANSFER"
    MANDIRI_VA = "MANDIRI_VA"
    MB_WAY = "MB_WAY"
    MINI_STOP = "MINI_STOP"
    MOBILE_PAY = "MOBILE_PAY"
    MOMO = "MOMO"
    MOMO_ATM = "MOMO_ATM"
    MULTIBANCO = "MULTIBANCO"
    NETBANKING = "NETBANKING"
    NETWORK_TOKEN = "NETWORK_TOKEN"  # noqa: S105 - nothing secret
    ONLINE_BANKING_CZECH_REPUBLIC = "ONLINE_BANKING_CZECH_REPUBLIC"
    ONLINE_BANKING_FINLAND = "ONLINE_BANKING_FINLAND"
    ONLINE_BANKING_FPX = "ONLINE_BANKING_FPX"
    ONLINE_BANKING_POLAND = "ONLINE_BANKING_POLAND"
    ONLINE_BANKING_SLOVAKIA = "ONLINE_BANKING_SLOVAKIA"
    ONLINE_BANKING_THAILAND = "ONLINE_BANKING_THAILAND"
    OPEN_BANKING = "OPEN_BANKING"
    OPEN_BANKING_PIS = "OPEN_BANKING_PIS"
    OPEN_BANKING_UK = "OPEN_BANKING_UK"
    OXXO = "OXXO"
    PAGO_EFECTIVO = "PAGO_EFECTIVO"
    PAY_BRIGHT = "PAY_BRIGHT"
    PAY_EASY = "PAY_EASY"
    PAY_PAL = "PAY_PAL"
    PAY_SAFE_CARD = "PAY_SAFE_CARD"
    PAY_U = "PAY_U"
    PAZE = "PAZE"
    PERMATA_BANK_TRANSFER = "PERMATA_BANK_TRANSFER"
    PHONE_PE = "PHONE_PE"
    PIX = "PIX"
    PROMPT_PAY = "PROMPT_PAY"
    PRZELEWY24 = "PRZELEWY24"
    PSE = "PSE"
    RED_COMPRA = "RED_COMPRA"
    RED_PAGOS = "RED_PAGOS"
    REVOLUT_PAY = "REVOLUT_PAY"
    SAMSUNG_PAY = "SAMSUNG_PAY"
    SATISPAY = "SATISPAY"
    SEICOMART = "SEICOMART"
    SEPA = "SEPA"
    SEPA_BANK_TRANSFER = "SEPA_BANK_TRANSFER"
    SEVEN_ELEVEN = "SEVEN_ELEVEN"
    SOFORT = "SOFORT"
    SWISH = "SWISH"
    TOUCH_N_GO = "TOUCH_N_GO"
    TRUSTLY_BANK_REDIRECT = "TRUSTLY_BANK_REDIRECT"
    TWINT = "TWINT"
    UPI_COLLECT = "UPI_COLLECT"
    UPI_INTENT = "UPI_INTENT"
    UPI_QR = "UPI_QR"
    VENMO = "VENMO"
    VIET_QR = "VIET_QR"
    VIPPS = "VIPPS"
    WALLEY = "WALLEY"
    WERO = "WERO"
    WE_CHAT_PAY = "WE_CHAT_PAY"


class TokenSource(StrEnum):
    """The wallet that a network token comes from."""

    APPLEPAY = "APPLEPAY"
    GOOGLEPAY = "GOOGLEPAY"


class BankType(StrEnum):
    """The kind of a bank account in the USA."""

    CHECKING = "CHECKING"
    SAVINGS = "SAVINGS"


class BankHolderType(StrEnum):
    """Whether a bank account belongs to a person or to a company."""

    PERSONAL = "PERSONAL"
    BUSINESS = "BUSINESS"


def _types(value: object) -> tuple[PaymentMethodType, ...]:
    problem = "must be a list of payment method types, such as ['CARD', 'IDEAL']"
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError(problem)
    try:
        return tuple(map(PaymentMethodType, value))
    except ValueError:
        pass
    raise ValueError(problem)


# A caller may give the member or its value. The field always holds the member.
if TYPE_CHECKING:
    PaymentMethodTypeInput = PaymentMethodType | str
    PaymentMethodTypesInput = Sequence[PaymentMethodType | str]
    TokenSourceInput = TokenSource | str
    BankTypeInput = BankType | str
    BankHolderTypeInput = BankHolderType | str
else:
    PaymentMethodTypeInput = PaymentMethodType
    PaymentMethodTypesInput = Annotated[Any, _types]
    TokenSourceInput = TokenSource
    BankTypeInput = BankType
    BankHolderTypeInput = BankHolderType
