"""The connector of the tests' processor, as the source of a plugin: with keys or without, with a
lookup by your own id or without."""

from __future__ import annotations

SOURCE = """
import msgspec
from prism_core import (
    Account, ConnectorInfo, Customer, CustomerCreated, ErrorAnswer, ErrorKind, Money, Payment,
    PaymentStatus, Secret, bearer, hookimpl,
)
from prism_core.errors.details import ErrorDetails, UnifiedCode, unified_error


class Body(msgspec.Struct):
    id: str
    status: str = "paid"
    amount: int = 0
    currency: str = "EUR"


class Error(msgspec.Struct):
    code: str
    id: str | None = None


class BulkAccount(Account, frozen=True, kw_only=True):
    api_key: Secret
    idempotency_header = %(header)r

    def headers(self):
        return bearer(self.api_key)


def payment(body):
    money = Money(body.amount, body.currency)
    return Payment(
        status=PaymentStatus.CHARGED if body.status == "paid" else PaymentStatus.UNRESOLVED,
        connector_transaction_id=body.id, amount=money,
        captured_amount=money if body.status == "paid" else None,
    )


class Bulk:
    info = ConnectorInfo(
        display_name="Bulk", account=BulkAccount, docs="https://bulk.example", %(info)s
    )

    @hookimpl
    def create_customer(self, request, account):
        %(first)s
        asked = {"ref": request.merchant_customer_id, "name": request.name, "email": request.email}
        body = yield from account.fetch(account.post("/customers", json=asked), Body)
        return CustomerCreated(connector_customer_id=body.id)

    @hookimpl
    def charge_recurring(self, request, account):
        amount = request.amount
        asked = {"ref": request.merchant_transaction_id, "mandate": request.connector_mandate_id,
                 "amount": amount.minor_amount, "currency": amount.currency}
        return payment((yield from account.fetch(account.post("/payments", json=asked), Body)))

%(lookups)s

    @hookimpl
    def parse_error(self, response, account):
        if response.status_code < 400:
            return None
        error = account.decode(response, Error)
        if error.code == "no_funds":
            details = ErrorDetails(unified=unified_error(UnifiedCode.INSUFFICIENT_FUNDS))
            return ErrorAnswer(kind=ErrorKind.DECLINED, details=details)
        if error.code == "exists":
            return ErrorAnswer(kind=ErrorKind.CONFLICT, connector_customer_id=error.id)
        return ErrorAnswer()


connector = Bulk()
"""
LOOKUPS = """
    @hookimpl
    def get_customer(self, request, account):
        own = request.merchant_customer_id
        body = yield from account.fetch(account.get("/customers", query={"ref": own}), Body)
        return Customer(connector_customer_id=body.id, merchant_customer_id=own)

    @hookimpl
    def get_payment(self, request, account):
        own = request.merchant_transaction_id
        found = yield from account.fetch(account.get("/payments", query={"ref": own}), Body)
        return payment(found)
"""


FIRST = 'yield from account.fetch(account.get("/account"), Body)'


def source(
    *,
    keys: bool = True,
    lookups: bool = False,
    asks_first: bool = False,
    info: str = "key_hours=24",
) -> str:
    """The module of the connector; `asks_first` makes two requests of a new customer."""
    return SOURCE % {
        "first": FIRST if asks_first else "pass",
        "header": "Key" if keys else None,
        "lookups": LOOKUPS if lookups else "",
        "info": info,
    }
