"""Honest connectors of processors that are asked in an unusual way."""

from __future__ import annotations

from honest import Honest

HONEST = [
    Honest(
        "honours idempotency keys, but none with a capture",
        (
            ("__init__.py", "payment, json=order)", "payment, json=order, keyed=False)"),
            (
                "__init__.py",
                "        exponents=EXPONENTS,\n",
                '        exponents=EXPONENTS,\n        key_hours_of={"capture": 0},\n',
            ),
            (
                "capture/success.json",
                '"account": {"api_key": "key_example"},',
                '"account": {"api_key": "key_example"},\n'
                '  "no_key": "a second capture is refused",',
            ),
            ("capture/success.json", ',\n    "idempotency_key": "key_1"', ""),
            ("capture/success.json", ', "acme-key": "key_1"', ""),
        ),
    ),
    Honest(
        "keeps payment methods for payments with the customer only",
        (
            (
                "pages.py",
                '            "keep": request.setup_future_usage,\n',
                '            "keep": usage(request.setup_future_usage),\n',
            ),
            (
                "pages.py",
                "def way(",
                "def usage(asked: object) -> object:\n"
                "    from prism_core import InvalidRequest\n"
                '    if asked == "OFF_SESSION":\n'
                '        raise InvalidRequest("not that", field="setup_future_usage")\n'
                "    return asked\n\n\ndef way(",
            ),
            (".json", '"OFF_SESSION"', '"ON_SESSION"'),
        ),
        pages=True,
    ),
    Honest(
        "changes with PUT, and names what it makes itself",
        (
            (
                "__init__.py",
                ('account.post(\n            "/customers",\n'),
                (
                    "account.put(\n"
                    '            "/customers/{}",\n'
                    "            request.merchant_customer_id,\n"
                ),
            ),
            ("__init__.py", '                "ref": request.merchant_customer_id,\n', ""),
            (
                "__init__.py",
                'account.post("/payments/{}/capture"',
                'account.put("/payments/{}/capture"',
            ),
            (
                "create_customer/success.json",
                ('"method": "POST",\n        "path": "/customers",'),
                ('"method": "PUT",\n        "path": "/customers/user_42",'),
            ),
            ("create_customer/success.json", ('"ref": "user_42",\n          "name"'), '"name"'),
            ("capture/success.json", '"method": "POST"', '"method": "PUT"'),
        ),
    ),
    Honest(
        "is asked by POST, several times before a change, and has no keys",
        (
            ("account.py", '    idempotency_header = "Acme-Key"\n', ""),
            (
                "__init__.py",
                'account.get("/payments/{}", request.connector_transaction_id)',
                'account.post("/payments/{}/show", request.connector_transaction_id,'
                " changes=False)",
            ),
            (
                "__init__.py",
                '        known = yield from account.fetch(account.get("/payments/{}", payment),'
                " PaymentBody)\n",
                (
                    '        asked = account.post("/payments/{}/show", payment, changes=False)\n'
                    "        known = yield from account.fetch(asked, PaymentBody)\n"
                    '        expect_same("connector_transaction_id", payment, known.id)\n'
                    '        asked = account.post("/payments/{}/show", payment, changes=False)\n'
                    "        known = yield from account.fetch(asked, PaymentBody)\n"
                ),
            ),
            (
                "__init__.py",
                "        return payment_of((yield from account.fetch(taking, PaymentBody)))\n",
                (
                    "        done = yield from account.fetch(taking, PaymentBody)\n"
                    '        expect_same("connector_transaction_id", payment, done.id)\n'
                    '        asked = account.post("/payments/{}/show", payment, changes=False)\n'
                    "        return payment_of((yield from account.fetch(asked, PaymentBody)))\n"
                ),
            ),
            (".json", ', "acme-key": "key_1"', ""),
            (".json", (',\n    "idempotency_key": "key_1"'), ""),
            (
                "get_payment/success.json",
                ('"method": "GET",\n        "path": "/payments/pay_1"'),
                ('"method": "POST",\n        "path": "/payments/pay_1/show"'),
            ),
            (
                "capture/success.json",
                ('"method": "GET",\n        "path": "/payments/pay_1"'),
                ('"method": "POST",\n        "path": "/payments/pay_1/show"'),
            ),
            (
                "capture/success.json",
                '  "steps": [\n',
                (
                    '  "steps": [\n'
                    '    {"like": "get_payment/success#0",\n'
                    '      "response": {"like": "authorize/success", "status": 200}},\n'
                ),
            ),
            (
                "capture/success.json",
                ('      }\n    }\n  ],\n  "result"'),
                ('      }\n    },\n    {"like": "get_payment/success#0"}\n  ],\n  "result"'),
            ),
            (
                "errors.json",
                ('"operations": ["capture"],\n    "answer": {"like": "authorize/decline"}'),
                (
                    '"operations": ["capture"],\n'
                    '    "at": 2,\n'
                    '    "answer": {"like": "authorize/decline"}'
                ),
            ),
        ),
    ),
    Honest(
        "keeps no customers",
        (
            ("__init__.py", ("    @hookimpl\n    def create_customer("), "    def no_customer("),
            (
                "__init__.py",
                "        exponents=EXPONENTS,",
                ("        exponents=EXPONENTS,\n        keeps_customers=False,"),
            ),
            (
                "__init__.py",
                ('            "metadata": request.metadata,\n        }\n        response'),
                (
                    '            "metadata": request.metadata,\n'
                    '            "email": request.customer and request.customer.email,\n'
                    "        }\n"
                    "        response"
                ),
            ),
            ("errors.json", '"operations": ["create_customer"]', '"operations": ["authorize"]'),
        ),
        gone=("prism_acme/exchanges/create_customer/success.json",),
    ),
    Honest(
        "has amounts as decimal texts and currencies in small letters",
        (
            (
                "__init__.py",
                "request.amount.to_wire(EXPONENTS)",
                "str(request.amount.to_decimal())",
            ),
            (
                "__init__.py",
                "amount and amount.to_wire(EXPONENTS)",
                "amount and str(amount.to_decimal())",
            ),
            (
                "__init__.py",
                '"currency": request.amount.currency,',
                '"currency": request.amount.currency.lower(),',
            ),
            ("__init__.py", "Money(0, known.currency)", "Money(0, known.currency.upper())"),
            ("__init__.py", "        exponents=EXPONENTS,\n", ""),
            ("answers.py", ": int | None = None", ": str | None = None"),
            ("answers.py", "amount: int | None", "amount: str | None"),
            (
                "answers.py",
                "Money.from_wire(amount, body.currency, EXPONENTS)",
                "Money.from_decimal(amount, body.currency.upper())",
            ),
            (
                ".json",
                ('"amount": 1000,\n          "currency": "USD"'),
                ('"amount": "10.00",\n          "currency": "usd"'),
            ),
            (".json", '"authorized": 1000', '"authorized": "10.00"'),
            (".json", '"captured": 1000', '"captured": "10.00"'),
            (".json", '"json": {"amount": 1000}', '"json": {"amount": "10.00"}'),
        ),
        gone=("prism_acme/exchanges/handle_event/payment.json",),
    ),
    Honest(
        "is asked and answers about a payment in XML",
        (
            (
                "__init__.py",
                '        asked = account.get("/payments/{}", request.connector_transaction_id)\n'
                "        return payment_of((yield from account.fetch(asked, PaymentBody)))\n",
                "        from prism_core import MalformedResponse\n"
                "        payment = request.connector_transaction_id\n"
                '        asked = account.post("/find", changes=False)\n'
                "        asked.body = f'<find id=\"{payment}\"/>'.encode()\n"
                '        asked.headers["content-type"] = "text/xml"\n'
                "        found = _XML.fullmatch((yield asked).body)\n"
                "        if found is None:\n"
                '            raise MalformedResponse("the answer is no payment")\n'
                "        named, state = found[1].decode(), found[2].decode()\n"
                "        return payment_of(PaymentBody(named, state))\n",
            ),
            (
                "__init__.py",
                "def _place(",
                '_XML = re.compile(rb\'<payment id="(\\w+)" state="(\\w+)"/>\')\n\n\ndef _place(',
            ),
            ("__init__.py", "from typing import Any", "import re\nfrom typing import Any"),
        ),
        (
            (
                "prism_acme/exchanges/get_payment/success.json",
                """{
  "operation": "get_payment",
  "kind": "success",
  "documentation": "https://acme.example/docs/payments",
  "account": {"api_key": "key_example"},
  "request": {"connector_transaction_id": "pay_1"},
  "steps": [
    {
      "request": {"method": "POST", "path": "/find", "text": "<find id=\\"pay_1\\"/>"},
      "response": {
        "status": 200,
        "headers": {"content-type": "text/xml"},
        "text": "<payment id=\\"pay_1\\" state=\\"paid\\"/>"
      }
    }
  ],
  "result": {"connector_transaction_id": "pay_1", "status": "CHARGED"}
}
""",
            ),
        ),
    ),
]
