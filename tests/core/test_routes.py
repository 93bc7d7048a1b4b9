"""How requests leave: `proxy=`, the environment's proxies, and what excludes what."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import anyio
import httpx
import pytest
from faults import proxies as bad
from faults import secure
from faults.asking import opened
from faults.misbehaving import answering, good
from faults.servers import Server as FaultServer
from faults.servers import Wire

from prism_core import (
    AsyncCustomerClient,
    AsyncPrism,
    ConfigurationError,
    CustomerClient,
    Prism,
    Secret,
)
from prism_core.connector.http import Failure, HttpRequest, HttpResponse
from prism_core.transport import tls
from prism_core.transport.proxies import Proxy, as_secret, chooser
from prism_core.transport.routes import route
from prism_core.transport.transports import AsyncTransport, SyncTransport

PASSWORD = "Pa55w0rd-hidden"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
KINDS = [CustomerClient, AsyncCustomerClient, Prism, AsyncPrism]


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine's own environment says."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def shown(error: BaseException) -> str:
    """All that an error tracker would store."""
    found = traceback.TracebackException.from_exception(error, capture_locals=True)
    ours = [frame for frame in found.stack if "prism_core" in frame.filename]
    return f"{error!r} {error.__dict__} {[frame.locals for frame in ours]}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "url",
    [
        f"ftp://user:{PASSWORD}@proxy:1",
        f"http://user:{PASSWORD}@",
        f"user:{PASSWORD}@proxy:8080",
        f"http://user:{PASSWORD}@proxy:port",
        f"http://[{PASSWORD}",
        f"http://us er:{PASSWORD}@proxy",
        f"http://usér:{PASSWORD}@proxy",
        f"http://user:{PASSWORD}@proxy\n",
        f"http://u:{PASSWORD}/x@proxy:1",
        f"socks5://u:{PASSWORD * 20}@proxy:1",
        f"socks5h://{'%C3%A9' * 128}:{PASSWORD}@proxy:1",
        "",
        "proxy",
        b"http://proxy",
        7,
    ],
    ids=ascii,
)
def test_a_proxy_that_is_none_is_refused_unseen(acme: str, kind: Any, url: Any) -> None:
    """A `proxy=` that is no proxy's URL is an error that says what one is like; nothing of it is
    in the error or in a local variable of a frame of ours."""
    with pytest.raises(ConfigurationError, match=r"^proxy (is|must be)") as caught:
        kind(acme, api_key="k", proxy=url)
    assert PASSWORD not in shown(caught.value)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_wrong_proxy_of_the_environment_is_named(
    acme: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error about the environment names the variable, and not what is in it."""
    monkeypatch.setenv(name, f"ftp://user:{PASSWORD}@proxy")
    with pytest.raises(ConfigurationError, match=f"the variable {name.upper()} must be") as caught:
        Prism(acme, api_key="k")
    assert PASSWORD not in shown(caught.value)


