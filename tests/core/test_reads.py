"""What a flow does not read, it does not send: it is refused before anything left, or told."""

from __future__ import annotations

from typing import Any

import pytest
from support import Install, Server

from prism_core import (
    Address,
    Card,
    CustomerDetails,
    InvalidRequest,
    MalformedResponse,
    Money,
    Token,
)

from .shapes import AUTHORIZE, CREATE, order, small

HELD = Card("4242424242424242", exp_month=12, exp_year=2090, cvc="123", holder_name="Ada")


def refused(prism: Any, **given: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.authorize(**order(**given))
    return caught.value


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"return_url": "https://shop.example"}, "return_url", "return_url with authorize"),
        ({"off_session": False}, "off_session", "off_session with authorize and a Card"),
        ({"billing_address": Address(line3="x")}, "billing_address", "billing_address.line3"),
        (
            {"payment_method": Token("t_1"), "billing_address": Address(city="Paris")},
            "billing_address",
            "cannot send billing_address with authorize and a Token; leave it out",
        ),
    ],
)
def test_a_field_that_no_branch_read_is_refused(
    plugin: Install, server: Server, given: dict[str, Any], field: str, said: str
) -> None:
    """Also one that the flow reads in another case: with a token, no billing address is sent."""
    with small(plugin, server, AUTHORIZE) as prism:
        error = refused(prism, **given)
    assert (error.field, error.outcome, server.seen) == (field, "not_sent", [])
    assert said in error.message


def test_what_only_describes_is_left_out_and_told(plugin: Install, server: Server) -> None:
    """Whole fields, and the parts of those that are sent; a part that is sent is not told."""
    server.answer(200, {"id": "pay_1"})
    told = {
        "description": "a book",
        "shipping_address": Address(city="Paris", line3="at the back"),
        "billing_address": Address(city="Rome"),
        "customer": CustomerDetails(name="Ada"),
        "payment_method": HELD,
    }
    with small(plugin, server, AUTHORIZE) as prism:
        paid = prism.payments.authorize(**order(**told))
        assert {*paid.not_sent} == {
            *("description", "shipping_address.line3", "customer", "payment_method.holder_name")
        }
        assert prism.payments.authorize(**order()).not_sent == ()
    assert server.seen[0].json["city"] == "Rome"


def test_a_refund_without_a_place_for_its_own_id_is_told(plugin: Install, server: Server) -> None:
    """Mercado Pago takes an amount and nothing else: the result has the id all the same."""
    server.answer(200, {"id": "ref_1"})
    flow = """refund:
asked = account.post("/refunds", json={"payment": request.connector_transaction_id})
body = yield from account.fetch(asked, Body)
return Refund(status=RefundStatus.REFUND_SUCCESS, connector_refund_id=body.id)
"""
    with small(plugin, server, flow) as prism:
        made = prism.payments.refund(connector_transaction_id="pay_1", merchant_refund_id="own_1")
    assert (made.merchant_refund_id, made.not_sent) == ("own_1", ("merchant_refund_id",))


def test_a_connector_may_refuse_what_only_describes(plugin: Install, server: Server) -> None:
    """`refuses` names a field that must not be dropped, even where the caller is told."""
    info = 'refuses={"authorize": ("description",)}'
    with small(plugin, server, AUTHORIZE, info=info) as prism:
        assert refused(prism, description="a book").field == "description"
    assert server.seen == []


def test_nobody_who_is_never_sent_away_needs_a_way_back(plugin: Install, server: Server) -> None:
    """Where no customer authenticates, return_url is left out instead of refused."""
    server.answer(200, {"id": "pay_1"})
    with small(plugin, server, AUTHORIZE, info='outcomes=("decline",)') as prism:
        paid = prism.payments.authorize(**order(return_url="https://shop.example"))
    assert paid.not_sent == ("return_url",)


LATE = """capture:
body = yield from account.fetch(account.get("/payments/{}", request.connector_transaction_id), Body)
amount = None if request.amount is None else request.amount.minor_amount
body = yield from account.fetch(account.post("/take", json={"amount": amount}), Body)
if request.merchant_capture_id:
    yield account.post("/more")
return Payment(status=PaymentStatus.CHARGED, connector_transaction_id=body.id)
"""
TOO_LATE = """capture:
yield account.post("/payments/{}/take", request.connector_transaction_id)
yield account.post("/more", json={"amount": str(request.amount)})
"""


def test_what_is_read_after_a_lookup_is_judged_then(plugin: Install, server: Server) -> None:
    """Nothing was changed yet: the amount is sent. What is read only later is not told as left
    out, and so not lost in silence either."""
    server.answer(200, {"id": "pay_1"})
    with small(plugin, server, LATE) as prism:
        taken = prism.payments.capture(
            connector_transaction_id="pay_1", amount=Money(400, "USD"), merchant_capture_id="c_1"
        )
    assert server.seen[1].json == {"amount": 400}
    assert [seen.path for seen in server.seen] == ["/payments/pay_1", "/take", "/more"]
    assert taken.not_sent == ()


def test_what_is_read_after_the_last_request_is_told_as_left_out(
    plugin: Install, server: Server
) -> None:
    """Whatever the flow reads it for, nothing of it was sent."""
    server.answer(200, {"id": "cus_1"})
    flow = CREATE.replace("return", "request.name\nreturn")
    with small(plugin, server, flow) as prism:
        made = prism.customers.create(merchant_customer_id="user_1", name="Ada")
    assert made.not_sent == ("name",)


