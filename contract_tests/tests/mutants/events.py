"""Mutants that the checks of events kill."""

from __future__ import annotations

from lab import Mutant

NAMED = "connector_event_id=body.id,"
VERIFIED = "        signatures.verify(secrets, message, [signatures.from_hex(given)])\n"
IN_TIME = "        signatures.within(at, request.received_at)\n"

MUTANTS = [
    Mutant("believes everybody", "events-forged", VERIFIED, ""),
    Mutant(
        "verifies the first bytes only",
        "events-forged",
        'message = at.encode() + b"." + request.body\n        signatures.verify',
        'message = at.encode() + b"." + request.body\n'
        "        if len(given) == 64 and request.body[:5] == b'{\"id\"':\n"
        "            body = account.decode(HttpResponse(200, body=request.body), EventBody)\n"
        "            return Event(kind=EventKind.UNKNOWN, event_type=body.type)\n"
        "        signatures.verify",
    ),
    Mutant(
        "reads without a secret",
        "events-without-secret",
        "secrets = signatures.secrets_of(account.webhook_secret)\n        at,",
        "if account.webhook_secret is None:\n"
        "            return Event(kind=EventKind.UNKNOWN, event_type='?')\n"
        "        secrets = signatures.secrets_of(account.webhook_secret)\n        at,",
    ),
    Mutant(
        "takes events from the future",
        "events-in-time",
        IN_TIME,
        "        if request.received_at > int(at):\n    " + IN_TIME,
    ),
    Mutant("signs a time and never looks at it", "events-in-time", IN_TIME, ""),
    Mutant(
        "takes any signature that is there",
        "events-forged",
        "[signatures.from_hex(given)]",
        "[signatures.signed(secrets[0], message) if given else b'']",
    ),
    Mutant(
        "signs another way than it verifies",
        "events-signed",
        'return {"acme-signature": f"{at}.{signed.hex()}"}',
        'return {"acme-signature": f"{at}.{signed.hex()[::-1]}"}',
    ),
    Mutant(
        "names an event by the time of its delivery",
        "events-named",
        NAMED,
        "connector_event_id=at,",
    ),
    Mutant(
        "names an event by its payment",
        "events-named",
        NAMED,
        "connector_event_id=body.id if body.payment is None else body.payment.id,",
    ),
    Mutant(
        "compares with ==",
        "events-constant-time",
        VERIFIED,
        "        if signatures.signed(secrets[0], message).hex() != given:\n"
        "            from prism_core import EventRejected\n"
        "            raise EventRejected('forged')\n",
    ),
    Mutant(
        "compares the secret itself",
        "events-constant-time",
        "        yield from ()\n",
        "        yield from ()\n"
        "        if request.header('x-token') == account.webhook_secret.reveal():\n"
        "            return Event(kind=EventKind.UNKNOWN, event_type='?')\n",
    ),
]
