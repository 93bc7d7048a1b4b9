"""Measures the batch beside `AsyncPrism` alone, for so many rows: `python run.py 20000`.
With `--kill 3`, the batch is killed so often on its way."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[2] / "tests"), str(HERE.parent / "tests")]

from connector import source  # noqa: E402
from support import install  # noqa: E402


def customers(path: Path, count: int) -> None:
    with path.open("w") as file:
        file.write("merchant_customer_id,name,email\n")
        for number in range(count):
            file.write(f"user_{number:07},Ada Lovelace,ada{number:07}@example.com\n")


class Bench:
    """A server, a connector and a folder."""

    def __init__(self, folder: Path, journal: str | None) -> None:
        self.server = subprocess.Popen(
            [sys.executable, str(HERE / "server.py")], stdout=subprocess.PIPE, text=True
        )
        assert self.server.stdout is not None
        self.url = f"http://127.0.0.1:{self.server.stdout.readline().strip()}"
        install(folder / "site", "bulk", source())
        self.file, self.folder = folder / "customers.csv", folder
        self.journal = journal or f"sqlite:///{folder / 'journal.db'}"
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(folder / "site"),
            "PRISM_BULK_API_KEY": "good",
            "PRISM_BULK_BASE_URL": self.url,
        }

    def facts(self) -> dict[str, int]:
        with urllib.request.urlopen(self.url + "/") as answer:
            return json.load(answer)

    def begin(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *words], env=self.environment, stdout=subprocess.PIPE, text=True
        )

    def batch(self, *words: str) -> subprocess.Popen[str]:
        named = ("-m", "prism_core.cli", "batch", "run", str(self.file), "-c", "bulk")
        options = ("--operation", "customers.create", "--journal", self.journal, "--json")
        return self.begin(*named, *options, *words)


def measured(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What a process used."""
    begin = time.monotonic()
    assert process.stdout is not None
    out = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    return {
        "out": out,
        "code": os.waitstatus_to_exitcode(status),
        "cpu": used.ru_utime + used.ru_stime,
        "wall": time.monotonic() - begin,
        "mib": used.ru_maxrss / 1024,
    }


def killed(bench: Bench, rows: int, after: int, more: tuple[str, ...]) -> float:
    """Runs until so many rows are made, then kills it. Returns the CPU seconds."""
    run = bench.batch(*more)
    while run.poll() is None and bench.facts()["made"] < after:
        time.sleep(0.2)
    run.send_signal(signal.SIGKILL)
    return float(measured(run)["cpu"])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", type=int)
    parser.add_argument("--kill", type=int, default=0)
    parser.add_argument("--bare", type=int, help="The rows of AsyncPrism alone; else all.")
    parser.add_argument("--journal")
    given, more = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), given.journal)
        alone = given.rows if given.bare is None else given.bare
        customers(bench.file, alone)
        bare = json.loads(measured(bench.begin(str(HERE / "bare.py"), str(bench.file)))["out"])
        show("AsyncPrism alone", bare, alone)
        bench.server.kill()
        bench = Bench(Path(folder), given.journal)
        customers(bench.file, given.rows)
        load = measured(bench.batch("--only-load"))
        show("loading", load, given.rows)
        size = bench.folder / "journal.db"
        if size.exists():
            print(f"journal, loaded: {size.stat().st_size / given.rows:.0f} bytes a row")
        begin, cpu = time.monotonic(), 0.0
        for number in range(given.kill):
            cpu += killed(
                bench, given.rows, given.rows * (number + 1) // (given.kill + 1), (*more,)
            )
        end = measured(bench.batch(*more))
        end["cpu"] += cpu
        end["wall"] = time.monotonic() - begin
        show(f"sending, killed {given.kill} times", end, given.rows)
        times = end["cpu"] / given.rows / (bare["cpu"] / alone)
        print(f"CPU a row: {times:.2f} times AsyncPrism alone")
        if size.exists():
            files = bench.folder.glob("journal.db*")
            total = sum(one.stat().st_size for one in files)
            print(f"journal, done: {total / given.rows:.0f} bytes a row")
        print(end["out"].strip(), bench.facts())
        bench.server.kill()


def show(name: str, used: dict[str, Any], rows: int) -> None:
    each = used["cpu"] / rows * 1e6
    print(
        f"{name}: {used['wall']:.1f} s, CPU {used['cpu']:.1f} s ({each:.0f} us a row), "
        f"{used['mib']:.0f} MiB",
        flush=True,
    )


if __name__ == "__main__":
    main()
