"""Checks of purity: same input, same requests; no clock, network, files or randomness.

What a connector uses is read from its source, also where no exchange gets to. What a library does
deep inside is not seen there; running each flow twice finds it where it changes what is sent."""

from __future__ import annotations

import copy
from typing import Any

import msgspec

from prism_contract_tests.bounded import bounded
from prism_contract_tests.check import Failed, check, each_exchange, once
from prism_contract_tests.exchange import Exchange, Step
from prism_contract_tests.impurities import impurities
from prism_contract_tests.report import Evidence
from prism_contract_tests.sources import reachable
from prism_contract_tests.target import Target
from prism_contract_tests.variations import opened, same, shown
from prism_core import Declined, Flow, HttpRequest, HttpResponse, PrismError, TokenRequest
from prism_core.runtime.answers import judge
from prism_core.runtime.call import Call

_LONGEST_FLOW = 20


class _Driven(msgspec.Struct):
    """A flow run to its end by hand, with nothing of a client around it."""

    requests: list[HttpRequest]
    end: Any
    call: Call

    def said(self) -> str:
        """The end as text that can be compared."""
        if isinstance(self.end, Exception):
            return f"{type(self.end).__name__}: {self.end}"
        return repr(msgspec.to_builtins(self.end, enc_hook=repr))


def _drive(target: Target, exchange: Exchange) -> _Driven:
    call = Call(
        target.connector,
        exchange.operation,
        exchange.operation,
        target.connector.hooks[exchange.operation],
        exchange.build(),
        opened(target, exchange.account),
        timeout=10.0,
        max_retries=0,
    )
    requests: list[HttpRequest] = []
    end = _end(call, exchange, requests, target.grants(exchange))
    return _Driven(requests, end, call)


def _end(call: Call, exchange: Exchange, requests: list[HttpRequest], grants: list[Step]) -> Any:
    """What the flow returns, or the exception that it ends with."""
    flow = _authenticated(call)
    answers, own = [one.response for one in exchange.steps], 0
    tokens = [one.response for one in grants]
    try:
        requests.append(next(flow))
        while len(requests) <= _LONGEST_FLOW:
            is_token = isinstance(requests[-1], TokenRequest)
            own += not is_token
            given, at = (tokens, len(requests) - own) if is_token else (answers, own)
            answer = judge(call, given[min(at, len(given)) - 1].answer())
            if isinstance(answer, HttpResponse):
                requests.append(flow.send(answer))
            else:
                requests.append(flow.throw(answer))
    except StopIteration as stop:
        return stop.value
    except Exception as error:  # an exchange may end in any error; equal ones are what counts
        return error
    finally:
        flow.close()
    raise Failed(f"the flow made more than {_LONGEST_FLOW} requests")


def _authenticated(call: Call) -> Flow[Any]:
    """The flow, with what the account adds around each of its requests."""
    flow = call.hook(request=call.request, account=call.account)
    try:
        request = next(flow)
        while True:
            try:
                answer = yield from call.account.auth_flow(request)
            except (PrismError, Declined) as error:
                request = flow.throw(error)
            else:
                request = flow.send(answer)
    except StopIteration as stop:
        return stop.value
    finally:
        flow.close()


@check(
    "flows-pure",
    since="2026.11",
    cases=each_exchange,
    why="The core retries, limits and tests a flow as a function of its input. A flow that counts "
    "its calls or draws random numbers sends another request than the one that was tested.",
    how="Take everything from `request` and `account`, and store nothing.",
)
def flows_pure(target: Target, case: str) -> int:
    """The same request, account and answers give the same requests and the same result; request and
    account are not changed."""
    exchange = target.exchange(case)
    with bounded(exchange.operation):
        first, again = _drive(target, exchange), _drive(target, exchange)
    if not same(first.requests, again.requests):
        raise Failed(
            "the same request makes other requests the second time",
            Evidence(expected=shown(first.requests, exchange), got=shown(again.requests, exchange)),
        )
    if first.said() != again.said():
        raise Failed("the same answers come to another end the second time")
    if (
        first.call.account != opened(target, exchange.account)
        or first.call.request != exchange.build()
    ):
        raise Failed("the flow changes the request or the account it is given")
    return 2


@check(
    "parse-error-pure",
    since="2026.11",
    cases=each_exchange,
    why="parse_error is called for every answer, and the flow reads the same answer afterwards.",
    how="Read the response with response.decode, and change nothing.",
)
def parse_error_pure(target: Target, case: str) -> int:
    """parse_error returns the same for the same response, and changes neither the response nor the
    account."""
    exchange = target.exchange(case)
    account = opened(target, exchange.account)
    for step in (*exchange.grants, *exchange.steps):
        response = step.response.answer()
        before = _parts(response)

        def ask(response: HttpResponse = response) -> Any:
            return target.connector.hooks["parse_error"](response=response, account=account)

        with bounded("parse_error"):
            first, again = ask(), ask()
        if first != again:
            raise Failed("parse_error gives another answer the second time")
        if _parts(response) != before:
            raise Failed("parse_error changes the response")
    if account != opened(target, exchange.account):
        raise Failed("parse_error changes the account")
    return len(exchange.steps)


def _parts(response: HttpResponse) -> tuple[Any, ...]:
    return (
        response.status_code,
        copy.deepcopy(response.headers),
        response.body,
    )


@check(
    "no-clock-no-network",
    since="2026.11",
    cases=once,
    why="A replay cannot find what a flow does only on some days or for some requests.",
    how="Take times and ids from the request, and leave sending, waiting and keys to the core.",
)
def no_clock_no_network(target: Target, case: str) -> int:
    """No file that the connector's module imports uses a clock, random numbers, network, thread,
    process, environment or file, even in code that no flow runs."""
    tried = 0
    for source in reachable(target).values():
        tried += 1
        for node, name in impurities(source):
            place = f"{source.path.relative_to(target.package.parent)}:{node.lineno}"
            raise Failed(f"{place} uses {name}")
    return tried
