"""`Method`: declares a client's method, and turns a use of it into a call.

A service is a class of `Method`s. Its sync and its async client combine that class with `Client`
and with `AsyncClient`. The signature of a method is that of its request class.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, overload

import msgspec

from prism_core.clients.base import AsyncClient, Client
from prism_core.connector.http import Flow
from prism_core.errors import InvalidRequest, PrismError
from prism_core.schema.base import Request, Result

if TYPE_CHECKING:
    from inspect import Signature

    from prism_core.runtime.engine import Engine

P = ParamSpec("P")
Req = TypeVar("Req", bound=Request)
Res = TypeVar("Res", bound=Result)
E = TypeVar("E", bound=BaseException)


class _Bound(Generic[P, Req, Res]):
    """A method of one client, ready to be called."""

    def __init__(self, method: Method[P, Req, Res], engine: Engine) -> None:
        self._method = method
        self._engine = engine
        self.__doc__ = method.__doc__
        self.__name__ = method.name

    def _ended(self, end: E) -> E:
        """The exception that ends a call, without its traceback, cause and context: these hold
        secrets, personal data and the bytes of requests. Every call passes here, so this is the
        only place."""
        if isinstance(end, PrismError):
            end.connector, end.operation = self._engine.connector.name, self._method.method
        end.__traceback__ = end.__cause__ = end.__context__ = None
        return end

    def __get__(self, instance: object, owner: type | None = None) -> _Bound[P, Req, Res]:
        """As of every bound method; by it `help()` sees that this is one."""
        return self

    @property
    def __signature__(self) -> Signature:
        return self._method.__signature__


class SyncMethod(_Bound[P, Req, Res]):
    """Called with the request's fields, or with one ready request; returns the result."""

    @overload
    def __call__(self, request: Req, /) -> Res: ...
    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Res: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the operation. Raises `PrismError`."""
        given = [*args]
        del args  # they may hold personal data, and tracebacks can show local variables
        return self._called_with(given, kwargs)

    def _called_with(self, given: list[Any], fields: dict[str, Any]) -> Any:
        try:
            method = self._method
            request = method.build(given, fields)
            return self._engine.run(method.operation, method.method, request)
        except BaseException as end:  # Ctrl+C, too
            raise self._ended(end)  # noqa: B904 - nothing shall hang on it


class AsyncMethod(_Bound[P, Req, Res]):
    """Called with the request's fields, or with one ready request; await the result."""

    @overload
    async def __call__(self, request: Req, /) -> Res: ...
    @overload
    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Res: ...
    async def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the operation. Raises `PrismError`."""
        given = [*args]
        del args  # as above
        return await self._called_with(given, kwargs)

    async def _called_with(self, given: list[Any], fields: dict[str, Any]) -> Any:
        try:
            method = self._method
            request = method.build(given, fields)
            return await self._engine.run_async(method.operation, method.method, request)
        except BaseException as end:  # cancellation, too
            raise self._ended(end)  # noqa: B904 - nothing shall hang on it


class Method(Generic[P, Req, Res]):
    """Declares a client's method: the hook it calls, and the request whose fields it takes."""

    def __init__(
        self,
        spec: Callable[[Req, Any], Flow[Res]],
        request: Callable[P, Req],
        doc: str,
    ) -> None:
        self.operation = spec.__name__
        self.request: Any = request
        self.summary = doc
        self._result = spec.__annotations__["return"].rpartition(".")[2].strip("]")
        self.__doc__ = (
            f"{doc}\n\nTakes the fields of `{self.request.__name__}`, or one that is ready; "
            f"returns `{self._result}`.\n\n{cleandoc(str(self.request.__doc__))}"
        )
        self.name = self.method = self.operation

    def __set_name__(self, owner: Any, name: str) -> None:
        self.name = name
        self.method = f"{owner.service}.{name}"

    @property
    def __signature__(self) -> Signature:
        """The fields of the request, those that are needed first, and those for the core last."""
        import inspect

        def rank(parameter: inspect.Parameter) -> tuple[bool, bool]:
            is_needed = parameter.default is parameter.empty
            return not is_needed, parameter.name in self.request.options

        notes, found = written(self.request), inspect.signature(self.request)
        parameters = [one.replace(annotation=notes[name]) for name, one in found.parameters.items()]
        return found.replace(
            parameters=sorted(parameters, key=rank), return_annotation=self._result
        )

    @overload
    def __get__(self, client: None, owner: type) -> Method[P, Req, Res]: ...
    @overload
    def __get__(self, client: Client, owner: type) -> SyncMethod[P, Req, Res]: ...
    @overload
    def __get__(self, client: AsyncClient, owner: type) -> AsyncMethod[P, Req, Res]: ...
    def __get__(self, client: Client | AsyncClient | None, owner: type) -> Any:
        if client is None:
            return self
        kind = SyncMethod if isinstance(client, Client) else AsyncMethod
        return kind(self, client._engine)

    def __call__(self, client: Client | AsyncClient, /, *args: Any, **kwargs: Any) -> Any:
        """Called through the class, as a plain method can be; `unittest.mock` needs this."""
        given = [*args]
        del args
        return self.__get__(client, type(client))._called_with(given, kwargs)

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
    import difflib

    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; it takes {', '.join(known)}"
