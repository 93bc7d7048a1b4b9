"""Where credentials may be sent: https, or this machine itself, and nothing else in the URL."""

from __future__ import annotations

from typing import Any

import pytest
from faults.asking import KEY, leaks

from prism_core import AsyncPaymentClient, ConfigurationError, PaymentClient, Prism

PASSWORD = "Grace+Hopper"  # one of the words that `leaks` looks for
BAD: list[Any] = [
    # Not encrypted, and not this machine.
    *("http://api.stripe.com", "HTTP://api.stripe.com", "http://10.0.0.1", "http://0.0.0.0"),
    *("http://127.0.0.1.evil.example", "http://localhost.evil.example", "http://evil.example"),
    *("http://2130706433", "http://[::2]", "http://ⓛocalhost", "http://localhost%00.evil.example"),
    # User information, which hides the host or carries a secret.
    *(f"https://user:{PASSWORD}@api.stripe.com", "https://user@api.stripe.com"),
    *("https://@api.stripe.com", "https://:@api.stripe.com", "http://localhost@evil.example"),
    *("http://127.0.0.1:80@evil.example", "http://127.0.0.1\\@evil.example"),
    *(f"https://{PASSWORD}@127.0.0.1", "https://a@b@api.stripe.com"),
    # Not an address alone.
    *(
        "https://api.stripe.com?to=evil",
        "https://api.stripe.com#evil",
        "https://api.stripe.com/?",
        "https://api.stripe.com#",
    ),
    # Another scheme, or none.
    *("ftp://127.0.0.1", "file:///etc/passwd", "ws://127.0.0.1", "javascript:alert(1)"),
    *("//api.stripe.com", "api.stripe.com", "localhost:8000", "/v1", "https:api.stripe.com"),
    # No URL.
    *("", " ", "https://", "https:///v1", "http://[::1", "https://api.stripe.com:99999"),
    *("https://api.stripe.com:port", "https://api stripe.com", "https://api.stripe.com\n"),
    *("https://api.stripe.com\r\nx: y", "\thttps://api.stripe.com", "https://api.stripe.com\x00"),
    *(7, b"https://api.stripe.com", ["https://api.stripe.com"], True),
]
GOOD = [
    *("https://api.stripe.com", "https://api.stripe.com/", "https://api.stripe.com:8443/base"),
    *("HTTPS://api.stripe.com", "https://10.0.0.1", "https://[2001:db8::1]:443"),
    *("http://127.0.0.1:8000", "http://localhost", "http://LOCALHOST:1", "http://[::1]:8000"),
]


@pytest.mark.parametrize("kind", [PaymentClient, AsyncPaymentClient, Prism])
@pytest.mark.parametrize("url", BAD, ids=ascii)
def test_credentials_go_nowhere_else(kind: Any, url: Any) -> None:
    """A base URL that is neither https nor this machine, or that is more than an address, is a
    `ConfigurationError` before anything is opened, and nothing in it is shown."""
    with pytest.raises(ConfigurationError, match="base_url") as caught:
        kind("stripe", api_key=KEY, base_url=url)
    assert caught.value.outcome == "not_sent"
    assert leaks(caught.value) == []


@pytest.mark.parametrize("url", GOOD)
def test_an_address_alone_is_taken(url: str) -> None:
    """https anywhere, and http on this machine, are taken with port and path."""
    PaymentClient("stripe", api_key=KEY, base_url=url).close()
