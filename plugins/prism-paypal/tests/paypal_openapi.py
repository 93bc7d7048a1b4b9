"""PayPal's own OpenAPI document as a judge of requests, amended as this plugin's pyproject.toml
declares. https://github.com/paypal/paypal-rest-api-specifications"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import prism_paypal
from prism_contract_tests.openapi import Description
from prism_contract_tests.target import read_settings

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "paypal.openapi.json")
"""The document lies beside the repository, not in it."""


@cache
def paypal_document() -> Description | None:
    """The document, or None where the folder beside the repository is not there."""
    if not DOCUMENT.is_file():
        return None
    settings = read_settings(Path(prism_paypal.__file__).parent)
    return Description(json.loads(DOCUMENT.read_text("utf-8")), settings.openapi)
