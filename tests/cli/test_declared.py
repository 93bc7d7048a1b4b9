"""What the connectors of the repository declare for `prism try`."""

from __future__ import annotations

import tomllib
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from prism_contract_tests.replaying import Replay
from prism_core import SdkToken
from prism_core.cli.app import prism
from prism_core.cli.declared import credentials_page, for_tests
from prism_core.cli.exit_codes import DONE, UNKNOWN
from prism_core.connector.credentials import variable
from prism_core.discovery.loading import Connector, load
from prism_core.schema.secrets import reveal

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


@pytest.mark.once
def test_it_pays_at_a_stand_in_of_each_processor(
    loaded: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connector takes what is sent, and a payment begins. Where exchanges tell of different
    payments, the answer may be about another one than the first: nobody knows then."""
    with closing(Replay(loaded.name)) as replay:
        for name, value in replay.options.items():
            plain = reveal(value) if value is not None else ""
            text = plain if isinstance(plain, str) else msgspec.json.encode(plain).decode()
            monkeypatch.setenv(variable(loaded.name, name), text)
        done = CliRunner().invoke(prism, ["try", loaded.name], input="y\n\n")
    assert done.exit_code in (DONE, UNKNOWN), done.output
    assert "payment = prism.payments." in done.stdout
    assert replay.unanswered == []
