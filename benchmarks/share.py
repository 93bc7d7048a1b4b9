"""The framework's own share of a call: all of it but the connection, which is given the answer.

Flow, hook, checks, schema, encoding and decoding remain. Also with an extension that has every hook
and does nothing in it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from measures import Samples, cost, in_turns
from peers import KEY, Call, authorizing
from server import CUSTOMER, HEADERS, PAYMENT, PERSON

CREATE, AUTHORIZE = "customers.create", "payments.authorize"
OBSERVED = f"{AUTHORIZE}, one extension"


class Canned:
    """Stands where the engine has its transport."""

    def __init__(self, body: bytes) -> None:
        from prism_core.connector.http import HttpResponse

        self._answer = HttpResponse(200, HEADERS, body)

    def send(self, request: Any, timeout: float) -> Any:
        return self._answer

    def close(self) -> None:
        pass


def canned(client: Any, body: bytes) -> Any:
    """A client whose every call is answered so, at once."""
    client._engine._transport = Canned(body)
    return client


def creating() -> Call:
    """`customers.create`, without a connection."""
    from prism_core import CustomerClient

    client = canned(CustomerClient(connector="stripe", api_key=KEY), CUSTOMER)
    return lambda: client.create(merchant_customer_id="user_42", **PERSON)


def paying(**options: Any) -> Call:
    """`payments.authorize`, without a connection."""
    from prism_core import PaymentClient

    return authorizing(canned(PaymentClient(connector="stripe", api_key=KEY, **options), PAYMENT))


def idle() -> Any:
    """An extension that has every hook and does nothing in it."""
    from prism_core import hookimpl

    class Idle:
        @hookimpl
        def call_started(self, call: Any) -> None: ...

        @hookimpl
        def request_ready(self, call: Any, request: Any) -> None: ...

        @hookimpl
        def answer_received(self, call: Any, request: Any, answer: Any) -> None: ...

        @hookimpl
        def retry(self, call: Any, request: Any, pause: float) -> None: ...

        @hookimpl
        def call_ended(self, call: Any, end: Any) -> None: ...

    return Idle()


def own_share(rounds: int, calls: int) -> Samples[str]:
    """Samples of both operations."""
    made = {CREATE: creating(), AUTHORIZE: paying(), OBSERVED: paying(extensions=[idle()])}
    samplers = {name: partial(cost, call, calls) for name, call in made.items()}
    in_turns(1, samplers)  # decoders and caches are filled
    return in_turns(rounds, samplers)
