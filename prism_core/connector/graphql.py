"""GraphQL: an account whose requests are documents with variables, and whose answers have an
envelope. https://spec.graphql.org/October2021/#sec-Response"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.http import HttpRequest, HttpResponse
from prism_core.errors import MalformedResponse
from prism_core.errors.details import ConnectorDetails, ErrorAnswer, ErrorDetails, ErrorKind

T = TypeVar("T")


class GraphqlError(msgspec.Struct, kw_only=True, frozen=True):
    """An entry of `errors`. `path` leads to the field that failed."""

    message: str
    path: tuple[str | int, ...] | None = None
    extensions: dict[str, Any] | None = None


class _Envelope(msgspec.Struct, kw_only=True, frozen=True):
    data: dict[str, msgspec.Raw] | None = None
    errors: tuple[GraphqlError, ...] | None = None


class GraphqlAccount(Account, frozen=True, kw_only=True):
    """An account at a processor with a GraphQL API. `urls` name its one endpoint.

    `fetch` and `decode` decode the value of a document's one outermost field. `parse_error` of the
    connector returns `account.error_of(response)`.
    """

    error_class: ClassVar[str] = "code"
    """The member of an error's `extensions` that names its class."""
    error_kinds: ClassVar[Mapping[str, ErrorKind]] = {}
    """The kind of each class that proves that nothing was done; or UNAVAILABLE, which proves
    nothing. After an error of a class that is not here, the outcome of a change is unknown."""

    def query(self, document: str, variables: Mapping[str, Any] | None = None) -> HttpRequest:
        """A request that changes nothing."""
        return self._asked(document, variables, changes=False)

    def mutation(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        changes: bool = True,
        keyed: bool | None = None,
    ) -> HttpRequest:
        """A request that changes something; `changes` and `keyed` as in `post`."""
        return self._asked(document, variables, changes=changes, keyed=keyed)

    def _asked(
        self, document: str, variables: Mapping[str, Any] | None, **options: Any
    ) -> HttpRequest:
        return self.post("", json={"query": document, "variables": variables}, **options)

    def decode(self, response: HttpResponse, shape: type[T], *, member: str | None = None) -> T:
        """The value of the one outermost field of `data`, or of its `member`, as `shape`. Raises
        `MalformedResponse` as `Account.decode` does, and if the answer has errors."""
        envelope = super().decode(response, _Envelope)
        if envelope.errors:
            raise MalformedResponse("the answer has errors, which parse_error did not return")
        if envelope.data is None or len(envelope.data) != 1:
            raise MalformedResponse("the answer's data has not exactly one field")
        (value,) = envelope.data.values()
        inner = HttpResponse(response.status_code, {}, bytes(value))
        return super().decode(inner, shape, member=member)

    def error_of(self, response: HttpResponse) -> ErrorAnswer | None:
        """What the errors of an answer mean, with any status; None if it has none.

        The first error gives kind and details. Nothing was done only if the class of each is known,
        and none is about a field inside the outermost one: those are evaluated after the mutation
        (https://spec.graphql.org/October2021/#sec-Mutation).
        """
        envelope = response.decode(_Envelope)
        if envelope is None or not envelope.errors:
            return None
        first, *others = envelope.errors
        said = ErrorDetails(
            connector=ConnectorDetails(code=self._class_of(first), message=first.message)
        )
        kind, *more = map(self._kind_of, (first, *others))
        if kind is None or {None, ErrorKind.UNAVAILABLE} & {*more} or _executed(envelope):
            return ErrorAnswer(details=said, unknown=True)
        if kind is ErrorKind.DECLINED and response.status_code != 200:
            return ErrorAnswer(details=said)  # the status says more: a 5xx is no decline
        return ErrorAnswer(kind=kind, details=said)

    def _kind_of(self, error: GraphqlError) -> ErrorKind | None:
        return self.error_kinds.get(self._class_of(error) or "")

    def _class_of(self, error: GraphqlError) -> str | None:
        found = (error.extensions or {}).get(self.error_class)
        return found if isinstance(found, str) else None


def _executed(envelope: _Envelope) -> bool:
    """Whether an outermost field has a value, or had one until a field in it failed."""
    failed_inside = any(len(error.path or ()) > 1 for error in envelope.errors or ())
    return failed_inside or any(bytes(one) != b"null" for one in (envelope.data or {}).values())
