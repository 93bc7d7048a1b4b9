"""Clients as a user meets them: configuration, keywords, async twins, checkout, threads."""

from __future__ import annotations

import inspect
import threading
from typing import Any
from unittest.mock import create_autospec

import anyio
import httpx
import pytest
from support import Server

from prism_core import (
    Address,
    AsyncCustomerClient,
    AsyncPaymentClient,
    AsyncPrism,
    AuthorizeRequest,
    Card,
    ConfigurationError,
    CreateCustomerRequest,
    CustomerClient,
    InvalidRequest,
    Money,
    PaymentClient,
    PaymentStatus,
    Prism,
    TransportError,
    Unavailable,
    UnsupportedOperation,
    driver,
)
from prism_core.clients.prism import SERVICES

CUSTOMER = CreateCustomerRequest(merchant_customer_id="user_42", email="ada@example.com")
PAYMENT = AuthorizeRequest(
    merchant_transaction_id="order_1",
    amount=Money(1000, "USD"),
    payment_method=Card("4242424242424242", 12, 2090, "123"),
)
GOOD = {"id": "pay_1", "state": "ok", "ref": "order_1", "customer": "cus_1"}


def options(server: Server) -> dict[str, Any]:
    return {"api_key": "key_secret", "base_url": server.url}


def test_keywords_and_a_ready_request_do_the_same(acme: str, server: Server) -> None:
    """A method takes keyword arguments or one request object, and sends the same."""
    server.answer(200, {"id": "cus_1"})
    with CustomerClient(acme, **options(server)) as customers:
        customers.create(merchant_customer_id="user_42", email="ada@example.com")
        customers.create(CUSTOMER)
    assert server.seen[0].body == server.seen[1].body


@pytest.mark.parametrize(
    ("args", "fields", "words"),
    [
        ((), {"merchant_customer_id": "u", "emial": "a@b.co"}, "not take 'emial'; did you mean"),
        ((), {"merchant_customer_id": "u", "zzz": 1}, "it takes timeout, max_retries, merchant_"),
        ((), {}, "customers.create needs merchant_customer_id"),
        ((CUSTOMER, CUSTOMER), {}, "or one CreateCustomerRequest alone"),
        ((CUSTOMER,), {"email": "a@b.co"}, "or one CreateCustomerRequest alone"),
        ((PAYMENT,), {}, "or one CreateCustomerRequest alone"),
        ((), {"merchant_customer_id": "u", "email": "ada"}, "must be an email address"),
    ],
)  # fmt: skip
def test_wrong_arguments_say_what_to_change(
    acme: str, server: Server, args: tuple[Any, ...], fields: dict[str, Any], words: str
) -> None:
    """An unknown, missing or malformed argument is one error, and nothing is sent."""
    customers = CustomerClient(acme, **options(server))
    with pytest.raises(InvalidRequest, match=words) as caught:
        customers.create(*args, **fields)
    assert caught.value.operation == "customers.create"
    assert server.seen == []


def test_methods_document_themselves(acme: str) -> None:
    """Signature and docstring of a method are there for `help()` and for completion."""
    customers = CustomerClient(acme, api_key="k")
    parameters = inspect.signature(customers.create).parameters
    assert parameters["merchant_customer_id"].default is inspect.Parameter.empty
    assert parameters["email"].default is None
    assert "Address" in str(parameters["address"].annotation)
    assert "connector_customer_id" in str(customers.create.__doc__)
    assert str(customers.create.__doc__).endswith(
        "Takes the fields of `CreateCustomerRequest`, or one that is ready; "
        "returns `CustomerCreated`."
    )
    assert customers.create.__name__ == "create"
    assert CustomerClient.create.called == "customers.create"
    assert repr(customers) == "<CustomerClient acme>"
    assert "key" not in repr(customers._engine)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"timeout": 0}, "timeout must be a positive"),
        ({"timeout": "1"}, "timeout must be a number"),
        ({"timeout": True}, "timeout must be a number"),
        ({"max_retries": -1}, "max_retries must be an integer"),
        ({"max_retries": 1.5}, "max_retries must be an integer"),
        ({"environment": "TEST"}, "environment must be one of SANDBOX, PRODUCTION"),
        ({"environment": "PRODUCTION"}, "no PRODUCTION environment"),
        ({"base_url": "http://example.com"}, "must be https"),
        ({"token": "x"}, "unknown: token"),
        ({"transport": object(), "http_client": object()}, "not both"),
    ],
)
def test_a_client_set_up_wrongly_is_refused(acme: str, more: dict[str, Any], words: str) -> None:
    """Every mistake in setting a client up is a ConfigurationError, for both kinds of client."""
    for client in (Prism, AsyncPrism):
        with pytest.raises(ConfigurationError, match=words):
            client(acme, **{"api_key": "k", **more})  # type: ignore[arg-type]


