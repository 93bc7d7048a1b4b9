"""`prism events send`: what it posts, a handler believes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lab import installed

from prism_contract_tests.commands.events import _signed, send
from prism_contract_tests.target import open_target
from prism_core import Event, EventRejected, Prism


@contextmanager
def handling(secret: str) -> Iterator[tuple[str, list[Event]]]:
    """An application's webhook handler on loopback: its URL, and the events that it believed."""
    believed: list[Event] = []
    prism = Prism("acme", api_key="key_example", webhook_secret=secret)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            try:
                believed.append(prism.events.handle(body=body, headers=dict(self.headers)))
                self.send_response(200)
            except EventRejected:
                self.send_response(400)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hooks", believed
    finally:
        server.shutdown()
        server.server_close()


def sent(*arguments: str) -> Result:
    return CliRunner().invoke(send, ["acme", *arguments])


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PRISM_ACME_WEBHOOK_SECRET", "whsec_mine")
    with installed(tmp_path):
        yield


@pytest.mark.usefixtures("acme")
def test_a_handler_believes_what_is_sent() -> None:
    """Signed now, with the secret of the environment."""
    with handling("whsec_mine") as (url, believed):
        done = sent("--to", url)
    assert done.exit_code == 0, done.output
    assert done.output == f"{url} answered 200\n"
    assert [one.event_type for one in believed] == ["moon.landed"]


@pytest.mark.usefixtures("acme")
def test_a_handler_with_another_secret_does_not() -> None:
    """The command says so, and exits with 1."""
    with handling("whsec_other") as (url, believed):
        done = sent("--to", url)
    assert (done.exit_code, believed) == (1, [])


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "https://shop.example/hooks"], "must be on this machine"),
        (["--to", "http://127.0.0.1:1/"], "did not answer"),
        (
            ["no_such", "--to", "http://127.0.0.1:1/"],
            "there are forged, payment, senseless, success",
        ),
    ],
)
def test_what_cannot_be_sent(arguments: list[str], words: str) -> None:
    """One readable line says what to change."""
    done = sent(*arguments)
    assert done.exit_code == 1
    assert words in done.output


@pytest.mark.parametrize(
    ("over", "variable"),
    [(None, "PRISM_ACME_WEBHOOK_SECRET"), ("reference_sealed", "PRISM_ACME_API_KEY")],
)
def test_without_a_secret(tmp_path: Path, over: str | None, variable: str) -> None:
    """The variable to set is named, whichever credential the events are signed with."""
    with installed(tmp_path, over=over):
        done = sent("--to", "http://127.0.0.1:1/")
    assert done.exit_code == 1
    assert done.output == f"Error: set {variable}: it signs the events of acme\n"


def test_events_that_are_fetched_back_are_not_sent(tmp_path: Path) -> None:
    """They are not signed: the processor would not know what such an event is about."""
    with installed(tmp_path, over="reference_fetched"):
        done = sent("--to", "http://127.0.0.1:1/")
    assert done.exit_code == 1
    assert "signs no events: it verifies them by a call" in done.output


def test_a_key_that_is_none_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the connector says of the credential, and no traceback."""
    monkeypatch.setenv("PRISM_ACME_WEBHOOK_SECRET", " ")
    with installed(tmp_path):
        done = sent("--to", "http://127.0.0.1:1/")
    assert (done.exit_code, done.exception.__class__) == (1, SystemExit)
    assert done.output.startswith("Error: webhook_secret must not be empty")


def test_an_event_keeps_the_type_of_its_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form is delivered as one, with its signature in it."""
    monkeypatch.setenv("PRISM_ACME_API_KEY", "key_of_mine")
    with installed(tmp_path, over="reference_sealed"):
        target = open_target("acme")
        request = _signed(target, "payment")
    assert request.headers == {"content-type": "application/x-www-form-urlencoded"}
    assert request.body.startswith(b"signature=")
