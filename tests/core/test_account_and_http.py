"""Accounts, requests and bodies: where credentials go, what a form looks like, what is refused."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from prism_core import (
    Account,
    ConfigurationError,
    Environment,
    HttpRequest,
    HttpResponse,
    InvalidRequest,
    MalformedResponse,
    Secret,
    bearer,
)
from prism_core.connector.authorization import expect_environment
from prism_core.connector.credentials import open_account
from prism_core.connector.http import path_of
from prism_core.connector.urls import url_problem
from prism_core.runtime.keys import place_key


class Bank(Account, frozen=True, kw_only=True):
    api_key: Secret
    merchant: str | None = None
    region: Literal["eu", "us"] = "eu"
    more: Any = None
    urls = {"SANDBOX": "https://bank.example/"}


class Plain(Account, frozen=True, kw_only=True):
    urls = {"SANDBOX": "https://plain.example"}


class Answer(msgspec.Struct):
    id: str


def opened(cls: type[Account] = Bank, base_url: str | None = None, **given: Any) -> Account:
    return open_account(cls, {"base_url": base_url, **given}, "SANDBOX")


@pytest.mark.parametrize(("environment", "other"), [("SANDBOX", "live_"), ("PRODUCTION", "test_")])
def test_a_key_for_the_other_environment_is_refused(environment: str, other: str) -> None:
    """Where one address serves both, a live key in a test would move money. A key of no known
    beginning passes."""

    class OneAddress(Account, frozen=True, kw_only=True):
        api_key: Secret
        urls = {"SANDBOX": "https://bank.example", "PRODUCTION": "https://bank.example"}

    for key in ("test_k", "live_k", "access_k"):
        account = open_account(OneAddress, {"api_key": key}, environment)
        if not key.startswith(other):
            expect_environment(account, "api_key", sandbox="test_", production="live_")
            continue
        with pytest.raises(ConfigurationError, match=f"environment='(?!{environment})") as refused:
            expect_environment(account, "api_key", sandbox="test_", production="live_")
        assert key not in str(refused.value)


def test_of_the_beginnings_of_keys_several_or_only_one_can_be_known() -> None:
    """Each of several is refused in the other environment, and the message says what is needed; a
    beginning that is not certain refuses nothing."""

    class Restricted(Account, frozen=True, kw_only=True):
        api_key: Secret
        urls = {"SANDBOX": "https://bank.example", "PRODUCTION": "https://bank.example"}

    def check(environment: str, key: str, production: str) -> None:
        account = open_account(Restricted, {"api_key": key}, environment)
        expect_environment(account, "api_key", sandbox="sk_test_ rk_test_", production=production)

    for key in ("sk_test_1", "rk_test_1"):
        with pytest.raises(ConfigurationError, match="begins with sk_live_ or rk_live_"):
            check("PRODUCTION", key, "sk_live_ rk_live_")
        with pytest.raises(ConfigurationError, match=r"is for PRODUCTION$"):
            check("PRODUCTION", key, "")
    check("SANDBOX", "sk_live_1", "")


def test_credentials_are_held_as_declared() -> None:
    """A declared Secret is one from then on, and a plain string stays readable."""
    account = opened(api_key="k", merchant="m", region="us", more=b"x")
    assert isinstance(account, Bank)
    assert account.api_key == Secret("k")
    assert account == opened(api_key=Secret("k"), merchant="m", region="us", more=b"x")
    assert account.merchant == "m"
    assert account.base_url == "https://bank.example"
    assert "'k'" not in repr(account)


@pytest.mark.parametrize(
    ("cls", "given_", "words"),
    [
        (Bank, {}, "missing: api_key. This connector takes api_key, merchant (optional), region"),
        (Bank, {"api_key": ""}, "missing: api_key"),
        (Bank, {"api_key": None}, "missing: api_key"),
        (Bank, {"apikey": "k"}, "unknown: apikey; missing: api_key"),
        (Bank, {"api_key": 3}, "api_key must be a string, not int"),
        (Bank, {"api_key": "k", "merchant": 3}, "merchant must be a string, not int"),
        (Bank, {"api_key": "k\n"}, "api_key must be on one line"),
        (Bank, {"api_key": "k", "region": "uk"}, "region must be one of eu, us"),
        (Plain, {"api_key": "k"}, "unknown: api_key. This connector takes no credentials"),
    ],
)
def test_wrong_credentials_say_what_is_expected(
    cls: type[Account], given_: dict[str, Any], words: str
) -> None:
    """A missing, unknown or ill-typed credential lists what the connector takes."""
    with pytest.raises(ConfigurationError) as caught:
        opened(cls, **given_)
    assert words in str(caught.value)


def test_an_environment_that_the_processor_lacks_is_refused() -> None:
    """Asking for production where there is none says which environments there are."""
    with pytest.raises(ConfigurationError, match="no PRODUCTION environment; it has SANDBOX"):
        open_account(Plain, {}, "PRODUCTION")
    with pytest.raises(ConfigurationError, match="environment must be one of"):
        open_account(Plain, {}, "TEST")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com", "ftp://example.com", "example.com", "", "https://", "https://a b.com",
        "https://user@example.com", "https://user:pw@example.com", "https://example.com?x=1",
        "https://example.com#x", "https://[::1", "https://example.com:port",
        "http://127.0.0.1.example.com", "http://10.0.0.1",
    ],
)  # fmt: skip
def test_base_urls_are_https_or_this_machine(url: str) -> None:
    """Anything but https, loopback excepted, and anything but an address is refused."""
    assert url_problem(url) is not None
    if url:
        with pytest.raises(ConfigurationError, match="base_url"):
            opened(api_key="k", base_url=url)


@pytest.mark.parametrize(
    "url", ["https://example.com/v1", "http://127.0.0.1:80", "http://localhost", "http://[::1]:9"]
)
def test_good_base_urls_are_kept(url: str) -> None:
    """https and loopback addresses are taken, without their final slash."""
    assert url_problem(url) is None
    assert opened(api_key="k", base_url=f"{url}/").base_url == url


def test_requests_of_an_account() -> None:
    """GETs and POSTs carry the account's headers, body and content type."""
    account = opened(api_key="k")
    gone = account.delete("/x", query={"a": "b"})
    assert (gone.method, gone.url, gone.changes) == ("DELETE", f"{account.base_url}/x?a=b", True)
    get = account.get("/x", query={"a b": "c&d"})
    assert (get.method, get.url) == ("GET", "https://bank.example/x?a+b=c%26d")
    form = account.post("/x", form={"a": 1})
    assert (form.body, form.headers["content-type"]) == (
        b"a=1",
        "application/x-www-form-urlencoded",
    )
    as_json = account.post("/x", json={"a": 1}, headers={"x-more": "1"})
    assert (as_json.body, as_json.headers["content-type"]) == (b'{"a":1}', "application/json")
    assert as_json.headers["x-more"] == "1"
    place_key(account, as_json, "k1")
    assert as_json.idempotency_key is None  # Bank names no place for it
    assert "k1" not in as_json.headers.values()
    assert account.post("/x").body == b""
    assert (account.patch("/x").method, account.put("/x").method) == ("PATCH", "PUT")
    flow = account.auth_flow(as_json)  # where nothing is to be added, it sends the request
    assert next(flow) is as_json
    with pytest.raises(StopIteration) as end:
        flow.send(HttpResponse(204))
    assert end.value.value.status_code == 204
    assert bearer("k") == bearer(Secret("k")) == {"authorization": "Bearer k"}


