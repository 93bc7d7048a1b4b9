"""Mutants that the checks of what answers are about kill."""

from __future__ import annotations

from lab import FOUND, Mutant

MUTANTS = [
    Mutant(
        "does not look whose payment the answer is",
        "answer-about-another",
        "merchant_transaction_id=nullable(body.ref),",
        "",
        case="authorize/success",
    ),
    Mutant(
        "takes its own question for the answer",
        "answer-about-another",
        FOUND,
        "        body = yield from account.fetch(asked, PaymentBody)\n"
        "        body.id = request.connector_transaction_id\n"
        "        return payment_of(body)\n",
        case="get_payment/success",
    ),
    Mutant(
        "captures whatever payment the lookup finds",
        "answer-about-another",
        '        expect_same("connector_transaction_id", payment, known.id)\n',
        "        payment = known.id\n",
        case="capture/success",
    ),
    Mutant(
        "takes a null customer for one that is not told",
        "answer-null-link",
        "connector_customer_id=nullable(body.customer),",
        "connector_customer_id=nullable(body.customer) or None if body.customer else None,",
        case="authorize/success",
    ),
]
