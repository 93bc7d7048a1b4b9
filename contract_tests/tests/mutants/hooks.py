"""Mutants that the checks of the hooks kill."""

from __future__ import annotations

from lab import Mutant

_MAKES_ONE = "connector = Honest()"
_SLY = """
del Honest.get_payment
Honest.info = msgspec.structs.replace(
    Honest.info, sends={k: v for k, v in Honest.info.sends.items() if k != "get_payment"}
)
connector = Honest()
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
        "request: GetPaymentRequest, account: HonestAccount",
        "request: GetPaymentRequest, account: Secret",
        case="get_payment",
    ),
    Mutant(
        "annotates another result",
        "hook-annotations",
        "account: HonestAccount) -> Flow[Payment]:",
        "account: HonestAccount) -> Flow[CustomerCreated]:",
        case="authorize",
    ),
    Mutant(
        "annotates the answer as a request",
        "hook-annotations",
        "response: HttpResponse, account: HonestAccount",
        "response: AuthorizeRequest, account: HonestAccount",
        case="parse_error",
    ),
    Mutant(
        "answers for an operation that it does not have",
        "undeclared-operations",
        _MAKES_ONE,
        _SLY + "from prism_core.discovery import loading\n"
        "honestly = loading.Connector.implementing\n"
        "def implementing(self, operation, method):\n"
        '    if self.name == "honest" and operation not in self.operations:\n'
        "        raise NotImplementedError(operation)\n"
        "    return honestly(self, operation, method)\n"
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
