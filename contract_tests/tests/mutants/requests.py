"""Mutants that the checks of what is sent kill: ids, links, keys, credentials."""

from __future__ import annotations

from lab import Mutant

_PAYS = '        response = yield account.post(\n            "/payments",'
_KEYED_PAYMENT = '            "/payments", json=order, idempotency_key=request.idempotency_key\n'

MUTANTS = [
    Mutant(
        "drops the caller's customer id",
        "caller-ids-sent",
        '                "ref": request.merchant_customer_id,\n',
        case="create_customer",
    ),
    Mutant(
        "sends the caller's payment id in capitals",
        "caller-ids-sent",
        '"ref": request.merchant_transaction_id,',
        '"ref": request.merchant_transaction_id.upper(),',
        case="authorize",
    ),
    Mutant(
        "shortens the caller's id in the request itself",
        "caller-ids-echoed",
        _PAYS,
        "        import msgspec\n"
        "        short = request.merchant_transaction_id[:5]\n"
        '        msgspec.structs.force_setattr(request, "merchant_transaction_id", short)\n'
        + _PAYS,
        case="authorize",
    ),
    Mutant(
        "reports the caller's id otherwise than it came back",
        "caller-ids-echoed",
        "merchant_customer_id=told(body.ref)",
        'merchant_customer_id=f"#{body.ref}"',
        case="create_customer",
    ),
    Mutant(
        "drops the customer of a payment",
        "customer-linked",
        '            "customer": request.connector_customer_id,\n',
    ),
    Mutant(
        "links every payment to one customer",
        "customer-linked",
        '"customer": request.connector_customer_id,',
        '"customer": request.connector_customer_id or "cust_1",',
    ),
    Mutant(
        "sends no idempotency key",
        "idempotency-key",
        _KEYED_PAYMENT,
        '            "/payments", json=order\n',
        case="authorize",
    ),
    Mutant(
        "sends the caller's id as the idempotency key",
        "idempotency-key",
        _KEYED_PAYMENT,
        _KEYED_PAYMENT.replace("=request.idempotency_key", "=request.merchant_transaction_id"),
        case="authorize",
    ),
    Mutant(
        "posts twice with the same idempotency key",
        "idempotency-key",
        _PAYS,
        '        yield account.post("/prepare", idempotency_key=request.idempotency_key)\n' + _PAYS,
        case="authorize",
    ),
    Mutant(
        "mints an idempotency key of its own",
        "idempotency-key",
        _KEYED_PAYMENT,
        _KEYED_PAYMENT.replace("request.idempotency_key", '__import__("uuid").uuid4().hex'),
        case="authorize",
    ),
    Mutant(
        "sends again with a new key after an error",
        "idempotency-key",
        _PAYS,
        "        def post(path, **more):\n"
        "            try:\n"
        "                return (yield account.post(path, **more))\n"
        "            except Exception:\n"
        '                more["idempotency_key"] += "-again"\n'
        "                return (yield account.post(path, **more))\n"
        '        response = yield from post(\n            "/payments",',
        case="authorize",
    ),
    Mutant(
        "sends again after an error, and has no idempotency keys",
        "idempotency-key",
        "connector = Acme()",
        "AcmeAccount.idempotency_header = None\n"
        "as_it_is = Acme.authorize\n"
        "def authorize(self, request, account):\n"
        "    flow = as_it_is(self, request, account)\n"
        "    post = next(flow)\n"
        "    try:\n"
        "        answer = yield post\n"
        "    except Exception:\n"
        "        answer = yield post\n"
        "    try:\n"
        "        flow.send(answer)\n"
        "    except StopIteration as stop:\n"
        "        return stop.value\n"
        "Acme.authorize = hookimpl(authorize)\n"
        "connector = Acme()",
        case="authorize",
    ),
    Mutant(
        "puts the key into the URL",
        "credentials-sent",
        'account.get(f"/payments/{payment}")',
        'account.get(f"/payments/{payment}", query={"key": account.api_key.reveal()})',
        case="get_payment",
    ),
    Mutant(
        "always speaks to the same host",
        "credentials-sent",
        "        return bearer(self.api_key)\n",
        "        return bearer(self.api_key)\n\n"
        "    def get(self, path, *, query=None):\n"
        "        import msgspec\n"
        '        account = msgspec.structs.replace(self, base_url="https://acme.example")\n'
        "        return super(AcmeAccount, account).get(path, query=query)\n",
        case="get_payment",
    ),
    Mutant(
        "sends a key of its own",
        "credentials-sent",
        "return bearer(self.api_key)",
        'return bearer("key_example")',
    ),
]
