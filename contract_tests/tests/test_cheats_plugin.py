"""Attempts of a plugin itself to be certified without being right; each of them is red."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lab import Mutant, installed
from small import DEFECT, EDITION, after, certified, environment, small

from prism_contract_tests.apart import certify_apart
from prism_core import ConfigurationError

pytestmark = pytest.mark.once


def test_prism_contract_loads_no_conftest(tmp_path: Path) -> None:
    """The conftest of the folder is none of the certification's business."""
    (tmp_path / "conftest.py").write_text("raise SystemExit('loaded')")
    (tmp_path / "prism_contract_tests").mkdir()
    (tmp_path / "prism_contract_tests" / "__init__.py").write_text("raise SystemExit('loaded')")
    with small(tmp_path) as name:
        done = subprocess.run(
            [Path(sys.executable).with_name("prism"), "contract", name],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os\nos._exit(0)\n", "without a report"),
        ("raise SystemExit(0)\n", "cannot be loaded"),
        ("raise KeyboardInterrupt\n", "without a report"),
        ("import os\nos.write(1, b'{\"report\": {}}')\nos._exit(0)\n", "without a report"),
    ],
)
def test_a_plugin_that_ends_the_process_is_red(tmp_path: Path, code: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        certified(tmp_path, after(code))


def test_a_plugin_that_ends_the_process_late_is_red(tmp_path: Path) -> None:
    """Neither is ending it with status 0 once the report is made, or printing another."""
    code = "import atexit, os\natexit.register(os._exit, 0)\nprint('{\"report\": {}}')\n"
    report = certified(tmp_path, DEFECT, after(code))
    assert report.failed


CAPABILITIES = {
    "hides an outcome that it has": Mutant(
        "", "", "exponents=EXPONENTS,\n", "exponents=EXPONENTS,\n        outcomes=('decline',),\n"
    ),
    "promises an outcome without an exchange": Mutant(
        "", "", file="prism_acme/exchanges/authorize/pending.json", new=None
    ),
    "has no success": Mutant(
        "", "", file="prism_acme/exchanges/authorize/success.json", new=None
    ),
    "hides an operation": Mutant(
        "", "", "    @hookimpl\n    def get_payment(", "    def _get_payment("
    ),
    "has an exchange of another operation": Mutant(
        "",
        "",
        file="prism_acme/exchanges/refund/success.json",
        new='{"operation": "refund", "kind": "success", "documentation": "https://a.example", '
        '"account": {}, "request": {}, "steps": [], "result": {}}',
    ),
}  # fmt: skip


@pytest.mark.parametrize("attempt", CAPABILITIES)
def test_a_false_capability_is_red(tmp_path: Path, attempt: str) -> None:
    """Declaring less than there is does not shorten the ledger; declaring more lengthens it."""
    try:
        with installed(tmp_path, CAPABILITIES[attempt]) as name:
            report = certify_apart(name, None, False, lambda done, of, last: None)
    except ConfigurationError:
        return  # the core refuses to load it
    assert not report.ok


GOOD_LINK = 'link = "https://acme.example/issues/1"'
SETTINGS = {
    "an empty reason": f'check = "exchange-result"\nreason = " "\n{GOOD_LINK}',
    "no reason": f'check = "exchange-result"\n{GOOD_LINK}',
    "a link that is not https": 'check = "exchange-result"\nreason = "r"\nlink = "http://a.b"',
    "an unknown check": f'check = "exchange-resutl"\nreason = "r"\n{GOOD_LINK}',
    "an unknown case": f'check = "exchange-result"\ncase = "x/y"\nreason = "r"\n{GOOD_LINK}',
    "a stale one": f'check = "requires-core"\ncase = "connector"\nreason = "r"\n{GOOD_LINK}',
    "one that is too wide": f'check = "exchange-result"\nreason = "r"\n{GOOD_LINK}',
    "a wrong only": f'check = "exchange-result"\nonly = "ci"\nreason = "r"\n{GOOD_LINK}',
    "an unknown key": f'check = "exchange-result"\nreason = "r"\n{GOOD_LINK}\nuntil = "2027"',
}  # fmt: skip


@pytest.mark.parametrize("attempt", SETTINGS)
def test_a_wrong_exception_is_red(tmp_path: Path, attempt: str) -> None:
    """Exceptions are strict: reason, https link, a check and case that exist and fail."""
    text = f"{EDITION}[[tool.prism.contract.exceptions]]\n{SETTINGS[attempt]}\n"
    report = certified(tmp_path, settings=text)
    assert not report.ok
    assert any("exception" in problem for problem in report.problems)


@pytest.mark.parametrize(
    "settings", ["editon = '2026.11'", "edition = 3", "edition = '1999.01'", "edition = '2099.01'"]
)
def test_wrong_settings_are_red(tmp_path: Path, settings: str) -> None:
    """A mistyped key, and an edition from before or after every check, is a problem."""
    report = certified(tmp_path, settings=f"{settings}\n")
    assert not report.ok
    assert any("edition" in problem or "editon" in problem for problem in report.problems)
