"""A Mercado Pago on this machine, and the judge that no request of a test escapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_mercadopago
from prism_contract_tests.judging import judging_by_openapi
from prism_contract_tests.processor import Processor
from prism_core import Prism

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "mercadopago.openapi.json")
judge = judging_by_openapi(prism_mercadopago, DOCUMENT)  # where it lies beside the repository


@pytest.fixture
def mercadopago() -> Processor:
    """The processor."""
    return Processor()


@pytest.fixture
def opened(mercadopago: Processor) -> Iterator[Callable[..., Prism]]:
    """Opens the installed connector, for an account of a currency, speaking to `mercadopago`."""
    made: list[Prism] = []

    def of(currency: str = "BRL", **more: Any) -> Prism:
        transport = httpx.MockTransport(mercadopago)
        account = {"access_token": "TEST-example", "currency": currency, **more}
        made.append(Prism("mercadopago", transport=transport, max_retries=0, **account))
        return made[-1]

    yield of
    for one in made:
        one.close()


@pytest.fixture
def payment() -> Callable[..., dict[str, Any]]:
    """Makes an answer about a payment."""

    def made(**changes: Any) -> dict[str, Any]:
        return {
            "id": 999999999,
            "status": "approved",
            "status_detail": "accredited",
            "transaction_amount": 10,
            "currency_id": "BRL",
            "external_reference": "order_1001",
            "date_last_updated": "2026-11-28T10:30:02.000-03:00",
            "payment_type_id": "credit_card",
            "payment_method_id": "visa",
            **changes,
        }

    return made
