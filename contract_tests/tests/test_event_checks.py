"""The checks of events: an honest connector with webhooks passes; careless ones are caught."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
from pathlib import Path

import pytest
from lab import HONEST, installed

from prism_contract_tests.check import CHECKS
from prism_contract_tests.runner import Run

HOOKS = """
    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: HonestAccount) -> Flow[Event]:
        \"\"\"https://honest.example/docs/events\"\"\"
        yield from ()
        secrets = signatures.secrets_of(account.webhook_secret)
        at, _, given = (request.header("x-signature") or "").partition(".")
        signatures.within(at, request.received_at)
        message = at.encode() + b"." + request.body
        signatures.verify(secrets, message, [signatures.from_hex(given)])
        body = account.decode(HttpResponse(200, body=request.body), EventBody)
        return Event(kind=EventKind.UNKNOWN, event_type=body.type)

    @hookimpl
    def sign_event(
        self, request: HandleEventRequest, account: HonestAccount
    ) -> Mapping[str, str]:
        \"\"\"https://honest.example/docs/events\"\"\"
        (secret, *_), at = signatures.secrets_of(account.webhook_secret), str(request.received_at)
        signed = signatures.signed(secret, at.encode() + b"." + request.body)
        return {"x-signature": f"{at}.{signed.hex()}"}

    @hookimpl
    def parse_error("""
CHANGES = [
    ("    @hookimpl\n    def parse_error(", HOOKS),
    (
        "    api_key: Secret\n",
        "    api_key: Secret\n    webhook_secret: Secret | None = None\n",
    ),
    (
        '            "get_payment": ("connector_transaction_id",),\n',
        '            "get_payment": ("connector_transaction_id",),\n'
        '            "handle_event": ("body", "headers"),\n',
    ),
    (
        "class ProblemBody(",
        "class EventBody(msgspec.Struct):\n"
        '    """An event as Honest sends it."""\n\n    type: str\n\n\nclass ProblemBody(',
    ),
    (
        "    Secret,\n",
        "    Secret,\n    Event,\n    EventKind,\n    HandleEventRequest,\n",
    ),
    ("\n)\n", "\n)\nfrom prism_core.connector import signatures\n"),
]
AT = 1_790_000_000
BODY = '{"type": "moon.landed"}'
HASH = hashlib.sha256(BODY.encode()).hexdigest()
RETURNED = "return Event(kind=EventKind.UNKNOWN, event_type=body.type)"
VERIFIED = "        signatures.verify(secrets, message, [signatures.from_hex(given)])\n"
IN_TIME = "        signatures.within(at, request.received_at)\n"


def event(kind: str, body: str, secret: str, end: dict[str, object]) -> dict[str, object]:
    signed = hmac.new(secret.encode(), f"{AT}.{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "operation": "handle_event",
        "kind": kind,
        "documentation": "https://honest.example/docs/events",
        "account": {"api_key": "key_example", "webhook_secret": "whsec_example"},
        "request": {"body": body, "headers": {"x-signature": f"{AT}.{signed}"}, "received_at": AT},
        "steps": [],
        **end,
    }


EXCHANGES = {
    "success": event(
        "success",
        BODY,
        "whsec_example",
        {
            "result": {
                "kind": "UNKNOWN",
                "event_type": "moon.landed",
                "connector_event_id": f"prism-{HASH[:16]}-{HASH[16:32]}",
            }
        },
    ),
    "forged": event(
        "authentication_error",
        BODY,
        "whsec_other",
        {"error": {"type": "EventRejected", "outcome": "rejected"}},
    ),
    "senseless": event(
        "validation_error",
        "[]",
        "whsec_example",
        {"error": {"type": "MalformedResponse", "outcome": "unknown"}},
    ),
}


def connector(folder: Path, old: str = "", new: str = "") -> Path:
    """The honest connector with webhooks, and with one text of it replaced."""
    made = folder / "events"
    shutil.copytree(HONEST, made, ignore=shutil.ignore_patterns("__pycache__"))
    module = made / "prism_honest" / "__init__.py"
    source = module.read_text()
    for before, after in [*CHANGES, (old, new)]:
        assert before in source, before
        source = source.replace(before, after, 1) if before else source
    module.write_text(source)
    place = made / "prism_honest" / "exchanges" / "handle_event"
    place.mkdir()
    for name, exchange in EXCHANGES.items():
        (place / f"{name}.json").write_text(json.dumps(exchange))
    return made


def failures(folder: Path, check: str = "", old: str = "", new: str = "") -> list[str]:
    with installed(folder, source=connector(folder, old, new)) as name:
        run = Run(name)
        found = [run.execute(one) for one in run.owed if one[0].startswith(check)]
    assert found
    return [f"{one.check} on {one.case}: {one.message}" for one in found if one.verdict != "passed"]


def test_a_connector_with_webhooks_is_certified(tmp_path: Path) -> None:
    """Every check holds for a connector that reads events besides."""
    assert failures(tmp_path) == []


MUTANTS = [
    ("believes everybody", "events-forged", VERIFIED, ""),
    (
        "verifies the first bytes only",
        "events-forged",
        'message = at.encode() + b"." + request.body\n        signatures.verify',
        'message = at.encode() + b"." + request.body\n'
        "        if len(given) == 64 and request.body[:5] == b'{\"typ':\n"
        "            body = account.decode(HttpResponse(200, body=request.body), EventBody)\n"
        "            return Event(kind=EventKind.UNKNOWN, event_type=body.type)\n"
        "        signatures.verify",
    ),
    (
        "reads without a secret",
        "events-without-secret",
        "secrets = signatures.secrets_of(account.webhook_secret)\n        at,",
        "if account.webhook_secret is None:\n"
        "            return Event(kind=EventKind.UNKNOWN, event_type='?')\n"
        "        secrets = signatures.secrets_of(account.webhook_secret)\n        at,",
    ),
    (
        "takes events from the future",
        "events-in-time",
        IN_TIME,
        "        if request.received_at > int(at):\n    " + IN_TIME,
    ),
    (
        "signs another way than it verifies",
        "events-signed",
        'return {"x-signature": f"{at}.{signed.hex()}"}',
        'return {"x-signature": f"{at}.{signed.hex()[::-1]}"}',
    ),
    (
        "names an event by the time of its delivery",
        "events-named",
        RETURNED,
        RETURNED.replace(")", ", connector_event_id=at)"),
    ),
    (
        "names an event by its payment",
        "events-named",
        RETURNED,
        RETURNED.replace(
            ")",
            ', connector_event_id="pay_1", payment=Payment(\n'
            '            status=PaymentStatus.CHARGED, connector_transaction_id="pay_1"))',
        ),
    ),
    (
        "compares with ==",
        "events-constant-time",
        VERIFIED,
        "        if signatures.signed(secrets[0], message).hex() != given:\n"
        "            raise EventRejected('forged')\n",
    ),
    (
        "compares the secret itself",
        "events-constant-time",
        "        yield from ()\n",
        "        yield from ()\n"
        "        if request.header('x-token') == account.webhook_secret.reveal():\n"
        "            return Event(kind=EventKind.UNKNOWN, event_type='?')\n",
    ),
]


@pytest.mark.parametrize(("name", "killer", "old", "new"), MUTANTS, ids=[one[0] for one in MUTANTS])
def test_the_checks_kill_their_mutants(
    tmp_path: Path, name: str, killer: str, old: str, new: str
) -> None:
    """A connector that is careless with its events is caught by the check for that."""
    assert failures(tmp_path, killer, old, new)


def test_every_check_of_events_kills_one() -> None:
    """None is there for show. Events that are looked up have tests of their own."""
    checks = {name for name in CHECKS if name.startswith("events-")} - {"events-asked"}
    assert checks == {killer for _, killer, _, _ in MUTANTS}
