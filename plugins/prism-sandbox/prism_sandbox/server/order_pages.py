"""The hosted page of an order, on which a customer pays it or gives a mandate. It needs no script:
each payment method is a form of its own."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from prism_core.schema.secrets import reveal
from prism_sandbox.server.accounts import REDIRECTS
from prism_sandbox.server.bodies import read_form
from prism_sandbox.server.errors import ApiError
from prism_sandbox.server.filling import Html, fill, message, money, page, together
from prism_sandbox.server.method_fields import FIELDS, fields_of, name_of
from prism_sandbox.server.method_shapes import PAGE_METHOD
from prism_sandbox.server.objects import Document
from prism_sandbox.server.orders import cancel, found, offered, pay
from prism_sandbox.server.own import must_be_own
from prism_sandbox.server.pages import form_policy, onward, token_of
from prism_sandbox.server.store import Store
from prism_sandbox.wallets import apple_pay, google_pay

_ENDED = {
    "complete": "This is paid already. You can close this page.",
    "expired": "The time to pay has run out.",
    "canceled": "This was canceled.",
}


async def show_order(request: Request) -> Response:
    """GET /pay/{token}"""
    store: Store = request.app.state.store
    order = await run_in_threadpool(store.order_at, request.url.path)
    return _shown(store, order)


async def pay_order(request: Request) -> Response:
    """POST /pay/{token}: pay with what the form says, or give up."""
    store: Store = request.app.state.store
    path = request.url.path
    try:
        form = {name: values[0] for name, values in (await read_form(request)).items()}
        must_be_own(request, form.pop("token", ""), token_of(store, path))
    except ApiError as error:
        return message("This did not work", error.message, status=error.status)
    return await run_in_threadpool(_paid, store, path, form)


ROUTES = [
    Route("/pay/{token}", show_order, methods=["GET"]),
    Route("/pay/{token}", pay_order, methods=["POST"]),
]


def _paid(store: Store, path: str, form: dict[str, str]) -> Response:
    order = store.order_at(path)
    if order is None or order["status"] != "open":
        return _shown(store, order)
    try:
        with store.transaction():
            payment = _moved(store, found(store, order["id"]), form)
    except ApiError as error:
        return _shown(store, order, problem=error.message, status=error.status)
    if payment["status"] == "requires_payment_method":
        return _shown(store, store.order_at(path), status=402)
    if payment["status"] == "requires_action" and payment["next_action"]["url"]:
        return Response(status_code=303, headers={"Location": payment["next_action"]["url"]})
    return onward(store, payment, "Thank you.")


def _moved(store: Store, order: Document, form: dict[str, str]) -> Document:
    if form.get("type") == "cancel":
        return cancel(store, order)
    return pay(store, order, PAGE_METHOD(_method(form), ""))


def _method(form: dict[str, str]) -> Document:
    """What a form says, as the API takes it. People write spaces into numbers."""
    kind = form.get("type", "card")
    if kind in REDIRECTS:
        return {"type": "redirect", "method": kind, **{k: form[k] for k in ("code",) if k in form}}
    if kind == "apple_pay":
        return {"type": kind, "payment_data": reveal(apple_pay().payment_data)}
    if kind == "google_pay":
        return {"type": kind, "token": reveal(google_pay().token)}
    told = {name: _tidy(name, form[name]) for name in FIELDS.get(kind, {}) if name in form}
    return {"type": kind, **told}


def _tidy(name: str, value: str) -> str | int:
    if name == "holder_name":
        return value
    joined = value.replace(" ", "").replace("-", "").upper()
    whole = name.startswith("exp_") and joined.isascii() and joined.isdigit() and len(joined) < 5
    return int(joined) if whole else joined


def _shown(
    store: Store, order: Document | None, *, problem: str | None = None, status: int = 200
) -> Response:
    if order is None:
        return message("Not found", "There is no such order.", status=404)
    if order["status"] != "open":
        return message("Nothing to pay", _ENDED[order["status"]])
    payment = order["payment"]
    decline = payment["decline"]
    said = problem or (decline["message"] if decline else None)
    token = token_of(store, order["url"])
    content = fill(
        "order.html",
        token=token,
        title="Pay" if payment["amount"] else "Save a payment method",
        problem=fill("problem.html", text=said) if said else Html(""),
        reference=payment["reference"] or payment["id"],
        amount=money(payment["amount"], payment["currency"]),
        lines=together(*(_line(one, payment) for one in payment.get("order_details") or [])),
        methods=together(*(_form(kind, token) for kind in offered(order))),
    )
    policy = form_policy(payment.get("return_url"), payment.get("cancel_url"))
    return page("Pay", content, status=status, policy=policy, referrer="same-origin")


def _line(line: Document, payment: Document) -> Html:
    amount = money(line["amount"], payment["currency"])
    return fill("order_line.html", name=line["name"], quantity=str(line["quantity"]), amount=amount)


def _form(kind: str, token: str) -> Html:
    name = name_of(kind)
    return fill("order_form.html", kind=kind, token=token, name=name, fields=fields_of(kind))
