"""Why there is no connection: the reason as a value and in words. No I/O.

The words name the host and nothing else: no path, no address or password of a proxy, and of a
certificate only whether it is trusted, valid today, and for this host.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Collection, Iterable
from typing import NamedTuple

from prism_core.connector.http import Failure
from prism_core.errors import Reason


class Cause(NamedTuple):
    """A reason, and the words for it, with `{}` in place of the host."""

    reason: Reason
    words: str


DNS = Cause("dns", "no address was found for {}")
REFUSED = Cause("refused", "{} refused the connection")
UNREACHABLE = Cause("unreachable", "{} cannot be reached")
TIMEOUT = Cause("timeout", "{} did not answer in time")
TLS = Cause("tls", "the TLS handshake with {} failed")
NO_TUNNEL = Cause("proxy", "{} opened no connection")

_CERTIFICATES = {
    9: "is not valid yet",
    10: "has expired",
    62: "is for another host",
    64: "is for another host",
}
"""By OpenSSL's code (X509_V_ERR_...); all others are about who has signed it."""


class NotConnected(Exception):
    """No connection could be opened."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.reason)
        self.cause = cause


def no_connection(host: str, cause: Cause) -> Failure:
    """The failure of a request for which there was no connection."""
    said = f"no connection ({cause.reason}): {cause.words.format(host)}; nothing was sent"
    return Failure("not_sent", said, cause.reason)


def of_codes(codes: Collection[int | None]) -> Cause:
    """Why none of a host's addresses could be connected to, by the system's error codes."""
    return REFUSED if errno.ECONNREFUSED in codes else UNREACHABLE


def of_handshake(errors: Iterable[BaseException]) -> Cause:
    """Why TLS could not be started, by an exception and those that it was raised from."""
    for one in errors:
        if isinstance(one, ssl.SSLCertVerificationError):
            problem = _CERTIFICATES.get(getattr(one, "verify_code", 0), "is not trusted")
            return Cause("certificate", f"the certificate of {{}} {problem}")
    return TLS


def of_connecting(errors: Iterable[BaseException]) -> Cause:
    """Why a library could not connect, by the same; anyio groups those of several addresses."""
    found = [
        one
        for error in errors
        for one in (error.exceptions if isinstance(error, BaseExceptionGroup) else (error,))
    ]
    if any(isinstance(one, socket.gaierror) for one in found):
        return DNS
    return of_codes([one.errno for one in found if isinstance(one, OSError)])
