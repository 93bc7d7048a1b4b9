"""What the customer's browser carries to the processor counts as sent by the fields' checks."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from prism_contract_tests.on_wire import visible
from prism_contract_tests.replay import Ended
from prism_contract_tests.variations import carried, sent
from prism_core import HttpRequest, Payment, PaymentStatus, RedirectionData

BACK = "https://shop.example/return"
PAGE = "https://api.acme.example/checkout"


@pytest.mark.parametrize(
    "data",
    [
        RedirectionData(uri=PAGE, form={"callback_url": BACK}),
        RedirectionData(sdk={"callback_url": BACK}),
    ],
)
def test_what_a_page_is_given_is_carried(data: RedirectionData) -> None:
    order = HttpRequest("POST", "https://api.acme.example/orders", {}, b"{}")
    opened = Payment(status=PaymentStatus.PAYMENT_METHOD_AWAITED, redirection_data=data)
    ended = Ended(result=opened, tape=SimpleNamespace(seen=[order]))
    assert visible(BACK, carried(ended, "it was given"))
    assert sent(ended, "it was given") == [order]


def test_a_page_without_values_carries_nothing_more() -> None:
    order = HttpRequest("POST", "https://api.acme.example/orders", {}, b"{}")
    opened = Payment(
        status=PaymentStatus.PAYMENT_METHOD_AWAITED, redirection_data=RedirectionData(uri=PAGE)
    )
    ended = Ended(result=opened, tape=SimpleNamespace(seen=[order]))
    assert carried(ended, "it was given") == [order]
