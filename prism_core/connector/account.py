"""Account: one merchant's credentials at one processor; it builds requests and decodes answers.

A connector subclasses `Account` to declare its credentials and its processor's URLs and headers;
its flows use `get`, `post`, `fetch` and `decode`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlencode

import msgspec

from prism_core.connector.bodies import expect_json, form_body, json_body
from prism_core.connector.http import (
    Declined,
    Flow,
    HttpRequest,
    HttpResponse,
    hidden_in,
    path_of,
)
from prism_core.connector.urls import url_problem
from prism_core.errors import ConfigurationError, MalformedResponse, PrismError
from prism_core.schema.base import Schema
from prism_core.schema.secrets import Secret
from prism_core.schema.status import Environment, EnvironmentInput

T = TypeVar("T")
A = TypeVar("A", bound="Account")


class Account(Schema, frozen=True, kw_only=True, dict=True):
    """A merchant's credentials, and the facts about the processor's HTTP API. Subclass it with the
    credentials as fields (a `Secret` for what must not be shown) and set the class attributes.
    """

    environment: EnvironmentInput = Environment.SANDBOX
    base_url: str | None = None

    urls: ClassVar[Mapping[str, str]] = {}
    """The base URL by environment name. Override `default_base_url` if it depends on more."""
    idempotency_header: ClassVar[str | None] = None
    """The header of an idempotency key, if the processor honours one there."""
    idempotency_field: ClassVar[str | None] = None
    """The field of a JSON body for an idempotency key, if the processor honours one there: an
    outermost one, or a path such as "variables.input.key" through objects that the body has. The
    core adds the caller's key to the first request that changes something, and a
    derived key to each later one, by the order of the requests: a flow must not leave one out
    because of an earlier answer, or the repeated call has other keys. Set neither if a repeated key
    does not prevent a second execution."""
    keys_survive_5xx: ClassVar[bool] = True
    """False if the processor documents that it forgets the key of a request that it answered with a
    5xx: the same key would execute it once more, so the core does not repeat a change then."""
    request_id_header: ClassVar[str | None] = None
    """The header with the processor's id of a request, which its support asks for."""
    request_id_field: ClassVar[str | None] = None
    """The outermost field of the answer's JSON body with that id, if no header has it."""
    takes_feature_data: ClassVar[bool] = True
    """Whether fields of the caller's (`connector_feature_data`) can be added to the body of the
    request that makes a payment. False, for example, if the order of the fields matters."""
    successes: ClassVar[frozenset[int]] = frozenset(range(200, 300))
    """The statuses that the processor documents for success; `decode` accepts no others."""

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
        """The processor's base URL, if the caller gives none."""
        name = Environment(self.environment).value
        if name not in self.urls:
            raise ConfigurationError(
                f"this connector has no {name} environment; it has {', '.join(self.urls)}"
            )
        return self.urls[name]

    def headers(self) -> Mapping[str, str]:
        """The headers of every request: authentication, API version. Override it. Asked once."""
        return {}

    def get(
        self, path: str, *ids: str | Secret | None, query: Mapping[str, str] | None = None
    ) -> HttpRequest:
        """A GET. The ids replace the `{}` of the path, quoted:
        `account.get("/v1/customers/{}", request.connector_customer_id)`. A `Secret` among them is
        masked wherever the path is shown."""
        url = self._url(path, ids, query)
        return HttpRequest("GET", url, self._headers(), hidden=hidden_in(ids), template=path)

    def delete(
        self,
        path: str,
        *ids: str | Secret | None,
        query: Mapping[str, str] | None = None,
        keyed: bool | None = None,
    ) -> HttpRequest:
        """A DELETE; ids as in `get`."""
        return HttpRequest(
            "DELETE",
            self._url(path, ids, query),
            self._headers(),
            keyed=keyed,
            hidden=hidden_in(ids),
            template=path,
        )

    def post(
        self,
        path: str,
        *ids: str | Secret | None,
        form: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        changes: bool = True,
        keyed: bool | None = None,
    ) -> HttpRequest:
        """A POST of a form (nested values in brackets) or of JSON; ids as in `get`.

        Values that are None are left out; `NULL` is written as null in JSON. `changes=False` says
        that the request changes nothing that matters to the caller (a token request, an order that
        moves no money yet). `keyed` says whether the processor honours an idempotency key with
        it; by default it is the same as `changes`.
        """
        complete = self._headers()
        body = b""
        if form is not None:
            complete["content-type"] = "application/x-www-form-urlencoded"
            body = form_body(form)
        elif json is not None:
            complete["content-type"] = "application/json"
            body = json_body(json)
        if headers:
            complete |= {name.lower(): value for name, value in headers.items()}
        return HttpRequest(
            *("POST", self._url(path, ids), complete, body),
            changes=changes,
            keyed=keyed,
            hidden=hidden_in(ids),
            template=path,
        )

    def put(self, path: str, *ids: str | Secret | None, **rest: Any) -> HttpRequest:
        """A PUT; otherwise as `post`."""
        request = self.post(path, *ids, **rest)
        request.method = "PUT"
        return request

    def patch(self, path: str, *ids: str | Secret | None, **rest: Any) -> HttpRequest:
        """A PATCH; otherwise as `post`."""
        request = self.post(path, *ids, **rest)
        request.method = "PATCH"
        return request

    def raw_json(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The JSON body of a caller's own request (`prism.request`) as the processor takes it.
        Override it where credentials stand in each body."""
        return body

    def auth_flow(self, request: HttpRequest) -> Flow[HttpResponse]:
        """Sends one request of a flow. Override it if `headers` is not enough: for an access token
        that is fetched first (see `OAuthAccount`), or a signature of the whole request."""
        return (yield request)

    @classmethod
    def honours_keys(cls) -> bool:
        """Whether the processor honours idempotency keys at all."""
        return cls.idempotency_header is not None or cls.idempotency_field is not None

    def _url(
        self,
        path: str,
        ids: Sequence[str | Secret | None] = (),
        query: Mapping[str, str] | None = None,
    ) -> str:
        # A path such as "@host" or ".host" would change the host of the URL.
        if path and not path.startswith("/"):
            raise ValueError("a path begins with '/'")
        suffix = f"?{urlencode(query)}" if query else ""
        return f"{self.base_url}{path_of(path, ids)}{suffix}"

    @cached_property
    def _headers(self) -> Callable[[], dict[str, str]]:
        """Gives the headers of a request, made once. The dictionary's own method holds them: an
        attribute that holds them itself would be shown by whatever lists attributes."""
        own = {name.lower(): value for name, value in self.headers().items()}
        return {"accept": "application/json", **own}.copy

    def fetch(
        self,
        request: HttpRequest,
        shape: type[T],
        *,
        member: str | None = None,
        declined: bool = False,
        payment: str | None = None,
    ) -> Flow[T]:
        """Sends a request and decodes its answer: `body = yield from account.fetch(...)`; `member`
        as in `decode`. With `declined=True` it also decodes an answer that declines, if that has
        the same shape. `payment` is the id of a payment that an earlier request of the flow has
        made or changed: an error of this request, or of its answer, names it."""
        try:
            response = yield request
            return self.decode(response, shape, member=member)
        except Declined as refused:
            if not declined:
                raise
            return self.decode(refused.response, shape, member=member)
        except PrismError as error:
            error.connector_transaction_id = payment or error.connector_transaction_id
            raise

    def decode(self, response: HttpResponse, shape: type[T], *, member: str | None = None) -> T:
        """The answer's JSON body as `shape`, a msgspec Struct with only the fields that are used.
        If what is used is the value of one member of the body (`{"payment": {...}}`), `member`
        names it, and `shape` is that of the value.

        Raises `MalformedResponse` if the body has another shape, or if the status is no documented
        success; the message does not contain the body.
        """
        if response.status_code not in self.successes and response.status_code < 400:
            raise MalformedResponse(
                f"the answer has the undocumented status {response.status_code}"
            )
        return expect_json("answer", response.document, shape, member)

    def decode_body(self, body: bytes, shape: type[T]) -> T:
        """JSON that is no answer, such as the body of a webhook, as `decode` gives an answer's."""
        return expect_json("body", HttpResponse(200, body=body).document, shape)

    def expect_empty(self, response: HttpResponse, status: int = 204) -> None:
        """Raises `MalformedResponse` unless the answer has this status and no body. A proxy's page
        can have the status 200, although nothing was done."""
        if response.status_code != status or response.body:
            raise MalformedResponse(
                f"the answer is not the documented {status} without a body, but "
                f"{response.status_code} with {len(response.body)} bytes"
            )


@lru_cache(maxsize=64)
def credential_names(account: type[Account]) -> dict[str, bool]:
    """The names of the credentials that an account type declares, and whether each is required."""
    fields = msgspec.structs.fields(account)
    common = set(Account.__struct_fields__)
    return {field.name: field.required for field in fields if field.name not in common}


def expected(account: type[Account]) -> str:
    """The credentials of an account type, as the end of a sentence."""
    names = credential_names(account)
    if not names:
        return "no credentials"
    return ", ".join(name + ("" if required else " (optional)") for name, required in names.items())
