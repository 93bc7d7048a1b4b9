"""HTTP requests and answers as values, and the type of a flow. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from prism_core.connector.bodies import decoded
from prism_core.errors import InvalidRequest, Outcome, Reason
from prism_core.errors.details import ErrorAnswer, ErrorDetails
from prism_core.schema.secrets import MASK, Secret, reveal

T = TypeVar("T")


class HttpRequest:
    """A request to send. Its repr shows method and path, never headers, query or body.

    `changes` says whether it can change anything that matters to the caller: a GET cannot, and a
    POST that only fetches an access token cannot. `keyed` says whether the processor honours an
    idempotency key sent with it; by default it does if the request changes something. Set it for a
    step that moves no money yet, such as an order that is paid next. `hidden` are the segments of
    the URL's path that are secret: `path` masks them. `idempotency_key` is the key that the core
    has added. `correlation_id` is an id that the processor returns with the answer:
    an error answer with another id belongs to another request. `template` is the path below the
    account's base URL as it was before the ids were put into it.
    """

    __slots__ = (
        *("body", "changes", "correlation_id", "headers", "hidden", "idempotency_key", "keyed"),
        *("method", "template", "url"),
    )

    def __init__(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        changes: bool = True,
        keyed: bool | None = None,
        correlation_id: str | None = None,
        hidden: Sequence[str] = (),
        template: str | None = None,
    ) -> None:
        self.method = method
        self.url = url
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body
        self.changes = changes and method != "GET"
        self.keyed = method != "GET" and (changes if keyed is None else keyed)
        self.idempotency_key: str | None = None
        self.correlation_id = correlation_id
        self.hidden = hidden
        self.template = template

    @property
    def path(self) -> str:
        """The path alone, which may be logged."""
        path = path_in(self.url)
        for segment in self.hidden:
            path = path.replace(segment, MASK)
        return path

    def __repr__(self) -> str:
        return f"<HttpRequest {self.method} {self.path}>"


@lru_cache(maxsize=256)
def path_in(url: str) -> str:
    """The path of a URL; most calls of a client go to the same few."""
    try:
        return urlsplit(url).path
    except ValueError:
        return "(no URL)"


class TokenRequest(HttpRequest):
    """A request for an access token, which many calls of an account can use.

    The core sends it only if its token cache holds no valid answer, and only one call at a time
    does so; all others get the cached answer. `lifetime` reads from an answer for how many seconds
    it is valid; `refused` is an answer whose token was refused. The request changes nothing.
    """

    __slots__ = ("lifetime", "refused")

    def __init__(
        self,
        request: HttpRequest,
        lifetime: Callable[[HttpResponse], float],
        refused: HttpResponse | None = None,
    ) -> None:
        sent = (request.method, request.url, request.headers, request.body)
        super().__init__(*sent, changes=False, template=request.template)
        self.lifetime = lifetime
        self.refused = refused


class HttpResponse(msgspec.Struct, frozen=True, eq=False):
    """An answer: `status_code`, `headers` (names in lower case), `body`.

    The repr, and rich's, shows neither headers nor body.
    """

    status_code: int
    headers: dict[str, str] = {}
    body: bytes = b""

    @property
    def document(self) -> bytes:
        """The body without the byte-order mark that some processors put before it; a JSON parser
        may ignore it (RFC 8259, section 8.1)."""
        return self.body.removeprefix(b"\xef\xbb\xbf")

    def json(self) -> Any:
        """The body as JSON. Raises `msgspec.DecodeError`, a ValueError, if it is no JSON."""
        return msgspec.json.decode(self.document)

    def decode(self, shape: type[T], *, member: str | None = None) -> T | None:
        """The body as `shape` (a msgspec Struct with only the fields that are used), or the value
        of its `member`; None if it has another shape. `Account.decode` raises in that case."""
        try:
            return decoded(self.document, shape, member)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def __repr__(self) -> str:
        return f"<HttpResponse {self.status_code}, {len(self.body)} bytes>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("status_code", self.status_code), ("bytes", len(self.body))]


class Failure(NamedTuple):
    """What a transport returns if there is no answer. It is no exception, so that no traceback
    refers to frames that hold the request's bytes. `reason` is that of `TransportError`."""

    outcome: Outcome
    message: str
    reason: Reason | None = None


Flow = Generator[HttpRequest, HttpResponse, T]
"""A connector's operation: yields requests, is sent the answers, returns the result."""


class Declined(Exception):
    """Raised at a flow's `yield` if the answer is a decline: the issuer or the processor refused
    the payment, refund or permission.

    `answer` is what `parse_error` returned, `response` is the HTTP answer. If the flow does not
    catch it, the result has the operation's failed status and `answer.details`. A flow that knows
    the payment's id when the answer does not name it sets `connector_transaction_id`.
    """

    def __init__(self, answer: ErrorAnswer, response: HttpResponse) -> None:
        super().__init__("the answer declines")
        self.answer = answer
        self.response = response
        self.connector_transaction_id = answer.connector_transaction_id

    @property
    def details(self) -> ErrorDetails:
        """Why it was declined."""
        return self.answer.details


def path_of(template: str, ids: Sequence[str | Secret | None]) -> str:
    """A path whose `{}` are replaced by ids, each quoted as one segment, so that no id can change
    the path. Raises `InvalidRequest` for an id that is None or only dots."""
    if template.count("{}") != len(ids):
        raise ValueError(f"a path with {template.count('{}')} places, and {len(ids)} ids")
    return template.format(*map(_segment, ids)) if ids else template


def hidden_in(ids: Sequence[str | Secret | None]) -> tuple[str, ...]:
    """The ids that are secret, as they stand in a path."""
    return tuple(quote(one.reveal(), safe="") for one in ids if isinstance(one, Secret))


def _segment(value: str | Secret | None) -> str:
    if value is None:
        raise MissingId("an id is missing")
    text = reveal(value)
    if len(text) < 3 and not text.strip("."):
        raise InvalidRequest("an id cannot be '.' or '..'")
    return quote(text, safe="")


class MissingId(InvalidRequest):
    """An id is None that the request to the processor needs in its path."""