def test_reprs_of_requests_and_answers_hide_their_content() -> None:
    """Neither headers nor bodies nor queries are in a repr."""
    request = HttpRequest("POST", "https://a.example/p?email=x", {"authorization": "s"}, b"secret")
    assert repr(request) == "<HttpRequest POST /p>"
    answer = HttpResponse(200, {"a": "b"}, b"secret")
    assert repr(answer) == "<HttpResponse 200, 6 bytes>"
    assert pretty_repr(answer) == "HttpResponse(status_code=200, bytes=6)"


def test_answers_are_decoded_or_refused() -> None:
    """A body of another shape is None for `decode`, and MalformedResponse for an account's."""
    account = opened(api_key="k")
    good = HttpResponse(200, {}, b'{"id": "x", "more": 1}')
    assert account.decode(good, Answer).id == "x"
    assert good.decode(Answer) == Answer("x")
    assert good.json() == {"id": "x", "more": 1}
    for body in (b"", b"<html>", b'{"id": 3}', b"{}", b"null", b'{"id": "x"', b"\xff", b"[" * 9999):
        answer = HttpResponse(200, {}, body)
        assert answer.decode(Answer) is None
        with pytest.raises(MalformedResponse, match="no Answer"):
            account.decode(answer, Answer)


class Shouting(Plain, frozen=True, kw_only=True):
    def headers(self) -> dict[str, str]:
        return {"Accept": "text/json", "Content-Type": "own", "X-Own": "1", "X-More": "1"}


