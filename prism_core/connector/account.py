"""Account: one merchant's credentials at one processor, and how requests to it are made.

A connector subclasses `Account` to declare its credentials and its processor's addresses and
headers; its flows use `get`, `post` and `decode`.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from prism_core.connector.http import HttpRequest, HttpResponse, decoder, form_body, json_body
from prism_core.errors import ConfigurationError, MalformedResponse, PrismError
from prism_core.schema.base import Schema
from prism_core.schema.secrets import Secret, reveal
from prism_core.schema.status import Environment, EnvironmentInput

T = TypeVar("T")
A = TypeVar("A", bound="Account")

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Account(Schema, frozen=True, kw_only=True):
    """Credentials and how this processor is spoken to. Subclass it with the credentials as
    fields (a `Secret` for what must not be seen) and set the class attributes below.
    """

    environment: EnvironmentInput = Environment.SANDBOX
    base_url: str | None = None

    urls: ClassVar[Mapping[str, str]] = {}
    """Environment name to base URL. Override `default_base_url` where it depends on more."""
    idempotency_header: ClassVar[str | None] = None
    """The header in which the processor honours an idempotency key; None where it does not."""
    request_id_header: ClassVar[str | None] = None
    """The header in which the processor names a request, to quote to its support."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.base_url is None:
            msgspec.structs.force_setattr(self, "base_url", self.default_base_url())
        problem = url_problem(self.base_url or "")
        if problem is not None:
            msgspec.structs.force_setattr(self, "base_url", None)  # it may hold a password
            raise ConfigurationError(f"base_url {problem}")
        msgspec.structs.force_setattr(self, "base_url", (self.base_url or "").rstrip("/"))

    @classmethod
    def _invalid(cls, field: str, problem: str) -> PrismError:
        return ConfigurationError(f"{field} {problem}. This connector takes {expected(cls)}")

    def default_base_url(self) -> str:
        """Where the processor is, if the caller does not say."""
        name = Environment(self.environment).value
        if name not in self.urls:
            raise ConfigurationError(
                f"this connector has no {name} environment; it has {', '.join(self.urls)}"
            )
        return self.urls[name]

    def headers(self) -> Mapping[str, str]:
        """The headers of every request: authentication, API version. Override it."""
        return {}

    def get(self, path: str, *, query: Mapping[str, str] | None = None) -> HttpRequest:
        """A GET. Put ids into `path` with `segment(...)`."""
        return HttpRequest("GET", self._url(path, query), self._headers())

    def delete(
        self,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> HttpRequest:
        """A DELETE, with an idempotency key as `post` has it."""
        headers = self._headers()
        if idempotency_key is not None and self.idempotency_header is not None:
            headers[self.idempotency_header.lower()] = idempotency_key
        return HttpRequest("DELETE", self._url(path, query), headers, b"", idempotency_key)

    def post(
        self,
        path: str,
        *,
        form: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        changes: bool = True,
    ) -> HttpRequest:
        """A POST of a form (nested values in brackets) or of JSON; None values are left out.

        The idempotency key goes into the header that the account names, which also tells the
        core that this request may be repeated. A flow that posts twice gives each post a key of
        its own, such as `f"{key}-confirm"`. With `changes=False` (fetching an access token) a
        failure later in the flow does not count it as something that may have been done.
        """
        complete = self._headers()
        if form is not None:
            complete["content-type"] = "application/x-www-form-urlencoded"
        elif json is not None:
            complete["content-type"] = "application/json"
        if idempotency_key is not None and self.idempotency_header is not None:
            complete[self.idempotency_header.lower()] = idempotency_key
        if headers:
            complete.update({name.lower(): value for name, value in headers.items()})
        body = form_body(form) if form is not None else json_body(json) if json is not None else b""
        return HttpRequest("POST", self._url(path), complete, body, idempotency_key, changes)

    def _url(self, path: str, query: Mapping[str, str] | None = None) -> str:
        # "@host" or ".host" would go on where the processor's host ends, and lead elsewhere.
        if path and not path.startswith("/"):
            raise ValueError("a path begins with '/'")
        suffix = f"?{urlencode(query)}" if query else ""
        return f"{self.base_url}{path}{suffix}"

    def honours_key_of(self, request: HttpRequest) -> bool:
        """Whether the request's key is really on the wire, in the header that the processor
        honours: such a request may be repeated."""
        header, key = self.idempotency_header, request.idempotency_key
        return header is not None and key is not None and request.headers.get(header.lower()) == key

    def _headers(self) -> dict[str, str]:
        own = {name.lower(): value for name, value in self.headers().items()}
        return {"accept": "application/json", **own}

    def decode(self, response: HttpResponse, shape: type[T]) -> T:
        """The answer's JSON body as `shape`, a msgspec Struct that names only the fields used.

        Raises `MalformedResponse` where it is not that; the body itself is not in the message.
        """
        problem: str
        try:
            return decoder(shape).decode(response.document)
        except msgspec.ValidationError as reason:
            problem = str(reason)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as reason:
            problem = f"not the JSON expected ({type(reason).__name__})"
        raise MalformedResponse(f"the answer is no {shape.__name__}: {problem}")

    def expect_empty(self, response: HttpResponse, status: int = 204) -> None:
        """Raises `MalformedResponse` unless the answer is as documented: this status, no body.
        A page of somebody in between has a 200, too, and nothing was done."""
        if response.status_code != status or response.body:
            raise MalformedResponse(
                f"the answer is not the documented {status} without a body, but "
                f"{response.status_code} with {len(response.body)} bytes"
            )


def bearer(key: str | Secret) -> dict[str, str]:
    """The `Authorization` header of a bearer key (RFC 6750)."""
    return {"authorization": f"Bearer {reveal(key)}"}


def basic(user: str | Secret, password: str | Secret) -> dict[str, str]:
    """The `Authorization` header of a user and a password (RFC 7617)."""
    both = f"{reveal(user)}:{reveal(password)}".encode()
    return {"authorization": f"Basic {b64encode(both).decode()}"}


def url_problem(url: str) -> str | None:
    """What is wrong with a base URL; None if it is https (or loopback) and only an address.

    Returned and not raised, so that no frame with the URL, which may hold a password, is shown.
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
    """Whether a URL is https, or leads no further than this machine."""
    if url.startswith("https://"):
        return True
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def credential_names(account: type[Account]) -> dict[str, bool]:
    """The credentials that an account type declares, and whether each must be given."""
    fields = msgspec.structs.fields(account)
    common = set(Account.__struct_fields__)
    return {field.name: field.required for field in fields if field.name not in common}


def expected(account: type[Account]) -> str:
    """The credentials of an account type, as a sentence's end."""
    names = credential_names(account)
    if not names:
        return "no credentials"
    return ", ".join(name + ("" if required else " (optional)") for name, required in names.items())


def variable(connector: str, name: str) -> str:
    """The environment variable that holds a connector's credential or setting."""
    return re.sub(r"\W", "_", f"PRISM_{connector}_{name}").upper()


def open_account(
    account: type[A],
    credentials: dict[str, object],
    environment: EnvironmentInput,
    connector: str = "",
) -> A:
    """An account from what a client was given: credentials, and the base URL among them.

    Raises a `ConfigurationError` that lists what is expected. Empties `credentials`, so that no
    frame above holds them in a local variable.
    """
    names = credential_names(account)
    wrong = [name for name in credentials if name not in names and name != "base_url"]
    missing = [name for name, required in names.items() if required and not credentials.get(name)]
    try:
        if wrong or missing:
            problems = [f"unknown: {', '.join(wrong)}"] if wrong else []
            problems += [f"missing: {', '.join(missing)}"] if missing else []
            raise ConfigurationError(
                f"credentials {'; '.join(problems)}. This connector takes {expected(account)}"
                f"{_how_to_give(connector, missing)}"
            )
        given: Any = credentials
        return account(environment=environment, **given)
    finally:
        credentials.clear()


def _how_to_give(connector: str, missing: list[str]) -> str:
    if not (connector and missing):
        return ""
    given = ", ".join(f"{name}=..." for name in missing)
    variables = " and ".join(variable(connector, name) for name in missing)
    return f". Give {given}, or set {variables} and use from_env"
