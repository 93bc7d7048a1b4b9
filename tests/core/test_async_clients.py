"""Async clients: what blocking ones do, from asyncio and from trio."""

from __future__ import annotations

import anyio
import pytest
from support import Server

from prism_core import (
    AsyncCustomerClient,
    AsyncPaymentClient,
    AsyncPrism,
    InvalidRequest,
    TransportError,
    Unavailable,
)

from .samples import CUSTOMER, GOOD, PAYMENT, options


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


@pytest.mark.anyio
async def test_an_async_client_that_never_called_closes(acme: str) -> None:
    async with AsyncPaymentClient(acme, api_key="k"):
        pass