def test_an_id_that_an_answer_lacks_is_not_the_callers(plugin: Install, server: Server) -> None:
    """Something was changed: nobody may be told that the request cannot be right."""
    flow = """capture:
yield account.post("/{}/take", request.connector_transaction_id)
request.merchant_capture_id
yield account.get("/{}", None)
"""
    server.answer(200, {"id": "pay_1"})
    with small(plugin, server, flow) as prism, pytest.raises(MalformedResponse) as caught:
        prism.payments.capture(connector_transaction_id="pay_1")
    assert caught.value.outcome == "unknown"


NO_TOKEN = AUTHORIZE.replace('card = {"token": method.token}', "card = {}")


def test_a_token_that_no_branch_reads_is_refused(plugin: Install, server: Server) -> None:
    """Some processors would charge another card of the customer's, which nobody named. To ask
    what kind of payment method it is sends nothing of it."""
    with small(plugin, server, NO_TOKEN) as prism:
        error = refused(prism, payment_method=Token("t_1"), connector_customer_id="cus_1")
        assert not prism.supports("authorize", "payment_method.token")
    assert error.message == ("Small cannot send payment_method.token with authorize; leave it out")
    assert (error.field, server.seen) == ("payment_method", [])


def test_what_get_or_create_reads_for_itself_is_not_sent(plugin: Install, server: Server) -> None:
    """A customer that is made without the id would never be found again, and be made again."""
    find = """get_customer:
body = yield from account.fetch(account.get("/{}", request.merchant_customer_id), Body)
return Customer(connector_customer_id=body.id)
"""
    missing = "if response.status_code == 404: return ErrorAnswer(kind=ErrorKind.NOT_FOUND, "
    missing += 'details=ErrorDetails(connector=ConnectorDetails(code="none")))'
    flow = CREATE.replace("request.merchant_customer_id", "request.name")
    server.answer(404, {}).answer(200, {"id": "cus_1"})
    with (
        small(plugin, server, flow, find, declines=missing) as prism,
        pytest.raises(InvalidRequest, match="cannot send merchant_customer_id"),
    ):
        prism.customers.get_or_create(merchant_customer_id="user_1", name="Ada")
    assert [seen.method for seen in server.seen] == ["GET"]


def test_what_is_read_after_a_change_is_refused_before_it(plugin: Install, server: Server) -> None:
    """The money of an amount that nobody has read yet does not move."""
    with small(plugin, server, TOO_LATE) as prism, pytest.raises(InvalidRequest) as caught:
        prism.payments.capture(connector_transaction_id="pay_1", amount=Money(400, "USD"))
    assert (caught.value.field, caught.value.outcome, server.seen) == ("amount", "not_sent", [])


ASKING = """complete:
body = yield from account.fetch(account.get("/payments/{}", request.connector_transaction_id), Body)
return Payment(status=PaymentStatus.CHARGED, connector_transaction_id=body.id)
"""


def test_an_operation_that_only_asks_is_judged_at_its_end(plugin: Install, server: Server) -> None:
    """`complete` may change nothing: what it never read is told all the same. What only says
    which payment is meant, and how its customer came back, is no loss."""
    server.answer(200, {"id": "pay_1"})
    with small(plugin, server, ASKING) as prism:
        done = prism.payments.complete(
            connector_transaction_id="pay_1", returned={"a": "b"}, metadata={"a": "b"}
        )
    assert done.not_sent == ("metadata",)


FINDING = """get_payment:
body = yield from account.fetch(account.get("/payments/{}", request.connector_transaction_id), Body)
return Payment(status=PaymentStatus.CHARGED, connector_transaction_id=body.id)
""", """get_customer:
body = yield from account.fetch(account.get("/customers"), Body)
return Customer(connector_customer_id=body.id)
"""  # fmt: skip


def test_a_lookup_says_by_which_id_it_finds(plugin: Install, server: Server) -> None:
    """Whether the flow puts the missing id into a path or reads neither; nothing is sent."""
    with small(plugin, server, *FINDING) as prism:
        with pytest.raises(InvalidRequest) as caught:
            prism.payments.get(merchant_transaction_id="order_1")
        assert caught.value.message == (
            "Small does not find a payment by merchant_transaction_id: "
            "give connector_transaction_id; if no answer gave you one, repeat the payment with its "
            "idempotency_key"
        )
        with pytest.raises(InvalidRequest, match="find a customer by merchant_customer_id"):
            prism.customers.get(merchant_customer_id="user_1")
        with pytest.raises(InvalidRequest, match="cannot send connector_customer_id"):
            prism.customers.get(connector_customer_id="cus_1")
    assert server.seen == []


def test_an_id_that_is_missing_is_named(plugin: Install, server: Server) -> None:
    """An operation whose id is optional, and that needs it."""
    with (
        small(plugin, server, ASKING) as prism,
        pytest.raises(InvalidRequest, match="needs connector_transaction_id") as caught,
    ):
        prism.payments.complete(merchant_transaction_id="order_1")
    assert caught.value.field == "connector_transaction_id"


def test_a_path_without_any_id_is_refused(plugin: Install, server: Server) -> None:
    """A flow's own None in a path is nothing that the caller can be told by name."""
    flow = "create_customer:\nyield account.post('/{}', None)\n"
    with (
        small(plugin, server, flow) as prism,
        pytest.raises(InvalidRequest, match="needs an id with create_customer"),
    ):
        prism.customers.create(merchant_customer_id="user_1")


def test_options_speak_to_the_core_alone(plugin: Install, server: Server) -> None:
    """timeout, max_retries, on_conflict and the key are read by no flow, and never refused."""
    server.answer(200, {"id": "cus_1"})
    with small(plugin, server, CREATE) as prism:
        made = prism.customers.create(
            merchant_customer_id="user_1",
            timeout=3,
            max_retries=1,
            on_conflict="return",
            idempotency_key="key_1",
        )
    assert made.not_sent == ()
