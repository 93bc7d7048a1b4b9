"""Whether a form came from one of the sandbox's own pages, and not from somebody else's; and
whether a host is this machine."""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request

from prism_sandbox.server.errors import invalid


def must_be_own(request: Request, token: str, expected: str) -> None:
    """Refuses what another web page made the browser send: browsers name the page's origin, and
    only our own page knows the token. That the host is loopback is checked for every request."""
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    site = request.headers.get("sec-fetch-site", "same-origin")
    if request.headers.get("origin") != own or site != "same-origin":
        raise invalid("Origin", "Only the sandbox's own page may do this.", status=403)
    if not hmac.compare_digest(token.encode(), expected.encode()):
        raise invalid("token", "The sandbox was started anew: reload the page.", status=403)


def is_loopback(host: str) -> bool:
    """Whether a host, which may have a port, is this machine."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
