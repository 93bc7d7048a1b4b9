"""How a client's requests are sent: its `transport=`, `http_client=`, `proxy=` and `verify=`, and
which of these exclude each other. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from prism_core.errors import ConfigurationError
from prism_core.schema.secrets import Secret
from prism_core.transport.proxies import Chooser, Proxy, chooser

if TYPE_CHECKING:
    from ssl import SSLContext

    from prism_core.transport.own_httpx import OwnHttpx


class Route(NamedTuple):
    """`own_httpx` sends through the caller's own client or transport. Without it, `proxies` chooses
    a proxy, and `verify` is the TLS context, if it is not the default one."""

    own_httpx: OwnHttpx | None = None
    proxies: Chooser | None = None
    verify: SSLContext | None = None

    def proxy_for(self, url: str) -> Proxy | None:
        """The proxy that a URL goes through, if any."""
        return None if self.proxies is None else self.proxies(url)


DIRECT = Route()


def route(
    blocking: bool, transport: object, http_client: object, proxy: Secret | None, verify: object
) -> Route:
    """The route for a client's options. Raises `ConfigurationError`."""
    if transport is None and http_client is None:
        return Route(None, chooser(proxy), None if verify is True else _context(verify))
    if transport is not None and http_client is not None:
        raise ConfigurationError("give transport= or http_client=, not both")
    if proxy is not None or verify is not True:
        raise ConfigurationError(
            "a transport= or http_client= brings its own proxy and verification; "
            "leave proxy= and verify= out, and set them on it"
        )
    from prism_core.transport.own_httpx import OwnHttpx  # not needed elsewhere

    return Route(OwnHttpx(blocking, transport, http_client))


def _context(verify: object) -> SSLContext:
    from prism_core.transport.tls import context_of  # slow to import

    return context_of(verify)