def test_from_env_takes_a_proxy_and_shows_none(acme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`from_env` takes `proxy=` and `verify=`, and shows no password either."""
    monkeypatch.setenv("PRISM_ACME_API_KEY", "k")
    with pytest.raises(ConfigurationError, match="proxy must be") as caught:
        Prism.from_env(acme, proxy=f"ftp://user:{PASSWORD}@proxy", verify=True)
    assert PASSWORD not in shown(caught.value)
    Prism.from_env(acme, proxy=f"http://user:{PASSWORD}@proxy").close()


@pytest.mark.parametrize("what", [{"proxy": "http://proxy"}, {"verify": "ca.pem"}])
@pytest.mark.parametrize("brought", ["transport", "http_client"])
def test_what_is_brought_has_its_own_proxy_and_verification(
    acme: str, what: dict[str, Any], brought: str
) -> None:
    """`proxy=` or `verify=` beside `transport=` or `http_client=` would do nothing: refused."""
    given: Any = httpx.HTTPTransport() if brought == "transport" else httpx.Client()
    with pytest.raises(ConfigurationError, match="leave proxy= and verify= out"):
        Prism(acme, api_key="k", **{brought: given}, **what)
    with pytest.raises(ConfigurationError, match="not both"):
        Prism(acme, api_key="k", transport=httpx.HTTPTransport(), http_client=httpx.Client())


def test_a_socks_proxy_says_what_it_needs(acme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package that speaks SOCKS, the error names it."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match="pip install socksio"):
        Prism(acme, api_key="k", proxy="socks5://proxy")


def test_a_proxy_shows_no_password() -> None:
    """What is known of a proxy hides its password, and reads it as URLs write it."""
    found = chooser(as_secret(f"http://user:{PASSWORD}%40@proxy:81"))
    assert found is not None
    proxy = found("https://host")
    assert proxy == Proxy("http", "proxy", 81, (Secret("user"), Secret(f"{PASSWORD}@")))
    assert PASSWORD not in repr(proxy)
    assert as_secret(Secret("x")) == Secret("x")


# The environment.

NO_PROXIES = [
    *("", "*", "example.com", ".example.com", "*.example.com", "EXAMPLE.com", "ample.com"),
    *("other.org, example.com", "other.org", "localhost", "127.0.0.1", "127.0.0.0/8", "10.0.0.0/8"),
    *("::1", "[::1]", "example.com:443", "example.com:8443", "https://example.com", "http://", ","),
    *("http://example.com", "https://", "https://*.example.com", "all://*example.com", "a/b"),
    *("https://example.com:8443", "example.com:port", "fe80::/10", "[::1", "127.0.0.1:8000"),
]
URLS = [
    *("https://example.com", "https://api.example.com/v1", "https://example.com:8443/x"),
    *("https://notexample.com", "http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]"),
    *("https://10.1.2.3", "https://other.org", "http://example.com"),
]
PROXIES = [
    {"HTTPS_PROXY": "http://secure:1"},
    {"HTTP_PROXY": "plain:2", "ALL_PROXY": "http://all:3"},
    {"https_proxy": "http://lower:4", "HTTPS_PROXY": "http://secure:1"},
]


@pytest.mark.parametrize("no_proxy", NO_PROXIES, ids=ascii)
@pytest.mark.parametrize("variables", PROXIES, ids=lambda found: "+".join(found))
def test_the_environment_is_read_as_httpx_reads_it(
    variables: dict[str, str], no_proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in capitals or not, mean for each URL what
    they mean for the newest httpx at hand."""
    newest = pytest.importorskip("httpx2")
    for name, value in {**variables, "NO_PROXY": no_proxy}.items():
        monkeypatch.setenv(name, value)
    with newest.Client(verify=tls.trusted()) as client:
        expected = {}
        for url in URLS:
            taken = client._transport_for_url(newest.URL(url))
            there = getattr(taken._pool, "_proxy_url", None)
            expected[url] = there and (there.host.decode(), there.port)
    chosen = chooser(None)
    found = {url: chosen and chosen(url) for url in URLS}
    assert {url: proxy and (proxy.host, proxy.port) for url, proxy in found.items()} == expected


@pytest.mark.parametrize(
    ("no_proxy", "direct"),
    [
        (
            "example.com",
            ["https://example.com", "https://api.example.com", "https://example.com:1"],
        ),
        (".example.com, x/y,[::1", ["https://api.example.com"]),
        ("*.example.com", ["https://api.example.com"]),
        ("example.com:1", ["https://example.com:1"]),
        ("http://,127.0.0.0/8", ["https://127.0.0.1"]),
        ("https://", None),
        ("::1", ["https://[::1]"]),
        ("*", None),
    ],
)
def test_no_proxy_names_what_is_reached_without(
    no_proxy: str, direct: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_PROXY has hosts (and what is below them), ports, addresses, networks, or all there is."""
    urls = [
        *("https://example.com", "https://api.example.com", "https://example.com:1"),
        *("https://notexample.com", "https://127.0.0.1", "https://[::1]"),
    ]
    monkeypatch.setenv("HTTPS_PROXY", "proxy:8080")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    chosen = chooser(None)
    assert [url for url in urls if not (chosen and chosen(url))] == (direct or urls)
    if chosen is not None:
        assert chosen("http://localhost") is None


def test_without_variables_nothing_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing names a proxy, no call asks for one; a system that names proxies itself
    (macOS, Windows) is asked, and may name none."""
    assert chooser(None) is None
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("urllib.request.getproxies", dict)
    assert chooser(None) is None


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy"])
def test_calls_go_through_the_environments_proxy(
    client: str, acme: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing but a variable set, each call goes through the proxy it names; where NO_PROXY
    has the host, over a connection of Prism's own."""
    with FaultServer(bad.working) as proxy, secure.certified() as server:
        monkeypatch.setenv(name, proxy.url)
        with opened(client, server.url, verify=secure.verifying()) as ask:
            assert [ask("authorize").error, ask("authorize").error] == [None, None]
        assert (proxy.connections, server.connections, len(server.seen)) == (2, 2, 2)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with opened(client, server.url, verify=secure.verifying()) as ask:
            assert [ask("authorize").error, ask("authorize").error] == [None, None]
        assert (proxy.connections, server.connections, len(server.seen)) == (2, 3, 4)


@pytest.fixture(params=["sync", "asyncio", "trio"])
def client(request: pytest.FixtureRequest) -> str:
    """Each kind of client."""
    return str(request.param)


def test_no_log_record_holds_a_proxys_password(
    client: str, caplog: pytest.LogCaptureFixture
) -> None:
    """httpcore logs what it gives to a SOCKS proxy: of name and password a mask."""
    caplog.set_level(logging.DEBUG)
    with bad.behind(bad.socks, secure.certified, "socks5", f"someone:{PASSWORD}@") as place:
        with opened(client, place.url, **place.options) as ask:
            assert ask("authorize").error is None
        assert PASSWORD.encode() in place.proxy.asked  # type: ignore[attr-defined]
    assert "setup_socks5_connection" in caplog.text
    assert PASSWORD not in caplog.text
    assert "someone" not in caplog.text


def test_a_forwarded_payment_is_the_same(acme: str) -> None:
    """What a proxy forwards is the request itself: method, path, headers and body."""
    seen = []
    for through in (False, True):
        with FaultServer(bad.working) as proxy, FaultServer(answering(good())) as server:
            options = {"proxy": proxy.url} if through else {}
            with opened("sync", server.url, **options) as ask:
                ask("authorize", idempotency_key="one")
                ask("get")
            seen += [(one.method, one.path, one.body, _sorted(one.headers)) for one in server.seen]
    assert seen[:2] == seen[2:]


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize(
    ("host", "headers"), [("x" * 300, {}), ("processor.example", {"n\u00e9": "x"})]
)
def test_what_cannot_be_sent_through_a_proxy_is_not_sent(
    scheme: str, host: str, headers: dict[str, str], client: str
) -> None:
    """A request that HTTP or SOCKS has no room for ends in no exception of a library's."""

    def greeting(wire: Wire) -> None:
        wire.part()
        wire.send(b"\x05\x00")
        wire.part()

    fault = bad.refusing(403) if scheme == "http" else greeting
    with FaultServer(fault) as proxy:
        url = Secret(f"{scheme}://{proxy.url.partition('://')[2]}")
        ended = _sent(client, url, HttpRequest("POST", f"https://{host}", headers, b"x"))
    assert isinstance(ended, Failure)
    assert ended.outcome == "not_sent"


def _sent(client: str, proxy: Secret, request: HttpRequest) -> HttpResponse | Failure:
    if client == "sync":
        return SyncTransport(route(True, None, None, proxy, True)).send(request, 1)
    sender = AsyncTransport(route(False, None, None, proxy, True))
    return anyio.run(sender.send, request, 1, backend=client)


def test_a_call_without_time_sends_nothing_through_a_proxy() -> None:
    with FaultServer(bad.working) as proxy:
        sender = SyncTransport(route(True, None, None, Secret(proxy.url), True))
        ended = sender.send(HttpRequest("GET", "https://processor.example", {}), 0)
        assert isinstance(ended, Failure)
        assert (ended.outcome, ended.reason) == ("not_sent", "proxy")
        assert proxy.connections == 0


def _sorted(headers: dict[str, str]) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in headers.items() if name != "host")