def test_credentials_from_the_environment(
    acme: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`from_env` reads PRISM_ACME_...; keyword arguments win over it."""
    monkeypatch.setenv("PRISM_ACME_API_KEY", "from_env")
    monkeypatch.setenv("PRISM_ACME_BASE_URL", "https://elsewhere.example")
    server.answer(200, {"id": "cus_1"})
    with Prism.from_env(acme, base_url=server.url) as prism:
        prism.customers.create(CUSTOMER)
    assert server.seen[0].headers["authorization"] == "Bearer from_env"
    monkeypatch.delenv("PRISM_ACME_API_KEY")
    with pytest.raises(ConfigurationError, match="missing: api_key") as caught:
        Prism.from_env(acme)
    assert "Give api_key=..., or set PRISM_ACME_API_KEY" in str(caught.value)


def test_checkout_links_the_payment_to_the_customer(acme: str, server: Server) -> None:
    """One call creates the customer and authorizes with the returned id."""
    server.answer(200, {"id": "cus_1"}).answer(200, GOOD)
    with Prism(acme, **options(server)) as prism:
        done = prism.checkout(customer=CUSTOMER, payment=PAYMENT)
    assert done.connector_customer_id == done.payment.connector_customer_id == "cus_1"
    assert done.payment.status is PaymentStatus.AUTHORIZED
    assert PAYMENT.connector_customer_id is None


def test_checkout_without_a_customer_authorizes_nothing(acme: str, server: Server) -> None:
    """If the customer cannot be created, no payment is attempted."""
    server.answer(500)
    with Prism(acme, **options(server), max_retries=0) as prism, pytest.raises(Unavailable):
        prism.checkout(customer=CUSTOMER, payment=PAYMENT)
    assert [seen.path for seen in server.seen] == ["/customers"]


def test_checkout_that_fails_midway_keeps_the_customer(acme: str, server: Server) -> None:
    """If authorizing raises, the error carries the customer that was created."""
    server.answer(200, {"id": "cus_1"}).answer(500)
    with (
        Prism(acme, **options(server), max_retries=0) as prism,
        pytest.raises(Unavailable) as caught,
    ):
        prism.checkout(customer=CUSTOMER, payment=PAYMENT)
    assert caught.value.completed.connector_customer_id == "cus_1"


@pytest.mark.parametrize(
    ("customer", "payment", "words"),
    [
        ("user_42", PAYMENT, "needs customer=CreateCustomerRequest"),
        (CUSTOMER, "order_1", "needs payment=AuthorizeRequest"),
        (
            CUSTOMER,
            AuthorizeRequest(
                merchant_transaction_id="order_1",
                amount=Money(1, "USD"),
                payment_method=PAYMENT.payment_method,
                connector_customer_id="cus_2",
            ),
            "leave connector_customer_id out",
        ),
    ],
)
def test_a_checkout_that_makes_no_sense_is_refused(
    acme: str, server: Server, customer: Any, payment: Any, words: str
) -> None:
    """Wrong arguments of a checkout are refused before the customer is created."""
    with Prism(acme, **options(server)) as prism, pytest.raises(InvalidRequest, match=words):
        prism.checkout(customer=customer, payment=payment)
    assert server.seen == []


@pytest.mark.anyio
async def test_the_async_twins_do_the_same(acme: str, server: Server) -> None:
    """Every call works from asyncio and from trio with the same names and results."""
    server.answer(200, {"id": "cus_1"}).answer(200, GOOD).answer(500).answer(200, GOOD)
    async with AsyncPrism(acme, **options(server)) as prism:
        done = await prism.checkout(customer=CUSTOMER, payment=PAYMENT)
        found = await prism.payments.get(connector_transaction_id="pay_1")
    assert done.connector_customer_id == done.payment.connector_customer_id == "cus_1"
    assert len(found.attempts) == 2


@pytest.mark.anyio
async def test_async_errors_are_the_same(acme: str, server: Server) -> None:
    """Bad input, a failed checkout and silence raise from async clients what they raise from
    blocking ones."""
    server.answer(200, {"id": "cus_1"}).answer(500).answer(200, GOOD, delay=1)
    async with AsyncPrism(acme, **options(server), max_retries=0) as prism:
        with pytest.raises(InvalidRequest):
            await prism.checkout(customer=CUSTOMER, payment=None)  # type: ignore[arg-type]
        with pytest.raises(Unavailable) as caught:
            await prism.checkout(customer=CUSTOMER, payment=PAYMENT)
        assert caught.value.completed.connector_customer_id == "cus_1"
        with pytest.raises(TransportError) as silent:
            await prism.payments.get(connector_transaction_id="pay_1", timeout=0.2)
    assert silent.value.outcome == "unknown"


@pytest.mark.anyio
async def test_a_cancelled_call_leaves_the_client_usable(acme: str, server: Server) -> None:
    """Cancelling a task in mid-call breaks neither the client nor the next answer."""
    server.answer(200, {"id": "late"}, delay=0.5).answer(200, {"id": "cus_2"})
    async with AsyncCustomerClient(acme, **options(server)) as customers:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(customers.create, CUSTOMER)
            while not server.seen:
                await anyio.sleep(0.01)
            tasks.cancel_scope.cancel()
        created = await customers.create(CUSTOMER)
    assert created.connector_customer_id == "cus_2"


@pytest.mark.anyio
async def test_httpx_users_bring_their_own_async(acme: str, server: Server) -> None:
    """`transport=` and `http_client=` of httpx's async classes are used, and left open."""
    server.answer(200, {"id": "cus_1"})
    async with httpx.AsyncClient(headers={"x-mine": "1"}) as mine:
        async with AsyncCustomerClient(acme, **options(server), http_client=mine) as customers:
            await customers.create(CUSTOMER)
        assert not mine.is_closed
    assert server.seen[0].headers["x-mine"] == "1"

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": "mocked"})

    transport = httpx.MockTransport(answer)
    async with AsyncCustomerClient(acme, api_key="k", transport=transport) as customers:
        assert (await customers.create(CUSTOMER)).connector_customer_id == "mocked"


def test_httpx_users_bring_their_own(acme: str, server: Server) -> None:
    """`transport=` and `http_client=` of httpx are used, and left open; redirects stay off."""
    server.answer(200, {"id": "cus_1"}).answer(302, None, {"location": server.url})
    with httpx.Client(headers={"x-mine": "1"}, follow_redirects=True) as mine:
        with CustomerClient(acme, **options(server), http_client=mine) as customers:
            customers.create(CUSTOMER)
            with pytest.raises(Exception, match="redirect"):
                customers.create(CUSTOMER)
        assert not mine.is_closed
    assert server.seen[0].headers["x-mine"] == "1"
    assert len(server.seen) == 2
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"id": "mocked"}))
    with CustomerClient(acme, api_key="k", transport=transport) as customers:
        assert customers.create(CUSTOMER).connector_customer_id == "mocked"


