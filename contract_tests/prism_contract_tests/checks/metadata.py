"""Check of the keys that a connector itself puts beside the caller's metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from prism_contract_tests.check import Failed, check, each_asking
from prism_contract_tests.checks.fields import METADATA_KEYS
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Ended
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import attempt, own_key, reading, refusal, sent
from prism_core import HttpRequest

_VALUE = "Kitvalue"


def _each_with_metadata(target: Target) -> list[str]:
    return [one for one in each_asking(target) if "metadata" in target.sends(one)]


@check(
    "metadata-own-keys",
    since="2026.11",
    cases=_each_with_metadata,
    why="A key of the caller's that the connector uses itself is lost without a word, or replaces "
    "the payment's own id, or changes what an answer means.",
    how="Name the connector's own keys in MetadataLimits(reserved=...): the core refuses them.",
)
def metadata_own_keys(target: Target, case: str) -> int:
    """A key that the connector itself puts beside the caller's metadata is refused if the caller
    gives it, in any operation."""
    exchange = reading(target, case, "metadata")
    own = _own_keys(target, exchange)
    for key in own:
        ended = _with(target, exchange, key)
        refused = refusal(ended)
        if refused is None or refused.field != "metadata":
            raise Failed(
                f"the connector uses the key {key} of metadata itself, and takes the caller's",
                Evidence(expected=f"InvalidRequest: metadata with the key {key}", got=ended.said()),
            )
    return len(own) or 1


def _with(target: Target, exchange: Exchange, key: str) -> Ended:
    return attempt(target, exchange, {"metadata": {key: _VALUE}, **own_key(target, exchange)})


def _own_keys(target: Target, exchange: Exchange) -> list[str]:
    """The keys beside the caller's, for the first key whose form the processor takes."""
    for key in METADATA_KEYS:
        ended = _with(target, exchange, key)
        if refusal(ended) is None:
            requests = sent(ended, "metadata was given")
            return sorted({one for request in requests for one in _beside(request, key)} - {key})
    raise Failed(f"metadata is read, and all of {', '.join(METADATA_KEYS)} are refused as its keys")


def _beside(request: HttpRequest, key: str) -> Iterator[str]:
    """The keys of the object, or of the list of names and values, in which a key stands."""
    body = request.body.decode("utf-8", "replace")
    if "form-urlencoded" in request.headers.get("content-type", ""):
        names = [name for name, _ in parse_qsl(body, keep_blank_values=True)]
        around = {one.removesuffix(f"[{key}]") for one in names if one.endswith(f"[{key}]")}
        found = (re.fullmatch(r"(.+)\[([^\[\]]+)\]", name) for name in names)
        yield from (one[2] for one in found if one and one[1] in around)
    elif body.lstrip()[:1] in ("{", "["):
        yield from _beside_in(msgspec.json.decode(body), key)


def _beside_in(value: Any, key: str) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get(key) == _VALUE:
            yield from value
        for one in value.values():
            yield from _beside_in(one, key)
    elif isinstance(value, list):
        names = [one.get("name") for one in value if isinstance(one, dict)]
        if key in names:
            yield from (one for one in names if isinstance(one, str))
        for one in value:
            yield from _beside_in(one, key)
