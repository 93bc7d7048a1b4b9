"""`prism try stripe` against localstripe: a new user's first payment."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .samples import KEY


def tried(**variables: str) -> subprocess.CompletedProcess[str]:
    """`prism try stripe`, as a shell runs it."""
    command = [sys.executable, "-m", "prism_core.cli", "try", "stripe"]
    given = {**os.environ, **{f"PRISM_STRIPE_{name}": value for name, value in variables.items()}}
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=60)


@pytest.mark.once
def test_a_new_user_pays(localstripe: str) -> None:
    """With Stripe's own test payment method a customer is created and charged; the key is not
    repeated."""
    done = tried(API_KEY=KEY, BASE_URL=localstripe)
    assert done.returncode == 0, done.stderr
    assert 'SdkToken(token="pm_card_visa", payment_method_type="CARD")' in done.stdout
    assert "# status: CHARGED" in done.stdout
    assert KEY not in done.stdout + done.stderr


@pytest.mark.once
def test_a_key_for_real_money_is_refused() -> None:
    """Before anything is sent."""
    done = tried(API_KEY="sk_live_4711")
    assert (done.returncode, "looks like a live key" in done.stderr) == (5, True)
    assert "4711" not in done.stdout + done.stderr
