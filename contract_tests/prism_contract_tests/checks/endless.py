"""Check that calls end, whatever is answered."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from zlib import crc32

from prism_contract_tests import damage
from prism_contract_tests.check import Failed, check
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended
from prism_contract_tests.sampling import chosen
from prism_contract_tests.target import Target
from prism_contract_tests.unread import to_try_alone
from prism_core import HttpResponse

_LONGEST_CASE = 20.0
_LONG = 20_000


def _one_of_each_kind(target: Target) -> list[str]:
    """One exchange of each operation and kind: a flow ends or not, whatever the values are."""
    found: dict[tuple[str, str], str] = {}
    for one in target.representative:
        found.setdefault((one.operation, one.kind), one.name)
    return [*found.values()]


@check(
    "fault-bounded",
    since="2026.11",
    cases=_one_of_each_kind,
    why="A call that never ends blocks a customer, a thread and a connection.",
    how="Send each request once per flow and return the answer; the core retries, and the caller "
    "looks the payment up again.",
)
def fault_bounded(target: Target, case: str) -> int:
    """Whatever is answered, and however often, a call ends soon and sends few requests."""
    exchange = target.exchange(case)
    request, started, tried = exchange.build(), time.monotonic(), 0
    with Desk(target, exchange.account, keeps_token=True) as desk:

        def call(answer: HttpResponse) -> Ended:
            nonlocal tried
            tried += 1
            if time.monotonic() - started > _LONGEST_CASE:
                raise Failed(f"{tried} calls took more than {_LONGEST_CASE} s")
            return desk.call(exchange.operation, request, [answer])

        for index, step in enumerate(exchange.steps):
            good = step.response.answer()
            for answer in _for_ever(target, exchange, index, good):
                call(answer)
            long = damage.long(good, _LONG)
            some = chosen(target, exchange.name, index, long)

            def at_once(group: Sequence[damage.Damaged], good: HttpResponse = good) -> Ended:
                return call(damage.together(good, group))

            for one in to_try_alone(target, call(good), some, at_once):
                call(one.answer)
    return tried


def _for_ever(
    target: Target, exchange: Exchange, index: int, good: HttpResponse
) -> Iterator[HttpResponse]:
    for way, status in enumerate(damage.STATUSES):
        if target.thorough or (way + crc32(f"{exchange.name} {index}".encode())) % 9 == 0:
            yield HttpResponse(status, good.headers, good.body)
    yield from (HttpResponse(good.status_code, {}, cut) for cut in (b"", damage.HTML))
