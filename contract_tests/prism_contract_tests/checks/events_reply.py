"""The check of handshakes: requests with which a processor tests an endpoint, and wants a reply."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from prism_contract_tests.check import Failed, check
from prism_contract_tests.checks.events import believed, handled
from prism_contract_tests.damage import leaves, replaced
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.forging import forgeries, genuine, is_handshake, rubbish
from prism_contract_tests.replay import Ended
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_core import ConnectorBug

_TOLD = ("payment", "refund", "mandate", "dispute")


@check(
    "events-reply",
    since="2026.11",
    cases=lambda target: [one.name for one in target.of("handle_event") if is_handshake(one)],
    why="Anybody can send a handshake. If the reply is signed with the key of the events, whoever "
    "has an event's text signed as a challenge has forged that event.",
    how="Reply only to a challenge of the documented form (a pattern that no event matches), and "
    "raise EventRejected for any other.",
)
def events_reply(target: Target, case: str) -> int:
    """A handshake of any form tells nothing of a payment, and if its reply is signed, the text of
    an event is not signed in place of the challenge."""
    exchange = target.exchange(case)
    event, good = exchange.build(), believed(target, exchange)
    tried = 0
    for label, forged in (*forgeries(event), *rubbish(event)):
        tried += 1
        ended = handled(target, exchange, forged)
        told = [name for name in _TOLD if getattr(ended.result, name, None) is not None]
        if told or isinstance(ended.error, ConnectorBug):
            raise Failed(f"a handshake with {label} tells something", Evidence(got=ended.said()))
    if not _is_signed(target, exchange, good):
        return tried
    for text in sorted({text for one in genuine(target) for text in _texts(one)}):
        tried += _signs_nothing(target, exchange, text)
    return tried


def _is_signed(target: Target, exchange: Exchange, good: Ended) -> bool:
    """Whether another credential makes another reply."""
    event = exchange.build()
    accounts = [{**exchange.account, name: f"{one}7"} for name, one in exchange.account.items()]
    ends = [handled(target, exchange, event, other) for other in accounts]
    return any(_reply(ended) != _reply(good) for ended in ends)


def _reply(ended: Ended) -> str | None:
    return getattr(ended.result, "reply", None)


def _texts(exchange: Exchange) -> list[str]:
    """What may be signed of an event: all of it, and each value of a form."""
    body = str(exchange.request["body"])
    return [body, *(value for _, value in parse_qsl(body))]


def _signs_nothing(target: Target, exchange: Exchange, text: str) -> int:
    """Raises if a text of an event gets a reply in place of the challenge."""
    event: Any = exchange.build()
    bodies = _with_text(event.body.decode(), text)
    for body in bodies:
        asked = msgspec.structs.replace(event, body=body)
        ended = handled(target, exchange, asked)
        if _reply(ended) is not None:
            message = "the text of an event gets a signed reply in place of the challenge"
            raise Failed(message, Evidence(expected="EventRejected", got=ended.said()))
    return len(bodies)


def _with_text(body: str, text: str) -> list[bytes]:
    """The handshake with a text in place of each of its values."""
    try:
        whole = msgspec.json.decode(body)
    except msgspec.DecodeError:
        pairs = parse_qsl(body, keep_blank_values=True)
        names = [name for name, _ in pairs]
        return [urlencode({**dict(pairs), name: text}).encode() for name in names]
    return [msgspec.json.encode(replaced(whole, path, text)) for path, _ in leaves(whole)]
