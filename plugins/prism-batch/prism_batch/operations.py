"""One operation in bulk: its method, how its requests are made, and how its rows are looked up."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import msgspec

from prism_batch.problems import InvalidInput
from prism_core import AsyncPrism, InvalidRequest
from prism_core.clients.methods import Method
from prism_core.clients.prism import SERVICES
from prism_core.schema.base import Request
from prism_core.schema.secrets import from_text

IDS = {
    "CustomerCreated": "connector_customer_id",
    "Customer": "connector_customer_id",
    "Payment": "connector_transaction_id",
    "Refund": "connector_refund_id",
    "Mandate": "connector_mandate_id",
    "PaymentMethodStored": "connector_payment_method_id",
    "PaymentMethodDeleted": "connector_payment_method_id",
}
"""By result type: the id of what was made."""
_LOOKUPS = {
    "customers.create": ("customers.get", "merchant_customer_id"),
    "payments.authorize": ("payments.get", "merchant_transaction_id"),
    "payments.create_order": ("payments.get", "merchant_transaction_id"),
    "recurring.charge": ("payments.get", "merchant_transaction_id"),
}
"""By operation: the lookup that finds what it made by your own id, and the field with that id."""
_NOT_IN_BULK = frozenset(
    {
        *("events.handle", "payment_methods.create_client_token", "payment_methods.list"),
        "customers.get_or_create",
    }
)


class Operation:
    """An operation, by its client's method: "customers.create". Raises `InvalidInput`."""

    def __init__(self, name: str) -> None:
        service, _, method = name.partition(".")
        found = vars(SERVICES.get(service, object)).get(method)
        if not isinstance(found, Method) or name in _NOT_IN_BULK:
            raise InvalidInput(f"{name!r} cannot be done in bulk; these can: {', '.join(known())}")
        self.name, self.hook = name, found.operation
        self.request: type[Request] = found.request
        self._decoder = msgspec.json.Decoder(self.request, strict=False, dec_hook=from_text)

    @property
    def reference_field(self) -> str:
        """The field with your own id of each row."""
        return self.request.reference_field

    @property
    def changes(self) -> bool:
        """Whether it changes anything; a lookup can be repeated as often as one likes."""
        return "idempotency_key" in self.request.__struct_fields__

    def read(self, fields: bytes) -> Request:
        """The request that a row's JSON says. Raises `InvalidRequest`; no message repeats a
        value."""
        try:
            request: Request = self._decoder.decode(fields)
            return request
        except msgspec.ValidationError as error:
            problem = str(error)
        except msgspec.DecodeError:
            problem = "it is no JSON"
        raise InvalidRequest(problem)

    def of(self, client: AsyncPrism) -> Callable[..., Any]:
        """The client's method."""
        return _method(client, self.name)

    @cached_property
    def lookup(self) -> tuple[Operation, str] | None:
        """The operation that finds what this one made, and the field with your own id."""
        if self.name not in _LOOKUPS:
            return None
        name, field = _LOOKUPS[self.name]
        return Operation(name), field

    def can_look_up(self, client: AsyncPrism) -> bool:
        """Whether the connector finds what was made by your own id."""
        if self.lookup is None:
            return False
        operation, field = self.lookup
        return client.supports(operation.hook, field)


def _method(client: AsyncPrism, name: str) -> Callable[..., Any]:
    service, _, method = name.partition(".")
    return getattr(getattr(client, service), method)  # type: ignore[no-any-return]


def known() -> list[str]:
    """The operations that can be done in bulk."""
    return [
        f"{service}.{name}"
        for service, methods in SERVICES.items()
        for name, one in vars(methods).items()
        if isinstance(one, Method) and f"{service}.{name}" not in _NOT_IN_BULK
    ]
