"""What the tests share: a server on loopback that answers by script, and laid-out plugins."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_ACME = Path(__file__).parent / "acme"


class Seen:
    """One request that the server got."""

    def __init__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        self.method, self.path, self.headers, self.body = method, path, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # hundreds of clients may connect at once


class Server:
    """Answers with `answers`, in order, the last one again and again; keeps what it `seen`."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.answers: list[Callable[[BaseHTTPRequestHandler], None]] = []
        self._http = _Http(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def answer(
        self,
        status: int = 200,
        body: Any = None,
        headers: dict[str, str] | None = None,
        delay: float = 0,
    ) -> Server:
        """Adds one answer; a body that is not bytes is sent as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()

        def write(handler: BaseHTTPRequestHandler) -> None:
            time.sleep(delay)
            handler.send_response(status)
            for name, value in {"content-length": str(len(raw)), **(headers or {})}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(raw)

        self.answers.append(write)
        return self

    def act(self, write: Callable[[BaseHTTPRequestHandler], None]) -> Server:
        """Adds one answer of any kind, or none."""
        self.answers.append(write)
        return self

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(length)
                server.seen.append(Seen(self.command, self.path, headers, body))
                write = server.answers[min(len(server.seen), len(server.answers)) - 1]
                try:
                    write(self)
                except OSError:
                    self.close_connection = True

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_one

            def log_message(self, *args: object) -> None:
                """Says nothing."""

        return Handler


def acme_source(*changes: tuple[str, str]) -> dict[str, str]:
    """The files of the test connector; of each change the first text is replaced by the second,
    where it first stands."""
    files = {path.name: path.read_text() for path in sorted(_ACME.glob("*.py"))}
    for old, new in changes:
        found = [name for name, text in files.items() if old in text]
        assert found, f"the test connector does not say: {old}"
        files[found[0]] = files[found[0]].replace(old, new, 1)
    return files


Install = Callable[..., Path]


def install(
    folder: Path,
    name: str,
    source: str | Mapping[str, str],
    *,
    distribution: str | None = None,
    target: str | None = None,
    requires: str = "",
    group: str = "prism.connectors",
    version: str = "1.0",
) -> Path:
    """Lays out an installed distribution in a folder: its metadata, and a module, or a package
    where the source is several files."""
    module = f"plugin_{name}_{abs(hash(folder)) % 10**8}"
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(source, str):
        (folder / f"{module}.py").write_text(source)
    else:
        (folder / module).mkdir(exist_ok=True)
        for file, text in source.items():
            (folder / module / file).write_text(text)
    called = distribution or f"prism-payments-{name}"
    info = folder / f"{called.replace('-', '_')}-{version}.dist-info"
    info.mkdir(exist_ok=True)
    lines = f"Metadata-Version: 2.1\nName: {called}\nVersion: {version}\n"
    (info / "METADATA").write_text(lines + (f"Requires-Dist: {requires}\n" if requires else ""))
    entry = f"{name} = {target or module + ':connector'}\n"
    (info / "entry_points.txt").write_text(f"[{group}]\n{entry}")
    return folder
