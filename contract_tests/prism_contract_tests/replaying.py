"""`Replay`: some of a connector's exchanges, served for a test of an application."""

from __future__ import annotations

import time
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Protocol

import msgspec

from prism_contract_tests.exchange import Exchange
from prism_contract_tests.forging import signed_as, signs
from prism_contract_tests.scripted import Seen
from prism_contract_tests.served import Found, StandIn
from prism_contract_tests.target import Target, open_target
from prism_contract_tests.variations import opened
from prism_core import Prism
from prism_core.connector.credentials import variable

_NEED_MORE = ("create_client_token/success", "handle_event/success")
"""The exchanges whose accounts have a public key and a webhook's secret, where there are such."""


class NotServed(Exception):
    """There is nothing to serve; says what there is."""


class Replay:
    """A stand-in for a processor on 127.0.0.1, which answers with the named exchanges of its
    connector, or with all. `base_url` is where it listens; `seen` are the requests that it got.

    Raises `NotServed`, and `ConfigurationError` for a connector that is not installed.
    """

    def __init__(self, connector: str, *exchanges: str) -> None:
        self.connector = connector
        self._target = open_target(connector)
        self._chosen = chosen(self._target, exchanges)
        self._stand_in = StandIn(self._chosen, told=self._note)
        self.base_url = self._stand_in.url
        self.options: dict[str, Any] = {**account_of(self._chosen), "base_url": self.base_url}
        """Keyword arguments of a client: `AsyncPrism("stripe", **options)`."""
        self.environ = {variable(connector, name): value for name, value in self.options.items()}
        """The same as environment variables, for `Prism.from_env("stripe")`."""
        self.seen: list[Seen] = []
        self.unanswered: list[str] = []
        """The requests that none of the exchanges has; they were answered 501."""

    @cached_property
    def prism(self) -> Prism:
        """A ready client."""
        return Prism(self.connector, **self.options)

    @cached_property
    def request(self) -> Any:
        """The request of the first exchange, which leads to its answer: an `AuthorizeRequest`, say,
        or for `handle_event` a webhook with its `body` and `headers`, signed now."""
        exchange = self._chosen[0]
        built: Any = exchange.build()
        if exchange.operation != "handle_event" or not signs(self._target) or exchange.error:
            return built
        now = msgspec.structs.replace(built, received_at=int(time.time()))
        return signed_as(self._target, now, opened(self._target, exchange.account))

    def close(self) -> None:
        """Stops serving, and closes the client."""
        if "prism" in self.__dict__:
            self.prism.close()
        self._stand_in.close()

    def _note(self, seen: Seen, found: Found | None) -> None:
        self.seen.append(seen)
        if found is None:
            self.unanswered.append(f"{seen.method} {seen.path.partition('?')[0]}")

    @property
    def serves(self) -> list[str]:
        """The requests that it has answers to, each once: "POST /v1/payment_intents"."""
        steps = [step for one in self._chosen for step in (*one.steps, *one.grants)]
        return [*dict.fromkeys(f"{step.request.method} {step.request.path}" for step in steps)]


class PrismReplay(Protocol):
    """The type of the pytest fixture `prism_replay`."""

    def __call__(self, connector: str, /, *exchanges: str) -> Replay:
        """Serves these exchanges until the test ends."""


def chosen(target: Target, names: Sequence[str]) -> list[Exchange]:
    """The exchanges with these names, in this order, or all. Raises `NotServed`."""
    known = {one.name: one for one in target.exchanges}
    if target.unreadable is not None:
        raise NotServed(f"the exchanges of {target.name} cannot be read: {target.unreadable}")
    if not known:
        raise NotServed(f"{target.name} has no exchanges")
    wanted = [name.removesuffix(".json") for name in names] or [*known]
    for name in wanted:
        if name not in known:
            raise NotServed(f"{target.name} has no exchange {name!r}{_meant(target, name)}")
    return [known[name] for name in wanted]


def account_of(exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """The credentials of the first exchange, and what a page and webhooks need besides."""
    besides = [one for one in exchanges if one.name in _NEED_MORE]
    return {k: v for one in (*besides, exchanges[0]) for k, v in one.account.items()}


def _meant(target: Target, name: str) -> str:
    near = get_close_matches(name, [one.name for one in target.exchanges])
    listed = f"`prism exchanges show {target.name}` lists them all"
    return f"; did you mean {' or '.join(near)}? {listed}" if near else f"; {listed}"
