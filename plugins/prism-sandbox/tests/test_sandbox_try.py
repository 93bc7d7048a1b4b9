"""`prism try sandbox`: a new user's first payment, with a card and on the sandbox's page."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from prism_sandbox.challenges import submit

TYPED = {"type": "card", "number": "4242424242424242", "exp_month": "12", "exp_year": "2090"}


def tried(url: str, *args: str) -> subprocess.Popen[str]:
    """The command, as a shell starts it."""
    command = [sys.executable, "-u", "-m", "prism_core.cli", "try", "sandbox", *args]
    given = {"PRISM_SANDBOX_API_KEY": "sandbox_try", "PRISM_SANDBOX_BASE_URL": url}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env={**os.environ, **given}, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    )


@pytest.mark.once
def test_a_card_is_charged(url: str) -> None:
    """The one that the connector declares for tests."""
    said, complaints = tried(url).communicate(timeout=60)
    assert "# status: CHARGED" in said, complaints


@pytest.mark.once
@pytest.mark.parametrize(("pays", "status"), [(True, "CHARGED"), (False, "PAYMENT_METHOD_AWAITED")])
def test_the_customer_pays_on_the_page_or_not(url: str, pays: bool, status: str) -> None:
    """The command waits for them, and then asks the processor."""
    running = tried(url, "--page")
    assert running.stdout is not None
    page = next(found[0] for line in running.stdout if (found := re.search(f"{url}/\\S+", line)))
    if pays:
        submit(page, **TYPED, cvc="123")
    said, complaints = running.communicate("https://example.com/return?order=1\n", timeout=60)
    assert (running.returncode, f"# status: {status}" in said) == (0, True), said + complaints
