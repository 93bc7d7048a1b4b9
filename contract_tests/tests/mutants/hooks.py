"""Mutants that the checks of the hooks kill."""

from __future__ import annotations

from lab import Mutant

_MAKES_ONE = "connector = Acme()"
_SLY = """
import msgspec
del Acme.get_payment
Acme.info = msgspec.structs.replace(
    Acme.info, sends={k: v for k, v in Acme.info.sends.items() if k != "get_payment"}
)
connector = Acme()
"""

MUTANTS = [
    Mutant(
        "annotates another request",
        "hook-annotations",
        "def authorize(self, request: AuthorizeRequest,",
        "def authorize(self, request: CreateCustomerRequest,",
        case="authorize",
    ),
    Mutant(
        "annotates another account",
        "hook-annotations",
        "request: GetPaymentRequest, account: AcmeAccount",
        "request: GetPaymentRequest, account: Secret",
        case="get_payment",
    ),
    Mutant(
        "annotates another result",
        "hook-annotations",
        "account: AcmeAccount) -> Flow[Payment]:",
        "account: AcmeAccount) -> Flow[CustomerCreated]:",
        case="authorize",
    ),
    Mutant(
        "annotates the answer as a request",
        "hook-annotations",
        "response: HttpResponse, account: AcmeAccount",
        "response: AuthorizeRequest, account: AcmeAccount",
        case="parse_error",
    ),
    Mutant(
        "answers for an operation that it does not have",
        "undeclared-operations",
        _MAKES_ONE,
        _SLY + "from prism_core import loading\n"
        "as_it_is = loading.Connector.implementing\n"
        "def implementing(self, operation, called):\n"
        "    if self.info is Acme.info and operation not in self.operations:\n"
        "        raise NotImplementedError(operation)\n"
        "    return as_it_is(self, operation, called)\n"
        "loading.Connector.implementing = implementing\n",
        case="get_payment",
    ),
    Mutant(
        "implements an operation that is not written yet",
        "results-whole",
        '        payment = segment(request.connector_transaction_id or "")\n',
        '        raise NotImplementedError("soon")\n        payment = ""\n',
        case="get_payment",
    ),
    Mutant(
        "leaves the payment's id out",
        "results-whole",
        "        connector_transaction_id=body.id,\n",
        case="authorize",
    ),
    Mutant(
        "makes the customer's id up",
        "results-whole",
        "connector_customer_id=body.id,",
        'connector_customer_id="cust_1",',
        case="create_customer",
    ),
    Mutant(
        "returns None",
        "results-whole",
        "        return CustomerCreated(",
        "        CustomerCreated(",
        case="create_customer",
    ),
]
