"""The sandbox's words for kinds of payment methods and wallets, both ways."""

from __future__ import annotations

from prism_core import PaymentMethodType, TokenSource

REDIRECTS = tuple(
    PaymentMethodType(name) for name in ("IDEAL", "EPS", "BANCONTACT_CARD", "BLIK", "PAY_PAL")
)
"""What a `Redirect` may name here."""
_WALLETS = {"apple_pay": TokenSource.APPLEPAY, "google_pay": TokenSource.GOOGLEPAY}
_WORDS = {source: word for word, source in _WALLETS.items()}
_TYPES = {one.lower(): one for one in PaymentMethodType}


def wallet_word(source: TokenSource | str) -> str:
    """A wallet in the sandbox's spelling."""
    return _WORDS[TokenSource(source)]


def wallet_of(word: str | None) -> TokenSource | None:
    """The wallet that the sandbox means."""
    return _WALLETS.get(word or "")


def type_of(word: str | None) -> PaymentMethodType | None:
    """The kind of payment method that the sandbox means."""
    return _TYPES.get(word or "")
