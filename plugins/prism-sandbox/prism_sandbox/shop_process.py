"""The shop in a process of its own, beside the sandbox: what a customer types on the sandbox's
pages never reaches it, as a look into its memory shows."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn

from prism_core import AsyncPrism
from prism_sandbox.shop import create_shop


@contextmanager
def beside(secret: str, port: int, database: str, sandbox: str) -> Iterator[str]:
    """Run the shop for the sandbox at this address while the block runs; gives its own address.
    Beside a sandbox that keeps what happened in a file, it does so, too."""
    kept = database if database == ":memory:" else f"{database}.shop"
    settings = {
        "PRISM_SANDBOX_API_KEY": "sandbox_shop",
        "PRISM_SANDBOX_BASE_URL": sandbox,
        "PRISM_SANDBOX_WEBHOOK_SECRET": secret,
    }
    with subprocess.Popen(  # noqa: S603 - this Python, with a port and a file name
        [sys.executable, "-m", "prism_sandbox.shop_process", str(port), kept],
        env=os.environ | settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as shop:
        assert shop.stdin is not None
        assert shop.stdout is not None
        try:
            address = shop.stdout.readline().strip()
            if not address:
                raise OSError(f"no shop on port {port}, the next one; choose another with --port")
            yield address
        finally:
            shop.stdin.close()  # which stops it; so does the end of this process, however it ends


def main(port: int, database: str) -> None:
    """Serve the shop until standard input ends."""
    logging.basicConfig(level=logging.INFO, format="shop: %(message)s")
    prism = AsyncPrism.from_env("sandbox", card_numbers=False)
    config = uvicorn.Config(
        create_shop(prism, database),
        http="h11",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        if sys.platform != "win32":  # where the option would share the port with strangers
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise SystemExit(f"shop: port {port}: {error.strerror}") from None
        listener.listen()
        threading.Thread(target=_stop_at_the_end_of_input, args=(server,), daemon=True).start()
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            asyncio.run(server.serve(sockets=[listener]))


def _stop_at_the_end_of_input(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
