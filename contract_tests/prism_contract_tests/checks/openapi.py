"""Checks against the processor's API description: every request and answer must be valid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from prism_contract_tests.amendments import StaleAmendment
from prism_contract_tests.check import Failed, check, each_exchange
from prism_contract_tests.checks.outcomes import UNKNOWN
from prism_contract_tests.exchange import Exchange, Step
from prism_contract_tests.replay import replay
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Amendment, Target

if TYPE_CHECKING:
    from prism_contract_tests.openapi import Description


class _Given:
    """A document and its amendments, hashed by identity: reading a large one takes a second."""

    def __init__(self, document: Mapping[str, Any], amendments: Sequence[Amendment]) -> None:
        self.document, self.amendments = document, tuple(amendments)

    def __hash__(self) -> int:
        return id(self.document)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Given):
            return NotImplemented
        return other.document is self.document and other.amendments == self.amendments


@lru_cache(maxsize=2)
def _described(given: _Given) -> Description:
    from prism_contract_tests.openapi import Description  # slow, and most runs need it not

    return Description(given.document, given.amendments)


def description(target: Target) -> Description:
    """The document that the user gave, with the plugin's amendments. Raises `Failed`."""
    assert target.openapi is not None
    try:
        return _described(_Given(target.openapi, target.settings.openapi))
    except StaleAmendment as stale:
        raise Failed(f"an amendment in [[tool.prism.contract.openapi]] is stale: {stale}") from None


def each_described(target: Target) -> list[str]:
    """For a check of every exchange against the document, if there is one."""
    return [] if target.openapi is None else each_exchange(target)


def each_known_answer(target: Target) -> list[str]:
    """For a check of every exchange whose answer the document can describe: not those with an
    unknown status."""
    return [
        one.name
        for one in target.exchanges
        if target.openapi is not None and (one.result or {}).get("status") not in UNKNOWN
    ]


@check(
    "openapi-requests",
    since="2026.11",
    cases=each_described,
    why="The processor ignores an unknown property, or refuses it in production.",
    how="Build the request as the document says. If the document is older than the processor's "
    "pages, add an amendment with the page's link.",
)
def openapi_requests(target: Target, case: str) -> int:
    """Every request of an exchange is valid by the processor's OpenAPI document, and has no
    property that the document does not name."""
    judge = description(target)
    sent = replay(target, target.exchange(case)).tape.seen
    for request in sent:
        wrong = judge.violations(request.method, request.url, request.headers, request.body)
        if wrong:
            raise Failed("; ".join(wrong), Evidence(request=repr(request), got="\n".join(wrong)))
    return len(sent)


@check(
    "openapi-responses",
    since="2026.11",
    cases=each_known_answer,
    why="An exchange with an answer that the processor cannot give proves nothing.",
    how="Correct the answer, or record it again: `prism exchanges record`.",
)
def openapi_responses(target: Target, case: str) -> int:
    """Every answer of an exchange is valid by the processor's OpenAPI document: a documented
    success, or an error if errors are documented."""
    judge, exchange = description(target), target.exchange(case)
    return sum(_judged(judge, exchange, step) for step in exchange.steps)


def _judged(judge: Description, exchange: Exchange, step: Step) -> int:
    request, response = step.request, step.response
    label = f"{request.method} {request.path} answered {response.status}"
    schema = judge.answer_schema(request.method, request.path, response.status)
    if schema is None:
        if response.status < 300 and not judge.is_empty(request.method, request.path, response):
            raise Failed(f"{label}, which the document does not describe")
        return 0
    body = response.json if response.text is None else response.text
    wrong = list(judge.problems(body, schema, "answer"))
    if wrong:
        raise Failed(
            f"{label}: {wrong[0][:300]}",
            Evidence(response=response.body().decode(), got="\n".join(wrong)),
        )
    return 1
