"""Mutants that the checks of the exchange files kill."""

from __future__ import annotations

from lab import Mutant

EXCHANGES = "prism_acme/exchanges"
_LIVE = "_".join(("sk", "live", "x" * 12))  # put together here, so that no scanner takes it for one
_JWT = ".".join(("eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiI0MiJ9", "c2lnbmF0dXJl"))


def _scrubbed(name: str, old: str, new: str, file: str) -> Mutant:
    return Mutant(name, "exchanges-scrubbed", old, new, f"{EXCHANGES}/{file}")


MUTANTS = [
    _scrubbed(
        "publishes a card number that is no test number",
        '"4242424242424242"',
        '"4929 4212 3460 0821"',
        "authorize/decline.json",
    ),
    _scrubbed(
        "publishes somebody's email address",
        '"ada@example.com"',
        '"ada@lovelace.name"',
        "create_customer/success.json",
    ),
    _scrubbed(
        "publishes somebody's telephone number",
        '"gold"',
        '"+1 415 555 2671"',
        "create_customer/success.json",
    ),
    _scrubbed(
        "publishes a live key in an answer",
        '"who are you"',
        f'"{_LIVE} is no key"',
        "errors.json",
    ),
    _scrubbed(
        "publishes a signed token",
        '"no such domain"',
        f'"see {_JWT}"',
        "errors.json",
    ),
    _scrubbed(
        "publishes an answer that quotes the account's key",
        '"who are you"',
        '"key_example is no key"',
        "errors.json",
    ),
    _scrubbed(
        "publishes the bearer token of another account",
        '"authorization": "Bearer key_example"',
        '"authorization": "Bearer key_of_a_merchant"',
        "get_payment/success.json",
    ),
    _scrubbed(
        "calls a place public at which no secret is",
        '"account": {"api_key": "key_example"},',
        '"account": {"api_key": "key_example"},\n  "public": {"request.name": "it is a name"},',
        "create_customer/success.json",
    ),
    Mutant(
        "cites somebody else's page",
        "exchanges-documented",
        "https://acme.example/docs/payments",
        "https://blog.example/how-acme-works",
        f"{EXCHANGES}/authorize/success.json",
    ),
    Mutant(
        "cites a page without https",
        "exchanges-documented",
        "https://acme.example/docs/payments",
        "http://acme.example/docs/payments",
        f"{EXCHANGES}/authorize/pending.json",
    ),
    Mutant(
        "asks for a field that the schema does not have",
        "exchanges-fresh",
        '"capture_method": "MANUAL"',
        '"capture": "MANUAL"',
        f"{EXCHANGES}/authorize/success.json",
    ),
    Mutant(
        "expects a field that the schema no longer has",
        "exchanges-fresh",
        '"authorized_amount"',
        '"reserved_amount"',
        f"{EXCHANGES}/authorize/success.json",
    ),
    Mutant(
        "expects a status that the schema no longer has",
        "exchanges-fresh",
        '"PENDING"',
        '"PAYMENT_PENDING"',
        f"{EXCHANGES}/authorize/pending.json",
    ),
]
