"""Scrubbed: what a recording keeps of a request and its answers, with nothing private in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from prism_contract_tests import scrub
from prism_contract_tests.check import changes_something
from prism_contract_tests.exchange import Exchange, WireResponse
from prism_contract_tests.target import Target
from prism_core import HttpResponse
from prism_core.schema.secrets import reveal

REQUEST_ID = "req_example"
KEY = "key_example"

# What a flow may read besides the body: the rest says more about the server than about payments.
_KEPT = re.compile(r"content-type|.*retry.*|idempotent.*|location|link")


def known_private(
    account: Mapping[str, Any], secrets: Iterable[str], made: Exchange
) -> dict[str, str]:
    """What is private for certain, and what stands for it: credentials, and the request's data."""
    known: dict[str, str] = {}
    for name in set(account) - {"environment", "base_url"}:
        # A secret that an answer quotes is none of its business, not even as a placeholder.
        stand_in = f"scrubbed_{name}" if name in secrets else made.account.get(name)
        known[str(reveal(account[name]))] = stand_in or f"{name}_example"
    for place, text in scrub.texts(made.request):
        field = place.rpartition(".")[2]
        if field == "number" and text not in scrub.TEST_NUMBERS and text.isdigit():
            known[text] = scrub.PLACEHOLDERS["card"]
        elif field == "account_number" and not scrub.is_invented(text):
            known[text] = scrub.PLACEHOLDERS["account_number"]
        elif field in scrub.SECRET_PARTS and place.count("."):  # a part of something
            known[text] = scrub.SECRET_PARTS[field]
        elif field in scrub.PERSONAL and len(text) > 2:
            known[text] = scrub.PERSONAL[field]
    return known


def scrubbed_request(
    target: Target, request: dict[str, Any], scrubber: scrub.Scrubber, operation: str
) -> dict[str, Any]:
    """A request in our schema, with a key where the core would make one."""
    cleaned: dict[str, Any] = scrubber.clean(request)
    method = cleaned.get("payment_method", {})
    if method.get("type") == "card":
        method["cvc"] = "123" if method.get("cvc") else method.get("cvc")
    # The core draws a key where none is given; a file must hold one, to be the same each time.
    keyed = target.connector.info.account.honours_keys()
    if keyed and changes_something(operation):
        cleaned.setdefault("idempotency_key", KEY)
    return cleaned


def scrubbed_answer(
    answer: HttpResponse, scrubber: scrub.Scrubber, request_id: str
) -> WireResponse:
    """An answer with the headers that a flow may read."""
    kept = {
        name: scrubber.text(value)
        for name, value in answer.headers.items()
        if _KEPT.fullmatch(name)
    }
    if request_id in answer.headers:
        kept[request_id] = REQUEST_ID
    made = WireResponse(status=answer.status_code, headers=kept)
    try:
        made.json = scrubber.clean(answer.json())
    except (msgspec.DecodeError, UnicodeDecodeError):
        made.text = scrubber.text(answer.body.decode("utf-8", "replace"))
    return made


def scrubbed_grant(answer: HttpResponse, scrubber: scrub.Scrubber, header: str) -> WireResponse:
    """An answer that grants something, such as an access token, without what it grants."""
    made = scrubbed_answer(answer, scrubber, header)
    if isinstance(made.json, dict):
        for name, value in made.json.items():
            if isinstance(value, str) and _GRANTED.search(name):
                made.json[name] = f"{name}_example"
    return made


_GRANTED = re.compile(r"token$|secret|nonce|app_id|session|^id$")
