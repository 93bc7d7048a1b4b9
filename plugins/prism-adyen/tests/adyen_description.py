"""Adyen's published OpenAPI document as a judge of requests: the contract kit's, and the key's
header besides. https://github.com/Adyen/adyen-openapi"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from prism_contract_tests.openapi import Description

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "adyen.openapi.json")
"""The document lies beside the repository, not in it."""


@cache
def document() -> Mapping[str, Any] | None:
    """The document, or None where the folder beside the repository is not there."""
    return json.loads(DOCUMENT.read_text()) if DOCUMENT.is_file() else None


def published(name: str) -> Any:
    """The value of one of the document's examples; skips where the document is not there."""
    found = document()
    if found is None:
        pytest.skip("adyen.openapi.json is not beside the repository: no example of Adyen's is run")
    return found["components"]["examples"][name]["value"]


@cache
def _description() -> Description | None:
    found = document()
    return None if found is None else Description(found)


def violations(method: str, url: str, headers: Mapping[str, str], body: bytes) -> list[str]:
    """What Adyen does not allow about a request, unknown properties included."""
    missing = [] if headers.get("x-api-key") else ["the API key is not in its header"]
    judge = _description()
    assert judge is not None
    return missing + judge.violations(method, url, headers, body)
