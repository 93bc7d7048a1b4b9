"""Processors unlike most: no customers, fields without a place, conflicts, decimals, odd bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import anyio
import pytest
from support import ACME, Server

from prism_core import (
    Address,
    AsyncPrism,
    AuthorizeRequest,
    Card,
    Checkout,
    Conflict,
    ConnectorLoadError,
    CreateCustomerRequest,
    CustomerDetails,
    InvalidRequest,
    Money,
    NotFound,
    Prism,
    TransportError,
    UnsupportedOperation,
    at_most,
    one_of,
    without,
)

Plugin = Callable[..., Any]
CARD = Card("4242424242424242", 12, 2090, "123")
PAYMENT = AuthorizeRequest(
    merchant_transaction_id="order_1", amount=Money(1000, "USD"), payment_method=CARD
)
CUSTOMER = CreateCustomerRequest(
    merchant_customer_id="user_42", name="Ada Lovelace", email="ada@example.com"
)
GOOD = {"id": "pay_1", "state": "ok", "ref": "order_1", "customer": "user_42"}
SENDS = (
    '            "create_customer": '
    '("merchant_customer_id", "name", "email", "phone", "address"),\n'
)
LINKED = '"capture_method", "metadata",\n'
FORM = 'form = {"number": method.number, "amount": request.amount.minor_amount}\n'


def changed(*pairs: tuple[str, str]) -> str:
    source = ACME.read_text()
    for old, new in pairs:
        assert old in source, old
        source = source.replace(old, new, 1)
    return source


@pytest.fixture
def keeping_none(plugin: Plugin) -> str:
    """The test connector of a processor that keeps no customers."""
    told = (
        f"        {FORM}        form |= {{'shopper': request.connector_customer_id}}\n"
        "        if request.customer is not None:\n"
        "            form |= {'name': request.customer.name, 'mail': request.customer.email}\n"
    )
    source = changed(
        (SENDS, ""),
        (LINKED, f'"customer", {LINKED}'),
        (f"        {FORM}", told),
        ("    @hookimpl\n    def create_customer(", "    def _none("),
        (
            "        payment_methods=(Card,),\n",
            "        payment_methods=(Card,),\n        keeps_customers=False,\n"
            '        lacks={"create_customer": "it knows none; use checkout"},\n',
        ),
    )
    plugin("acme", source)
    return "acme"


def opened(server: Server, kind: Any = Prism) -> Any:
    return kind("acme", api_key="key", base_url=server.url)


def by_reference(done: Checkout, server: Server) -> None:
    assert done.customer is None
    assert (done.linked_by, done.connector_customer_id) == ("merchant_customer_id", "user_42")
    assert done.payment.status.value == "AUTHORIZED"
    assert done.payment.discrepancies == ()
    (seen,) = server.seen
    assert b"shopper=user_42&name=Ada+Lovelace&mail=ada%40example.com" in seen.body


def test_checkout_links_by_the_callers_own_id(keeping_none: str, server: Server) -> None:
    """Where the processor keeps no customers, checkout is one call that tells who pays, and its
    result says how the payment is linked."""
    server.answer(200, GOOD)
    with opened(server) as prism:
        done = prism.checkout(customer=CUSTOMER, payment=PAYMENT)
    by_reference(done, server)
    assert done.to_dict()["linked_by"] == "merchant_customer_id"


def test_the_async_checkout_does_the_same(keeping_none: str, server: Server) -> None:
    """As the blocking one."""
    server.answer(200, GOOD)

    async def run() -> Checkout:
        async with opened(server, AsyncPrism) as prism:
            done: Checkout = await prism.checkout(customer=CUSTOMER, payment=PAYMENT)
            return done

    by_reference(anyio.run(run), server)


def test_checkout_with_a_reference_alone(keeping_none: str, server: Server) -> None:
    """An id is enough; then nothing is said of who that is."""
    server.answer(200, GOOD)
    with opened(server) as prism:
        prism.checkout(
            customer=CreateCustomerRequest(merchant_customer_id="user_42"), payment=PAYMENT
        )
    assert b"name=" not in server.seen[0].body


@pytest.mark.parametrize("field", ["description", "metadata", "customer"])
def test_what_cannot_be_told_is_refused(keeping_none: str, server: Server, field: str) -> None:
    """What belongs to a customer that is not kept, or is told twice, is refused by its name."""
    customer: dict[str, Any] = {"merchant_customer_id": "user_42"}
    payment: dict[str, Any] = {
        "merchant_transaction_id": "order_1",
        "amount": Money(1000, "USD"),
        "payment_method": CARD,
    }
    more: dict[str, tuple[dict[str, Any], Any]] = {
        "description": (customer, "regular"),
        "metadata": (customer, {"plan": "gold"}),
        "customer": (payment, CustomerDetails(name="Ada")),
    }
    owner, value = more[field]
    owner[field] = value
    with opened(server) as prism, pytest.raises(InvalidRequest) as caught:
        prism.checkout(
            customer=CreateCustomerRequest(**customer), payment=AuthorizeRequest(**payment)
        )
    assert caught.value.field == field
    assert server.seen == []


def test_a_lacking_operation_says_what_to_do(keeping_none: str, server: Server) -> None:
    """The connector's own sentence is in the error, and nothing is sent."""
    with opened(server) as prism, pytest.raises(UnsupportedOperation, match="use checkout"):
        prism.customers.create(CUSTOMER)
    assert server.seen == []


