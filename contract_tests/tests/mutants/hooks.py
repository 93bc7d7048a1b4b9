"""Mutants that the checks of the hooks kill."""

from __future__ import annotations

from lab import LOOKS_UP, Mutant

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
        "implements an operation that is not written yet",
        "results-whole",
        LOOKS_UP,
        f'        raise NotImplementedError("soon")\n{LOOKS_UP}',
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
