"""The examples run as they stand, and the pages show them."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
code = runpy.run_path(str(EXAMPLES.parent / "benchmarks" / "lines.py"))["code"]


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


def test_the_page_on_fastapi_shows_the_whole_example() -> None:
    """From the first part to the end, each once and in order: a reader sees the code that runs."""
    page = (EXAMPLES.parent / "docs" / "fastapi.md").read_text("utf-8")
    marks = re.findall(r"^# docs: .*$", (EXAMPLES / "fastapi_shop.py").read_text("utf-8"), re.M)
    assert re.findall(r':start-after: "(.*)"', page) == marks
    assert re.findall(r':end-before: "(.*)"', page) == marks[1:]


@pytest.mark.parametrize("shop", ["fastapi_shop.py", "django_shop/**/*.py"])
def test_a_shop_is_as_short_as_its_page_says(shop: str) -> None:
    """Lines of code, without blank lines, comments and docstrings."""
    files = [path.read_text("utf-8") for path in EXAMPLES.glob(shop)]
    assert 0 < sum(map(code, files)) < 200
