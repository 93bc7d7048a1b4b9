"""The second half of `prism demo`: an order on the processor's page, a debit, a subscription."""

from __future__ import annotations

from prism_core import Money, Payment, Prism, SdkToken
from prism_sandbox.challenges import answer, submit
from prism_sandbox.demo_events import Heard, Show
from prism_sandbox.demo_page import Page

APPROVES, CHALLENGES, RENEWS_NEVER = "4242424242424242", "4000002500003155", "4000000000000341"
IBAN = "DE89370400440532013000"
PRICE = Money(1290, "EUR")


def order(prism: Prism, show: Show) -> None:
    """An order that the customer pays on the processor's page."""
    asked = prism.payments.create_order(merchant_transaction_id="order_1005", amount=PRICE)
    page = str(asked.redirection_data.uri) if asked.redirection_data else ""
    show("Create an order: its customer pays on this page", status=asked.status, page=page)
    # What the customer does there, without a browser: fill in the form, and press the button.
    submit(page, type="card", number=APPROVES, exp_month="12", exp_year="2090", cvc="123")
    done = prism.payments.complete(connector_order_id=asked.connector_order_id)
    method = done.payment_method
    show(
        "They did, and came back: complete the order (the processor is asked, not the browser)",
        connector_transaction_id=done.connector_transaction_id,
        paid_with=f"{method.brand} {method.last_four}" if method else None,
        status=done.status,
    )


def pay_by_debit(prism: Prism, show: Show, page: Page, heard: Heard) -> None:
    """A bank debit, which is no money at first."""
    asked = prism.payments.authorize(
        merchant_transaction_id="order_1006", amount=PRICE, payment_method=page.account(IBAN)
    )
    show(
        "Debit a bank account by SEPA, with a token: the money is not there yet",
        connector_transaction_id=asked.connector_transaction_id,
        status=asked.status,
    )
    settled = heard.until_paid("order_1006")
    show(
        "Half a second later an event tells that it is: store what `advance` returns",
        merchant_transaction_id=settled.merchant_transaction_id,
        status=asked.status.advance(settled.status),
    )


def subscribe(prism: Prism, show: Show, page: Page, customer_id: str) -> None:
    """A stored card, a permission to charge it again, two renewals, and its end."""
    kept = prism.payment_methods.tokenize(
        merchant_payment_method_id="card_1",
        connector_customer_id=customer_id,
        payment_method=page.card(APPROVES),
    )
    cards = prism.payment_methods.list(connector_customer_id=customer_id).payment_methods
    show(
        "Keep a card under the customer: your application stores its id, and no number",
        connector_payment_method_id=kept.connector_payment_method_id,
        kept=", ".join(f"{card.brand} {card.last_four}" for card in cards),
    )
    mandate = _confirmed(prism, show, page.card(CHALLENGES), customer_id)
    _renew(prism, show, "Renew it, the customer not being there", mandate, customer_id)
    failing = prism.recurring.setup(
        merchant_mandate_id="subscription_2",
        connector_customer_id=customer_id,
        payment_method=page.card(RENEWS_NEVER),
    )
    named = str(failing.connector_mandate_id)
    _renew(prism, show, "A renewal is declined: a result again", named, customer_id)
    ended = prism.recurring.revoke(connector_mandate_id=mandate, connector_customer_id=customer_id)
    show("Cancel the subscription", connector_mandate_id=mandate, status=ended.status)


def _confirmed(prism: Prism, show: Show, token: SdkToken, customer_id: str) -> str:
    """A subscription that the customer's bank wants to be confirmed (3-D Secure)."""
    asked = prism.recurring.setup(
        merchant_mandate_id="subscription_1",
        connector_customer_id=customer_id,
        payment_method=token,
        amount=PRICE,
    )
    page = str(asked.redirection_data.uri) if asked.redirection_data else ""
    show(
        f"Set up a subscription, {PRICE} at once: the bank asks its customer, on this page",
        status=asked.status,
        page=page,
    )
    answer(page)  # What the customer does there: press the button.
    done = prism.recurring.complete(
        connector_mandate_id=asked.connector_mandate_id,
        connector_transaction_id=asked.connector_transaction_id,
    )
    show(
        "They confirmed: complete the subscription",
        connector_mandate_id=done.connector_mandate_id,
        status=done.status,
    )
    return str(done.connector_mandate_id)


def _renew(prism: Prism, show: Show, step: str, mandate: str, customer_id: str) -> None:
    paid: Payment = prism.recurring.charge(
        merchant_transaction_id=f"renewal_of_{mandate[-6:]}",
        amount=PRICE,
        connector_mandate_id=mandate,
        connector_customer_id=customer_id,
    )
    unified = paid.error.unified if paid.error else None
    more = {} if unified is None else {"unified_code": unified.code}
    show(step, amount=str(paid.amount), status=paid.status, **more)
