"""The page about testing: its application and its tests run as they stand there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"
FILES = re.findall(r"^```python\n# (\w+\.py)\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)


@pytest.mark.once
def test_the_tests_of_the_page_pass(tmp_path: Path) -> None:
    """A reader who copies the files has green tests, with nothing to set up."""
    for name, text in FILES:
        (tmp_path / name).write_text(text, "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:asyncio"]
    done = subprocess.run(
        [*command, "-W", "error"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    tests = sum(text.count("\ndef test_") for _, text in FILES)
    assert len(FILES) == 4
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) == tests + 2  # one has three cases