@pytest.fixture
def leaving_out(plugin: Plugin) -> None:
    source = changed(
        (SENDS, SENDS.replace('"phone", "address"', "")),
        (
            "        payment_methods=(Card,),\n",
            "        payment_methods=(Card,),\n"
            '        leaves_out={"create_customer": ("phone", "description")},\n',
        ),
    )
    plugin("acme", source)


@pytest.mark.usefixtures("leaving_out")
def test_what_has_no_place_is_reported(server: Server) -> None:
    """A descriptive field that the connector leaves out is in the result's `not_sent`; others
    are refused as ever."""
    server.answer(200, {"id": "cus_1"})
    with opened(server) as prism:
        created = prism.customers.create(merchant_customer_id="user_42", phone="+12025550123")
        assert created.not_sent == ("phone",)
        assert prism.customers.create(merchant_customer_id="user_42").not_sent == ()
        with pytest.raises(InvalidRequest):
            prism.customers.create(merchant_customer_id="user_42", metadata={"a": "b"})
    assert b"2025550123" not in server.seen[0].body


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ('leaves_out={"authorize": ("capture_method",)}', "capture_method, which must be sent"),
        ('leaves_out={"authorize": ("return_url",)}', "return_url, which must be sent"),
        ('leaves_out={"create_customer": ("name",)}', "name, which must be sent"),
        ('leaves_out={"transfer": ()}', "transfer, which is not implemented"),
        ('lacks={"authorize": "no"}', "authorize, which is implemented"),
        ('lacks={"fly": "no"}', "fly, which is no operation"),
        ("keeps_customers=False", "create_customer is implemented"),
    ],
)
def test_declarations_that_cannot_be_true(plugin: Plugin, declared: str, words: str) -> None:
    """What a connector declares is checked when it is loaded."""
    plugin("acme", changed(("payment_methods=(Card,),", f"payment_methods=(Card,), {declared},")))
    with pytest.raises(ConnectorLoadError, match=words):
        Prism("acme", api_key="key")


