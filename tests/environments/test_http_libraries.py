"""The core beside httpx, httpx2, both and neither: it needs none, and takes what there is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from .environment import Environment, once

pytestmark = pytest.mark.once

PROGRAM = """
import asyncio, importlib, json, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from prism_core import AsyncPrism, Prism, TransportError

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        body = b'{"id": "cus_1", "object": "customer", "metadata": {"merchant_customer_id": "u"}}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}"

def created(url=url, **options):
    with Prism("stripe", api_key="sk", base_url=url, max_retries=0, **options) as prism:
        try:
            return prism.customers.create(merchant_customer_id="u").connector_customer_id
        except TransportError as error:
            return error.outcome

async def created_async(**options):
    async with AsyncPrism("stripe", api_key="sk", base_url=url, **options) as prism:
        return (await prism.customers.create(merchant_customer_id="u")).connector_customer_id

found = {"own": [created(), asyncio.run(created_async()), created("http://127.0.0.1:1")]}
found["proxy"] = [created(proxy=url), created(proxy="http://127.0.0.1:1")]
found["imported"] = [name for name in ("httpx", "httpx2") if name in sys.modules]
for name in ("httpx", "httpx2"):
    try:
        library = importlib.import_module(name)
    except ImportError:
        continue
    found[name] = [
        created(http_client=library.Client()),
        created(transport=library.HTTPTransport()),
        asyncio.run(created_async(http_client=library.AsyncClient())),
        created("http://127.0.0.1:1", http_client=library.Client()),
    ]
print(json.dumps(found))
"""
WELL = ["cus_1", "cus_1", "cus_1", "not_sent"]


@pytest.fixture(scope="session")
def library(shared: Path, pip: Environment) -> Callable[[str], Path]:
    """`library("httpx")` is a folder with that and what it depends on."""

    def make(name: str) -> Path:
        def install(folder: Path) -> None:
            pip.run(pip.interpreter, "-m", "pip", "install", "--target", folder, name)

        return once(shared / f"library-{name}", install)

    return make


@pytest.mark.parametrize("names", [(), ("httpx",), ("httpx2",), ("httpx", "httpx2")], ids="+".join)
def test_the_core_takes_what_there_is(
    plain: Environment, library: Callable[[str], Path], names: tuple[str, ...]
) -> None:
    """Calls over Prism's own connections and through proxies need neither library and import
    none; clients and transports of each that is installed are taken, alone or beside the other."""
    path = os.pathsep.join(str(library(name)) for name in names)
    found = json.loads(plain.python(PROGRAM, {"PYTHONPATH": path, "NO_PROXY": ""}))
    assert found.pop("own") == ["cus_1", "cus_1", "not_sent"]
    assert found.pop("proxy") == ["cus_1", "not_sent"]
    assert found.pop("imported") == []
    assert found == dict.fromkeys(names, WELL)
