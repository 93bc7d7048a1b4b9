"""Mutants that the checks of derived faults kill."""

from __future__ import annotations

from lab import Mutant, around_authorize

_CUSTOMER = "body = yield from account.fetch(asked, CustomerBody)"
_PAYMENT_BODY = '''class PaymentBody(msgspec.Struct):
    """A payment as Acme answers it."""

    id: str
    state: str
'''
_PAID = "return payment_of(account.decode(response, PaymentBody))"
_CAPTURED = "        return payment_of((yield from account.fetch(taking, PaymentBody)))\n"

MUTANTS = [
    around_authorize(
        "makes an authorized payment of every error",
        "fault-statuses",
        "except ConnectorError:\n            return Payment(status=PaymentStatus.AUTHORIZED)",
    ),
    around_authorize(
        "calls a payment failed after a 5xx",
        "fault-statuses",
        "except Unavailable:\n            return Payment(status=PaymentStatus.FAILURE)",
    ),
    Mutant(
        "takes the page of a proxy for the processor's refusal",
        "fault-statuses",
        "        if problem is None:\n            return None  # no error\n",
        "        if problem is None:\n            return ErrorAnswer(kind=kind)\n",
        case="authorize/success",
    ),
    Mutant(
        "takes any JSON for the processor's refusal",
        "fault-statuses",
        '    code: str\n    message: str = ""\n',
        '    code: str = ""\n    message: str = ""\n',
        case="authorize/success",
    ),
    Mutant(
        "is sure of every refusal",
        "conflict-unknown",
        "unknown=problem.unknown,",
        "unknown=False,",
        case="authorize/errors:amount-too-small",
    ),
    around_authorize(
        "takes an answer that it cannot read for a success",
        "fault-bodies",
        "except MalformedResponse:\n            return Payment(status=PaymentStatus.CHARGED)",
    ),
    Mutant(
        "makes an id up when there is none",
        "fault-bodies",
        _CUSTOMER,
        'body = (yield asked).decode(CustomerBody) or CustomerBody(id="unknown")',
    ),
    Mutant(
        "takes a 204 for a capture",
        "fault-bodies",
        _CAPTURED,
        "        from prism_core import PaymentStatus\n"
        "        response = yield taking\n"
        "        if response.status_code == 204:\n"
        "            return Payment(status=PaymentStatus.CHARGED)\n"
        f"        {_PAID}\n",
        case="capture/success",
    ),
    Mutant(
        "reads JSON by hand",
        "fault-bodies",
        _CUSTOMER,
        "import json\n        body = CustomerBody(**json.loads((yield asked).body))",
    ),
    Mutant(
        "trips over a status that is a list",
        "fault-wrong-types",
        _PAYMENT_BODY,
        _PAYMENT_BODY.replace("state: str", "state: object"),
    ),
    Mutant(
        "takes a status that is no text for a success",
        "fault-wrong-types",
        _PAYMENT_BODY,
        _PAYMENT_BODY.replace("state: str", "state: object")
        + "\n    def __post_init__(self) -> None:\n"
        '        self.state = self.state if isinstance(self.state, str) else "paid"\n\n',
    ),
    Mutant(
        "takes a missing status for a success",
        "fault-missing",
        _PAYMENT_BODY,
        _PAYMENT_BODY.replace("Struct)", "Struct, kw_only=True)").replace(
            "state: str", 'state: str = "paid"'
        ),
        case="authorize/success",
    ),
    Mutant(
        "trips over a missing field",
        "fault-missing",
        _CUSTOMER,
        'found = yield from account.fetch(asked, dict)\n        body = CustomerBody(found["id"])',
    ),
    Mutant(
        "takes a null for a success",
        "fault-nulls",
        _PAYMENT_BODY,
        _PAYMENT_BODY.replace("state: str", "state: str | None")
        + '\n    def __post_init__(self) -> None:\n        self.state = self.state or "paid"\n\n',
        case="authorize/success",
    ),
    Mutant(
        "declares a value optional that changes nothing",
        "fault-nulls",
        '"account": {"api_key": "key_example"},',
        '"account": {"api_key": "key_example"},\n'
        '  "optional": {"steps[0].response.json.captured": "null until it is captured"},',
        "prism_acme/exchanges/get_payment/success.json",
    ),
    Mutant(
        "declares a value optional that no answer has",
        "fault-nulls",
        '"account": {"api_key": "key_example"},',
        '"account": {"api_key": "key_example"},\n'
        '  "optional": {"steps[0].response.json.taken": "null until it is captured"},',
        "prism_acme/exchanges/get_payment/success.json",
    ),
    around_authorize(
        "repeats a payment that was redirected",
        "fault-redirect",
        "except MalformedResponse:\n"
        "            return (yield from self._authorize(request, account))",
    ),
    Mutant(
        "asks again and again until the payment is done",
        "fault-bounded",
        _PAID,
        'while b"waiting" in response.body:\n'
        '            response = yield account.get("/payments/1")\n'
        f"        {_PAID}",
        case="authorize/pending",
    ),
    Mutant(
        "loops over an error that it does not know",
        "fault-bounded",
        "        kind = KINDS.get(response.status_code, ErrorKind.OTHER)\n",
        "        kind = KINDS.get(response.status_code, ErrorKind.OTHER)\n"
        '        while kind is ErrorKind.OTHER and b"user_42" in response.body:\n'
        "            kind = KINDS.get(response.status_code, ErrorKind.OTHER)\n",
        case="create_customer/success",
    ),
    around_authorize(
        "tries again for ever",
        "fault-bounded",
        "except Unavailable:\n            return (yield from self.authorize(request, account))",
        case="authorize/success",
    ),
]
