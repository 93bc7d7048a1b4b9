"""A decline is a result: the plain one of the core, or that of a flow which knows more."""

from __future__ import annotations

from typing import Any

import pytest
from support import Install, Server

from prism_core import (
    AuthenticationError,
    ConnectorError,
    ErrorDetails,
    Money,
    PaymentStatus,
    Prism,
    PrismError,
    RefundStatus,
    UnifiedCode,
    unified_error,
)
from prism_core.schema.later_status import MandateStatus

from .shapes import AUTHORIZE, order, small

DECLINES = """
        if response.status_code == 402:
            code = UnifiedCode(response.json()["why"])
            why = ErrorDetails(unified=unified_error(code))
            known = response.json().get("id")
            return ErrorAnswer(
                kind=ErrorKind.DECLINED, details=why, connector_transaction_id=known
            )
"""
MORE = """get_payment:
body = yield from account.fetch(account.get("/{}", request.connector_transaction_id), Body)
""", """capture:
yield account.post("/{}", request.connector_transaction_id)
""", """void:
yield account.post("/{}", request.connector_transaction_id)
""", """increment_authorization:
yield account.post("/{}", request.connector_transaction_id, json={"a": str(request.amount)})
""", """refund:
yield account.post("/{}", request.connector_transaction_id, json={"r": request.merchant_refund_id})
""", """setup_recurring:
card = request.payment_method
parts = [card.number, card.exp_month, card.exp_year, card.cvc]
yield account.post("/m", json={"m": request.merchant_mandate_id, "p": parts})
""", """revoke_mandate:
yield account.delete("/{}", request.connector_mandate_id)
""", """tokenize:
card = request.payment_method
yield account.post("/t", json={"p": [card.number, card.exp_month, card.exp_year, card.cvc]})
""", """handle_event:
yield account.get("/event")
"""  # fmt: skip


def called(prism: Prism, operation: str) -> Any:
    pay = {"connector_transaction_id": "pay_1"}
    card = order()["payment_method"]
    calls: dict[str, Any] = {
        "authorize": lambda: prism.payments.authorize(**order()),
        "get_payment": lambda: prism.payments.get(**pay),
        "capture": lambda: prism.payments.capture(**pay),
        "void": lambda: prism.payments.void(**pay),
        "increment_authorization": lambda: prism.payments.increment_authorization(
            **pay, amount=Money(2000, "USD")
        ),
        "refund": lambda: prism.payments.refund(**pay, merchant_refund_id="r_1"),
        "setup_recurring": lambda: prism.recurring.setup(
            merchant_mandate_id="m_1", payment_method=card
        ),
        "revoke_mandate": lambda: prism.recurring.revoke(connector_mandate_id="man_1"),
        "tokenize": lambda: prism.payment_methods.tokenize(payment_method=card),
        "handle_event": lambda: prism.events.handle(body=b"{}", headers={}),
    }
    return calls[operation]()


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ("authorize", PaymentStatus.AUTHORIZATION_FAILED),
        ("get_payment", PaymentStatus.AUTHORIZATION_FAILED),
        ("capture", PaymentStatus.CAPTURE_FAILED),
        ("void", PaymentStatus.VOID_FAILED),
        ("increment_authorization", PaymentStatus.AUTHORIZATION_FAILED),
        ("refund", RefundStatus.REFUND_FAILURE),
        ("setup_recurring", MandateStatus.MANDATE_INACTIVE),
        ("revoke_mandate", MandateStatus.MANDATE_REVOKE_FAILED),
    ],
)
def test_a_decline_that_no_flow_catches_is_a_result(
    plugin: Install, server: Server, operation: str, status: Any
) -> None:
    """With the operation's failed status, the reason, and the ids that are known."""
    if operation == "get_payment":  # a lookup that is refused with a 4xx declines nothing
        server.answer(200, {"id": "pay_1", "why": "INSUFFICIENT_FUNDS"})
    else:
        server.answer(402, {"why": "INSUFFICIENT_FUNDS"})
    declines = DECLINES.replace("response.status_code == 402", 'b"why" in response.body')
    with small(plugin, server, AUTHORIZE, *MORE, declines=declines) as prism:
        result = called(prism, operation)
    assert result.status is status
    assert result.error.unified.code == "INSUFFICIENT_FUNDS"
    if operation not in ("authorize", "setup_recurring", "revoke_mandate"):
        assert result.connector_transaction_id == "pay_1"


