"""Checks of when a flow reads its request."""

from __future__ import annotations

from prism_contract_tests.check import Failed, check, each_operation
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import bounded
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_contract_tests.variations import opened
from prism_core import Declined, PrismError
from prism_core.runtime.reads import noted, read


@check(
    "fields-early",
    since="2026.11",
    cases=each_operation,
    why="What a flow has not read before its first request, `prism.supports` and the documentation "
    "do not know; and before its first change, the core refuses it.",
    how="Read every field that is sent before the first yield, such as in `form = {...}`.",
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
    """What is first read after the first answer, for a success driven by hand."""
    request, account = exchange.build(), opened(target, exchange.account)
    if request.from_processor:
        return set()
    given = noted(request)
    flow = target.connector.hooks[exchange.operation](request=given, account=account)
    answers = [step.response.answer() for step in exchange.steps]
    early: set[str] = set()
    with bounded(exchange.operation):
        try:
            next(flow)
            early = set(read(given))
            for answer in answers:
                flow.send(answer)
        except (StopIteration, PrismError, Declined):
            pass
        finally:
            flow.close()
    return {path for path in read(given) if path not in early}