def test_services_share_one_connection_pool(acme: str, server: Server) -> None:
    """The services of a Prism send through the same transport."""
    server.answer(200, {"id": "cus_1"}).answer(200, GOOD)
    with Prism(acme, **options(server)) as prism:
        prism.customers.create(CUSTOMER)
        prism.payments.authorize(PAYMENT)
        assert prism.customers._engine is prism.payments._engine
        assert prism.customers is prism.customers


def test_a_forked_child_makes_its_own_connections(acme: str, server: Server) -> None:
    """After a fork (gunicorn's preload, Celery's prefork) parent and child share no socket."""
    server.answer(200, {"id": "cus_1"})
    with CustomerClient(acme, **options(server)) as customers:
        customers.create(CUSTOMER)
        mine = customers._engine._transport
        customers._engine._process -= 1  # as it looks to a child
        customers.create(CUSTOMER)
        assert customers._engine._transport is not mine
        mine.close()


def test_one_async_client_works_in_one_loop_after_another(acme: str, server: Server) -> None:
    """A client that lives longer than an event loop makes new connections in the next one."""
    server.answer(200, {"id": "cus_1"})
    client = AsyncCustomerClient(acme, **options(server))

    async def once() -> str:
        try:
            return (await client.create(CUSTOMER)).connector_customer_id
        finally:
            await client.close()

    assert [anyio.run(once), anyio.run(once)] == ["cus_1", "cus_1"]