def test_a_failed_authentication_is_told_as_that(plugin: Install, server: Server) -> None:
    """The customer may try once more, which a declined card may not; and the payment that the
    error names can be looked up."""
    server.answer(402, {"why": "AUTHENTICATION_FAILED", "id": "pay_7"})
    with small(plugin, server, AUTHORIZE, *MORE, declines=DECLINES) as prism:
        paid = called(prism, "authorize")
        assert paid.status is PaymentStatus.AUTHENTICATION_FAILED
        assert paid.connector_transaction_id == "pay_7"


@pytest.mark.parametrize("operation", ["tokenize", "handle_event"])
def test_where_there_is_no_room_for_a_decline_it_is_an_error(
    plugin: Install, server: Server, operation: str
) -> None:
    """A stored card has no status, and what an event is about only its connector can say."""
    server.answer(402, {"why": "DECLINED"})
    with (
        small(plugin, server, AUTHORIZE, *MORE, declines=DECLINES) as prism,
        pytest.raises(ConnectorError),
    ):
        called(prism, operation)


KNOWING = AUTHORIZE.replace(
    'body = yield from account.fetch(account.post("/payments", json=form), Body)',
    """try:
    yield account.post("/payments", json=form)
except Declined as declined:
    assert declined.response.status_code == 402
    assert declined.answer.kind is ErrorKind.DECLINED
    return Payment(status=PaymentStatus.FAILURE, error=declined.details)""",
)
DECODING = AUTHORIZE.replace("json=form), Body)", "json=form), Body, declined=True)")


def test_a_flow_may_make_more_of_a_decline(plugin: Install, server: Server) -> None:
    """It catches what was raised where it yielded."""
    server.answer(402, {"why": "DECLINED"})
    with small(plugin, server, KNOWING, declines=DECLINES) as prism:
        paid = called(prism, "authorize")
    assert paid.status is PaymentStatus.FAILURE
    assert paid.error is not None


def test_a_flow_may_read_a_decline_as_any_answer(plugin: Install, server: Server) -> None:
    """Where the body has the shape of a success. A success that stands in a declining answer is
    believed by nobody."""
    from prism_core import MalformedResponse

    server.answer(402, {"why": "DECLINED", "id": "pay_1"})
    with (
        small(plugin, server, DECODING, declines=DECLINES) as prism,
        pytest.raises(MalformedResponse, match="declines, and its body says AUTHORIZED"),
    ):
        called(prism, "authorize")


def test_any_other_error_is_none(plugin: Install, server: Server) -> None:
    """Refused credentials decline no payment."""
    server.answer(401, {"why": "DECLINED"})
    with (
        small(plugin, server, AUTHORIZE, declines=DECLINES) as prism,
        pytest.raises(AuthenticationError),
    ):
        called(prism, "authorize")


IN_TWO = AUTHORIZE.replace(
    'body = yield from account.fetch(account.post("/payments", json=form), Body)',
    """ordered = account.post("/orders", json=form, changes=False, keyed=True)
body = yield from account.fetch(ordered, Body)
try:
    yield account.post("/orders/{}/pay", body.id)
except (Declined, PrismError) as ended:
    ended.connector_transaction_id = body.id
    raise""",
)


def test_a_decline_of_an_order_that_moves_no_money_yet_is_a_result(
    plugin: Install, server: Server
) -> None:
    """It is no lookup: nothing more is sent."""
    server.answer(402, {"why": "INSUFFICIENT_FUNDS"})
    with small(plugin, server, IN_TWO, declines=DECLINES) as prism:
        paid = prism.payments.authorize(**order())
    assert (paid.status, len(server.seen)) == (PaymentStatus.AUTHORIZATION_FAILED, 1)


