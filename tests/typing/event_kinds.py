"""A handler of events, as mypy and pyright check it: never run, and no line needs Any."""

from __future__ import annotations

from typing import assert_never, assert_type

from aiohttp.web import Request as AiohttpRequest
from starlette.requests import Request as StarletteRequest
from werkzeug.wrappers import Request as WerkzeugRequest

from prism_core import (
    AnyEvent,
    AsyncPrism,
    Dispute,
    EventKind,
    HandleEventRequest,
    Mandate,
    Payment,
    Prism,
    Refund,
)


def act_on(event: AnyEvent) -> str:
    """After `match event.kind`, the object of that kind is there: no line asks whether it is None.
    Without one of these cases, `assert_never` is an error."""
    match event.kind:
        case EventKind.PAYMENT:
            assert_type(event.payment, Payment)
            return event.payment.status
        case EventKind.REFUND:
            assert_type(event.refund, Refund)
            return event.refund.status
        case EventKind.MANDATE:
            assert_type(event.mandate, Mandate)
            return event.mandate.status
        case EventKind.DISPUTE:
            assert_type(event.dispute, Dispute)
            return event.dispute.status
        case EventKind.CUSTOMER:
            return event.connector_customer_id
        case EventKind.PAYMENT_METHOD:
            return event.connector_payment_method_id
        case EventKind.UNKNOWN:
            return event.event_type
    assert_never(event)


def forgetful(event: AnyEvent) -> str:
    """A forgotten kind is an error, for both."""
    match event.kind:  # pyright: ignore[reportMatchNotExhaustive]
        case (
            EventKind.PAYMENT
            | EventKind.REFUND
            | EventKind.MANDATE
            | EventKind.CUSTOMER
            | EventKind.PAYMENT_METHOD
            | EventKind.UNKNOWN
        ):
            return event.event_type
    assert_never(event)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def payments(event: AnyEvent) -> list[Payment]:
    """An `if` narrows as well, in the other events of the webhook, too."""
    every = (event, *event.others)
    return [one.payment for one in every if one.kind is EventKind.PAYMENT]


def blocking(prism: Prism, flask: WerkzeugRequest, environ: dict[str, object]) -> None:
    """A framework's request, or the body and headers."""
    assert_type(prism.events.handle(flask), AnyEvent)
    assert_type(prism.events.handle(environ, timeout=5), AnyEvent)
    assert_type(prism.events.handle(HandleEventRequest(body=b"", headers={})), AnyEvent)


def awaited(prism: Prism, starlette: StarletteRequest, aiohttp: AiohttpRequest) -> None:
    """A body that must be awaited is nothing for the blocking client."""
    prism.events.handle(starlette)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    prism.events.handle(aiohttp)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]


async def asynchronous(
    prism: AsyncPrism, starlette: StarletteRequest, aiohttp: AiohttpRequest, flask: WerkzeugRequest
) -> None:
    """The async one takes all of them."""
    assert_type(await prism.events.handle(starlette), AnyEvent)
    assert_type(await prism.events.handle(aiohttp, timeout=5), AnyEvent)
    assert_type(await prism.events.handle(flask), AnyEvent)
