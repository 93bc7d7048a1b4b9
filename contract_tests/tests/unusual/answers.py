"""Honest connectors of processors whose answers are unusual."""

from __future__ import annotations

from honest import Honest

HONEST = [
    Honest(
        "tells by a boolean whether a payment is done",
        (
            (
                "answers.py",
                "    state: str\n",
                ('    state: str = ""\n    done: bool | None = None\n'),
            ),
            (
                "answers.py",
                "status=STATES.get(body.state, PaymentStatus.UNRESOLVED),",
                (
                    "status=STATES.get(body.state, PaymentStatus.UNRESOLVED)\n"
                    "        if body.done is None\n"
                    "        else PaymentStatus.CHARGED if body.done else PaymentStatus.AUTHORIZED,"
                ),
            ),
            ("get_payment/success.json", '"state": "paid"', '"done": true'),
        ),
    ),
    Honest(
        "has numbers for ids and states, and more fields than are read",
        (
            ("answers.py", ("    id: str\n    state: str\n"), ("    id: int\n    state: int\n")),
            (
                "answers.py",
                "connector_transaction_id=body.id,",
                "connector_transaction_id=str(body.id),",
            ),
            (
                "__init__.py",
                "connector_transaction_id=refused.id",
                "connector_transaction_id=str(refused.id)",
            ),
            ("__init__.py", "payment, known.id)", "payment, str(known.id))"),
            ("answers.py", ('STATES = {\n    "ok"'), ("STATES = {\n    1")),
            ("answers.py", '    "paid": P', "    2: P"),
            ("answers.py", '    "refused": P', "    3: P"),
            ("answers.py", '    "waiting": P', "    4: P"),
            ("answers.py", '    "challenge": P', "    5: P"),
            (
                ".json",
                '"id": "pay_1"',
                '"id": 4711, "created": 1790000000, "live": false, "links": [{"rel": "self"}]',
            ),
            (".json", '"pay_1"', '"4711"'),
            (".json", "/pay_1", "/4711"),
            (".json", '"state": "ok"', '"state": 1'),
            (".json", '"state": "paid"', '"state": 2'),
            (".json", '"state": "refused"', '"state": 3'),
            (".json", '"state": "waiting"', '"state": 4'),
            (".json", '"state": "challenge"', '"state": 5'),
        ),
        gone=("prism_acme/exchanges/handle_event/payment.json",),
    ),
    Honest(
        "finds a payment in a list",
        (
            (
                "answers.py",
                "STATES = {",
                (
                    "class Found(msgspec.Struct):\n"
                    '    """A list."""\n'
                    "\n"
                    "    items: list[PaymentBody]\n"
                    "\n"
                    "\n"
                    "STATES = {"
                ),
            ),
            (
                "__init__.py",
                (
                    '        asked = account.get("/payments/{}", '
                    "request.connector_transaction_id)\n"
                    "        return payment_of((yield from account.fetch(asked, PaymentBody)))\n"
                ),
                (
                    "        from prism_core import NotFound\n"
                    "\n"
                    "        from .answers import Found\n"
                    "\n"
                    "        payment = request.connector_transaction_id\n"
                    '        asked = account.get("/payments", query={"id": str(payment)})\n'
                    "        found = yield from account.fetch(asked, Found)\n"
                    "        if not found.items:\n"
                    '            raise NotFound("no such payment")\n'
                    "        return payment_of(found.items[0])\n"
                ),
            ),
            (
                "get_payment/success.json",
                '"path": "/payments/pay_1",',
                '"path": "/payments", "query": {"id": "pay_1"},',
            ),
            (
                "get_payment/success.json",
                ('"json": {\n          "id": "pay_1",'),
                ('"json": {"items": [{\n          "id": "pay_1",'),
            ),
            (
                "get_payment/success.json",
                ('"captured": 1000\n        }\n'),
                ('"captured": 1000\n        }]}\n'),
            ),
        ),
    ),
    Honest(
        "answers an approved payment with its id alone",
        (
            (
                "__init__.py",
                (
                    '        response = yield account.post("/payments", json=order)\n'
                    "        return payment_of(account.decode(response, PaymentBody))\n"
                ),
                (
                    "        from prism_core import PaymentStatus\n"
                    "\n"
                    "        from .answers import Made\n"
                    "\n"
                    '        asked = account.post("/payments", json=order)\n'
                    "        made = yield from account.fetch(asked, Made)\n"
                    "        status = PaymentStatus.AUTHORIZED\n"
                    "        return Payment(status=status, connector_transaction_id=made.id)\n"
                ),
            ),
            (
                "answers.py",
                "STATES = {",
                (
                    "class Made(msgspec.Struct):\n"
                    '    """A payment that was approved."""\n'
                    "\n"
                    "    id: str\n"
                    "\n"
                    "\n"
                    "STATES = {"
                ),
            ),
            (
                "__init__.py",
                "        exponents=EXPONENTS,",
                ('        exponents=EXPONENTS,\n        outcomes=("decline",),'),
            ),
            (
                "authorize/success.json",
                (
                    "{\n"
                    '          "id": "pay_1",\n'
                    '          "ref": "order_1",\n'
                    '          "amount": 1000,\n'
                    '          "currency": "USD",\n'
                    '          "customer": "cust_1",\n'
                    '          "state": "ok",\n'
                    '          "authorized": 1000\n'
                    "        }"
                ),
                '{"id": "pay_1"}',
            ),
            (
                "authorize/success.json",
                (
                    '    "connector_customer_id": "cust_1",\n'
                    '    "amount": {"minor_amount": 1000, "currency": "USD"},\n'
                    '    "status": "AUTHORIZED",\n'
                    '    "authorized_amount": {"minor_amount": 1000, "currency": "USD"}\n'
                    "  }"
                ),
                (
                    '    "status": "AUTHORIZED"\n'
                    "  },\n"
                    '  "no_status": "a 201 is an approval, a 402 a decline"'
                ),
            ),
        ),
        gone=(
            "prism_acme/exchanges/authorize/pending.json",
            "prism_acme/exchanges/authorize/authentication-required.json",
        ),
    ),
    Honest(
        "tells what went wrong in plain text",
        (
            (
                "__init__.py",
                "        problem = response.decode(Problem)\n",
                "        problem = said(response)\n",
            ),
            (
                "__init__.py",
                "def _place(",
                (
                    "def said(response: HttpResponse) -> Problem | None:\n"
                    '    """An error: its code and a sentence."""\n'
                    "    import re\n"
                    "\n"
                    '    found = re.fullmatch(rb"ERROR ([a-z_]+): ([ -~]+)", response.body)\n'
                    "    return found and Problem(found[1].decode(), found[2].decode())\n"
                    "\n"
                    "\n"
                    "def _place("
                ),
            ),
            ("errors.json", '"content-type": "application/json"', '"content-type": "text/plain"'),
            (
                "errors.json",
                '"json": {"code": "key_invalid", "message": "who are you"}',
                '"text": "ERROR key_invalid: who are you"',
            ),
            (
                "errors.json",
                '"json": {"code": "email_invalid", "message": "no such domain"}',
                '"text": "ERROR email_invalid: no such domain"',
            ),
            (
                "errors.json",
                '"json": {"code": "amount_too_small", "message": "at least 50"}',
                '"text": "ERROR amount_too_small: at least 50"',
            ),
            (
                "errors.json",
                '"json": {"code": "nothing_held", "message": "nothing to take"}',
                '"text": "ERROR nothing_held: nothing to take"',
            ),
            (
                "errors.json",
                '"json": {"code": "unknown_payment", "message": "no such payment"}',
                '"text": "ERROR unknown_payment: no such payment"',
            ),
        ),
    ),
]
