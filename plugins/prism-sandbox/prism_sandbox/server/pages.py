"""The HTML pages: an index that explains the sandbox, and the 3-D Secure challenge.

Templates are filled by `_page`, which escapes everything that is not `_Html` already.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from prism_core.schema.currencies import EXPONENTS
from prism_sandbox.server.bodies import read_form
from prism_sandbox.server.errors import ApiError
from prism_sandbox.server.objects import Document, after_challenge, given_by
from prism_sandbox.server.rules import TEST_CARDS, TOKENS
from prism_sandbox.server.store import Challenge, Store


class _Html(str):
    """Text that is HTML already."""


async def index(request: Request) -> Response:
    """GET /: the test cards and how to use them."""
    numbers = [(card.number, card.effect) for card in TEST_CARDS]
    tokens = [(token, f"Behaves like {card.number}.") for token, card in TOKENS.items()]
    rows = _Html("".join(_fill("row.html", number=n, effect=e) for n, e in numbers + tokens))
    origin = f"{request.url.scheme}://{request.url.netloc}"
    return _page("Prism sandbox", _fill("index.html", rows=rows, origin=origin))


async def show_challenge(request: Request) -> Response:
    """GET /challenge/{token}: ask the customer."""
    store: Store = request.app.state.store
    challenge = await run_in_threadpool(store.challenge, request.url.path)
    if challenge is None:
        return _unknown_challenge()
    if challenge.payment["status"] != "requires_action":
        return _completed(challenge, 200)
    return _challenge_page(challenge)


async def answer_challenge(request: Request) -> Response:
    """POST /challenge/{token}: take the customer's answer, once, and send them back to the shop."""
    try:
        result = (await read_form(request)).get("result")
    except ApiError as error:
        return _message("This did not work", error.message, status=error.status)
    if result not in (["approve"], ["fail"]):
        return _message("This did not work", "Choose Approve or Fail.", status=400)
    store: Store = request.app.state.store
    approved = result == ["approve"]
    challenge, moved = await run_in_threadpool(_complete, store, request.url.path, approved)
    if challenge is None:
        return _unknown_challenge()
    if not moved:
        return _completed(challenge, 409)
    if challenge.return_url:
        return RedirectResponse(_back(challenge.return_url, challenge.payment), 303)
    said = "approved" if approved else "not approved"
    return _message("Done", f"The payment was {said}. You can close this page.")


ROUTES = [
    Route("/", index, methods=["GET"]),
    Route("/challenge/{token}", show_challenge, methods=["GET"]),
    Route("/challenge/{token}", answer_challenge, methods=["POST"]),
]


def _complete(store: Store, path: str, approved: bool) -> tuple[Challenge | None, bool]:
    with store.transaction():
        challenge = store.challenge(path)
        if challenge is None or challenge.payment["status"] != "requires_action":
            return challenge, False
        moved = after_challenge(challenge.payment, approved=approved, manual=challenge.manual)
        store.update_payment(moved)
        if moved["mandate"] is not None:
            mandate = store.mandate(moved["mandate"])
            if mandate is not None and mandate["status"] == "requires_action":
                store.update_mandate(given_by(mandate, moved))
        return challenge, True


def _back(return_url: str, payment: Document) -> str:
    added = {"payment": payment["id"]}
    if payment["reference"] is not None:
        added["reference"] = payment["reference"]
    url = urlsplit(return_url)
    query = "&".join(part for part in (url.query, urlencode(added)) if part)
    return url._replace(query=query, path=url.path or "/").geturl()


def _challenge_page(challenge: Challenge) -> Response:
    payment, card = challenge.payment, challenge.payment["card"]
    content = _fill(
        "challenge.html",
        reference=payment["reference"] or payment["id"],
        amount=_money(payment["amount"], payment["currency"]),
        card=f"{card['brand'].capitalize()} ending in {card['last4']}",
    )
    # Browsers apply form-action to every redirect after the form, the shop's own ones included.
    action = "'self' http: https:" if challenge.return_url else "'self'"
    return _page("Confirm your payment", content, form_action=action)


def _completed(challenge: Challenge, status: int) -> Response:
    text = "This challenge is already completed. You can close this page."
    return _message("Already completed", text, status=status)


def _unknown_challenge() -> Response:
    return _message("Not found", "There is no such challenge.", status=404)


def _message(title: str, text: str, status: int = 200) -> Response:
    return _page(title, _fill("message.html", title=title, text=text), status=status)


def _page(
    title: str, content: _Html, *, status: int = 200, form_action: str = "'none'"
) -> Response:
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action {form_action}"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(_fill("layout.html", title=title, content=content), status, headers)


def _fill(name: str, **values: str) -> _Html:
    template = Template((files(__package__) / "templates" / name).read_text("utf-8"))
    safe = {key: v if isinstance(v, _Html) else escape(v) for key, v in values.items()}
    return _Html(template.substitute(safe))


def _money(amount: int, currency: str) -> str:
    decimals = EXPONENTS.get(currency, 2)
    digits = str(amount).rjust(decimals + 1, "0")
    whole, rest = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return f"{whole}.{rest} {currency}" if rest else f"{whole} {currency}"
