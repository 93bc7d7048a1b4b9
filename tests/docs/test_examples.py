"""The examples run as they stand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_a_subscription_lives_and_ends() -> None:
    """Sign-up, first charge, renewal, a renewal that is declined with its reason, cancellation:
    one command, nothing to set up."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "subscription.py")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ends = [line.partition(": ")[2] for line in done.stdout.splitlines()]
    assert ends[0].startswith("cus_")
    assert ends[1:] == [
        "mandate ACTIVE",
        "CHARGED",
        "mandate ACTIVE",
        "AUTHORIZATION_FAILED (INSUFFICIENT_FUNDS: Ask for another card, or later.)",
        "mandate REVOKED",
    ]
