"""Small connectors, each written for one test: the flows given, and an account that sends JSON."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from support import Install, Server

from prism_core import Prism

HEAD = """
from prism_core import *
from prism_core import Account, NULL
import msgspec


class Body(msgspec.Struct):
    id: str = "x_1"


class Small(Account, frozen=True, kw_only=True):
    urls = {"SANDBOX": "https://small.example"}
    idempotency_header = "Key"
    %(account)s


class Connector:
    info = ConnectorInfo(
        display_name="Small", account=Small, docs="https://small.example/docs", %(info)s
    )

    @hookimpl
    def parse_error(self, response, account):
        %(declines)s
        if response.status_code < 400:
            return None
        return ErrorAnswer()
"""
TAIL = "\n\nconnector = Connector()\n"


def source(*flows: str, info: str = "", account: str = "", declines: str = "") -> str:
    """The connector's module. A flow is its name, a colon and what it does, as Python."""
    written = [HEAD % {"info": info, "account": account or "pass", "declines": declines or "pass"}]
    for flow in flows:
        name, _, body = flow.partition(":\n")
        lines = "\n".join(f"        {line}" for line in body.strip("\n").splitlines())
        written.append(f"    @hookimpl\n    def {name}(self, request, account):\n{lines}\n")
    return "\n".join(written) + TAIL


@contextmanager
def small(plugin: Install, server: Server, *flows: str, **parts: str) -> Iterator[Prism]:
    """A client of such a connector, at the scripted server."""
    plugin("small", source(*flows, **parts))
    with Prism("small", base_url=server.url, timeout=5, max_retries=0) as prism:
        yield prism


CREATE = """create_customer:
body = yield from account.fetch(
    account.post("/customers", json={"ref": request.merchant_customer_id}), Body
)
return CustomerCreated(connector_customer_id=body.id)
"""
AUTHORIZE = """authorize:
method = request.payment_method
if isinstance(method, Token):
    card = {"token": method.token}
else:
    card = {"number": method.number, "month": method.exp_month, "year": method.exp_year}
    card["cvc"] = method.cvc
    bill = request.billing_address
    card["city"] = None if bill is None else bill.city
to = request.shipping_address
form = {
    "ref": request.merchant_transaction_id,
    "amount": request.amount.minor_amount,
    "customer": request.connector_customer_id,
    "city": None if to is None else to.city,
    "take": request.capture_method,
    **card,
}
body = yield from account.fetch(account.post("/payments", json=form), Body)
return Payment(status=PaymentStatus.AUTHORIZED, connector_transaction_id=body.id)
"""


def order(**more: Any) -> dict[str, Any]:
    """The fields of a payment to authorize."""
    from prism_core import Card, Money

    card = Card("4242424242424242", exp_month=12, exp_year=2090, cvc="123")
    given = {"merchant_transaction_id": "order_1", "amount": Money(1000, "USD")}
    return {**given, "payment_method": card, **more}
