"""Inputs that crashed something once, as explicit examples of the fuzz tests."""

from __future__ import annotations

SIGNED: dict[str, list[bytes]] = {
    "adyen": [b'{"\xff"'],
    "authorizedotnet": [
        b'{"notificationId":"n","eventType":"net.authorize.payment.void.created",'
        b'"payload":{"responseCode":1,"entityName":"transaction","id":""}}',
        b'{"notificationId":"n","eventType":"x","eventDate":"0001-01-01T00:00:00+14:00"}',
    ],
    "sandbox": [
        b'{"id":"evt_1","type":"refund.succeeded","created":1,"data":{"id":"ref_1",'
        b'"status":"succeeded","payment":"pay_1","amount":-4,"currency":"USD"}}',
    ],
    "stripe": [
        b'{"id":"evt_1","type":"refund.updated","data":{"object":{"id":"re_1","amount":4,'
        b'"currency":"x","status":"succeeded","payment_intent":"pi_1"}}}',
    ],
}
"""Bodies, by connector: no JSON for the helper that signs; values that no result can hold, which
were once the caller's InvalidRequest; a date before the first one."""

_METADATA = b"Metadata-Version: 2.1\nName: rub\nVersion: 1.0\n"
_ENTRY_POINTS = b"[prism.connectors]\nrub = rub:connector\n"

METADATA: list[tuple[str, dict[str, bytes | None], list[str]]] = [
    (
        "rub-1.0.dist-info",
        {
            "METADATA": _METADATA + b"Requires-Dist: prism-payments-core; os_name ~= 'x'\n",
            "entry_points.txt": _ENTRY_POINTS,
        },
        ["doctor"],
    ),
    (
        "rub-1.0.dist-info",
        {"METADATA": b"Name: rub\nVersion: [/x]\n", "entry_points.txt": _ENTRY_POINTS},
        ["connectors"],
    ),
    (
        "caf\udce9-1.dist-info",
        {"METADATA": _METADATA + b"Name: \xe9\n", "entry_points.txt": _ENTRY_POINTS},
        ["doctor"],
    ),
    ("prism_payments_core-9.dist-info", {"METADATA": b"Metadat"}, ["connectors"]),
    ("prism_payments_core-9.dist-info", {"METADATA": b"\xff\xfe"}, ["doctor", "--json"]),
]
"""A folder's name, its files, and the command that crashed beside it: a marker that cannot be
evaluated, words that rich took for markup, a path that is no text, a core without a version."""

_AUTHORIZE = b'{"operation":"authorize","kind":"success","documentation":"x","account":{},'

EXCHANGES: list[tuple[str, bytes]] = [
    ("authorize", _AUTHORIZE + b'"request":{"a":' + b"[" * 60_000),
    ("authorize", _AUTHORIZE + b'"re\\nquest":{}}'),
    (
        "authorize",
        _AUTHORIZE + b'"steps":[],"result":{},"request":{"merchant_transaction_id":"o",'
        b'"amount":{"minor_amount":1,"currency":"USD"},'
        b'"payment_method":{"type":"card","number":7,"exp_month":1,"exp_year":2090}}}',
    ),
]
"""An operation, and what an exchange's file holds: nested too deeply, a name with a line break, a
card number that is a number."""

SETTINGS: list[bytes] = [
    *(b"tool = 1\n", b"[tool]\nprism = 1\n", b"[tool.prism]\ncontract = []\n", b"\xff"),
]
"""What a pyproject.toml holds: other things than tables, and no UTF-8."""
