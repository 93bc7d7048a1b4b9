"""TLS: what `verify=` takes, whom a client trusts, and that no keys are written down."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
from faults import secure
from faults.asking import opened

from prism_core import (
    AsyncCustomerClient,
    AsyncPrism,
    ConfigurationError,
    CustomerClient,
    Prism,
)
from prism_core.transport import tls

KINDS = [CustomerClient, AsyncCustomerClient, Prism, AsyncPrism]


@pytest.fixture(params=["sync", "asyncio", "trio"])
def client(request: pytest.FixtureRequest) -> str:
    """Each kind of client."""
    return str(request.param)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verify", [False, None, 0, 1, b"ca.pem"])
def test_verification_cannot_be_turned_off(acme: str, kind: Any, verify: Any) -> None:
    """`verify=False`, and what is nothing that `verify=` takes, is refused with what it takes."""
    with pytest.raises(ConfigurationError, match="Certificates are always verified"):
        kind(acme, api_key="k", verify=verify)


def test_a_context_that_does_not_verify_is_refused(acme: str) -> None:
    """Neither without certificates nor without host names."""
    for mode in (ssl.CERT_NONE, ssl.CERT_REQUIRED):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = mode
        with pytest.raises(ConfigurationError, match="does not verify"):
            Prism(acme, api_key="k", verify=context)


@pytest.mark.parametrize("content", [None, "", "no certificate", "folder"])
def test_a_file_without_certificates_is_refused(
    acme: str, tmp_path: Path, content: str | None
) -> None:
    """A file that is missing, empty or something else is an error before anything is sent."""
    path = tmp_path / "ca.pem"
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_text(content)
    for given in (path, str(path), "", "\0"):
        with pytest.raises(ConfigurationError, match="certificates in PEM form"):
            Prism(acme, api_key="k", verify=given)


@pytest.mark.parametrize("form", ["path", "text", "context"])
def test_ones_own_authority_is_trusted(client: str, form: str, tmp_path: Path) -> None:
    """`verify=` makes an authority of one's own trusted, and is the only one then."""
    path = tmp_path / "ca.pem"
    secure.AUTHORITY.cert_pem.write_to_path(str(path))
    given: Any = {"path": path, "text": str(path), "context": secure.verifying()}[form]
    with secure.certified() as server:
        with opened(client, server.url, verify=given) as ask:
            assert ask("authorize").error is None
        with opened(client, server.url) as ask:
            assert ask("authorize").outcome == "not_sent"
        trustme.CA().cert_pem.write_to_path(str(path))
        with opened(client, server.url, verify=path) as ask:
            assert ask("authorize").outcome == "not_sent"
        assert len(server.seen) == 1


def test_no_keys_are_written_for_sslkeylogfile(
    acme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SSLKEYLOGFILE, with which all that is sent could be read, is not honoured: no file is
    written, and a context that writes one is refused."""
    keys = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    tls.trusted.cache_clear()
    path = tmp_path / "ca.pem"
    secure.AUTHORITY.cert_pem.write_to_path(str(path))
    assert tls.trusted().keylog_filename is None
    assert tls.context_of(path).keylog_filename is None
    assert tls.context_of(True) is tls.trusted()
    assert not keys.exists()
    with pytest.raises(ConfigurationError, match="SSLKEYLOGFILE"):
        Prism(acme, api_key="k", verify=ssl.create_default_context())


def test_our_context_is_as_strict_as_pythons_own() -> None:
    """Certificates, host names, versions and flags are what `ssl.create_default_context` has."""
    ours, pythons = tls.trusted(), ssl.create_default_context()
    for name in ("verify_mode", "check_hostname", "verify_flags", "minimum_version", "options"):
        assert getattr(ours, name) == getattr(pythons, name), name
