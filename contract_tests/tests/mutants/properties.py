"""Mutants that the checks of properties kill."""

from __future__ import annotations

from lab import Mutant

CUSTOMER = '"ref": request.merchant_customer_id,'
PAYMENT = '"ref": request.merchant_transaction_id,'

MUTANTS = [
    Mutant(
        "fails on a name that is not Western European",
        "property-requests",
        '"name": request.name,',
        '"name": request.name and request.name.encode("latin-1").decode("latin-1"),',
        case="create_customer",
    ),
    Mutant(
        "cuts long ids off",
        "property-requests",
        CUSTOMER,
        CUSTOMER.replace(",", "[:40],"),
        case="create_customer",
    ),
    Mutant(
        "writes ids in small letters",
        "property-requests",
        PAYMENT,
        PAYMENT.replace(",", ".lower(),"),
        case="authorize",
    ),
    Mutant(
        "fails on a customer without a name",
        "property-requests",
        '"name": request.name,',
        '"name": request.name.strip(),',
        case="create_customer",
    ),
]
