"""Chooses the proxy for a URL: the one given as `proxy=`, or that of the environment variables,
which are read as httpx reads them. No I/O.

A proxy's URL may hold a password: it is a `Secret` before any error can name it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from prism_core.errors import ConfigurationError
from prism_core.schema.secrets import Secret

_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_SYSTEM = ("darwin", "win32")  # systems whose own settings may name proxies


class Proxy(NamedTuple):
    """The address of a proxy, and the name and password for it."""

    scheme: str
    host: str
    port: int
    auth: tuple[Secret, Secret] | None

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS 5 instead of HTTP."""
        return self.scheme.startswith("socks5")


Chooser = Callable[[str], Proxy | None]
"""Returns the proxy for a URL, or None."""


def as_secret(proxy: object) -> Secret | None:
    """A client's `proxy=` as a secret. A value that is no string becomes an empty text, which is
    refused later because it is no URL."""
    if proxy is None or isinstance(proxy, Secret):
        return proxy
    return Secret(proxy) if isinstance(proxy, str) else Secret("")


def chooser(given: Secret | None) -> Chooser | None:
    """The function that chooses the proxy for each URL; None if there is no proxy at all. Raises
    `ConfigurationError`."""
    if given is not None:
        proxy = _parsed(given, "proxy")
        return lambda url: proxy
    return _from_environment()


def _from_environment() -> Chooser | None:
    named = any(name.lower().endswith("_proxy") for name in os.environ)
    if not named and sys.platform not in _SYSTEM:
        return None
    from urllib.request import getproxies  # slow to import

    found = {scheme: Secret(url) for scheme, url in getproxies().items()}
    proxies = {
        scheme: _parsed(_with_scheme(found[scheme]), f"the variable {scheme.upper()}_PROXY")
        for scheme in ("http", "https", "all")
        if found.get(scheme)
    }
    exceptions = [part.strip() for part in found.get("no", Secret("")).reveal().split(",")]
    if not proxies or "*" in exceptions:
        return None
    direct = [test for part in exceptions if (test := _exception(part)) is not None]
    return lambda url: _chosen(url, proxies, direct)


def _chosen(url: str, proxies: dict[str, Proxy], direct: list[_Exception]) -> Proxy | None:
    target = _target(url)
    if any(exception.covers(target) for exception in direct):
        return None
    return proxies.get(target.scheme, proxies.get("all"))


class _Target(NamedTuple):
    """The parts of a URL that NO_PROXY can name. The port is None if it is the scheme's default."""

    scheme: str
    host: str
    port: int | None


def _target(url: str) -> _Target:
    parts = urlsplit(url)
    return _Target(parts.scheme, parts.hostname or "", _port(parts.scheme, parts.port))


def _port(scheme: str, port: int | None) -> int | None:
    return None if port == _PORTS.get(scheme) else port


class _Exception(NamedTuple):
    """One entry of NO_PROXY. The host may be `*name` (the domain and its subdomains), `*.name`
    (the subdomains), empty (every host) or a network of addresses."""

    scheme: str
    host: str
    port: int | None

    def covers(self, target: _Target) -> bool:
        """Whether the entry excludes a URL from the proxy."""
        if self.scheme not in ("all", target.scheme) or self.port not in (None, target.port):
            return False
        if "/" in self.host:
            return _is_in(target.host, self.host)
        if not self.host.startswith("*"):
            return self.host in ("", target.host)
        name = self.host[1:].removeprefix(".")
        below = target.host.endswith(f".{name}")
        return below or not name or (target.host == name and not self.host.startswith("*."))


def _exception(entry: str) -> _Exception | None:
    """An entry of NO_PROXY, read as httpx reads it; None if it is empty."""
    scheme, mark, place = entry.rpartition("://")
    scheme = scheme.lower() or "all"
    if _is_network(place):
        return _Exception(scheme, place, None)
    if not mark:
        if not place or "/" in place:
            return None
        exact = place.startswith(("[", "*.")) or place.lower() == "localhost"
        place = place if exact else f"*{place}"
    try:
        parts = urlsplit(f"//{place}")
        return _Exception(scheme, parts.hostname or "", _port(scheme, parts.port))
    except ValueError:
        return None


def _is_network(text: str) -> bool:
    """Whether this is an address or a network of addresses."""
    import ipaddress  # not needed before, and slow to import

    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_in(host: str, network: str) -> bool:
    import ipaddress

    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _with_scheme(url: Secret) -> Secret:
    return url if "://" in url.reveal() else Secret(f"http://{url.reveal()}")


def _parsed(url: Secret, name: str) -> Proxy:
    found = _split(url)
    if isinstance(found, str):
        raise ConfigurationError(f"{name} {found}")
    if found.is_socks and not _is_installed("socksio"):
        raise ConfigurationError(f"{name} is a SOCKS proxy, which needs: pip install socksio")
    return found


def _split(url: Secret) -> Proxy | str:
    """The parts of a proxy's URL, or its problem. The problem is returned and not raised: a
    traceback would show the URL."""
    try:
        parts = urlsplit(url.reveal())
        host, port = parts.hostname, parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme not in _PORTS or not host:
        return "must be a URL such as http://host:8080 (or https://, socks5://, socks5h://)"
    if not url.reveal().isascii() or not url.reveal().isprintable() or " " in url.reveal():
        return "must be plain ASCII; write other characters of a name or password as %XX"
    auth = None
    if parts.username or parts.password:
        auth = (Secret(unquote(parts.username or "")), Secret(unquote(parts.password or "")))
    found = Proxy(parts.scheme, host, port or _PORTS[parts.scheme], auth)
    if found.is_socks and any(len(part.reveal().encode()) > 255 for part in auth or ()):
        return "is a SOCKS proxy: a name or password there has 255 bytes at most"  # RFC 1929
    return found


def _is_installed(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None
