"""Checks of when a flow reads its request."""

from __future__ import annotations

from prism_contract_tests.check import Failed, check, each_operation
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import bounded
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import opened
from prism_core import Declined, PrismError
from prism_core.runtime.reads import Noted, read


@check(
    "fields-early",
    since="2026.11",
    cases=each_operation,
    why="`prism.supports` and the documentation only know the fields that are read before the "
    "first request. Before the first change, the core refuses the other fields.",
    how="Read every field that you send before the first yield, for example in `form = {...}`.",
)
def fields_early(target: Target, case: str) -> int:
    """A flow reads every field of its request that it sends before it yields its first request."""
    tried = 0
    for exchange in target.of(case, "success"):
        late = sorted(_late(target, exchange))
        if late:
            raise Failed(
                f"{exchange.name}: {', '.join(late)} is read after the first request",
                Evidence(expected="read before the first yield"),
            )
        tried += 1
    return tried


def _late(target: Target, exchange: Exchange) -> set[str]:
    """The fields that are first read after the first answer of a success."""
    request, account = exchange.build(), opened(target, exchange.account)
    if request.from_processor:
        return set()
    noted = Noted(request)
    flow = target.connector.hooks[exchange.operation](request=noted, account=account)
    answers = [step.response.answer() for step in exchange.steps]
    early: set[str] = set()
    with bounded(exchange.operation):
        try:
            next(flow)
            early = set(read(noted))
            for answer in answers:
                flow.send(answer)
        except (StopIteration, PrismError, Declined):
            pass
        finally:
            flow.close()
    return {path for path in read(noted) if path not in early}
