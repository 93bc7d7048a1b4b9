"""Scrubbing: what is private is found and replaced, and nothing else is."""

from __future__ import annotations

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
    ],
)
def test_harmless_texts_are_left_alone(text: str) -> None:
    """Test data, ids, times, addresses of pages and the account's placeholder are no leaks."""
    assert list(scrub.leaks(text, ["acme_example"])) == []
    assert scrub.Scrubber({"k": "acme_example"}).text(text) == text


@pytest.mark.parametrize("text", [*PLANTED.values(), 4929421234600821, "Bearer another_key"])
def test_private_texts_are_found_and_replaced(text: object) -> None:
    """What is planted is found where it stands, and what replaces it is fine."""
    value = {"a": [{"b": text}]}
    found = list(scrub.leaks(value, ["x"]))
    cleaned = scrub.Scrubber({"key_of_a_merchant": "x"}).clean(value)
    assert list(scrub.leaks(cleaned, ["x"])) == []
    assert cleaned != value
    assert found == [] if "key_of_a_merchant" in str(text) else found[0].endswith("at a[0].b")
