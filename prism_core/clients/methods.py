"""`Method`: declares a client's method, and makes the function of it that a client has.

A service is a class of `Method`s. Its sync and its async client combine that class with `Client`
and with `AsyncClient`, which put a plain function in the place of each `Method`: so `help()`,
`inspect` and `unittest.mock` see what they know.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, ClassVar, Generic, ParamSpec, TypeVar, overload

import msgspec

from prism_core.connector.http import Flow
from prism_core.errors import InvalidRequest, PrismError
from prism_core.schema.base import Request, Result

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from inspect import Signature
    from typing import Protocol

    from prism_core.clients.base import AsyncClient, Client

P = ParamSpec("P")
Req = TypeVar("Req", bound=Request)
Res = TypeVar("Res", bound=Result)
E = TypeVar("E", bound=BaseException)

if TYPE_CHECKING:
    Taken = TypeVar("Taken", contravariant=True)
    Given = TypeVar("Given", covariant=True)

    class SyncMethod(Protocol[P, Taken, Given]):
        """Called with the request's fields, or with one ready request; returns the result."""

        @overload
        def __call__(self, request: Taken, /) -> Given: ...
        @overload
        def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Given: ...

    class AsyncMethod(Protocol[P, Taken, Given]):
        """Called with the request's fields, or with one ready request; await the result."""

        @overload
        async def __call__(self, request: Taken, /) -> Given: ...
        @overload
        async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Given: ...


class Method(Generic[P, Req, Res]):
    """Declares a client's method: the hook it calls, and the request whose fields it takes."""

    is_prepared: ClassVar[bool] = False
    """Whether an async client awaits `prepare` first."""

    def __init__(
        self,
        spec: Callable[[Req, Any], Flow[Res]],
        request: Callable[P, Req],
        doc: str,
    ) -> None:
        self.operation = spec.__name__
        self.request: Any = request
        self.summary = doc
        self.result = spec.__annotations__["return"].rpartition(".")[2].strip("]")
        self.__doc__ = (
            f"{doc}\n\nTakes the fields of `{self.request.__name__}`, or one that is ready; "
            f"returns `{self.result}`.\n\n{cleandoc(str(self.request.__doc__))}"
        )
        self.name = self.method = self.operation

    def __set_name__(self, owner: Any, name: str) -> None:
        self.name = name
        self.method = f"{owner.service}.{name}"

    @property
    def __signature__(self) -> Signature:
        """That of its functions, which `inspect` reads here: made when somebody asks."""
        from prism_core.clients.signatures import signature_of

        return signature_of(self.request, written(self.request), self.result)

    if TYPE_CHECKING:

        @overload
        def __get__(self, client: Client, owner: type) -> SyncMethod[P, Req, Res]: ...
        @overload
        def __get__(self, client: AsyncClient, owner: type) -> AsyncMethod[P, Req, Res]: ...
        @overload
        def __get__(self, client: None, owner: type[Client]) -> Callable[..., Res]: ...
        @overload
        def __get__(
            self, client: None, owner: type[AsyncClient]
        ) -> Callable[..., Awaitable[Res]]: ...
        @overload
        def __get__(self, client: None, owner: type) -> Method[P, Req, Res]: ...
        def __get__(self, client: Any, owner: type) -> Any: ...

    async def prepare(self, args: list[Any], fields: dict[str, Any]) -> None:
        """Awaits what the arguments of a call hold, for a method that sets `is_prepared`."""

    def build(self, args: list[Any], fields: dict[str, Any]) -> Any:
        """The request of a call. Empties `args` and `fields`, which may hold personal data: the
        callers' frames that hold them stay on an error's traceback."""
        try:
            return self._request(args, fields)
        finally:
            args.clear()
            fields.clear()

    def _request(self, args: list[Any], fields: dict[str, Any]) -> Any:
        if len(args) == 1 and isinstance(args[0], self.request) and not fields:
            return args[0]
        if args:
            raise InvalidRequest(
                f"{self.method} takes keyword arguments, or one {self.request.__name__} alone"
            )
        known, required = _names(self.request)
        if not fields.keys() <= known.keys():
            name = next(name for name in fields if name not in known)
            raise InvalidRequest(f"{self.method} does not take {name!r}{_meant(name, [*known])}")
        if not fields.keys() >= required.keys():
            missing = [name for name in required if name not in fields]
            raise InvalidRequest(f"{self.method} needs {', '.join(missing)}", field=missing[0])
        return self.request(**fields)


def blocking(method: Method[Any, Any, Any], owner: type) -> Callable[..., Any]:
    """The function that a blocking client has for a method."""

    def call(self: Client, /, *args: Any, **kwargs: Any) -> Any:
        given = [*args]
        del args  # they may hold personal data, and tracebacks can show local variables
        try:
            request = method.build(given, kwargs)
            return self._engine.run(method.operation, method.method, request)
        except BaseException as end:  # Ctrl+C, too
            raise _ended(end, self, method)  # noqa: B904 - nothing shall hang on it

    return _named(call, method, owner)


def awaited(method: Method[Any, Any, Any], owner: type) -> Callable[..., Any]:
    """The coroutine function that an async client has for a method."""

    async def call(self: AsyncClient, /, *args: Any, **kwargs: Any) -> Any:
        given = [*args]
        del args  # as above
        try:
            if method.is_prepared:
                await method.prepare(given, kwargs)
            request = method.build(given, kwargs)
            return await self._engine.run_async(method.operation, method.method, request)
        except BaseException as end:  # cancellation, too
            raise _ended(end, self, method)  # noqa: B904 - nothing shall hang on it

    return _named(call, method, owner)


def _named(call: Any, method: Method[Any, Any, Any], owner: type) -> Callable[..., Any]:
    call.__name__, call.__doc__ = method.name, method.__doc__
    call.__qualname__, call.__module__ = f"{owner.__qualname__}.{method.name}", owner.__module__
    call.__wrapped__ = method  # where `inspect` finds the signature
    return call  # type: ignore[no-any-return]


def _ended(end: E, client: Client | AsyncClient, method: Method[Any, Any, Any]) -> E:
    """The exception that ends a call, without its traceback, cause and context: these hold
    secrets, personal data and the bytes of requests. Every call passes here, so this is the only
    place."""
    if isinstance(end, PrismError):
        end.connector, end.operation = client._engine.connector.name, method.method
    end.__traceback__ = end.__cause__ = end.__context__ = None
    return end


def written(kind: type) -> dict[str, str]:
    """The annotations of a class's fields as they are written, those of its bases, too."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        found.update(vars(base).get("__annotations__", {}))
    return found


@cache
def _names(request: type[Request]) -> tuple[dict[str, None], dict[str, None]]:
    """The fields of a request, and the required ones among them, as ordered sets."""
    fields = msgspec.structs.fields(request)
    required = dict.fromkeys(field.name for field in fields if field.required)
    return dict.fromkeys(field.name for field in fields), required


def _meant(name: str, known: list[str]) -> str:
    """What an unknown field may be meant to be: `customer_id` is connector_customer_id."""
    import difflib

    if name == "currency" and "amount" in known:
        return "; it is a part of the amount: amount=Money(1000, 'USD') is 10.00 USD"
    longer = [one for one in known if one.endswith(f"_{name}")]
    close = longer or difflib.get_close_matches(name, known, n=1)
    meant = " or ".join(map(repr, close))
    return f"; did you mean {meant}?" if close else f"; it takes {', '.join(known)}"