@pytest.mark.parametrize("status", [402, 400])
def test_the_end_of_a_later_step_names_what_an_earlier_one_made(
    plugin: Install, server: Server, status: int
) -> None:
    """The flow knows the order's id, which no answer repeats; a refusal leaves no doubt: the order
    alone moved no money."""
    server.answer(200, {"id": "order_7"}).answer(status, {"why": "DECLINED"})
    with small(plugin, server, IN_TWO, declines=DECLINES) as prism:
        if status == 402:
            ended: Any = prism.payments.authorize(**order())
            assert ended.status is PaymentStatus.AUTHORIZATION_FAILED
        else:
            with pytest.raises(ConnectorError) as caught:
                prism.payments.authorize(**order())
            ended = caught.value
            assert ended.outcome == "rejected"
    assert ended.connector_transaction_id == "order_7"


TAKEN = AUTHORIZE.replace("return Payment", 'yield account.post("/take")\nreturn Payment')
CAUGHT = AUTHORIZE.replace(
    "body =",
    'try:\n    yield account.post("/hold")\nexcept PrismError:\n    pass\nbody =',
)


@pytest.mark.parametrize(("flow", "first"), [(TAKEN, 200), (CAUGHT, 500)])
def test_a_decline_after_a_change_is_no_failure(
    plugin: Install, server: Server, flow: str, first: int
) -> None:
    """The first request holds money, or may do so: nobody may be told that the payment failed.
    What it came to only the connector could say."""
    server.answer(first, {"id": "pay_1"}).answer(402, {"why": "DECLINED"})
    with small(plugin, server, flow, declines=DECLINES) as prism:
        paid = prism.payments.authorize(**order())
    assert (paid.status, len(server.seen)) == (PaymentStatus.UNRESOLVED, 2)
    assert paid.error is not None


@pytest.mark.parametrize("known", ["", 7, "x" * 256, "pay\n1", " pay_1"])
def test_a_decline_that_names_no_id_is_a_decline(
    plugin: Install, server: Server, known: object
) -> None:
    """What stands where the payment's id should be is left out, and hides no decline."""
    server.answer(402, {"why": "DECLINED", "id": known})
    with small(plugin, server, AUTHORIZE, declines=DECLINES) as prism:
        paid = prism.payments.authorize(**order())
    assert paid.status is PaymentStatus.AUTHORIZATION_FAILED
    assert paid.connector_transaction_id is None


COMPLETE = MORE[0].replace("get_payment", "complete")


@pytest.mark.parametrize("operation", ["get", "complete"])
def test_a_lookup_that_is_refused_says_nothing_of_the_payment(
    plugin: Install, server: Server, operation: str
) -> None:
    """The payment may have been made all the same: it was never told."""
    server.answer(402, {"why": "DECLINED"})
    with (
        small(plugin, server, MORE[0], COMPLETE, declines=DECLINES) as prism,
        pytest.raises(ConnectorError),
    ):
        getattr(prism.payments, operation)(connector_transaction_id="pay_1")


@pytest.mark.parametrize(
    ("code", "when"),
    [
        ("INSUFFICIENT_FUNDS", "LATER"),
        ("PROCESSING_ERROR", "SOON"),
        ("INCORRECT_CVC", "WITH_CUSTOMER"),
        ("LOST_OR_STOLEN", "NEVER"),
        (None, "LATER"),
    ],
)
def test_a_decline_says_when_to_try_again(code: str | None, when: str) -> None:
    """Whatever the processor told; of a reason that it kept to itself, as of a plain decline."""
    unified = None if code is None else unified_error(UnifiedCode(code))
    assert ErrorDetails(unified=unified).try_again == when


@pytest.mark.parametrize(("named", "told"), [("pay_1", "pay_1"), ("", None), (None, None)])
def test_an_error_names_the_payment_that_its_answer_names(
    plugin: Install, server: Server, named: str | None, told: str | None
) -> None:
    """Nobody knows whether it was paid: with its id it can be looked up."""
    fails = (
        "if response.status_code == 500: return ErrorAnswer("
        "connector_transaction_id=response.json()['id'])"
    )
    server.answer(500, {"id": named})
    with (
        small(plugin, server, AUTHORIZE, declines=fails) as prism,
        pytest.raises(PrismError) as failed,
    ):
        prism.payments.authorize(**order())
    assert failed.value.outcome == "unknown"
    assert failed.value.connector_transaction_id == told
