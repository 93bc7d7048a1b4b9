"""The documented checkout, with whichever connector is named, and no card number on this server:
`python checkout.py stripe pm_card_visa`.

The second argument is what the processor's form in your page gave. Where the processor has no such
form (PayPal), leave it out: the customer pays on the processor's page. Credentials and base URL
come from the environment: PRISM_STRIPE_API_KEY and the like. Nothing else changes from one
processor to the next.
"""

from __future__ import annotations

import sys

from prism_core import (
    AuthorizeRequest,
    CreateCustomerRequest,
    CustomerDetails,
    Money,
    Payment,
    Prism,
    PrismError,
    SdkToken,
)

ORDER, BACK = "order_1001", "https://shop.example/return"


def main(connector: str, token: str | None = None) -> int:
    """Creates the customer, takes a payment linked to it, and says what became of both."""
    try:
        with Prism.from_env(connector, card_numbers=False) as prism:
            paid = paid_with(prism, SdkToken(token)) if token else paid_on_a_page(prism)
    except PrismError as error:
        print(f"{type(error).__name__} ({error.outcome}): {error}", file=sys.stderr)
        return 1
    print(f"payment: {paid.connector_transaction_id or paid.connector_order_id}, {paid.status}")
    if paid.redirection_data is not None:
        print(f"send the customer to: {paid.redirection_data.uri}")
    for field in paid.not_sent:
        print(f"not sent: {field}")
    for one in paid.discrepancies:
        print(f"otherwise than asked: {one.field} is {one.reported}, not {one.asked}")
    return 0


def amount(prism: Prism) -> Money:
    """Ten dollars, or ten of what the processor takes first, if it does not take all currencies."""
    taken = prism.connector.currencies
    return Money(1000, taken[0] if taken else "USD")


def paid_with(prism: Prism, token: SdkToken) -> Payment:
    """What the page's form gave is authorized, linked to its customer."""
    done = prism.checkout(
        customer=CreateCustomerRequest(
            merchant_customer_id="user_42",
            name="Ada Lovelace",
            email="ada@example.com",
            phone="+12025550123",
        ),
        payment=AuthorizeRequest(
            merchant_transaction_id=ORDER,
            amount=amount(prism),
            payment_method=token,
            capture_method="MANUAL",
            return_url=BACK,
        ),
    )
    print(f"customer: {done.connector_customer_id}, linked by {done.linked_by}")
    return done.payment


def paid_on_a_page(prism: Prism) -> Payment:
    """The customer pays on the processor's page; complete the order when they are back."""
    who = CustomerDetails(name="Ada Lovelace", email="ada@example.com")
    return prism.payments.create_order(
        merchant_transaction_id=ORDER, amount=amount(prism), customer=who, return_url=BACK
    )


if __name__ == "__main__":
    known = len(sys.argv) in (2, 3)
    sys.exit(main(*sys.argv[1:]) if known else "usage: checkout.py CONNECTOR [TOKEN]")
