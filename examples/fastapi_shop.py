"""A shop on FastAPI: customers, cards typed into the processor's frame, 3-D Secure, stored cards,
webhooks, refunds. No card number reaches this process. docs/fastapi.md walks through it.

`prism sandbox --webhook http://127.0.0.1:8000/events --webhook-secret whsec_shop` in one terminal,
and in another, with PRISM_SANDBOX_API_KEY=sandbox_shop, PRISM_SANDBOX_WEBHOOK_SECRET=whsec_shop and
SHOP_STAFF_KEY=..., `uvicorn fastapi_shop:app` in this folder.
"""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from html import escape
from pathlib import Path
from string import Template
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Cookie, Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from pydantic import BaseModel

from prism_core import (
    AnyEvent,
    AsyncPrism,
    EventKind,
    Money,
    Payment,
    PaymentStatus,
    PrismError,
    Refund,
    RefundStatus,
    SdkToken,
    Token,
)

PRICE, STAFF_KEY = Money(1290, "EUR"), os.environ["SHOP_STAFF_KEY"].encode()
HERE = Path(__file__).parent
SHOP = Template((HERE / "fastapi_shop.html").read_text("utf-8"))
ORDER = Template((HERE / "fastapi_order.html").read_text("utf-8"))
# docs: setup
prism = AsyncPrism.from_env("sandbox", card_numbers=False)
db = sqlite3.connect(os.environ.get("SHOP_DATABASE", "shop.db"))
db.row_factory = sqlite3.Row
db.executescript("""
    CREATE TABLE IF NOT EXISTS customers (id PRIMARY KEY, cookie UNIQUE, processor_id);
    CREATE TABLE IF NOT EXISTS orders (
        id PRIMARY KEY, customer, status, processor_id UNIQUE, dispute);
    CREATE TABLE IF NOT EXISTS refunds (id PRIMARY KEY, shop_order, status);
    CREATE TABLE IF NOT EXISTS events (id PRIMARY KEY);
""")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
    """Closes the connections to the processor at the end."""
    async with prism:
        yield


app = FastAPI(lifespan=lifespan)


@app.exception_handler(PrismError)
async def failed(request: Request, error: PrismError) -> JSONResponse:
    """Every error of Prism, as this shop's API answers it. A decline is none."""
    logging.getLogger(__name__).warning("%s %s: %s", request.method, request.url.path, error)
    return JSONResponse({"text": error.customer_message}, error.http_status)


# docs: customers
class Person(BaseModel):
    """Who registers."""

    name: str
    email: str


@app.post("/customers")
async def register(person: Person) -> Response:
    """Registers a customer, here and at the processor, whose id for it is stored."""
    name, cookie = uuid4().hex, secrets.token_urlsafe()
    customer = await prism.customers.create(
        merchant_customer_id=name, name=person.name, email=person.email
    )
    with db:
        known = (name, cookie, customer.connector_customer_id)
        db.execute("INSERT INTO customers VALUES (?, ?, ?)", known)
    answer = Response(status_code=204)
    answer.set_cookie("customer", cookie, httponly=True, samesite="lax")
    return answer


def row(query: str, *values: object) -> Any:
    """The one row that a query finds, or None."""
    return db.execute(query, values).fetchone()


async def signed_in(customer: Annotated[str | None, Cookie()] = None) -> Any:
    """The customer with this cookie, or None."""
    return row("SELECT * FROM customers WHERE cookie = ?", customer)


Customer = Annotated[Any, Depends(signed_in)]


async def order_of(order: UUID, customer: Customer) -> Any:
    """An order of the signed-in customer; 404 for all others."""
    query = "SELECT * FROM orders WHERE id = ? AND customer = ?"
    found = customer and row(query, str(order), customer["id"])
    if not found:
        raise HTTPException(404)
    return found


# docs: page
@app.get("/")
async def show(customer: Customer) -> HTMLResponse:
    """The shop's page, with what the processor's library in it needs, and the stored cards."""
    sdk = (await prism.payment_methods.create_client_token()).sdk
    cards = ""
    if customer:
        stored = await prism.payment_methods.list(connector_customer_id=customer["processor_id"])
        for one in stored.payment_methods:
            name = escape(f"{one.brand} {one.last_four}")
            cards += f"<button value='{escape(one.connector_payment_method_id)}'>{name}</button>"
    return HTMLResponse(SHOP.substitute(sdk, price=PRICE, cards=cards, known=bool(customer)))


# docs: pay
class Chosen(BaseModel):
    """What the page's frame gave, or a stored card; `keep` stores the new one."""

    token: str | None = None
    stored: str | None = None
    keep: bool = False