def test_a_connector_that_never_redirects_may_leave_the_return_url_out(
    plugin: Plugin, server: Server
) -> None:
    """Nobody is sent away, so nobody has to come back."""
    never = 'outcomes=("decline",), leaves_out={"authorize": ("return_url",)}'
    plugin("acme", changed(("payment_methods=(Card,),", f"payment_methods=(Card,), {never},")))
    server.answer(200, GOOD)
    with opened(server) as prism:
        paid = prism.payments.authorize(
            merchant_transaction_id="order_1",
            amount=Money(1000, "USD"),
            payment_method=CARD,
            return_url="https://shop.example/return",
        )
    assert paid.not_sent == ("return_url",)


@pytest.fixture
def in_conflict(plugin: Plugin) -> None:
    named = (
        "            unknown=problem.unknown,\n",
        "            unknown=problem.unknown,\n"
        "            connector_customer_id=problem.message.rpartition(' ')[2] or None,\n",
    )
    plugin("acme", changed(named))


@pytest.mark.usefixtures("in_conflict")
def test_a_conflict_names_the_customer_that_exists(server: Server) -> None:
    """The error carries its id; with on_conflict="return" it is the result, and says so."""
    server.answer(409, {"code": "dup", "message": "exists as cus_7", "kind": "CONFLICT"})
    with opened(server) as prism:
        with pytest.raises(Conflict) as caught:
            prism.customers.create(CUSTOMER)
        assert caught.value.connector_customer_id == "cus_7"
        assert caught.value.to_dict()["connector_customer_id"] == "cus_7"
        found = prism.customers.create(
            merchant_customer_id="user_42", email="ada@example.com", on_conflict="return"
        )
    assert (found.connector_customer_id, found.merchant_customer_id) == ("cus_7", "user_42")
    assert (found.existed, found.status_code) == (True, 409)


@pytest.mark.usefixtures("in_conflict")
def test_a_conflict_about_nothing_known_stays_an_error(server: Server) -> None:
    """There is no customer to return where the processor names none."""
    server.answer(409, {"code": "dup", "message": "", "kind": "CONFLICT"})
    with opened(server) as prism, pytest.raises(Conflict):
        prism.customers.create(merchant_customer_id="user_42", on_conflict="return")


def test_what_an_earlier_step_made_is_told(plugin: Plugin, server: Server) -> None:
    """When a later step fails, the error names what the first one made, and is no less certain
    where that moved no money."""
    first = (
        "        from prism_core import PrismError\n"
        "        order = yield account.post('/orders', changes=False)\n"
        "        try:\n"
        "            response = yield account.post('/payments', form=form)\n"
        "        except PrismError as error:\n"
        "            error.connector_transaction_id = order.json()['id']\n"
        "            raise\n"
    )
    old = (
        "        response = yield account.post(\n"
        '            "/payments", form=form, idempotency_key=request.idempotency_key\n'
        "        )\n"
    )
    plugin("acme", changed((old, first)))
    server.answer(201, {"id": "ord_1"}).answer(404, {"code": "gone", "kind": "OTHER"})
    with opened(server) as prism, pytest.raises(NotFound) as caught:
        prism.payments.authorize(PAYMENT)
    assert (caught.value.outcome, caught.value.connector_transaction_id) == ("rejected", "ord_1")


def test_a_second_step_that_never_left_is_certain(plugin: Plugin, server: Server) -> None:
    """After a first step that changed nothing, a refused connection is still not_sent."""
    old = (
        "        response = yield account.post(\n"
        '            "/payments", form=form, idempotency_key=request.idempotency_key\n'
        "        )\n"
    )
    nowhere = (
        "        yield account.post('/orders', changes=False)\n"
        "        from prism_core import HttpRequest\n"
        "        response = yield HttpRequest('POST', 'http://127.0.0.1:1/payments', {})\n"
    )
    plugin("acme", changed((old, nowhere)))
    server.answer(201, {"id": "ord_1"})
    with (
        Prism("acme", api_key="key", base_url=server.url, max_retries=0) as prism,
        pytest.raises(TransportError) as caught,
    ):
        prism.payments.authorize(PAYMENT)
    assert caught.value.outcome == "not_sent"


