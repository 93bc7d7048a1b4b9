"""Mutants that the checks of what is sent kill: ids, links, keys, credentials."""

from __future__ import annotations

from lab import LOOKS_UP, Mutant

_HEADERS = "        return bearer(self.api_key)\n"
_PAYS = '        response = yield account.post("/payments", json=order)\n'


def _with_key_of_its_own(name: str, key: str) -> Mutant:
    """A connector that places a key itself, whatever the core does."""
    keyed = f'keyed=False, headers={{"acme-key": {key}}})'
    return Mutant(
        name, "idempotency-key", _PAYS, _PAYS.replace(")", f", {keyed}", 1), case="authorize"
    )


MUTANTS = [
    Mutant(
        "drops the caller's customer id",
        "caller-ids-sent",
        '"ref": request.merchant_customer_id,',
        '"ref": request.merchant_customer_id and None,',
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
        "        given = request._value\n"
        '        msgspec.structs.force_setattr(given, "merchant_transaction_id", short)\n' + _PAYS,
        case="authorize",
    ),
    Mutant(
        "reports the caller's id otherwise than it came back",
        "caller-ids-echoed",
        "merchant_customer_id=nullable(body.ref)",
        'merchant_customer_id=f"#{body.ref}"',
        case="create_customer",
    ),
    Mutant(
        "drops the customer of a payment",
        "customer-linked",
        '"customer": request.connector_customer_id,',
        '"customer": request.connector_customer_id and None,',
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
        _PAYS,
        _PAYS.replace("json=order", "json=order, keyed=False"),
        case="authorize",
    ),
    _with_key_of_its_own(
        "sends the caller's id as the idempotency key", "request.merchant_transaction_id"
    ),
    Mutant(
        "posts twice with the same idempotency key",
        "idempotency-key",
        _PAYS,
        '        asked = account.post("/payments", json=order)\n'
        "        response = yield asked\n"
        "        response = yield asked\n",
        case="authorize",
    ),
    _with_key_of_its_own("mints an idempotency key of its own", '__import__("uuid").uuid4().hex'),
    Mutant(
        "sends again with a new key after an error",
        "idempotency-key",
        _PAYS,
        f"        try:\n    {_PAYS}        except Exception:\n    {_PAYS}",
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
        "declares that no key is honoured where one is taken",
        "idempotency-key",
        '"account": {"api_key": "key_example"},',
        '"account": {"api_key": "key_example"},\n  "no_key": "a payment is made once anyway",',
        "prism_acme/exchanges/capture/success.json",
        case="capture",
    ),
    Mutant(
        "captures without the idempotency key",
        "idempotency-key",
        "payment, json=order)",
        "payment, json=order, keyed=False)",
        case="capture",
    ),
    Mutant(
        "logs in again by sending again",
        "idempotency-key",
        _HEADERS,
        f"{_HEADERS}\n"
        "    def auth_flow(self, request):\n"
        "        from prism_core import PrismError\n"
        "        try:\n"
        "            return (yield request)\n"
        "        except PrismError:\n"
        "            return (yield request)\n",
        case="authorize",
    ),
    Mutant(
        "signs in the URL",
        "credentials-sent",
        _HEADERS,
        f"{_HEADERS}\n"
        "    def auth_flow(self, request):\n"
        '        request.url += f"?key={self.api_key.reveal()}"\n'
        "        return (yield request)\n",
        case="get_payment",
    ),
    Mutant(
        "puts the key into the URL",
        "credentials-sent",
        LOOKS_UP,
        LOOKS_UP.replace("_id)", '_id, query={"key": account.api_key.reveal()})'),
        case="get_payment",
    ),
    Mutant(
        "always speaks to the same host",
        "credentials-sent",
        _HEADERS,
        f"{_HEADERS}\n"
        "    def get(self, path, *ids, query=None):\n"
        "        import msgspec\n"
        '        account = msgspec.structs.replace(self, base_url="https://acme.example")\n'
        "        return super(AcmeAccount, account).get(path, *ids, query=query)\n",
        case="get_payment",
    ),
    Mutant(
        "sends a key of its own",
        "credentials-sent",
        "return bearer(self.api_key)",
        'return bearer("key_example")',
    ),
]
