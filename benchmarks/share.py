"""The framework's own share of a call: all of it but the connection, which is given the answer.

Flow, hook, checks, schema, encoding and decoding remain.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from measures import Samples, cost, in_turns
from peers import KEY, Call, authorizing
from server import CUSTOMER, HEADERS, PAYMENT, PERSON

CREATE, AUTHORIZE = "customers.create", "payments.authorize"


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


def own_share(rounds: int, calls: int) -> Samples[str]:
    """Samples of both operations."""
    from prism_core import PaymentClient

    payments = canned(PaymentClient(connector="stripe", api_key=KEY), PAYMENT)
    made = {CREATE: creating(), AUTHORIZE: authorizing(payments)}
    samplers = {name: partial(cost, call, calls) for name, call in made.items()}
    in_turns(1, samplers)  # decoders and caches are filled
    return in_turns(rounds, samplers)
