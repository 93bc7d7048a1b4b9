"""Checks of paths: an id cannot change the path or the query of a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from prism_contract_tests.check import Failed, check, each_asking
from prism_contract_tests.damage import edited, json_of, leaves
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk
from prism_contract_tests.report import Evidence
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_contract_tests.variations import replaced, shown
from prism_core import HttpRequest, InvalidRequest

_LEADING = ("../other", "a/b", "a?b=c", "a#b", "a%2Fb", "a;b&c=d")
"""Ids that change a URL if they are not quoted."""


@check(
    "ids-quoted",
    since="2026.11",
    cases=each_asking,
    why="An id with a slash, from a form or another system, sends a request about another object "
    "with your credentials: ../refunds/1.",
    how="Use {} for each id in a path, account.get('/payments/{}', id), and query= for one in a "
    "query.",
)
def ids_quoted(target: Target, case: str) -> int:
    """An id with characters that have a meaning in a URL is quoted or refused: the requests have
    the same path segments and query as with any other id."""
    tried = 0
    for exchange in target.of(case, "success"):
        with Desk(target, exchange.account) as desk:
            plain = desk.call(case, exchange.build(), _fitting(exchange, "", ""))
            wanted = [_form(one) for one in plain.tape.seen]
            for field, old, new in _ids(exchange):
                tried += 1
                try:
                    request = replaced(exchange.build(), **{field: new})
                except InvalidRequest:
                    continue
                ended = desk.call(case, request, _fitting(exchange, old, new))
                forms = [_form(one) for one in ended.tape.seen]
                if forms != wanted[: len(forms)]:
                    raise Failed(
                        f"a {field} such as {new!r} leads to another place",
                        Evidence(request=shown(ended.tape.seen, exchange), got=ended.said()),
                    )
    return max(tried, 1)


def _ids(exchange: Exchange) -> Iterator[tuple[str, str, str]]:
    for field, value in exchange.request.items():
        if field.endswith("_id") and isinstance(value, str):
            yield from ((field, value, leading) for leading in _LEADING)


def _fitting(exchange: Exchange, old: str, new: str) -> list[Answer]:
    """The exchange's answers, with the new id in place of the old one."""
    answers: list[Answer] = []
    for step in exchange.steps:
        answer = step.response.answer()
        for path, value in leaves(json_of(answer)):
            if old and value == old:
                answer = edited(answer, path, new, "fitting").answer
        answers.append(answer)
    return answers


def _form(request: HttpRequest) -> tuple[Any, ...]:
    """The form of a request's URL without its ids: method, number of segments, query names."""
    parts = urlsplit(request.url)
    names = sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    return (request.method, parts.netloc, parts.path.count("/"), names, bool(parts.fragment))
