"""Mutation: modules where a mistake costs money or secrets, each broken in one place at a time; a
test must notice. `nox -s mutation -- --seed 7 --count 150` runs it.

The mutants are cosmic-ray's. They are made in copies of the repository, one for each processor.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.testing import run_tests
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkResult

ROOT = Path(__file__).parents[2]
LONGEST = 420.0
"""Seconds for the tests of one mutant; one that makes them longer is noticed, too."""
CORE = {
    "call.py": "tests/core",
    "clients/checkout.py": "tests/core/test_checkout.py tests/core",
    "comparison.py": "tests/core/test_results.py tests/core/test_payment_life.py tests/core",
    "composites.py": "tests/core/test_customers.py tests/core",
    "connections.py": "tests/core/test_connections.py tests/faults",
    "driver.py": "tests/core/test_retries.py tests/core/test_certainty.py tests/core tests/faults",
    "lookups.py": "tests/core/test_lookups.py",
    "oauth.py": "tests/core/test_oauth.py tests/core",
    "outcome.py": "tests/core/test_outcomes.py tests/core/test_results.py tests/core",
    "preflight.py": "tests/core/test_preflight.py tests/core",
    "redaction.py": "tests/core/test_privacy.py tests/core",
    "schema/money.py": "tests/core/test_money.py tests/core",
    "schema/payment_methods.py": "tests/core/test_schema.py tests/core",
    "secrets.py": "tests/core/test_secrets_and_errors.py tests/core",
    "shared.py": "tests/core/test_sharing.py tests/core",
    "signatures.py": "tests/core/test_events.py tests/core",
    "webhooks.py": "tests/core/test_events_fetched.py tests/core",
    "wire.py": "tests/core/test_transport.py tests/core/test_connections.py tests/faults",
}
"""A module of the core, and the tests that must notice, the nearest first."""
PLUGIN = ("answers.py", "errors.py", "events.py", "refunds.py")
"""The modules of a connector in which a mistake costs money."""
# An annotation's `|` is never run, and `is` and `==` are the same for None and enumerations.
_POINTLESS = ("_BitOr_", "_Is_Eq", "_IsNot_NotEq", "_Eq_Is", "_NotEq_IsNot", "RemoveDecorator")


def targets() -> dict[str, str]:
    """Each module to break, and the command of the tests that must notice."""
    pytest = f"{sys.executable} -m pytest -q -x -p no:cacheprovider --no-header"
    found = {f"prism_core/{name}": f"{pytest} {tests}" for name, tests in CORE.items()}
    for plugin in sorted(ROOT.glob("plugins/*/pyproject.toml")):
        folder = plugin.parent.relative_to(ROOT)
        name = folder.name.removeprefix("prism-")
        tests = f"{pytest} {folder}/tests --ignore-glob=*live* --ignore-glob=*browser*"
        contract = f"{sys.executable} -m prism_core.cli contract {name}"
        for module in PLUGIN:
            path = folder / f"prism_{name}" / module
            if (ROOT / path).exists():
                found[str(path)] = f"sh -c '{tests} && {contract}'"
    return found


def sample(modules: list[str], seed: int, count: int) -> list[MutationSpec]:
    """A number of mutants of the modules, the same for the same seed."""
    with tempfile.TemporaryDirectory() as folder:
        database = WorkDB(f"{folder}/mutants.sqlite", WorkDB.Mode.create)
        init([Path(module) for module in modules], database, {})
        found = [mutation for item in database.work_items for mutation in item.mutations]
        database.close()
    useful = [one for one in found if not any(word in one.operator_name for word in _POINTLESS)]
    useful.sort(key=lambda one: (str(one.module_path), one.operator_name, one.occurrence))
    return random.Random(seed).sample(useful, min(count, len(useful)))


def copied(folder: Path) -> None:
    """A copy of what git tracks, as it stands in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def enter(folders: str) -> None:
    """Makes a copy of its own for a worker, which its tests then import before anything else."""
    folder = Path(tempfile.mkdtemp(dir=folders))
    copied(folder)
    os.chdir(folder)
    parts = [folder, folder / "contract_tests", *folder.glob("plugins/*")]
    os.environ["PYTHONPATH"] = os.pathsep.join(map(str, parts))


def tried(mutation: MutationSpec, command: str) -> tuple[MutationSpec, WorkResult]:
    """What the tests say of one mutant."""
    return mutation, mutate_and_test([mutation], command, LONGEST)


def passes(command: str) -> tuple[str, bool, str]:
    """Whether the tests pass as long as nothing is broken; else they would notice everything."""
    outcome, output = run_tests(command, LONGEST)
    return command, outcome is TestOutcome.SURVIVED, output


def main() -> int:
    """Tries a sample, shows what survived, and how many were noticed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=150)
    options.add_argument("--aim", type=float, default=95.0, help="per cent to be noticed")
    options.add_argument("--only", default="", help="modules whose path holds this text")
    given = options.parse_args()
    os.chdir(ROOT)
    commands = {path: how for path, how in targets().items() if given.only in path}
    mutants = sample([*commands], given.seed, given.count)
    seen: Counter[tuple[str, bool]] = Counter()
    with (
        tempfile.TemporaryDirectory() as folders,
        ProcessPoolExecutor(os.cpu_count(), initializer=enter, initargs=(folders,)) as pool,
    ):
        for command, good, output in pool.map(
            passes, {commands[str(m.module_path)] for m in mutants}
        ):
            if not good:
                raise SystemExit(f"fails with nothing broken: {command}\n{output[-3000:]}")
        work = [pool.submit(tried, one, commands[str(one.module_path)]) for one in mutants]
        for done in work:
            mutation, result = done.result()
            if result.worker_outcome is not WorkerOutcome.NORMAL:
                raise SystemExit(f"cannot judge {mutation}: {result.output}")
            survived = result.test_outcome is TestOutcome.SURVIVED
            seen[str(mutation.module_path), not survived] += 1
            if survived:
                print(f"survived: {mutation.operator_name}\n{result.diff}", flush=True)
    for path in commands:
        killed, alive = seen[path, True], seen[path, False]
        if killed or alive:
            print(f"{path:60} {killed:4} of {killed + alive:4}")
    killed = sum(count for (_, noticed), count in seen.items() if noticed)
    share = 100 * killed / max(1, len(mutants))
    print(
        f"seed {given.seed}: {killed} of {len(mutants)} noticed, {share:.1f} %, aim {given.aim} %"
    )
    return 0 if share >= given.aim else 1


if __name__ == "__main__":
    raise SystemExit(main())
