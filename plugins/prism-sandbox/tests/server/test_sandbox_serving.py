"""Running the server: files that survive a restart, nothing secret kept, loopback, quick stops."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from prism_sandbox.server import running, serve
from prism_sandbox.server.rules import TEST_CARDS

from .conftest import press

Pay = Callable[..., httpx.Response]

HEADERS = {"Authorization": "Bearer sandbox_files"}


def test_a_file_remembers_everything(pay: Pay, tmp_path: Path) -> None:
    """After a restart the payment, its idempotency key and its challenge still work."""
    database = str(tmp_path / "sandbox.db")
    with running(database=database) as url, httpx.Client(base_url=url, headers=HEADERS) as client:
        first = pay(key="k", using=client)
        challenged = pay("4000002500003155", using=client).json()
    with running(database=database) as url, httpx.Client(base_url=url, headers=HEADERS) as client:
        again = pay(key="k", using=client)
        assert again.json() == first.json()
        assert again.headers["idempotent-replayed"] == "true"
        assert pay(key="k", amount=7, using=client).status_code == 409
        same = client.get(f"/v1/payments/{challenged['id']}").json()
        assert same["next_action"]["url"].startswith(f"{url}/challenge/")
        press(client, same["next_action"]["url"], "approve")
        assert client.get(f"/v1/payments/{challenged['id']}").json()["status"] == "captured"


def test_no_card_is_kept_or_logged(
    pay: Pay, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the database file nor any log line holds a card number, a CVC or an API key."""
    caplog.set_level(logging.DEBUG)
    numbers = [card.number for card in TEST_CARDS] + ["4242424242424241"]
    database = tmp_path / "sandbox.db"
    with (
        running(database=str(database), hang_seconds=0.1) as url,
        httpx.Client(base_url=url, headers=HEADERS) as client,
    ):
        for number in numbers:
            card = {"type": "card", "number": number, "exp_month": 12, "exp_year": 2090}
            secret = {"cvc": "8642", "holder_name": "Ada Lovelace"}
            pay(payment_method=card | secret, key=f"key-{number[-5:]}", using=client)
            for path in ("payment_methods", "mandates"):
                client.post(f"/v1/{path}", json={"payment_method": card | secret})
        client.get(f"/v1/payments/{numbers[0]}")
        client.get("/v1/payments", params={"reference": numbers[0]})
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    ours = [r for r in caplog.records if r.name.startswith(("prism_sandbox", "uvicorn", "asyncio"))]
    logged = "\n".join(record.getMessage() for record in ours)
    assert b"pay_" in kept
    assert "create_payment 201" in logged
    # Alone, not within a random id that happens to hold the same four digits.
    cvc = r"(?<![0-9a-z])8642(?![0-9a-z])"
    for secret_text in (*numbers, cvc, "Ada Lovelace", "sandbox_files"):
        assert not re.search(secret_text.encode(), kept)
        assert not re.search(secret_text, logged)


@pytest.mark.parametrize("content", [b"not a database at all" * 100, None])
def test_a_foreign_file_is_left_alone(tmp_path: Path, content: bytes | None) -> None:
    """Something that is no sandbox database is refused with its name, and not changed."""
    path = tmp_path / "other.db"
    if content is None:
        path = tmp_path / "no" / "such" / "folder.db"
    else:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(repr(str(path)))), running(database=str(path)):
        pass
    assert content is None or path.read_bytes() == content


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """A valid SQLite file with somebody else's tables is refused instead of being added to."""
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with pytest.raises(ValueError, match="something other"), running(database=str(path)):
        pass


def test_it_stops_at_once_while_a_request_hangs(pay: Pay) -> None:
    """Leaving the block takes less than two seconds, and the hanging client gets its 504."""
    with ThreadPoolExecutor(1) as pool, httpx.Client(headers=HEADERS) as client:
        with running() as url:
            client.base_url = httpx.URL(url)
            hanging = pool.submit(pay, "4000000000000127", using=client, reference="r")
            while not client.get("/v1/payments?reference=r").json()["data"]:
                time.sleep(0.01)
            leaving = time.monotonic()
        assert time.monotonic() - leaving < 2
        assert hanging.result().status_code == 504
        with pytest.raises(httpx.ConnectError):
            client.get("/health")


def test_a_hang_ends_with_a_504(pay: Pay) -> None:
    """A client patient enough gets a 504 after the time set."""
    with (
        running(hang_seconds=0.2) as url,
        httpx.Client(base_url=url, headers=HEADERS) as client,
    ):
        started = time.monotonic()
        answer = pay("4000000000000127", using=client)
        assert time.monotonic() - started >= 0.2
        assert (answer.status_code, answer.json()["error"]["code"]) == (504, "timeout")


def test_it_stops_while_a_request_is_half_sent() -> None:
    """A client that never finishes its request cannot keep the server from stopping."""
    with running() as url:
        port = urlsplit(url).port or 0
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(b"POST /v1/payments HTTP/1.1\r\nHost: localhost\r\n")
        client.sendall(b"Authorization: Bearer sandbox_1\r\nContent-Length: 9\r\n\r\n{")
        time.sleep(0.1)
        left = time.monotonic()
    assert time.monotonic() - left < 2
    client.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "::", "example.com"])
def test_only_loopback_is_served(host: str) -> None:
    """The sandbox refuses to listen where another machine could reach it."""
    with pytest.raises(ValueError, match=r"loopback|IPv4"):
        serve(0, host=host)


def test_a_taken_port_is_an_error_at_once(sandbox_url: str) -> None:
    """Starting on a port in use fails with the system's own reason instead of hanging."""
    with pytest.raises(OSError, match="in use"), running(port=urlsplit(sandbox_url).port or 0):
        pass


def test_the_command_serves_until_interrupted(tmp_path: Path) -> None:
    """prism sandbox says where it listens, serves, and ends cleanly on Ctrl+C."""
    command = [sys.executable, "-W", "error", "-m", "prism_core.cli", "sandbox", "--port", "0"]
    command += ["--database", str(tmp_path / "sandbox.db")]
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=paths) as process:
        assert process.stdout
        url = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert url
        assert httpx.get(f"{url[0]}/health").json() == {"ok": True}
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
