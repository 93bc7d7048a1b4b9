"""What the connectors of the repository declare for `prism try`."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from prism_core import SdkToken
from prism_core.cli.declared import credentials_page, for_tests
from prism_core.discovery.loading import Connector, load

ROOT = Path(__file__).parents[2]
NAMES = [
    name
    for path in sorted(ROOT.glob("plugins/*/pyproject.toml"))
    for name in tomllib.loads(path.read_text("utf-8"))["project"]
    .get("entry-points", {})
    .get("prism.connectors", {})
]


@pytest.fixture(params=NAMES)
def loaded(request: pytest.FixtureRequest) -> Connector:
    """Each of them, as it is installed."""
    return load(request.param)


def test_each_can_be_tried(loaded: Connector) -> None:
    """By a payment method that the connector takes, or by a page that it opens."""
    known = for_tests(loaded)
    assert known.approve is not None or known.page
    if known.approve is not None:
        assert type(known.approve) in loaded.info.takes("authorize")
    if known.page:
        assert "create_order" in loaded.operations
        assert "https://" in known.page


def test_where_a_page_makes_tokens_it_says_what_makes_them(loaded: Connector) -> None:
    """With the page that describes it; the sandbox's are in its own README."""
    is_taken = SdkToken in loaded.info.takes("authorize") and loaded.name != "sandbox"
    assert ("https://" in for_tests(loaded).library) == is_taken


def test_it_says_where_the_credentials_are(loaded: Connector) -> None:
    """On a page that the account's docstring names; the sandbox has none."""
    assert bool(credentials_page(loaded.info.account)) == (loaded.name != "sandbox")
