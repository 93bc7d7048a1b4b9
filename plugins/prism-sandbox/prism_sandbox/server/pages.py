"""The 3-D Secure challenge: the page on which a customer answers it."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from prism_sandbox.server.bodies import read_form
from prism_sandbox.server.cards import stored
from prism_sandbox.server.errors import ApiError
from prism_sandbox.server.filling import fill, message, money, page
from prism_sandbox.server.mandates import follow
from prism_sandbox.server.objects import Document, after_challenge
from prism_sandbox.server.own import must_be_own
from prism_sandbox.server.store import Challenge, Store


async def show_challenge(request: Request) -> Response:
    """GET /challenge/{token}: ask the customer."""
    store: Store = request.app.state.store
    challenge = await run_in_threadpool(store.challenge, request.url.path)
    if challenge is None:
        return _unknown_challenge()
    if challenge.payment["status"] != "requires_action":
        return _completed(challenge, 200)
    return _challenge_page(challenge, _token(store, request.url.path))


async def answer_challenge(request: Request) -> Response:
    """POST /challenge/{token}: take the customer's answer, once, and send them back to the shop."""
    store: Store = request.app.state.store
    try:
        form = await read_form(request)
        must_be_own(request, form.get("token", [""])[0], _token(store, request.url.path))
        result = form.get("result")
    except ApiError as error:
        return message("This did not work", error.message, status=error.status)
    if result not in (["approve"], ["fail"]):
        return message("This did not work", "Choose Approve or Fail.", status=400)
    approved = result == ["approve"]
    challenge, moved = await run_in_threadpool(_complete, store, request.url.path, approved)
    if challenge is None:
        return _unknown_challenge()
    if not moved:
        return _completed(challenge, 409)
    if challenge.return_url:
        return RedirectResponse(_back(challenge.return_url, challenge.payment), 303)
    said = "approved" if approved else "not approved"
    return message("Done", f"The payment was {said}. You can close this page.")


ROUTES = [
    Route("/challenge/{token}", show_challenge, methods=["GET"]),
    Route("/challenge/{token}", answer_challenge, methods=["POST"]),
]


def _complete(store: Store, path: str, approved: bool) -> tuple[Challenge | None, bool]:
    with store.transaction():
        challenge = store.challenge(path)
        if challenge is None or challenge.payment["status"] != "requires_action":
            return challenge, False
        moved = after_challenge(challenge.payment, approved=approved, manual=challenge.manual)
        moved = stored(store, moved)
        store.update_payment(moved)
        follow(store, moved)
        return challenge, True


def _back(return_url: str, payment: Document) -> str:
    added = {"payment": payment["id"]}
    if payment["reference"] is not None:
        added["reference"] = payment["reference"]
    url = urlsplit(return_url)
    query = "&".join(part for part in (url.query, urlencode(added)) if part)
    return url._replace(query=query, path=url.path or "/").geturl()


def _token(store: Store, path: str) -> str:
    """What the form of one challenge carries: a page of somebody else cannot read it."""
    return hmac.new(store.secret, path.encode(), hashlib.sha256).hexdigest()


def _challenge_page(challenge: Challenge, token: str) -> Response:
    payment, card = challenge.payment, challenge.payment["card"]
    content = fill(
        "challenge.html",
        token=token,
        reference=payment["reference"] or payment["id"],
        amount=money(payment["amount"], payment["currency"]),
        card=f"{card['brand'].capitalize()} ending in {card['last4']}",
    )
    # Browsers apply form-action to every redirect after the form, the shop's own ones included.
    action = "'self' http: https:" if challenge.return_url else "'self'"
    # Without a referrer a browser would not name this page's origin with the form.
    policy = f"form-action {action}"
    return page("Confirm your payment", content, policy=policy, referrer="same-origin")


def _completed(challenge: Challenge, status: int) -> Response:
    text = "This challenge is already completed. You can close this page."
    return message("Already completed", text, status=status)


def _unknown_challenge() -> Response:
    return message("Not found", "There is no such challenge.", status=404)