class Careful(Bank, frozen=True, kw_only=True):
    def __post_init__(self) -> None:
        super().__post_init__()
        self._check()

    def _check(self) -> None:
        if self.merchant == "nobody":
            raise ConfigurationError("merchant must be somebody")


def test_an_account_may_have_checks_of_its_own() -> None:
    """Names that an author would choose are the author's; the core calls none of them."""
    assert Careful(api_key=Secret("key"), merchant="shop").merchant == "shop"
    with pytest.raises(ConfigurationError, match="somebody"):
        Careful(api_key=Secret("key"), merchant="nobody")


def test_the_nearest_header_counts_in_any_case() -> None:
    """Of a header that the account, the core and the flow give, the flow's is sent, and only it."""
    flows = {"Content-Type": "flow", "x-OWN": "2", "Accept": "text/flow"}
    sent = Shouting().post("/", json={}, headers=flows).headers
    assert sent == {"accept": "text/flow", "content-type": "flow", "x-own": "2", "x-more": "1"}
    assert Shouting().get("/").headers["accept"] == "text/json"
    assert Shouting().post("/", json={}).headers["content-type"] == "application/json"


class Vaulted(Secret):
    """A secret of somebody's own."""


def test_a_secret_of_a_derived_class_is_taken_as_it_is() -> None:
    """An application may keep its secrets in a class of its own."""
    secret = Vaulted("key_1")
    assert Bank(api_key=secret).api_key is secret


@given(st.text(min_size=1))
def test_an_id_stays_one_segment_of_a_path(value: str) -> None:
    """No id can lead to another path, whatever it holds."""
    try:
        part = path_of("{}", [value])
    except (InvalidRequest, UnicodeEncodeError):
        return
    assert not set(part) & set("/?#\\ \r\n")
    assert part not in (".", "..")


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_a_secret_id_is_sent_in_the_path_and_shown_nowhere(method: str) -> None:
    """Also where it must be quoted there."""
    account = open_account(Account, {"base_url": "https://acme.example"}, Environment.SANDBOX)
    request = getattr(account, method)("/tokens/{}/{}", Secret("tok 1"), "card_1")
    assert request.url == "https://acme.example/tokens/tok%201/card_1"
    assert request.path == "/tokens/**********/card_1"
    assert repr(request) == f"<HttpRequest {method.upper()} /tokens/**********/card_1>"


@pytest.mark.parametrize("value", [".", ".."])
def test_dots_are_no_ids(value: str) -> None:
    """The two segments that a server would resolve are refused."""
    with pytest.raises(InvalidRequest):
        path_of("/{}", [value])


@pytest.mark.parametrize(
    ("status", "body", "right"), [(204, b"", True), (200, b"", False), (204, b"<html>", False)]
)
def test_an_empty_answer_is_demanded_as_documented(status: int, body: bytes, right: bool) -> None:
    """A page of somebody in between is no deletion: the documented status and no body is."""
    account = open_account(Account, {"base_url": "https://acme.example"}, Environment.SANDBOX)
    if right:
        account.expect_empty(HttpResponse(status, body=body))
    else:
        with pytest.raises(MalformedResponse, match="documented 204"):
            account.expect_empty(HttpResponse(status, body=body))


@pytest.mark.parametrize("path", [".evil.example/x", "@evil.example/x", "v1/customers", ":8080/x"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_a_path_leads_to_no_other_host(method: str, path: str) -> None:
    """A path without its slash would become a part of the host that credentials are sent to."""
    account = Account(base_url="https://api.acme.example")
    with pytest.raises(ValueError, match="begins with '/'"):
        getattr(account, method)(path)
    assert getattr(account, method)("/x").url == "https://api.acme.example/x"
    assert getattr(account, method)("").url == "https://api.acme.example"


def test_an_accounts_fields_are_given_by_name() -> None:
    """No credential is taken for another one because of its place."""
    with pytest.raises(TypeError, match="positional"):
        Account("SANDBOX")  # type: ignore[misc]