def test_a_closed_http_client_sends_nothing(acme: str, server: Server) -> None:
    """A client of the user's own that is closed already is certain to have sent nothing."""
    mine = httpx.Client()
    mine.close()
    customers = CustomerClient(acme, **options(server), http_client=mine, max_retries=0)
    with pytest.raises(TransportError, match="http_client is closed") as caught:
        customers.create(CUSTOMER)
    assert caught.value.outcome == "not_sent"


def test_the_users_auth_does_not_replace_the_connectors(acme: str, server: Server) -> None:
    """An `auth=` on the user's httpx client leaves the connector's credentials alone."""
    server.answer(200, {"id": "cus_1"})
    with httpx.Client(auth=("user", "password")) as mine:
        CustomerClient(acme, **options(server), http_client=mine).create(CUSTOMER)
    assert server.seen[0].headers["authorization"] == "Bearer key_secret"


def test_clients_can_be_mocked_by_their_shape(acme: str) -> None:
    """`unittest.mock.create_autospec` sees that a client's methods can be called."""
    stand_in = create_autospec(PaymentClient, instance=True)
    stand_in.authorize(PAYMENT)
    stand_in.authorize.assert_called_once_with(PAYMENT)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"id": "mocked"}))
    with CustomerClient(acme, api_key="k", transport=transport) as customers:
        assert CustomerClient.create(customers, CUSTOMER).connector_customer_id == "mocked"


def test_a_client_that_never_called_closes(acme: str) -> None:
    """Closing a client that opened no connection is fine."""
    with Prism(acme, api_key="k"):
        pass


@pytest.mark.anyio
async def test_an_async_client_that_never_called_closes(acme: str) -> None:
    """Closing an async client that opened no connection is fine."""
    async with AsyncPaymentClient(acme, api_key="k"):
        pass


def test_one_client_serves_many_threads(acme: str, server: Server) -> None:
    """Threads share a client; every one gets its own answer."""
    server.answer(200, {"id": "cus_1"})
    got: list[str] = []

    with CustomerClient(acme, **options(server)) as customers:

        def work(number: int) -> None:
            created = customers.create(merchant_customer_id=f"user_{number}")
            got.append(str(created.merchant_customer_id))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(got) == sorted(f"user_{number}" for number in range(20))


def test_all_services_share_one_engine(acme: str, server: Server) -> None:
    """A `Prism` has every service over one connection pool, blocking and async alike."""
    for kind in (Prism, AsyncPrism):
        prism: Any = kind(acme, **options(server))
        services = [getattr(prism, name) for name in SERVICES]
        assert {id(one._engine) for one in services} == {id(prism._engine)}


def test_an_operation_that_a_connector_lacks(plugin: Any, server: Server) -> None:
    """Asking for what a connector does not implement says what it does, and sends nothing."""
    from support import ACME

    source = ACME.read_text().replace("    @hookimpl\n    def get_payment(", "    def _gone(")
    source = source.replace('"get_payment": ("connector_transaction_id",),', "")
    plugin("acme", source)
    payments = PaymentClient("acme", **options(server))
    with pytest.raises(UnsupportedOperation, match=r"does not support payments\.get: it"):
        payments.get(connector_transaction_id="pay_1")
    assert server.seen == []


def test_a_flow_may_send_several_requests(
    plugin: Any, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flow that needs two calls yields twice, may catch an error and go on; if the second
    call never leaves, the outcome is unknown, because the first was done."""
    from support import ACME

    monkeypatch.setattr(driver, "FIRST_PAUSE", 0.001)
    old = "        body = account.decode(response, Customer)\n"
    new = (
        old
        + "        try:\n"
        + "            yield account.get('/missing')\n"
        + "        except Exception as e:\n"
        + "            assert type(e).__name__ == 'NotFound'\n"
        + "        response = yield account.post('/last')\n"
        + old
    )
    plugin("acme", ACME.read_text().replace(old, new, 1))
    server.answer(200, {"id": "first"}).answer(404).answer(200, {"id": "third"})
    with CustomerClient("acme", **options(server)) as customers:
        created = customers.create(merchant_customer_id="u", address=Address(city="Paris"))
        assert created.connector_customer_id == "third"
        assert [attempt.path for attempt in created.attempts] == ["/customers", "/missing", "/last"]

        server.answers[:] = []
        server.answer(200, {"id": "first"}).answer(404).act(lambda handler: close(server))
        with pytest.raises(Exception, match="acme") as caught:
            customers.create(merchant_customer_id="u")
    assert caught.value.outcome == "unknown"


def close(server: Server) -> None:
    raise ConnectionResetError
