"""TLS contexts: certificates are always verified, and keys are never written to a file."""

from __future__ import annotations

import os
import ssl
import sys
from functools import lru_cache
from typing import Literal

import certifi

from prism_core.connector import first_use
from prism_core.errors import ConfigurationError

Verify = Literal[True] | str | os.PathLike[str] | ssl.SSLContext
"""The types that a client accepts as `verify=`."""

# The flags that `ssl.create_default_context` adds to the defaults.
_STRICT = (
    ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
    if sys.version_info >= (3, 13)
    else ssl.VerifyFlags(0)
)


@lru_cache(maxsize=1)
def trusted() -> ssl.SSLContext:
    """Trusts the authorities of the system (or of SSL_CERT_FILE and SSL_CERT_DIR, if these are
    set) and those of certifi."""
    with first_use.held():
        context = _context()
        context.load_default_certs()
        context.load_verify_locations(certifi.where())
        return context


def context_of(verify: object) -> ssl.SSLContext:
    """The context for a client's `verify=`. Raises `ConfigurationError`."""
    if verify is True:
        return trusted()
    if isinstance(verify, ssl.SSLContext):
        return _checked(verify)
    if isinstance(verify, (str, os.PathLike)):
        return _trusting(verify)
    raise ConfigurationError(
        "verify takes True, the path of a file of certificates, or an ssl.SSLContext. "
        "Certificates are always verified: to trust an authority of your own, give its file"
    )


def _trusting(path: str | os.PathLike[str]) -> ssl.SSLContext:
    """Trusts the authorities in a file, and no other."""
    context = _context()
    try:
        context.load_verify_locations(cafile=path)
    except (OSError, ValueError):  # no such file, no certificate in it, or not a path
        raise ConfigurationError(
            "verify must name a file that holds certificates in PEM form"
        ) from None
    return context


def _checked(context: ssl.SSLContext) -> ssl.SSLContext:
    if context.verify_mode is not ssl.CERT_REQUIRED or not context.check_hostname:
        raise ConfigurationError(
            "verify is an ssl.SSLContext that does not verify: certificates are always verified; "
            "leave its verify_mode at CERT_REQUIRED and its check_hostname at True"
        )
    if getattr(context, "keylog_filename", None) is not None:
        raise ConfigurationError(
            "verify is an ssl.SSLContext that writes the keys of its connections to a file, as "
            "ssl.create_default_context() does where SSLKEYLOGFILE is set; unset that variable"
        )
    context.set_alpn_protocols(["http/1.1"])
    return context


def _context() -> ssl.SSLContext:
    """A context. `ssl.create_default_context()` is not used, because it writes the keys of every
    connection to the file that SSLKEYLOGFILE names; with them all traffic can be read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= _STRICT
    context.set_alpn_protocols(["http/1.1"])
    return context
