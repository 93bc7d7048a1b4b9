"""The check of a processor's own enumerations of statuses, where its description is given."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from prism_contract_tests.check import Failed, check
from prism_contract_tests.checks.outcomes import UNKNOWN, has_status
from prism_contract_tests.damage import UNHEARD, Path, dotted, edited
from prism_contract_tests.enumerations import Words, enumerations
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_core import HttpResponse, PaymentStatus, RefundStatus

_UNSURE = (PaymentStatus.UNRESOLVED.value, RefundStatus.REFUND_MANUAL_REVIEW.value)
Word = tuple[Words, str]
"""A word, with the enumeration that it is of."""


@lru_cache(maxsize=1)
def _enumerated(target: Target) -> list[tuple[Exchange, int, Path, Words]]:
    """Each enumerated text in the answers of the exchanges that end in a status."""
    return [
        (exchange, index, path, words)
        for exchange in target.exchanges
        if has_status(exchange.operation) and exchange.error is None
        for index, step in enumerate(exchange.steps)
        for path, words in enumerations(target, step).items()
    ]


def _fields(target: Target) -> list[str]:
    """The names of the enumerated fields, if there is a description."""
    if target.openapi is None and target.graphql is None:
        return []
    try:
        return sorted({_plain(path)[-1] for _, _, path, _ in _enumerated(target)})
    except (Failed, LookupError):  # an amendment, or a reference in the document, leads nowhere
        return []


def _plain(path: Path) -> tuple[str, ...]:
    """A path without the numbers of list entries."""
    return tuple(part for part in path if isinstance(part, str))


class _Found(msgspec.Struct):
    """What was found out: the words that are known; the place where others become unsure."""

    known: set[Word] = set()
    unsure: dict[Word, tuple[str, Path]] = {}
    deciding: set[tuple[str, Path, Words]] = set()
    """The places that decide a status: operation, path, enumeration."""


@check(
    "status-words",
    since="2026.11",
    cases=_fields,
    why="A status that the processor documents and the connector does not know leaves a payment "
    "unresolved that is paid, or failed.",
    how="Add the word to the table of statuses. If nobody can say what it means, show it in an "
    "exchange with the status UNRESOLVED, or declare an exception with its reason, and "
    '`only = "openapi"` or "graphql".',
)
def status_words(target: Target, case: str) -> int:
    """Each word of a documented enumeration that decides a status becomes a status other than
    UNRESOLVED and REFUND_MANUAL_REVIEW, unless an exchange shows it."""
    found = _found(target)
    missing: dict[str, list[str]] = {}
    for (words, word), (name, path) in sorted(found.unsure.items(), key=lambda one: one[0][1]):
        if _plain(path)[-1] == case and (words, word) not in found.known:
            missing.setdefault(f"{name} {dotted(path)}", []).append(word)
    if missing:
        said = "; ".join(f"{', '.join(words)} ({place})" for place, words in missing.items())
        raise Failed(
            f"the connector does not know these documented words: {said}",
            Evidence(expected="another status", got="UNRESOLVED or REFUND_MANUAL_REVIEW"),
        )
    return sum(_plain(path)[-1] == case for _, _, path, _ in _enumerated(target))


@lru_cache(maxsize=1)
def _found(target: Target) -> _Found:
    """Tries the words of all enumerations, at each place that decides a status once."""
    found = _Found()
    for exchange, index, path, words in _enumerated(target):
        found.known.add((words, _at(exchange.steps[index].response.json, path)))
        place = exchange.operation, _plain(path), words
        if place not in found.deciding:
            with Desk(target, exchange.account) as desk:
                good = _with(desk, exchange, index, path, None)
                other = _with(desk, exchange, index, path, UNHEARD)
                if good.status not in UNKNOWN and other.status in _UNSURE:
                    found.deciding.add(place)
                    _try(desk, exchange, (index, path, words), found)
    return found


def _try(desk: Desk, exchange: Exchange, place: tuple[int, Path, Words], found: _Found) -> None:
    """Tries each word of an enumeration at a place that decides the status."""
    index, path, words = place
    for word in sorted(words):
        ended = _with(desk, exchange, index, path, word)
        if ended.status in _UNSURE:
            found.unsure.setdefault((words, word), (exchange.name, path))
        elif ended.error is None:
            found.known.add((words, word))


def _at(value: object, path: Path) -> str:
    for part in path:
        value = value[part]  # type: ignore[index]
    return str(value)


def _with(desk: Desk, exchange: Exchange, index: int, path: Path, word: str | None) -> Ended:
    """How the call ends with this word in its answer."""
    answers: list[Answer] = answers_of(exchange)
    answer = answers[index]
    if word is not None and isinstance(answer, HttpResponse):
        answers[index] = edited(answer, path, word, word).answer
    return desk.call(exchange.operation, exchange.build(), answers)
