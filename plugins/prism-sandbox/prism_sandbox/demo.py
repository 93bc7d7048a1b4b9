"""`prism demo`: the documented flow against the sandbox, step by step."""

from __future__ import annotations

import json
from typing import Any

import click

from prism_core import (
    AuthorizeRequest,
    CreateCustomerRequest,
    Money,
    Prism,
    SdkToken,
    TransportError,
)
from prism_sandbox.demo_events import SECRET, Heard, receiving
from prism_sandbox.demo_later import order, pay_by_debit, subscribe
from prism_sandbox.demo_page import Page

APPROVES, DECLINES, HANGS = "4242424242424242", "4000000000009995", "4000000000000127"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a line a step.")
def demo(as_json: bool) -> None:
    """Start the sandbox and run the documented flow with it.

    Create a customer, authorize a payment linked to it with a token from the customer's browser,
    capture and refund a part, void another, be declined, recover from an unknown outcome, be paid
    on the processor's page and by a debit, subscribe, renew and cancel, and hear of it by webhooks.
    No card number reaches the server."""
    try:
        from prism_sandbox.server import receiver, running
    except ModuleNotFoundError as missing:
        raise click.ClickException(
            f"{missing.name} is missing: pip install 'prism-payments-sandbox[server]'"
        ) from None
    with (
        receiving() as (address, delivered),
        running(settle_seconds=0.5, webhook=receiver(address, SECRET, first_pause=0.2)) as url,
        Prism(
            "sandbox",
            api_key="sandbox_key",
            webhook_secret=SECRET,
            base_url=url,
            card_numbers=False,
        ) as prism,
    ):
        show, heard = _Steps(as_json), Heard(prism, delivered)
        show("Start the sandbox: a payment processor on this machine", url=url)
        page = Page(**prism.payment_methods.create_client_token().sdk)
        customer_id = _run(prism, show, page)
        order(prism, show)
        pay_by_debit(prism, show, page, heard)
        subscribe(prism, show, page, customer_id)
        heard.show(show)


class _Steps:
    """Prints each step with what it came to."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.number = 0

    def __call__(self, step: str, **came_to: Any) -> None:
        self.number += 1
        plain = {name: getattr(value, "value", value) for name, value in came_to.items()}
        if self.as_json:
            click.echo(json.dumps({"step": step, **plain}))
            return
        click.echo(f"\n{self.number}. {step}")
        for name, value in plain.items():
            click.echo(f"   {name}: {value}")


def _payment(reference: str, token: SdkToken, customer: str, **more: Any) -> AuthorizeRequest:
    return AuthorizeRequest(
        merchant_transaction_id=reference,
        amount=Money(1000, "USD"),
        payment_method=token,
        connector_customer_id=customer,
        capture_method="MANUAL",
        **more,
    )


def _run(prism: Prism, show: _Steps, page: Page) -> str:
    customer = prism.customers.create(
        CreateCustomerRequest(
            merchant_customer_id="user_42", name="Ada Lovelace", email="ada@example.com"
        )
    )
    customer_id = customer.connector_customer_id
    show(
        "Create the customer, and keep the id with the user",
        merchant_customer_id=customer.merchant_customer_id,
        connector_customer_id=customer_id,
        status=customer.status,
    )

    token = page.card(APPROVES)
    show(
        "The customer types a card into the processor's form in your page: you get a token",
        browser="played by this demo: POST /v1/tokens with the public key",
        token=str(token.token),
    )

    payment = prism.payments.authorize(_payment("order_1001", token, customer_id))
    show(
        "Authorize 10.00 USD with the token, linked to that customer",
        connector_transaction_id=payment.connector_transaction_id,
        connector_customer_id=payment.connector_customer_id,
        status=payment.status,
    )

    _life(prism, show, str(payment.connector_transaction_id))
    _void(prism, show, _payment("order_1004", page.card(APPROVES), customer_id))

    declined = prism.payments.authorize(_payment("order_1002", page.card(DECLINES), customer_id))
    why = declined.error.unified if declined.error else None
    show(
        "A card is declined: a result, not an exception",
        status=declined.status,
        unified_code=why.code if why else None,
        guidance=why.user_guidance_message if why else None,
    )
    _unknown(prism, show, page.card(HANGS), customer_id)
    return customer_id


def _life(prism: Prism, show: _Steps, payment_id: str) -> None:
    captured = prism.payments.capture(connector_transaction_id=payment_id, amount=Money(600, "USD"))
    show(
        "Capture 6.00 USD of it: a part is sent, and the rest can still be captured",
        connector_transaction_id=captured.connector_transaction_id,
        captured_amount=str(captured.captured_amount),
        capturable_amount=str(captured.capturable_amount),
        status=captured.status,
    )

    refund = prism.payments.refund(
        connector_transaction_id=payment_id,
        merchant_refund_id="refund_1",
        amount=Money(250, "USD"),
    )
    show(
        "Refund 2.50 USD of that",
        merchant_refund_id=refund.merchant_refund_id,
        connector_refund_id=refund.connector_refund_id,
        amount=str(refund.amount),
        status=refund.status,
    )


def _void(prism: Prism, show: _Steps, payment: AuthorizeRequest) -> None:
    other = prism.payments.authorize(payment)
    voided = prism.payments.void(connector_transaction_id=str(other.connector_transaction_id))
    show(
        "Authorize another payment, and void it: the customer's money is free again",
        connector_transaction_id=voided.connector_transaction_id,
        status=voided.status,
    )


def _unknown(prism: Prism, show: _Steps, token: SdkToken, customer_id: str) -> None:
    request = _payment("order_1003", token, customer_id, timeout=1.0, idempotency_key="order_1003")
    try:
        prism.payments.authorize(request)
    except TransportError as error:
        show(
            "The processor goes silent: the outcome is unknown, and nobody says 'failed'",
            error=str(error),
            outcome=error.outcome,
            idempotency_key=error.idempotency_key,
        )
    found = prism.payments.get(merchant_transaction_id="order_1003")
    show(
        "Recovered: looked up by our own id",
        connector_transaction_id=found.connector_transaction_id,
        status=found.status,
    )
    again = prism.payments.authorize(request)
    show(
        "Recovered: repeated with the same idempotency key, and nothing was charged twice",
        connector_transaction_id=again.connector_transaction_id,
        status=again.status,
    )
