"""The kit's own proof: every mutant is killed by the check that it names, every check kills one."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from lab import Mutant, findings_of, installed

from prism_contract_tests import certify
from prism_contract_tests.check import CHECKS


def _mutants() -> list[Mutant]:
    """The mutants of every file in mutants/, each a module with a list MUTANTS."""
    found: list[Mutant] = []
    for path in sorted((Path(__file__).parent / "mutants").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"mutants_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found += module.MUTANTS
    return found


MUTANTS = _mutants()
# Checks that need more than the reference connector has; their own tests kill their mutants.
ELSEWHERE = {name for name in CHECKS if name.startswith(("openapi-", "live-", "grant-"))}
ELSEWHERE |= {"events-asked", "complete-amount", "error-class-unknown", "void-no-refund"}


@pytest.mark.parametrize("pages", [False, True])
def test_the_reference_connector_is_certified(tmp_path: Path, pages: bool) -> None:
    """The connectors that mutants are made of pass everything, so a kill is the mutation's."""
    with installed(tmp_path, pages=pages) as name:
        report = certify(name)
    assert [f"{f.check} on {f.case}: {f.message}" for f in report.failed] == []
    assert report.problems == []
    assert report.ok


@pytest.mark.once
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_killed_by_its_killer(tmp_path: Path, mutant: Mutant) -> None:
    """A connector with this one thing wrong fails the check that it names."""
    found = findings_of(tmp_path, mutant, mutant.killer)
    killed = [f for f in found if f.verdict == "failed" and mutant.case in (None, f.case)]
    assert killed, f"{mutant.killer} let it pass: {[(f.case, f.verdict) for f in found]}"
    said = [f"{one.message} {one.evidence}" for one in killed]
    assert [one for one in said if "NameError" in one or "SyntaxError" in one] == []


def test_every_check_kills_a_mutant() -> None:
    assert set(CHECKS) - ELSEWHERE - {mutant.killer for mutant in MUTANTS} == set()


def test_there_are_enough_mutants() -> None:
    """At least forty ways to be wrong are tried, each with a name of its own."""
    assert len(MUTANTS) >= 40
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
