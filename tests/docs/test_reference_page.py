"""docs/reference.md, as Sphinx makes it: what a reader sees of the clients."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from prism_core.clients.methods import Method
from prism_core.clients.prism import SERVICES
from prism_core.schema.payments import AuthorizeRequest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page as text; it alone is built, so that it is made in seconds."""
    source = tmp_path_factory.mktemp("source")
    for name in ("conf.py", "reference.md"):
        shutil.copy(DOCS / name, source)
    made = source / "made"
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "text", "-D", "root_doc=reference"]
    done = subprocess.run([*command, source, made], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return " ".join((made / "reference.txt").read_text("utf-8").split())


@pytest.mark.once
def test_a_method_shows_the_fields_that_it_takes(page: str) -> None:
    """Each with its type, and the type of the result."""
    signature, _, result = page.partition(" authorize( *, ")[2].partition(", ) -> ")
    assert result.startswith("Payment Authorize a payment")
    names = [field.partition(":")[0] for field in signature.split(", ")]
    assert {*AuthorizeRequest.__struct_fields__} <= {*names}
    assert signature.startswith("merchant_transaction_id: Identifier, amount: Money, ")
    assert "return_url: Url | None = None" in signature


@pytest.mark.once
def test_every_method_of_every_client_has_its_signature(page: str) -> None:
    """Blocking and async."""
    for service in SERVICES.values():
        for method in (one for one in vars(service).values() if isinstance(one, Method)):
            for before in (" ", " async "):
                assert f"{before}{method.name}( *, " in page, f"{before}{method.method}"
