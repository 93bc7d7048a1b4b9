"""Mutants that the checks of what answers are about kill."""

from __future__ import annotations

from lab import Mutant

MUTANTS = [
    Mutant(
        "does not look whose payment the answer is",
        "answer-about-another",
        "merchant_transaction_id=told(body.ref),",
        "",
        case="authorize/success",
    ),
    Mutant(
        "takes its own question for the answer",
        "answer-about-another",
        "return payment_of(account.decode(response, PaymentBody))\n\n"
        "    @hookimpl\n    def capture",
        "body = account.decode(response, PaymentBody)\n"
        '        body.id = request.connector_transaction_id or ""\n'
        "        return payment_of(body)\n\n    @hookimpl\n    def capture",
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
        "connector_customer_id=told(body.customer),",
        "connector_customer_id=told(body.customer) or None if body.customer else None,",
        case="authorize/success",
    ),
]
