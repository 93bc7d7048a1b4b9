"""The judge of a plugin's own tests, in a plugin's tests of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = """
from prism_contract_tests.judging import judging
def violations(method, url, headers, body):
    return [f"{method} {url}: no such operation"] if url.endswith("/nowhere") else []
judge = judging("prism-acme", "acme.json", violations if %s else None)
"""
TESTS = """
from types import SimpleNamespace
import pytest
from prism_core import HttpRequest, InvalidRequest
from prism_core.runtime import flows
def test_one():
    HttpRequest("GET", "https://a.example/x", {})
    HttpRequest("GET", "https://a.example/x", {})
def test_two():
    HttpRequest("GET", "https://a.example/nowhere", {})
def test_three(judge):
    HttpRequest("GET", "https://a.example/nowhere", {})
    judge.built.clear()
def test_four(monkeypatch):
    def refuse(*args, **kwargs):
        raise InvalidRequest("too long")
    monkeypatch.setattr(flows, "_check_reads", refuse)
    with pytest.raises(InvalidRequest):
        request = HttpRequest("GET", "https://a.example/nowhere", {})
        call = SimpleNamespace(is_late=False, changed=False, request=SimpleNamespace())
        flows._make_ready(call, request)
"""


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (True, "prism-acme: 2 requests valid by acme.json, 1 violations"),
        (False, "prism-acme: no request was held against acme.json, which is not here"),
    ],
)
def test_a_request_is_judged_whether_or_not_it_is_sent(
    tmp_path: Path, there: bool, said: str
) -> None:
    """A test may take back what it built, and what the core refuses is taken back; without the
    document nothing is judged."""
    (tmp_path / "conftest.py").write_text(CONFTEST % there)
    (tmp_path / "test_acme.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:asyncio"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == (1 if there else 0)
    assert said in done.stdout
    words = "not valid by acme.json: GET https://a.example/nowhere: no such operation"
    assert (words in done.stdout) == there
