"""Checks of when a flow reads its request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prism_contract_tests.bounded import bounded
from prism_contract_tests.check import Failed, check, each_asking
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Ended, answers_of, call
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import opened, own_key, replaced, same
from prism_core import InvalidRequest
from prism_core.connector.operations import request_type
from prism_core.runtime.reads import Noted, noted
from prism_core.runtime.samples import optional_fields, sample


@check(
    "fields-early",
    since="2026.11",
    cases=each_asking,
    why="`prism.supports` and the documentation only know the fields that are read before the "
    "first request. Before the first change, the core refuses the other fields.",
    how="Read every field that you send before the first yield, for example in `form = {...}`.",
)
def fields_early(target: Target, case: str) -> int:
    """A flow reads every field of its request that it sends before it yields its first request."""
    tried = 0
    for exchange in target.of(case, "success"):
        for path in sorted(_late(target, exchange)):
            if _is_to_be_sent(target, exchange, path.partition(".")[0]):
                raise Failed(
                    f"{exchange.name}: {path} is read after the first request, and sent",
                    Evidence(expected="read before the first yield"),
                )
        tried += 1
    return tried


def _late(target: Target, exchange: Exchange) -> set[str]:
    """The fields that are first read after the first answer of a success."""
    given: Any = noted(exchange.build(), wholly=True)
    account = opened(target, exchange.account)
    flow = target.connector.hooks[exchange.operation](request=given, account=account)
    early: set[str] = set()
    with bounded(exchange.operation):
        try:
            next(flow)
            early = set(_read(given))
            for answer in answers_of(exchange):
                flow.send(answer)
        except Exception:  # noqa: S110 - what it ends with, other checks say
            pass
        finally:
            flow.close()
    return set(_read(given)) - early


def _read(given: Any) -> Iterator[str]:
    """The fields, and the parts of fields, that were read, whether or not they were given."""
    for name, found in vars(given).items():
        yield name
        if isinstance(found, Noted):
            yield from (f"{name}.{part}" for part in _read(found))


def _is_to_be_sent(target: Target, exchange: Exchange, field: str) -> bool:
    """Whether a field makes a difference on the wire, or is refused as one that is not sent. What
    is only compared with an answer does neither."""
    kind = request_type(exchange.operation)
    given = {field: sample(kind, field, opened(target, exchange.account))}
    without = {field: None} if field in optional_fields(kind) else {}
    made = [_called(target, exchange, changes) for changes in (given, without)]
    if any(isinstance(one.error, InvalidRequest) for one in made):
        return True
    first, other = (one.tape.seen for one in made)
    return any(not same([a], [b]) for a, b in zip(first, other, strict=False))


def _called(target: Target, exchange: Exchange, changes: dict[str, Any]) -> Ended:
    request = replaced(exchange.build(), **changes, **own_key(target, exchange))
    return call(target, exchange.operation, request, answers_of(exchange), exchange.account)
