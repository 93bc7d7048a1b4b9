"""A shop with one product, four ways to pay, and no card number on its server: the example to copy.

`prism sandbox --shop` runs it. The customer types a card or an account into the frame that
`/sandbox.js` puts into `shop.html`, or into the processor's own page. What arrives here is a token,
or nothing.
"""

from __future__ import annotations

import logging
import sqlite3
from html import escape
from importlib.resources import files
from string import Template
from typing import Any
from uuid import UUID, uuid4

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from prism_core import (
    AsyncPrism,
    EventRejected,
    Money,
    Payment,
    PaymentStatus,
    PrismError,
    Redirect,
    SdkToken,
)

logger = logging.getLogger(__name__)
PRICE = Money(1290, "EUR")
PAGE = Template((files(__package__) / "shop.html").read_text("utf-8"))
AFTER = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Your order</title>{}
<h1>Your order</h1><p id="said" role="status">{}</p>"""
NOT_PAID = "It was not paid. Try again, or pay in another way."
# No reason: one that the bank suspects is nothing for this page (payment.error tells it to you).
RELOADS = '<meta http-equiv="refresh" content="2">'


class Shop:
    """The pages. An order is paid by one payment, or by the next one after that has failed."""

    def __init__(self, prism: AsyncPrism, database: str) -> None:
        self.prism = prism
        self.database = sqlite3.connect(database, isolation_level=None)
        self.database.row_factory = sqlite3.Row
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS payments (id TEXT PRIMARY KEY, shop_order TEXT,"
            " status TEXT, connector_transaction_id TEXT, connector_order_id TEXT)"
        )

    async def show(self, request: Request) -> Response:
        """GET /: the product. Prism knows what the page needs of the processor."""
        order = request.path_params.get("order") or uuid4()
        sdk = (await self.prism.payment_methods.create_client_token()).sdk
        return HTMLResponse(PAGE.substitute(sdk, price=PRICE, order=order))

    async def pay(self, request: Request) -> Response:
        """POST /pay/{order}: with the page's token, by redirect, or on the processor's page."""
        order: UUID = request.path_params["order"]
        chosen: dict[str, Any] = await request.json()
        back = str(request.url_for("back", order=order))
        tries = self.payments_of(order)
        if any(not PaymentStatus(one["status"]).is_failed for one in tries):
            return JSONResponse({"go": back})  # never two payments for one order
        name = f"{order}-{len(tries) + 1}"
        self.database.execute(
            "INSERT INTO payments (id, shop_order, status) VALUES (?, ?, ?)",
            (name, str(order), PaymentStatus.STARTED),
        )
        about = {
            "merchant_transaction_id": name,
            "amount": PRICE,
            "return_url": back,
            "cancel_url": back,
            "webhook_url": str(request.url_for("hear")),
        }
        try:
            payment = await self.pay_with(chosen, about)
        except PrismError as error:
            logger.warning("payment %s: %s", name, error)
            if error.outcome == "unknown":
                return JSONResponse({"go": back})  # it may be paid: that page looks it up
            payment = Payment(status=PaymentStatus.FAILURE, merchant_transaction_id=name)
        if self.note(payment).is_failed:
            return JSONResponse({"text": NOT_PAID})
        return JSONResponse({"go": page_of(payment) or back})

    async def pay_with(self, chosen: dict[str, Any], about: dict[str, Any]) -> Payment:
        """What the page's library gave is the payment method."""
        if not chosen:
            return await self.prism.payments.create_order(**about)
        token, kind = chosen["token"], chosen["payment_method_type"]
        method = SdkToken(token, payment_method_type=kind) if token else Redirect(kind)
        return await self.prism.payments.authorize(**about, payment_method=method)

    async def back(self, request: Request) -> Response:
        """GET /orders/{order}: the customer comes back, now or later. The processor is asked; what
        the browser says proves nothing."""
        order: UUID = request.path_params["order"]
        tries = self.payments_of(order)
        if not tries:
            return RedirectResponse("/")
        try:
            payment = await self.looked_up(tries[-1], dict(request.query_params))
        except PrismError as error:
            logger.warning("payment %s: %s", tries[-1]["id"], error)
            return HTMLResponse(AFTER.format(RELOADS, "We do not know yet whether it is paid."))
        status = self.note(payment)
        text = said(status, payment, str(request.url_for("show_again", order=order)))
        reloads = RELOADS if status is PaymentStatus.PENDING else ""
        return HTMLResponse(AFTER.format(reloads, text))

    async def looked_up(self, row: sqlite3.Row, returned: dict[str, str]) -> Payment:
        """The payment as the processor has it; one that its customer was sent away with is
        completed."""
        if row["status"] in (PaymentStatus.STARTED, PaymentStatus.PENDING):
            return await self.prism.payments.get(merchant_transaction_id=row["id"])
        page_order = row["connector_order_id"]
        return await self.prism.payments.complete(
            merchant_transaction_id=row["id"],
            connector_order_id=page_order,
            connector_transaction_id=None if page_order else row["connector_transaction_id"],
            returned=returned,
        )

    async def hear(self, request: Request) -> Response:
        """POST /events: how a payment stands, whether or not its customer came back."""
        try:
            event = await self.prism.events.handle(request)
        except EventRejected:
            return Response(status_code=400)
        if event.payment is not None:
            self.note(event.payment)
        if event.dispute is not None:
            logger.warning("payment %s is disputed", event.dispute.connector_transaction_id)
        return Response(status_code=204)

    def note(self, payment: Payment) -> PaymentStatus:
        """Keep how a payment stands. It never moves back, and the goods are sent once."""
        name = payment.merchant_transaction_id
        row = self.database.execute("SELECT * FROM payments WHERE id = ?", (name,)).fetchone()
        if row is None:
            return payment.status  # no payment of ours
        before = PaymentStatus(row["status"])
        now = before.advance(payment.status)
        transaction = payment.connector_transaction_id or row["connector_transaction_id"]
        page_order = payment.connector_order_id or row["connector_order_id"]
        self.database.execute(
            "UPDATE payments SET status = ?, connector_transaction_id = ?, connector_order_id = ?"
            " WHERE id = ?",
            (now, transaction, page_order, name),
        )
        if now.is_paid and not before.is_paid:
            logger.info("payment %s is paid: send the goods", name)
        return now

    def payments_of(self, order: UUID) -> list[sqlite3.Row]:
        """The payments of an order, the newest last."""
        query = "SELECT * FROM payments WHERE shop_order = ? ORDER BY rowid"
        return self.database.execute(query, (str(order),)).fetchall()


def page_of(payment: Payment) -> str | None:
    """The page on which the customer goes on: the processor's, or a bank's."""
    return payment.redirection_data.uri if payment.redirection_data else None


def said(status: PaymentStatus, payment: Payment, again: str) -> str:
    """What the customer reads about an order, as HTML."""
    if status.is_paid:
        return "Thank you: it is paid."
    if status is PaymentStatus.PENDING:
        return "Thank you. Your bank was asked: we send the beans when the money is here."
    if status.is_failed:
        return f'{NOT_PAID} <a href="{escape(again)}">Try again</a>'
    page = page_of(payment)
    return "It is not paid yet." + (f' <a href="{escape(page)}">Go on</a>' if page else "")


def create_shop(prism: AsyncPrism, database: str = ":memory:") -> Starlette:
    """The shop as an ASGI application."""
    shop = Shop(prism, database)
    return Starlette(
        routes=[
            Route("/", shop.show),
            Route("/again/{order:uuid}", shop.show, name="show_again"),
            Route("/pay/{order:uuid}", shop.pay, methods=["POST"]),
            Route("/orders/{order:uuid}", shop.back, name="back"),
            Route("/events", shop.hear, methods=["POST"], name="hear"),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )
