"""Scrubbing: what is private is found and replaced, and nothing else is."""

from __future__ import annotations

import base64
import json

import pytest
from planted import PLANTED

from prism_contract_tests import scrub


@pytest.mark.parametrize(
    "text",
    [
        "4242 4242 4242 4242",
        "ada@mail.example.org",
        "+1 202 555 0123",
        "+44 7700 900123",
        "104102978678771",
        "2026-11-23T10:00:00+00:00",
        "payment_intent_authentication_failure",
        "0e2ff6b0-1c7e-4b9e-a3f5-3c1d1f2a9b11",
        "https://docs.acme.example/payments/3d-secure/authentication-flow",
        "Bearer acme_example",
        "Basic YWNtZV9leGFtcGxlOg==",
        "4242.4242.4242.4242",
        "ada%40example.com",
        "from ::1 or 2001:db8::1, at 12:30:45",
        "arn:aws:iam::1234:role/x 1:2:3:4:5",
    ],
)
def test_harmless_texts_are_left_alone(text: str) -> None:
    """Test data, ids, times, addresses of pages and the account's placeholder are no leaks."""
    assert list(scrub.leaks(text, ["acme_example"])) == []
    assert scrub.Scrubber({"k": "acme_example"}).text(text) == text


@pytest.mark.parametrize("text", [*PLANTED.values(), 4929421234600821, "Bearer another_key"])
def test_private_texts_are_found_and_replaced(text: object) -> None:
    value = {"a": [{"b": text}]}
    found = list(scrub.leaks(value, ["x"]))
    cleaned = scrub.Scrubber({"key_of_a_merchant": "x"}).clean(value)
    assert list(scrub.leaks(cleaned, ["x"])) == []
    assert cleaned != value
    assert found == [] if "key_of_a_merchant" in str(text) else found[0].endswith("at a[0].b")


_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEcKnTKGWIuogJMcoAF5szR2ITmM4U"
    "OeRvw01TAE9s9z7OzBS142RF+jtuiOTfXi2pNUdA8WQID7Syyr+3DocJaQ=="
)
"""A public key (P-256), made for this test."""
_DER = base64.b64decode(_KEY)


@pytest.mark.parametrize(
    "text",
    [
        _KEY,
        f"-----BEGIN PUBLIC KEY-----\n{_KEY[:64]}\n{_KEY[64:]}\n-----END PUBLIC KEY-----\n",
        base64.b64encode(
            b"\x30\x81" + bytes([len(_DER) + 5]) + b"\x30\x00" + _DER + b"\x03\x01\x00"
        ),
    ],
    ids=["bare", "PEM", "certificate"],
)
def test_a_public_key_is_no_leak(text: str | bytes) -> None:
    shown = text if isinstance(text, str) else text.decode()
    assert list(scrub.leaks({"key": shown, "more": json.dumps({"key": shown})})) == []


@pytest.mark.parametrize(
    "der",
    [
        b"\x30\x48\x02\x01\x00\x30\x03\x06\x01\x00\x04\x3e" + bytes(range(100, 162)),  # PKCS 8
        b"\x30\x3f\x02\x01\x01\x04\x3a" + bytes(range(100, 158)),  # of an elliptic curve
        bytes(range(100, 164)),
        _DER[:-1] + b"\x00" * 40,
        _DER[:-20],
    ],
)
def test_what_is_no_public_key_is_a_leak(der: bytes) -> None:
    """A private key, random bytes, and a public key with something hidden behind it, or cut off."""
    assert list(scrub.leaks({"key": base64.b64encode(der).decode()})) != []


def test_a_key_id_is_no_leak() -> None:
    value = "0123456789abcdef0123456789abcdef"
    assert list(scrub.leaks({"key_id": value, "publicKey": value})) == []
    assert list(scrub.leaks({"private_key": value})) == ["a long secret at private_key"]


NUMBER = "4539148803436467"
KNOWN = {
    NUMBER: "4242424242424242",
    "Zoltanna Quixwell": "Ada Lovelace",
    "+4915799983117": "+12025550123",
    "sk_test_51ZqSentinel": "scrubbed_api_key",
}


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        *((f"of {gap.join(NUMBER[at:at + 4] for at in (0, 4, 8, 12))}", "of 4242424242424242")
          for gap in (".", "_", "/", "\u00a0", ",", " - ", "%20")),
        ("ZOLTANNA QUIXWELL", "Ada Lovelace"),
        ("n=Zoltanna+Quixwell&m=Zoltanna%20Quixwell", "n=Ada Lovelace&m=Ada Lovelace"),
        ("+49 157 99983117", "+12025550123"),
        ("id_sk_test_51ZqSentinelx", "id_scrubbed_api_keyx"),
    ],
)  # fmt: skip
def test_what_the_call_sent_is_replaced_however_it_is_written(text: str, cleaned: str) -> None:
    """A processor repeats it in its own way; a recorded file is committed, and read by many."""
    assert scrub.Scrubber(KNOWN).text(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "4539.1488.0343.6467",
        "4539_1488_0343_6467",
        "4539\u00a01488\u00a00343\u00a06467",
        "someone%40a-company.io",
        "from 2001:4860:4860::8888",
    ],
)
def test_what_nobody_sent_is_found_however_it_is_written(text: str) -> None:
    """A card number, an address of mail or of the network is known by its form."""
    assert list(scrub.leaks(text)) != []
    assert list(scrub.leaks(scrub.Scrubber({}).text(text))) == []
