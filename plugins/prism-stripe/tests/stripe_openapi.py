"""Stripe's published OpenAPI document as a judge of requests: the contract kit's, with Stripe's
headers added. https://github.com/stripe/openapi

Nothing here knows how Prism builds a request: a form is read back the way Stripe reads it, from
bracket notation, and every property that the document does not name is refused at every level.
What the document leaves out is amended as this plugin's pyproject.toml declares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import prism_stripe
from prism_contract_tests.forms import FORM, read_form
from prism_contract_tests.openapi import Description
from prism_contract_tests.target import read_settings

__all__ = ["DOCUMENT", "FORM", "StripeDocument", "read_form", "stripe_document"]

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "stripe.openapi.json")
"""The document lies beside the repository, not in it."""


class StripeDocument:
    """The document, asked about one request at a time."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.version: str = document["info"]["version"]
        settings = read_settings(Path(prism_stripe.__file__).parent)
        self._description = Description(document, settings.openapi)

    def answer_problems(self, name: str, body: object) -> list[str]:
        """What the document does not allow about an answer's body, by the name of its schema."""
        schema = self._description.document["components"]["schemas"][name]
        return list(self._description.problems(body, schema, "answer"))

    def violations(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> list[str]:
        """What Stripe does not allow about a request; an empty list if all is well."""
        found = self._description.violations(method, url, headers, body)
        if any("no such operation" in problem for problem in found):
            return found
        return found + [f"{method}: {problem}" for problem in self._headers(method, headers, body)]

    def _headers(self, method: str, headers: Mapping[str, str], body: bytes) -> Iterator[str]:
        given = {name.lower(): value for name, value in headers.items()}
        if not re.fullmatch(r"Bearer \S+", given.get("authorization", "")):
            yield "the authorization header is no bearer key"
        if given.get("stripe-version") != self.version:
            yield f"stripe-version is {given.get('stripe-version')}, not {self.version}"
        if method == "POST" and not body and given.get("content-type") != FORM:
            yield f"content-type is {given.get('content-type')}, not {FORM}"


@cache
def stripe_document() -> StripeDocument | None:
    """The document, or None where the folder beside the repository is not there."""
    if not DOCUMENT.is_file():
        return None
    return StripeDocument(json.loads(DOCUMENT.read_text()))