@app.post("/orders/{order}")
async def pay(order: UUID, chosen: Chosen, customer: Customer, request: Request) -> dict[str, str]:
    """Pays for an order, once: its id is the page's, and a second click has the same one."""
    if not customer or not (chosen.token or chosen.stored):
        raise HTTPException(422)
    back = str(request.url_for("back", order=order))
    values = (str(order), customer["id"], PaymentStatus.STARTED)
    with db:
        query = "INSERT OR IGNORE INTO orders (id, customer, status) VALUES (?, ?, ?)"
        made = db.execute(query, values)
    if not made.rowcount:
        return {"go": back}
    try:
        payment = await prism.payments.authorize(
            merchant_transaction_id=str(order),
            amount=PRICE,
            payment_method=SdkToken(chosen.token) if chosen.token else Token(chosen.stored or ""),
            connector_customer_id=customer["processor_id"],
            setup_future_usage="ON_SESSION" if chosen.keep else None,
            return_url=back,
        )
    except PrismError as error:
        if error.outcome == "unknown":
            return {"go": back}  # it may be paid: that page looks it up
        note(Payment(status=PaymentStatus.FAILURE, merchant_transaction_id=str(order)))
        raise
    if note(payment).is_failed and payment.error:
        return {"text": payment.error.customer_message}
    bank = payment.redirection_data and payment.redirection_data.uri
    return {"go": bank or back}


# docs: note
def note(payment: Payment) -> PaymentStatus:
    """Stores how a payment stands: it never moves back, and the goods are sent once."""
    known, own = payment.connector_transaction_id, payment.merchant_transaction_id
    update = "UPDATE orders SET processor_id = coalesce(?, processor_id)"
    with db:  # written before it is read, which locks it: the shop can have several processes
        order = row(f"{update} WHERE id = ? OR processor_id = ? RETURNING *", known, own, known)
        if order is None:
            return payment.status  # no payment of this shop
        before = PaymentStatus(order["status"])
        now = before.advance(payment.status)
        db.execute("UPDATE orders SET status = ? WHERE id = ?", (now, order["id"]))
    if now.is_paid and not before.is_paid:
        print(f"order {order['id']} is paid: send the goods", flush=True)
    return now


# docs: back
async def asked(order: Any, returned: dict[str, str]) -> Payment:
    """How a payment stands at the processor; one that the bank asked about is completed."""
    if order["status"] != PaymentStatus.AUTHENTICATION_PENDING:
        return await prism.payments.get(merchant_transaction_id=order["id"])
    return await prism.payments.complete(
        merchant_transaction_id=order["id"],
        connector_transaction_id=order["processor_id"],
        amount=PRICE,
        returned=returned,
    )


@app.get("/orders/{order}")
async def back(order: Annotated[Any, Depends(order_of)], request: Request) -> HTMLResponse:
    """The customer comes back, now or later. The processor is asked: a browser proves nothing."""
    status = PaymentStatus(order["status"])
    if status.can_still_change:
        with suppress(PrismError):  # it does not know yet, or does not answer: look again later
            status = note(await asked(order, dict(request.query_params)))
    refunded = row("SELECT status FROM refunds WHERE shop_order = ?", order["id"])
    if refunded and RefundStatus(refunded["status"]).is_refunded:
        said = "Your money is on its way back."
    elif status.is_paid:
        said = "Thank you: it is paid."
    else:
        said = "It was not paid." if status.is_failed else "We wait for your bank."
    return HTMLResponse(ORDER.substitute(said=said))


# docs: refund
@app.post("/orders/{order}/refund")
async def refund(order: UUID, staff_key: Annotated[str, Header()]) -> dict[str, str]:
    """Gives all of the money back. For the shop's staff."""
    found = row("SELECT * FROM orders WHERE id = ?", str(order))
    if not secrets.compare_digest(staff_key.encode(), STAFF_KEY) or found is None:
        raise HTTPException(404)
    name = f"refund-{order}"
    with db:
        values = (name, str(order), RefundStatus.REFUND_PENDING)
        db.execute("INSERT OR IGNORE INTO refunds VALUES (?, ?, ?)", values)
    made = await prism.payments.refund(
        merchant_refund_id=name,
        connector_transaction_id=found["processor_id"],
        amount=PRICE,
        idempotency_key=name,  # the same for a second click: nothing is paid back twice
    )
    return {"status": note_refund(made)}


def note_refund(refund: Refund) -> RefundStatus:
    """Stores how a refund stands, by this shop's own id of it."""
    with db:
        query = "UPDATE refunds SET status = status WHERE id = ? RETURNING status"  # locks it
        found = row(query, refund.merchant_refund_id)
        now = RefundStatus(found["status"]).advance(refund.status) if found else refund.status
        db.execute("UPDATE refunds SET status = ? WHERE id = ?", (now, refund.merchant_refund_id))
    return now


# docs: events
@app.post("/events")
async def hear(request: Request) -> PlainTextResponse:
    """The processor's webhooks: 400 for a forged one; the others come twice, late, in any order."""
    event = await prism.events.handle(request)
    for one in (event, *event.others):
        with db:
            new = db.execute("INSERT OR IGNORE INTO events VALUES (?)", (one.connector_event_id,))
            if new.rowcount:
                act_on(one)
    return PlainTextResponse(event.reply or "")


def act_on(event: AnyEvent) -> None:
    """Stores what an event tells of an order."""
    match event.kind:
        case EventKind.PAYMENT:
            note(event.payment)
        case EventKind.REFUND:
            note_refund(event.refund)
        case EventKind.DISPUTE:
            values = (event.dispute.status, event.dispute.connector_transaction_id)
            db.execute("UPDATE orders SET dispute = ? WHERE processor_id = ?", values)
        case _:
            pass  # nothing that this shop keeps
