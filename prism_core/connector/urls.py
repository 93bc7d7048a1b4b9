"""Checks of a base URL: https (or this machine itself), without user, query and fragment."""

from __future__ import annotations

from urllib.parse import urlsplit

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def url_problem(url: str) -> str | None:
    """The problem of a base URL; None if it is https (or loopback) and has no other parts.

    It is returned and not raised: a traceback would show the URL, which may hold a password.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not a URL"
    if not host or any(char.isspace() for char in url):
        return "must be an absolute URL, such as https://host"
    if not (url.isascii() and url.isprintable()):
        return "must be plain ASCII; write an international name in its xn-- form"
    if parts.username is not None or parts.password is not None:
        return "must not hold user information"
    if "?" in url or "#" in url:
        return "must not hold a query or fragment"
    if not is_secure(url):
        return "must be https (http only for this machine itself)"
    return None


def is_secure(url: str) -> bool:
    """Whether a URL is https or leads to this machine."""
    if url.startswith("https://"):
        return True
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
