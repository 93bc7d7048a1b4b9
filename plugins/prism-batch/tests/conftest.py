"""A processor in a process of its own, a connector for it, `prism batch` in a process that can be
killed, and a PostgreSQL."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support import install

from prism_core.cli.app import prism
from prism_core.discovery import index, loading

from .connector import source

HERE = Path(__file__).parent


class Processor:
    """The processor of a test."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def facts(self) -> dict[str, int]:
        """What it counted."""
        return self._asked("/facts")

    def made(self) -> dict[str, list[str]]:
        """Its ids of what it made, by your id."""
        return self._asked("/made")

    def change(self, **options: Any) -> None:
        """Changes what goes wrong; `forget=True` forgets all keys."""
        self._asked("/options", json.dumps(options).encode())

    def _asked(self, path: str, body: bytes | None = None) -> Any:
        with urllib.request.urlopen(self.url + path, body, timeout=10) as answer:
            return json.load(answer)


@pytest.fixture
def processor() -> Iterator[Callable[..., Processor]]:
    """Starts a processor with such troubles."""
    begun: list[subprocess.Popen[str]] = []

    def start(**options: Any) -> Processor:
        command = [sys.executable, str(HERE / "processor.py"), json.dumps(options)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        begun.append(process)
        assert process.stdout is not None
        return Processor(int(process.stdout.readline()))

    yield start
    for process in begun:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


class Shell:
    """`prism batch`, with a folder of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._monkeypatch = folder, monkeypatch
        self.site = folder / "site"
        self.journal = f"sqlite:///{folder / 'journal.db'}"
        self.environment = {**os.environ, "PRISM_BULK_API_KEY": "good", "PYTHONWARNINGS": "error"}

    def connector(self, source: str, processor: Processor) -> None:
        """Installs a connector, and where its processor is."""
        install(self.site, "bulk", source)
        self.environment["PYTHONPATH"] = str(self.site)
        self._monkeypatch.syspath_prepend(str(self.site))
        index.refresh()
        loading._loaded.clear()
        self.environment["PRISM_BULK_BASE_URL"] = processor.url

    def customers(self, count: int, name: str = "customers.csv") -> Path:
        """A file of customers."""
        path = self.folder / name
        with path.open("w") as file:
            file.write("merchant_customer_id,name,email\n")
            for number in range(count):
                file.write(f"user_{number},Ada Lovelace,ada{number}@example.com\n")
        return path

    def age(self, seconds: int) -> None:
        """Makes the first tries in the journal older, as if so much time had passed."""
        with contextlib.closing(sqlite3.connect(self.folder / "journal.db")) as journal:
            journal.execute("UPDATE prism_item SET first_try = first_try - ?", [seconds])
            journal.commit()

    def words(self, words: tuple[object, ...]) -> list[str]:
        """The words of a command, with the journal."""
        told = ["batch", *map(str, words)]
        needs = self.journal and words[0] != "check" and "--journal" not in told
        return [*told, "--journal", self.journal] if needs else told

    def begin(self, *words: object) -> subprocess.Popen[str]:
        """Begins a command in a process of its own, which can be killed."""
        return subprocess.Popen(
            [sys.executable, "-m", "prism_core.cli", *self.words(words)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
        )

    def run(self, *words: object) -> Ended:
        """Runs a command to its end, in this process."""
        told = CliRunner().invoke(prism, self.words(words), env=self.environment)
        if told.exception is not None and not isinstance(told.exception, SystemExit):
            raise told.exception
        return Ended(told.exit_code, told.stdout, told.stderr)


class Ended:
    """How a command ended: its exit code, and what it printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def facts(self) -> dict[str, Any]:
        """Its last line, as JSON."""
        assert self.out, self.err
        return json.loads(self.out.splitlines()[-1])


def ended(process: subprocess.Popen[str], timeout: float = 60) -> Ended:
    """Waits for a command."""
    try:
        out, err = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(f"the command did not end: {out} {err}") from None
    return Ended(process.returncode, out, err)


def killed_in_flight(process: subprocess.Popen[str], processor: Processor, after: int) -> int:
    """Kills a run with `kill -9` once the processor has been asked so often more, while calls are
    under way. Returns how many these were; -1 if the run ended before."""
    target = processor.facts().get("asked", 0) + after
    while process.poll() is None:
        facts = processor.facts()
        if facts.get("asked", 0) >= target and facts["in_flight"]:
            process.send_signal(signal.SIGSTOP)  # so that the calls are counted that are cut off
            flying = processor.facts()["in_flight"]
            if not flying:  # they have ended just before
                process.send_signal(signal.SIGCONT)
                continue
            process.kill()
            process.communicate()
            return flying
        time.sleep(0.002)
    return -1


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """The command, in an empty folder."""
    yield Shell(tmp_path, monkeypatch)
    index.refresh()
    loading._loaded.clear()


@pytest.fixture
def there(processor: Callable[..., Processor], shell: Shell) -> Processor:
    """The processor, with the connector installed for it."""
    found = processor()
    shell.connector(source(lookups=True), found)
    return found


class PostgreSQL:
    """A server in a folder of its own, on 127.0.0.1."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder, self._programs = folder, programs
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"postgresql://prism@127.0.0.1:{self.port}/postgres"
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        self._run("initdb", "-A", "trust", "-U", "prism", "--no-sync")
        with (folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(f"listen_addresses='127.0.0.1'\nport={self.port}\n")
            settings.write(f"unix_socket_directories='{folder}'\n")
        self.start()

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        self._run("pg_ctl", "-l", str(self._folder / "log"), "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stops it; "immediate" as if it crashed."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """None of its processes runs; its connections stay."""
        import psycopg

        with psycopg.connect(self.url) as connection:
            found = connection.execute("SELECT pid FROM pg_stat_activity").fetchall()
        first = (self._folder / "data" / "postmaster.pid").read_text().split()[0]
        processes = [int(first), *(process for (process,) in found)]
        self._signal(processes, signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(processes, signal.SIGCONT)

    def _signal(self, processes: list[int], number: int) -> None:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):  # the one that was asked has ended
                os.kill(process, number)

    def _run(self, program: str, *words: str) -> None:
        # It refuses to run as root.
        other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        command = [*(other if os.geteuid() == 0 else []), str(self._programs / program)]
        subprocess.run(
            [*command, "-D", str(self._folder / "data"), *words],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            cwd=self._folder,
        )


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """A PostgreSQL for the tests of this run."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        pytest.skip("there is no PostgreSQL in /usr/lib/postgresql: apt install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="prism-batch-"))
    server = PostgreSQL(folder, found[-1])
    yield server
    server.stop("immediate")
    shutil.rmtree(folder)


@pytest.fixture
def postgresql(postgresql_server: PostgreSQL, shell: Shell) -> PostgreSQL:
    """The shell's journal is in PostgreSQL, in an empty database."""
    import psycopg

    name = f"t_{secrets.token_hex(4)}"
    with psycopg.connect(postgresql_server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    shell.journal = f"{postgresql_server.url.rpartition('/')[0]}/{name}"
    return postgresql_server
