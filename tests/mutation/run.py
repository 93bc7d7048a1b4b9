"""Mutation: modules where a mistake costs money or secrets, each broken in one place at a time; a
test must notice. `nox -s mutation -- --seed 7 --count 150` runs it.

The mutants are cosmic-ray's. They are made in copies of the repository, one for each processor.
`--only wire` breaks the modules with that in their path, and `--near` asks the nearest tests alone.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.testing import run_tests
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkResult
from modules import PYTEST, ROOT, Tests, targets

LONGEST = 600.0
"""Seconds for the tests of one mutant; one that makes them longer is noticed, too."""
# An annotation's `|` is never run, and `is` and `==` are the same for None and enumerations.
_POINTLESS = ("_BitOr_", "_Is_Eq", "_IsNot_NotEq", "_Eq_Is", "_NotEq_IsNot", "RemoveDecorator")
# Imports for type checkers, and the size of a cache.
_POINTLESS_AT = re.compile(r"if TYPE_CHECKING:|@lru_cache\(")
# What stands before an operator, and not before a `*` that unpacks or is part of a signature.
_OPERAND = re.compile(r".*[\w)\]}\"']\s*")


def sample(modules: Iterable[str], seed: int, count: int) -> list[MutationSpec]:
    """A number of mutants of the modules, the same for the same seed: one of each module, then
    from all alike. No place is broken twice: a comparison can be broken in ten ways."""
    made = _mutants(modules)
    random.Random(seed).shuffle(made)
    places = {(one.module_path, one.start_pos): one for one in made}
    first = {one.module_path: one for one in places.values()}
    others = [one for one in places.values() if first[one.module_path] is not one]
    return [*first.values(), *others][:count]


def _mutants(modules: Iterable[str]) -> list[MutationSpec]:
    """All that are of use, in an order of their own."""
    with tempfile.TemporaryDirectory() as folder:
        database = WorkDB(f"{folder}/mutants.sqlite", WorkDB.Mode.create)
        init([Path(module) for module in modules], database, {})
        made = [mutation for item in database.work_items for mutation in item.mutations]
        database.close()
    useful = [one for one in made if not _is_pointless(one)]
    useful.sort(key=lambda one: (str(one.module_path), one.operator_name, one.occurrence))
    return useful


def _is_pointless(mutation: MutationSpec) -> bool:
    """Whether no test could notice, or every one would."""
    at, column = mutation.start_pos
    line = mutation.module_path.read_text().splitlines()[at - 1]
    name = mutation.operator_name
    return (
        any(word in name for word in _POINTLESS)
        or line[:column].endswith("kw_only=")  # all are given by name
        or _POINTLESS_AT.match(line) is not None
        or ("BinaryOperator" in name and _OPERAND.fullmatch(line[:column]) is None)
    )


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
    shared = Path(folders, "shared")
    with suppress(FileExistsError):  # the other worker was quicker
        shared.symlink_to(ROOT.parent / "shared")  # the processors' descriptions, where they are
    os.chdir(folder)
    parts = [folder, folder / "contract_tests", *folder.glob("plugins/*")]
    os.environ["PYTHONPATH"] = os.pathsep.join(map(str, parts))


def nearest(files: Iterable[str]) -> str:
    """The command of the tests that are asked first."""
    return f"{PYTEST} {' '.join(files)}"


def tried(mutation: MutationSpec, tests: Tests, near: bool) -> tuple[MutationSpec, WorkResult]:
    """What the tests say of one mutant."""
    for command in [nearest(tests.near), *([] if near else [tests.all])]:
        result = mutate_and_test([mutation], command, LONGEST)
        if result.test_outcome is not TestOutcome.SURVIVED:
            break
    return mutation, result


def passes(command: str) -> tuple[str, bool, str]:
    """Whether tests pass as long as nothing is broken."""
    outcome, output = run_tests(command, LONGEST)
    return command, outcome is TestOutcome.SURVIVED, output


def expect_unbroken(pool: ProcessPoolExecutor, asked: list[Tests], near: bool) -> None:
    """Stops where a test fails with nothing broken: it would notice everything."""
    commands = {nearest(sorted(tests.near)) for tests in asked}
    commands |= set() if near else {tests.all for tests in asked}
    for command, good, output in pool.map(passes, sorted(commands)):
        if not good:
            raise SystemExit(f"fails with nothing broken: {command}\n{output[-3000:]}")


def main() -> int:
    """Tries a sample, shows what survived, and how many were noticed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=150)
    options.add_argument("--aim", type=float, default=95.0, help="per cent to be noticed")
    options.add_argument("--only", default="", help="modules whose path holds this text")
    options.add_argument("--near", action="store_true", help="ask the nearest tests alone")
    given = options.parse_args()
    os.chdir(ROOT)
    tests = {path: how for path, how in targets().items() if given.only in path}
    mutants = sample(tests, given.seed, given.count)
    seen: Counter[tuple[str, bool]] = Counter()
    with (
        tempfile.TemporaryDirectory() as folders,
        ProcessPoolExecutor(os.cpu_count(), initializer=enter, initargs=(folders,)) as pool,
    ):
        expect_unbroken(pool, [tests[str(one.module_path)] for one in mutants], given.near)
        work = [pool.submit(tried, one, tests[str(one.module_path)], given.near) for one in mutants]
        for done in as_completed(work):
            mutation, result = done.result()
            if result.worker_outcome is not WorkerOutcome.NORMAL:
                # cosmic-ray fails at a dotted name in `except`, for one.
                print(f"not made: {mutation.operator_name} {mutation.module_path}", flush=True)
                continue
            survived = result.test_outcome is TestOutcome.SURVIVED
            seen[str(mutation.module_path), not survived] += 1
            if survived:
                print(f"survived: {mutation.operator_name}\n{result.diff}", flush=True)
            elif result.output == "timeout":
                print(f"too long: {mutation.operator_name}\n{result.diff}", flush=True)
    for path in tests:
        killed, alive = seen[path, True], seen[path, False]
        if killed or alive:
            print(f"{path:60} {killed:4} of {killed + alive:4}")
    killed = sum(count for (_, noticed), count in seen.items() if noticed)
    made = sum(seen.values())
    share = 100 * killed / max(1, made)
    print(f"seed {given.seed}: {killed} of {made} noticed, {share:.1f} %, aim {given.aim} %")
    return 0 if share >= given.aim else 1


if __name__ == "__main__":
    raise SystemExit(main())
