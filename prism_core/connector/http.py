"""HTTP as values: a request to send, the answer to it, and the flow that trades them. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, quote_plus, urlsplit

import msgspec

from prism_core.errors import InvalidRequest, Outcome
from prism_core.errors.details import ErrorAnswer, ErrorDetails
from prism_core.schema.numbers import from_json
from prism_core.schema.secrets import Secret, reveal
from prism_core.schema.told import NULL

T = TypeVar("T")


class HttpRequest:
    """A request to send. Its repr shows method and path: never headers, query or body.

    `changes` says whether it can change anything that matters to the caller: a GET cannot, nor
    can a POST that only fetches an access token. `keyed` says whether the processor honours an
    idempotency key sent with it: as a rule where it changes something, and otherwise where it is
    said (a step that moves no money yet, such as an order to be paid next); `idempotency_key` is
    the one that the core has placed.
    `correlation_id` is what the processor gives back with the answer: an error answer with
    another one is the answer to another request.
    """

    __slots__ = (
        *("body", "changes", "correlation_id", "headers", "idempotency_key", "keyed", "method"),
        "url",
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
    ) -> None:
        self.method = method
        self.url = url
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body
        self.changes = changes and method != "GET"
        self.keyed = method != "GET" and (changes if keyed is None else keyed)
        self.idempotency_key: str | None = None
        self.correlation_id = correlation_id

    @property
    def path(self) -> str:
        """The path alone: what may be logged."""
        return path_in(self.url)

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
    """A request for an access token, which serves every call of an account for a while.

    The core sends it when it holds no such answer, one call at a time, and gives the answer
    that it holds to every other. `lifetime` reads from an answer how many seconds it serves;
    `refused` is an answer that turned out not to serve any more. It changes nothing.
    """

    __slots__ = ("lifetime", "refused")

    def __init__(
        self,
        request: HttpRequest,
        lifetime: Callable[[HttpResponse], float],
        refused: HttpResponse | None = None,
    ) -> None:
        super().__init__(request.method, request.url, request.headers, request.body, changes=False)
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
        """The body without the byte-order mark that some processors begin with, which a JSON
        parser may ignore (RFC 8259, section 8.1)."""
        return self.body.removeprefix(b"\xef\xbb\xbf")

    def json(self) -> Any:
        """The body as JSON; `msgspec.DecodeError`, a ValueError, where it is none."""
        return msgspec.json.decode(self.document)

    def decode(self, shape: type[T]) -> T | None:
        """The body as `shape` (a msgspec Struct that names only the fields used), or None
        where it is not that. To insist on it, `Account.decode` raises instead."""
        try:
            return decoder(shape).decode(self.document)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def __repr__(self) -> str:
        return f"<HttpResponse {self.status_code}, {len(self.body)} bytes>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("status_code", self.status_code), ("bytes", len(self.body))]


class Failure(NamedTuple):
    """What a transport reports instead of an answer. Never an exception, so that none of its
    frames, which hold the request's bytes, hangs on an error's traceback."""

    outcome: Outcome
    message: str


Flow = Generator[HttpRequest, HttpResponse, T]
"""A connector's operation: yields requests, is sent the answers, returns the result."""


class Declined(Exception):
    """Raised where a flow yielded a request whose answer declines: the issuer or the processor
    refused the payment, refund or permission.

    `answer` is what `parse_error` made of it, `response` the answer itself. A flow that does not
    catch it ends with the plain result: the operation's failed status and `answer.details`. A flow
    that knows more than the answer puts the payment's id in `connector_transaction_id`.
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


_ASCII = {ordinal: quote_plus(chr(ordinal)) for ordinal in range(128)}

_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    """The JSON decoder of a type, made once."""
    found = _decoders.get(shape)
    if found is None:
        found = _decoders[shape] = msgspec.json.Decoder(
            shape, dec_hook=from_json, float_hook=Decimal
        )
    return found


def path_of(template: str, ids: Sequence[str | None]) -> str:
    """A path with ids in the place of its `{}`, each quoted as one segment, so that none can lead
    to another path. Raises `InvalidRequest` for an id that is None or dots."""
    if template.count("{}") != len(ids):
        raise ValueError(f"a path with {template.count('{}')} places, and {len(ids)} ids")
    return template.format(*map(_segment, ids)) if ids else template


def _segment(value: str | None) -> str:
    if value is None:
        raise MissingId("an id is missing")
    if value in (".", ".."):
        raise InvalidRequest("an id cannot be '.' or '..'")
    return quote(value, safe="")


class MissingId(InvalidRequest):
    """An optional id of the request is None, and the request to the processor needs it."""


def form_body(values: Mapping[str, Any]) -> bytes:
    """`application/x-www-form-urlencoded` with nested values in brackets: `card[number]=...`,
    `types[0]=card`. None is left out, booleans are `true` and `false`."""
    pairs: list[str] = []
    _add_pairs(pairs, "", values)
    return "&".join(pairs).encode()


def _add_pairs(pairs: list[str], outer: str, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if value is None:
            continue
        name, kind = _named(outer, key), type(value)
        if kind is str:
            pairs.append(f"{name}={_quoted(value)}")
        elif kind is dict:
            _add_pairs(pairs, name, value)
        elif kind is int:
            pairs.append(f"{name}={value}")
        elif kind is Secret:
            pairs.append(f"{name}={_quoted(value.reveal())}")
        elif kind is bool:
            pairs.append(f"{name}={'true' if value else 'false'}")
        elif kind is list:
            _add_pairs(pairs, name, _numbered(value))
        else:
            _add_pairs(pairs, outer, {key: _plain(value)})


def _numbered(values: list[Any]) -> dict[str, Any]:
    """The entries of a list by their numbers, of which none can be left out."""
    if None in values:
        raise TypeError("a list in a form cannot hold None")
    return {str(number): value for number, value in enumerate(values)}


_KINDRED: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    (Secret, reveal),
    (str, str.__str__),
    (int, int),
    (Mapping, dict),
    ((list, tuple), list),
)


def _plain(value: Any) -> Any:
    """A value of a kindred type, an enumeration's member say, as the type that a form holds."""
    for kind, plain in _KINDRED:
        if isinstance(value, kind):
            return plain(value)
    raise TypeError(f"a form cannot hold a {type(value).__name__}")


# Names alone are kept, and no value: they are the processor's, or keys of a caller's metadata.
# `str.__str__`: an enumeration's member is written as what it is, not as what it is called.
@lru_cache(maxsize=1024)
def _named(outer: str, key: str) -> str:
    name = _quoted(str.__str__(key))
    return f"{outer}[{name}]" if outer else name


def _quoted(value: str) -> str:
    """As forms write it."""
    if not value.isascii():
        return quote_plus(value)
    return value if value.isalnum() else value.translate(_ASCII)


def json_body(values: Mapping[str, Any]) -> bytes:
    """JSON; None is left out at every level, NULL is written as null, and a float is refused:
    money has none."""
    return msgspec.json.encode(_json_value(values))


def _json_value(value: Any) -> Any:
    if type(value) in (str, int, bool):  # most are
        return value
    if isinstance(value, (dict, Mapping)):
        return {key: _json_value(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, (list, tuple)):
        return [_json_value(entry) for entry in value]
    if isinstance(value, float):
        raise TypeError("a JSON body cannot hold a float; write money as integers or strings")
    if value is NULL:
        return None
    return value.reveal() if isinstance(value, Secret) else value
