"""Why there is no connection: what the error says, and what it leaves out. All kinds of faults
are in tests/faults/table.py."""

from __future__ import annotations

import importlib
import pickle
import socket
import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from faults import brought, proxies, secure, servers
from faults.servers import Server

from prism_core import CustomerClient, TransportError
from prism_core.transport.library import Trace, not_connected

from .samples import CUSTOMER

KEY = "key_secret"
NOWHERE = nullcontext(servers.Nowhere("https://no-such-host.invalid"))


def failed(acme: str, url: str, **options: Any) -> TransportError:
    """The error of a call that finds no connection."""
    options = {"api_key": KEY, "base_url": url, "max_retries": 0, "timeout": 2, **options}
    client = CustomerClient(acme, **options)
    with pytest.raises(TransportError) as caught, client:
        client.create(CUSTOMER)
    assert caught.value.outcome == "not_sent"
    return caught.value


@pytest.mark.parametrize(
    ("place", "reason", "said"),
    [
        (lambda: NOWHERE, "dns", "no address was found for {}"),
        (servers.refusing, "refused", "{} refused the connection"),
        (secure.misnamed, "certificate", "the certificate of {} is for another host"),
        (secure.expired, "certificate", "the certificate of {} has expired"),
        (secure.early, "certificate", "the certificate of {} is not valid yet"),
        (secure.plain, "tls", "the TLS handshake with {} failed"),
    ],
)
def test_the_error_says_why(
    acme: str, place: Callable[[], AbstractContextManager[Any]], reason: str, said: str
) -> None:
    """The message says in plain words why there is no connection, with the host and nothing else
    of the URL; `reason` says it to programs, also after pickling and as a dict."""
    with place() as server:
        error = failed(acme, f"{server.url}/accounts/acct_7", verify=secure.verifying())
    said = said.format(server.url.partition("://")[2])
    assert (
        error.message
        == f"{acme} customers.create: no connection ({reason}): {said}; nothing was sent"
    )
    copy = pickle.loads(pickle.dumps(error))
    assert [one.reason for one in (error, copy)] == [reason, reason]
    assert error.to_dict()["reason"] == reason


def test_an_unknown_authority_is_told(acme: str) -> None:
    """The certificate of a company's proxy that decrypts TLS, say."""
    with secure.certified() as server:
        error = failed(acme, server.url)
    assert "is not trusted" in error.message


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (None, "no address was found for the proxy"),
        (proxies.refusing(407), "the proxy answered with status 407"),
        (proxies.hanging_up, "the proxy opened no connection"),
    ],
)
def test_of_a_proxy_neither_address_nor_password_is_told(
    acme: str, fault: servers.Fault | None, said: str
) -> None:
    """The reason is "proxy" for all that a proxy does, and its URL stays private."""
    with nullcontext() if fault is None else Server(fault) as proxy:
        host = "no-such-proxy.invalid" if proxy is None else proxy.url.partition("://")[2]
        error = failed(acme, "https://processor.example", proxy=f"http://user:pw@{host}")
    assert (
        error.message == f"{acme} customers.create: no connection (proxy): {said}; nothing was sent"
    )
    assert error.reason == "proxy"


libraries = pytest.mark.parametrize(
    "lib", [importlib.import_module(name) for name in brought.LIBRARIES], ids=brought.LIBRARIES
)


@libraries
def test_the_proxy_of_an_own_client_is_told(lib: Any, acme: str) -> None:
    """The proxy of the caller's client, which refuses, is the reason, and not the host."""
    with proxies.none() as place:
        own = brought.transport(lib, "sync", proxy=place.options["proxy"])
        error = failed(acme, place.url, transport=own)
    assert (error.reason, "the proxy refused" in error.message) == ("proxy", True)


@libraries
def test_a_changed_host_has_no_reason(lib: Any, acme: str) -> None:
    """A hook of the caller that sends the request elsewhere: nothing is said of the host that
    was asked for, which nobody has tried."""

    def move(request: Any) -> None:
        request.url = request.url.copy_with(port=1)

    hooks = {"request": [move]}
    own = brought.http_client(lib, "sync", event_hooks=hooks)["http_client"]
    with servers.refusing() as place:
        error = failed(acme, place.url, http_client=own)
    assert (error.reason, "ConnectError" in error.message) == (None, True)


@libraries
def test_a_full_pool_has_no_reason(lib: Any, acme: str) -> None:
    """No connection of the caller's pool is free: that is nobody's fault out there."""
    own = lib.Client(limits=lib.Limits(max_connections=0))
    error = failed(acme, "https://processor.example", http_client=own, timeout=0.1)
    assert (error.reason, "PoolTimeout" in error.message) == (None, True)
    assert "reason" not in error.to_dict()


@libraries
def test_an_error_from_before_is_no_reason(lib: Any, acme: str) -> None:
    """A call made while the caller handles another failed connection says why its own did."""
    with servers.refusing() as place:
        try:
            raise socket.gaierror
        except OSError:
            own = brought.transport(lib, "sync")
            error = failed(acme, place.url, transport=own)
    assert error.reason == "refused"


def at(step: str) -> Trace:
    """A request whose connection got as far as this step."""
    trace = Trace("https://processor.example")
    trace.saw(f"connection.{step}.started", {"host": "processor.example", "port": 443})
    return trace


def raised_from(cause: Exception) -> Exception:
    """An exception of a library that was raised from another."""
    error = Exception()
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("step", "error", "reason"),
    [
        ("connect_tcp", None, "timeout"),
        ("connect_tcp", ExceptionGroup("", [OSError(101, ""), OSError(111, "")]), "refused"),
        ("connect_tcp", OSError(101, ""), "unreachable"),
        ("start_tls", ssl.SSLCertVerificationError(), "certificate"),
        ("connect_unix_socket", ConnectionRefusedError(), None),
        ("send_connection_init", None, None),
    ],
)
def test_a_librarys_error_is_read_to_its_cause(
    step: str, error: Exception | None, reason: str | None
) -> None:
    """What a library reports, for what no server on loopback does. Where it is not certain what
    failed, there is no reason."""
    given = None if error is None else raised_from(error)
    assert not_connected(given, at(step), has_proxy=False).reason == reason
