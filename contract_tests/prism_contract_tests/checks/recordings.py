"""Checks of the exchange files themselves: scrubbed, documented, written for today's schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import msgspec

from prism_contract_tests.check import Failed, check, each_exchange
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.report import Evidence
from prism_contract_tests.scrub import leaks, secret_names, texts
from prism_contract_tests.target import Target
from prism_core import PrismError
from prism_core.connector.operations import result_type


@check(
    "exchanges-scrubbed",
    since="2026.11",
    cases=each_exchange,
    why="Exchanges are published with the plugin: everybody can read them.",
    how="Use published test cards and IBANs, addresses at example.com, telephone numbers reserved "
    "for fiction, and keys such as sk_test_example; `prism exchanges record` inserts them. Public "
    "keys and certificates are known by their structure, and ids of keys by their name (key_id, "
    "fingerprint). Another long value that is public is declared in the exchange, with the reason, "
    'and must look like a secret: `"public": {"steps[0].response.json.nonce": "why"}`.',
)
def exchanges_scrubbed(target: Target, case: str) -> int:
    """An exchange holds no number of a card or a bank account except published test numbers, no
    email address or telephone number of a real person, no live credential or wallet's payment, and
    the account's secrets only where a request must carry them."""
    exchange = target.exchange(case)
    whole = msgspec.to_builtins(exchange)
    found = [*leaks(whole, exchange.account.values()), *misplaced_secrets(target, exchange)]
    if exchange.operation == "handle_event":  # a signature gives nothing away
        found = [one for one in found if not one.startswith("a long secret at request.")]
    if exchange.error_answer is None:  # one made of an error answer has those of another
        _must_be_public(exchange, found)
    found = [one for one in found if one.removeprefix(_LONG) not in exchange.public]
    if found:
        raise Failed("it holds " + ", ".join(dict.fromkeys(found)))
    return sum(1 for _ in texts(whole))


_LONG = "a long secret at "


def _must_be_public(exchange: Exchange, found: list[str]) -> None:
    """Raises `Failed` for a place that is declared as public and needs no excuse, or no reason."""
    for place, reason in exchange.public.items():
        if not reason.strip():
            raise Failed(f"public gives no reason for {place}")
        if f"{_LONG}{place}" not in found:
            raise Failed(f"public names {place}, which nothing takes for a secret; take it out")


def misplaced_secrets(target: Target, exchange: Exchange) -> Iterator[str]:
    """Where a secret of the account is, besides the headers and bodies of requests."""
    secrets = {
        name: exchange.account[name]
        for name in secret_names(target.connector.info.account)
        if name in exchange.account
    }
    places: dict[str, Any] = {"request": exchange.request, "result": exchange.result}
    for index, step in enumerate((*exchange.grants, *exchange.steps)):
        places[f"steps[{index}].response"] = msgspec.to_builtins(step.response)
        places[f"steps[{index}].request.path"] = step.request.path
        places[f"steps[{index}].request.query"] = step.request.query
    for place, text in texts(places):
        for name, secret in secrets.items():
            if secret in text:
                yield f"a secret of its account at {place} (if {name} is public, declare it as str)"


@check(
    "exchanges-documented",
    since="2026.11",
    cases=each_exchange,
    why="Without its source, nobody can check an exchange, or update it when the source changes.",
    how="Name the processor's own page, on the host of ConnectorInfo.docs or its parent domain.",
)
def exchanges_documented(target: Target, case: str) -> int:
    """An exchange names the https page of the processor's documentation that it is based on."""
    named = urlsplit(target.exchange(case).documentation)
    expected = urlsplit(target.connector.info.docs).hostname or ""
    domain, host = _domain(expected), named.hostname or ""
    if named.scheme != "https" or not (host == domain or host.endswith(f".{domain}")):
        raise Failed(
            f"its documentation is no https page at {domain}",
            Evidence(expected=f"https://{expected}/...", got=target.exchange(case).documentation),
        )
    return 1


def _domain(host: str) -> str:
    """The parent domain of a host where that is still one organisation's: not `co.uk`."""
    parent = host.partition(".")[2]
    labels = parent.split(".")
    is_public = len(labels) < 2 or (len(labels) == 2 and max(map(len, labels)) <= 3)
    return host if is_public else parent


@check(
    "exchanges-fresh",
    since="2026.11",
    cases=each_exchange,
    why="A field that the schema does not have is ignored when the file is read, so the exchange "
    "would prove less than it seems to.",
    how="Rename or remove what the message names; the reference lists the schema's fields.",
)
def exchanges_fresh(target: Target, case: str) -> int:
    """Every field of an exchange's request and result exists in today's schema, with an allowed
    value."""
    exchange = target.exchange(case)
    built, result = _built(exchange), _result(exchange)
    stale = list(unknown_fields(exchange.request, built, "request"))
    stale += unknown_fields(exchange.result, result, "result")
    if stale:
        raise Failed(f"today's schema has no {', no '.join(stale)}")
    return 2


def _built(exchange: Exchange) -> Any:
    try:
        return exchange.build()
    except (PrismError, msgspec.ValidationError) as problem:
        raise Failed(f"its request is none: {problem}") from None


def _result(exchange: Exchange) -> Any:
    try:
        if exchange.result is not None:
            return msgspec.convert(exchange.result, result_type(exchange.operation))
    except (PrismError, msgspec.ValidationError) as problem:
        raise Failed(f"its result is none: {problem}") from None


def unknown_fields(given: Any, built: Any, place: str) -> Iterator[str]:
    """The fields of a JSON object that the value built from it does not have."""
    if not isinstance(given, dict) or not isinstance(built, msgspec.Struct):
        return
    tag = built.__struct_config__.tag_field
    for name, value in given.items():
        if name not in built.__struct_fields__ and name != tag:
            yield f"{place}.{name}"
        else:
            yield from unknown_fields(value, getattr(built, name, None), f"{place}.{name}")
