"""The pages on which a customer answers: a 3-D Secure challenge, and the bank's of a method that
redirects."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from prism_sandbox.server.accounts import DECLINED_THERE
from prism_sandbox.server.bodies import read_form
from prism_sandbox.server.errors import ApiError
from prism_sandbox.server.filling import Html, fill, message, money, page
from prism_sandbox.server.keeping import keep
from prism_sandbox.server.objects import Document
from prism_sandbox.server.own import must_be_own
from prism_sandbox.server.payments import after_action
from prism_sandbox.server.rules import AUTHENTICATION_FAILED
from prism_sandbox.server.store import Store

_CHALLENGE = {"approve": "approved", "fail": "not approved"}
_BANK = {"approve": "approved", "decline": "declined", "later": "left for later"}


async def show_page(request: Request) -> Response:
    """GET /challenge/{token} or /bank/{token}: ask the customer."""
    store: Store = request.app.state.store
    payment = await run_in_threadpool(store.payment_at, request.url.path)
    if payment is None:
        return message("Not found", "There is no such page.", status=404)
    if not _asks(payment, request.url.path):
        return _completed(200)
    return _page(payment, request.url.path, token_of(store, request.url.path))


async def answer_page(request: Request) -> Response:
    """POST: take the customer's answer, once, and send them back to the shop."""
    store: Store = request.app.state.store
    path = request.url.path
    try:
        form = await read_form(request)
        must_be_own(request, form.get("token", [""])[0], token_of(store, path))
        results = form.get("result") or [""]
    except ApiError as error:
        return message("This did not work", error.message, status=error.status)
    answers = _BANK if path.startswith("/bank/") else _CHALLENGE
    if len(results) != 1 or results[0] not in answers:
        return message("This did not work", "Choose one of the buttons.", status=400)
    payment, taken = await run_in_threadpool(_take, store, path, results[0])
    if payment is None:
        return message("Not found", "There is no such page.", status=404)
    if not taken:
        return _completed(409)
    return await run_in_threadpool(onward, store, payment, f"It was {answers[results[0]]}.")


ROUTES = [
    *(
        Route(f"/{kind}/{{token}}", endpoint, methods=[method])
        for kind in ("challenge", "bank")
        for method, endpoint in (("GET", show_page), ("POST", answer_page))
    ),
]


def onward(store: Store, payment: Document, said: str) -> Response:
    """Send the customer on: to the page of the order that they can still pay, to the shop, or
    nowhere."""
    order = store.order(payment["order"]) if payment["order"] else None
    if order is not None and order["url"] and payment["status"] == "requires_payment_method":
        return RedirectResponse(order["url"], 303)
    back = payment.get("return_url")
    if payment["status"] == "canceled":
        back = payment.get("cancel_url") or back
    if back:
        return RedirectResponse(_back(back, payment), 303)
    return message("Done", f"{said} You can close this page.")


def token_of(store: Store, path: str) -> str:
    """What the form of one page carries: a page of somebody else cannot read it."""
    return hmac.new(store.secret, path.encode(), hashlib.sha256).hexdigest()


def described(method: Document) -> str:
    """A payment method as its customer knows it."""
    name = (method.get("brand") or method["type"]).replace("_", " ").capitalize()
    return f"{name} ending in {method['last4']}" if "last4" in method else name


def form_policy(*targets: str | None) -> str:
    """The part of a Content-Security-Policy for a form. Browsers apply it to every redirect after
    the form, the shop's own ones included."""
    return "form-action 'self' http: https:" if any(targets) else "form-action 'self'"


def _take(store: Store, path: str, result: str) -> tuple[Document | None, bool]:
    with store.transaction():
        payment = store.payment_at(path)
        if payment is None or not _asks(payment, path):
            return payment, False
        if result == "later":
            return payment, True
        why = DECLINED_THERE if path.startswith("/bank/") else AUTHENTICATION_FAILED
        moved = after_action(payment, approved=result == "approve", decline=why)
        return keep(store, moved), True


def _asks(payment: Document, path: str) -> bool:
    """Whether this page is still to be answered; the order may be tried elsewhere meanwhile."""
    return bool(payment["status"] == "requires_action" and payment["next_action"]["url"] == path)


def _back(return_url: str, payment: Document) -> str:
    names = {"payment": "id", "reference": "reference", "order": "order", "mandate": "mandate"}
    added = {word: payment[name] for word, name in names.items() if payment[name] is not None}
    url = urlsplit(return_url)
    query = "&".join(part for part in (url.query, urlencode(added)) if part)
    return url._replace(query=query, path=url.path or "/").geturl()


def _page(payment: Document, path: str, token: str) -> Response:
    bank = path.startswith("/bank/")
    content = fill(
        "challenge.html",
        token=token,
        title=f"{described(payment['method'])}: confirm" if bank else "Confirm your payment",
        reference=payment["reference"] or payment["id"],
        amount=money(payment["amount"], payment["currency"]),
        method=described(payment["method"]),
        buttons=fill("bank_buttons.html") if bank else fill("challenge_buttons.html"),
    )
    policy = form_policy(payment.get("return_url"), payment["order"])
    # Without a referrer a browser would not name this page's origin with the form.
    return page("Confirm your payment", Html(content), policy=policy, referrer="same-origin")


def _completed(status: int) -> Response:
    text = "This is already completed. You can close this page."
    return message("Already completed", text, status=status)