def test_a_byte_order_mark_before_the_answer(acme: str, server: Server) -> None:
    """Answers that begin with a UTF-8 byte-order mark are read like any other."""
    server.answer(200, b"\xef\xbb\xbf" + json.dumps(GOOD).encode())
    with opened(server) as prism:
        assert prism.payments.authorize(PAYMENT).connector_transaction_id == "pay_1"


@pytest.mark.parametrize(
    ("money", "exceptions", "written"),
    [
        (Money(1050, "USD"), {}, "10.50"),
        (Money(1050, "JPY"), {"HUF": 0}, "1050"),
        (Money(12345, "KWD"), {}, "12.345"),
        (Money(105000, "HUF"), {"HUF": 0}, "1050"),
        (Money(1050, "ISK"), {"ISK": 2}, "1050.00"),
    ],
)
def test_decimals_as_the_processor_gives_them(
    money: Money, exceptions: dict[str, int], written: str
) -> None:
    """An amount in major units has the decimals of the currency, or of the processor."""
    assert f"{money.to_decimal(exceptions):f}" == written
    assert Money.from_decimal(Decimal(written), money.currency) == money


def test_decimals_that_the_processor_does_not_take() -> None:
    """They are refused, not rounded."""
    with pytest.raises(InvalidRequest, match="0 decimals"):
        Money(1050, "HUF").to_decimal({"HUF": 0})


def test_the_command_says_how_it_linked(
    keeping_none: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`prism checkout` with a processor that keeps no customers says by what it linked."""
    from click.testing import CliRunner

    from prism_core.cli.app import prism

    server.answer(200, GOOD)
    monkeypatch.setenv("PRISM_ACME_API_KEY", "key")
    monkeypatch.setenv("PRISM_ACME_BASE_URL", server.url)
    asked = "--merchant-customer-id user_42 --merchant-transaction-id order_1 --card -"
    card = '{"number": "4242424242424242", "exp_month": 12, "exp_year": 2090, "cvc": "123"}'
    arguments = ["checkout", "-c", "acme", *asked.split(), "--amount", "10.00 USD"]
    done = CliRunner().invoke(prism, arguments, input=card)
    assert done.exit_code == 0, done.output
    assert "linked_by: merchant_customer_id" in done.output


def test_limits_are_refused_before_anything_is_sent() -> None:
    """The helpers of connectors name the field that does not fit."""
    assert at_most(3, "description", "abc") == "abc"
    assert at_most(3, "description", None) is None
    with pytest.raises(InvalidRequest, match="description has up to 3 characters") as caught:
        at_most(3, "description", "abcd")
    assert caught.value.field == "description"
    without(None, ("line3",))
    without(Address(line1="1 Example Street"), ("line3",))
    with pytest.raises(InvalidRequest, match="billing_address has no line3"):
        without(Address(line3="Rear"), ("line3",), "billing_address")
    assert one_of("name", "customer", None, "Ada", "Ada") == "Ada"
    assert one_of("name", "customer", None, None) is None
    with pytest.raises(InvalidRequest, match="two different names"):
        one_of("name", "customer", "Ada", "Grace")


def test_checks_of_card_and_address_are_kept(plugin: Plugin, server: Server) -> None:
    """The processor's own codes are in the result, without anything of the caller's in them."""
    kept = (
        "        merchant_transaction_id=body.ref,\n        connector_customer_id",
        "        merchant_transaction_id=body.ref,\n        avs_code=body.ref,\n"
        "        cvc_code='M',\n        connector_customer_id",
    )
    plugin("acme", changed(kept))
    server.answer(200, {"id": "pay_1", "state": "ok", "ref": "Y 4242424242424242"})
    with opened(server) as prism:
        paid = prism.payments.authorize(PAYMENT)
    assert paid.cvc_code == "M"
    assert paid.avs_code is not None
    assert "4242" not in paid.avs_code
