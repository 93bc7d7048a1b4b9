"""Mutants of connectors that ask the processor about events: fetched back, or signed as well."""

from __future__ import annotations

from lab import Mutant

FILE = "prism_acme/events.py"
SAME = '        expect_same("connector_transaction_id", told["id"], body.id)\n'
READ = "        body = yield from account.fetch(asked, PaymentBody)\n"
VERIFIED = (
    '        signatures.verify([_key(account)], payload.encode(), [given], algorithm="sha1")\n'
)
KEY = 'signatures.hashed(account.api_key, algorithm="sha1")'


def fetched(name: str, old: str, new: str) -> Mutant:
    """A mutant of the connector whose webhooks are fetched back."""
    return Mutant(name, "events-asked", old, new, file=FILE, over="reference_fetched")


def sealed(name: str, killer: str, old: str, new: str, case: str | None = None) -> Mutant:
    """A mutant of the connector whose webhooks are signed and looked up."""
    return Mutant(name, killer, old, new, file=FILE, case=case, over="reference_sealed")


MUTANTS = [
    fetched(
        "reads a webhook and asks nobody",
        READ,
        "        yield from ()\n"
        "        body = PaymentBody(id=told['id'], state=told.get('state', ''), amount=1000)\n",
    ),
    fetched(
        "asks, and believes the webhook's own state",
        READ,
        READ + "        body.state = told.get('state', body.state)\n",
    ),
    fetched(
        "asks with the webhook's state, and believes that",
        '        asked = account.get("/payments/{}", told["id"])\n' + READ,
        "        query = {'expected': told.get('state', '')}\n"
        "        asked = account.get('/payments/{}', told['id'], query=query)\n"
        + READ
        + "        body.state = told.get('state', body.state)\n",
    ),
    fetched(
        "asks, and believes what the exchange's webhook does not tell",
        READ,
        READ + "        body.ref = told.get('ref', body.ref)\n",
    ),
    fetched("believes an answer about another payment", SAME, ""),
    fetched(
        "names a fetched event by its body",
        "kind=EventKind.PAYMENT, event_type",
        "connector_event_id=request.body.decode(), kind=EventKind.PAYMENT, event_type",
    ),
    fetched(
        "takes the event's type from the webhook",
        'event_type=f"payment.{body.state}"',
        "event_type=told.get('state', 'payment')",
    ),
    fetched(
        "trips over a body that is no text",
        "told = form_of(request.body)",
        "request.body.decode('ascii')\n        told = form_of(request.body)",
    ),
    fetched(
        "trips over a body without an id",
        'told.get("id", "")',
        "told['id']",
    ),
    sealed("looks up what nobody signed", "events-forged", VERIFIED, ""),
    sealed(
        "verifies only what it does not look up",
        "events-forged",
        VERIFIED,
        "        if b'payment' not in b64decode(payload):\n    " + VERIFIED,
        case="handle_event/success",
    ),
    sealed(
        "believes an answer about another payment than was signed",
        "events-asked",
        SAME.replace('told["id"]', "payment"),
        "",
    ),
    sealed(
        "verifies with a key that is in its source",
        "events-without-secret",
        KEY,
        "signatures.hashed(type(account.api_key)('key_example'), algorithm='sha1')",
    ),
    sealed(
        "signs whatever it is asked to",
        "events-reply",
        'if not re.fullmatch("[a-f0-9]{20,32}", challenge):',
        'if not re.fullmatch(".+", challenge, re.DOTALL):',
    ),
]
