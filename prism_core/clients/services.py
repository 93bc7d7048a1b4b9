"""`Service`: a service of a `Prism`, with its connections."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, overload

from prism_core.clients.base import AsyncClient, Client

C = TypeVar("C", bound=Client | AsyncClient)


class Service(Generic[C]):
    """The client of one service, made when it is first used. Seen from the class it is that
    client's class, so that `unittest.mock` finds the methods."""

    def __init__(self, client: type[C]) -> None:
        self._client = client

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, prism: None, owner: type) -> type[C]: ...
    @overload
    def __get__(self, prism: Client | AsyncClient, owner: type) -> C: ...
    def __get__(self, prism: Any, owner: type) -> Any:
        if prism is None:
            return self._client
        made = prism.__dict__[self._name] = self._client._sharing(prism._engine)
        return made
