"""The live page: what happens in the sandbox, shown as it happens, and a payment moved along.

Its script asks twice a second for `/page/rows`, which answers 204 while nothing has changed. It
has no part in the API: what it shows is read from where the API keeps it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from prism_sandbox.server.accounts import ACCOUNTS
from prism_sandbox.server.bodies import read_form
from prism_sandbox.server.errors import ApiError
from prism_sandbox.server.filling import Html, fill, message, page, together
from prism_sandbox.server.journal import Deliveries, Requests
from prism_sandbox.server.moves import make
from prism_sandbox.server.own import must_be_own
from prism_sandbox.server.rows import customer_row, payment_row, request_row, webhook_row
from prism_sandbox.server.rules import TEST_CARDS, TOKENS
from prism_sandbox.server.store import Store

SHOWN = 100
_POLICY = "script-src 'self'; connect-src 'self'; form-action 'self'"


class Live:
    """What the page needs of one application: where to read, and the token that its own forms
    carry."""

    def __init__(self, store: Store, requests: Requests, deliveries: Deliveries | None) -> None:
        self.store = store
        self.requests = requests
        self.deliveries = deliveries
        self.token = secrets.token_urlsafe(24)
        self._run = secrets.token_hex(4)

    def version(self) -> str:
        """Another one whenever there is something new to see."""
        delivered = self.deliveries.version if self.deliveries else 0
        return f"{self._run}.{self.store.version()}.{self.requests.version}.{delivered}"

    def sections(self) -> dict[str, Section]:
        """The four tables, by the ids that they have on the page."""
        return {
            "customers": _section(*self.store.newest_customers(SHOWN), customer_row),
            "payments": _section(
                *self.store.newest_payments(SHOWN), lambda one: payment_row(one, self.token)
            ),
            "requests": _journal(self.requests, request_row),
            "webhooks": _journal(self.deliveries, webhook_row) if self.deliveries else _UNTOLD,
        }


@dataclass(frozen=True)
class Section:
    """One table: its caption, and its rows by their ids."""

    caption: str
    rows: dict[str, Html]


_UNTOLD = Section("Nobody is told of events: start with prism sandbox --webhook URL.", {})


def _section(count: int, items: list[Any], row: Callable[[Any], Html]) -> Section:
    rows = {one["id"]: row(one) for one in items}
    return Section(_caption(count, len(rows)), rows)


def _journal(kept: Any, row: Callable[[Any], Html]) -> Section:
    rows = {one.id: row(one) for one in kept.newest()[:SHOWN]}
    return Section(_caption(kept.count, len(rows)), rows)


def _caption(count: int, shown: int) -> str:
    if not count:
        return "None yet."
    return f"{count}, newest first." if shown == count else f"The newest {shown} of {count}."


async def index(request: Request) -> Response:
    """GET /: the live page, and how to use the sandbox."""
    live: Live = request.app.state.live
    version = live.version()
    sections = await run_in_threadpool(live.sections)
    values: dict[str, str] = {}
    for name, section in sections.items():
        values |= {name: together(*section.rows.values()), f"{name}_caption": section.caption}
    content = fill("index.html", guide=_guide(request), version=version, **values)
    return page("Prism sandbox", content, policy=_POLICY, referrer="same-origin")


async def rows(request: Request) -> Response:
    """GET /page/rows?since=…: what there is to see, if that is anything new."""
    live: Live = request.app.state.live
    headers = {"Cache-Control": "no-store"}
    # Read before the rows: what changes in between is shown again next time, and never missed.
    version = await run_in_threadpool(live.version)
    if request.query_params.get("since") == version:
        return Response(status_code=204, headers=headers)
    sections = await run_in_threadpool(live.sections)
    shown = {name: {"caption": s.caption, "rows": s.rows} for name, s in sections.items()}
    return JSONResponse({"version": version, "sections": shown}, headers=headers)


async def move(request: Request) -> Response:
    """POST /page/payments/{id}: a person moves a payment along."""
    live: Live = request.app.state.live
    try:
        form = {name: values[0] for name, values in (await read_form(request)).items()}
        must_be_own(request, form.get("token", ""), live.token)
        asked = (request.path_params["id"], form.get("move", ""), form.get("amount", ""))
        said = await run_in_threadpool(make, live.store, *asked)
    except ApiError as error:
        return _answer(request, error.message, error.status)
    return _answer(request, said, 200)


ROUTES: list[BaseRoute] = [
    Route("/", index, methods=["GET"]),
    Route("/page/rows", rows, methods=["GET"]),
    Route("/page/payments/{id}", move, methods=["POST"]),
    Mount("/page/static", StaticFiles(packages=[(__package__, "static")])),
]


def add_live(app: Starlette, requests: Requests, deliveries: Deliveries | None) -> None:
    """Give the page what it needs."""
    app.state.live = Live(app.state.store, requests, deliveries)


def _answer(request: Request, said: str, status: int) -> Response:
    """For the script what was said; without a script, the page again, or a page that says it."""
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"said": said}, status, {"Cache-Control": "no-store"})
    if status == 200:
        return RedirectResponse("/#payments", 303)
    return message("This did not work", said, status=status)


def _guide(request: Request) -> Html:
    numbers = [(card.number, card.effect) for card in TEST_CARDS]
    tokens = [(token, f"Behaves like {card.number}.") for token, card in TOKENS.items()]
    lines = together(*(fill("row.html", number=n, effect=e) for n, e in numbers + tokens))
    ends = together(
        *(fill("row.html", number=one.number or "anything", effect=one.effect) for one in ACCOUNTS)
    )
    return fill(
        "guide.html",
        rows=lines,
        accounts=ends,
        origin=f"{request.url.scheme}://{request.url.netloc}",
    )
