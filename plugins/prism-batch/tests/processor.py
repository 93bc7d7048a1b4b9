"""A processor on 127.0.0.1 in a process of its own, with what goes wrong at one: it hangs, drops
answers, limits the rate, forgets keys. It counts what it did."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter, deque
from typing import Any
from urllib.parse import parse_qs, urlsplit

Reply = tuple[int, dict[str, Any]]


class Processor:
    """What it did, by your id; `options` say what goes wrong."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.made: dict[str, list[str]] = {}
        self.keys: dict[str, Reply] = {}
        self.facts: Counter[str] = Counter()
        self.recent: deque[float] = deque()
        self.in_flight = 0
        self.seen: set[str] = set()
        self.random = random.Random(options.get("seed", 1))

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Reply:
        """The answer to a request."""
        url = urlsplit(target)
        if url.path == "/facts":
            return 200, {**self.facts, "in_flight": self.in_flight, "made": len(self.made)}
        if url.path == "/made":
            return 200, dict(self.made)
        if url.path == "/options":
            self.options |= json.loads(body)
            if self.options.pop("forget", False):
                self.keys.clear()
            return 200, {}
        if headers.get("authorization") != f"Bearer {self.options.get('api_key', 'good')}":
            return 401, {"code": "unauthorized"}
        if self.is_over_rate() or self.is_refused_first(method, body):
            self.facts["limited"] += 1
            return 429, {"code": "slow_down"}
        if url.path == "/account":
            return 200, {"id": "account"}
        if method == "GET":
            return self.found(parse_qs(url.query)["ref"][0])
        return self.create(json.loads(body), headers.get("key"))

    def is_refused_first(self, method: str, body: bytes) -> bool:
        """Whether it refuses all, or the first call of each of your ids (`once`)."""
        refuses = self.options.get("refuses")
        if refuses == "once" and method == "POST":
            own = json.loads(body)["ref"]
            if own in self.seen:
                return False
            self.seen.add(own)
        return bool(refuses)

    def is_over_rate(self) -> bool:
        most = self.options.get("most_per_second")
        now = time.monotonic()
        while self.recent and self.recent[0] < now - 1:
            self.recent.popleft()
        if most and len(self.recent) >= most:
            return True
        self.recent.append(now)
        return False

    def found(self, own: str) -> Reply:
        self.facts["looked_up"] += 1
        if own not in self.made:
            return 404, {"code": "not_found"}
        return 200, self.shown(own)

    def create(self, asked: dict[str, Any], key: str | None) -> Reply:
        self.facts["asked"] += 1
        if self.options.get("keys", True) and key in self.keys:
            self.facts["repeated"] += 1
            return self.keys[key]
        own = asked["ref"]
        if own.startswith("bad"):
            reply: Reply = (422, {"code": "bad_ref"})
        elif own.startswith("forbidden"):
            reply = (403, {"code": "forbidden"})
        elif own.startswith("known"):
            reply = (409, {"code": "exists", "id": "c_known"})
        elif own.startswith("poor"):
            reply = (402, {"code": "no_funds"})
        else:
            ids = self.made.setdefault(own, [])
            ids.append(f"c_{len(self.made)}_{len(ids)}")
            self.facts["doubled"] += len(ids) > 1
            reply = 200, self.shown(own)
        if key is not None:
            self.keys[key] = reply
        return reply

    def shown(self, own: str) -> dict[str, Any]:
        status = "odd" if own.startswith("odd") else "paid"
        return {"id": self.made[own][-1], "status": status, "amount": 1000, "currency": "EUR"}

    def more(self, status: int) -> bytes:
        """A header with the pause that it asks for."""
        asked = self.options.get("retry_after")
        return b"" if status != 429 or asked is None else b"retry-after: %d\r\n" % asked

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while await self.exchange(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; False if the connection is to be closed."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {n.lower(): v for n, _, v in (line.partition(": ") for line in head[1:])}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        is_ours = target.startswith(("/facts", "/made", "/options"))
        status, values = self.answer(method, target, headers, body)
        if not is_ours:
            self.in_flight += 1
            try:
                await asyncio.sleep(self.options.get("seconds", 0))
                luck = self.random.random()
                if method == "POST" and status == 200:
                    if luck < self.options.get("hangs", 0):
                        self.facts["hung"] += 1
                        await asyncio.sleep(30)
                    elif luck < self.options.get("hangs", 0) + self.options.get("drops", 0):
                        self.facts["dropped"] += 1
                        return False
            finally:
                self.in_flight -= 1
        text = json.dumps(values).encode()
        writer.write(
            b"HTTP/1.1 %d X\r\ncontent-type: application/json\r\n%scontent-length: %d\r\n\r\n%s"
            % (status, self.more(status), len(text), text)
        )
        await writer.drain()
        return True


async def main() -> None:
    """Serves until the process is killed; prints the port."""
    processor = Processor(json.loads(sys.argv[1]))
    server = await asyncio.start_server(processor.serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
