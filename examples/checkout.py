"""The documented checkout, with whichever connector is named: `python checkout.py stripe`.

Credentials and base URL come from the environment: PRISM_STRIPE_API_KEY and the like. Nothing else
changes from one processor to the next.
"""

from __future__ import annotations

import sys

from prism_core import AuthorizeRequest, Card, CreateCustomerRequest, Money, Prism, PrismError


def main(connector: str) -> int:
    """Creates the customer, authorizes a payment linked to it, and says what became of both."""
    customer = CreateCustomerRequest(
        merchant_customer_id="user_42",
        name="Ada Lovelace",
        email="ada@example.com",
        phone="+12025550123",
    )
    payment = AuthorizeRequest(
        merchant_transaction_id="order_1001",
        amount=Money(1000, "USD"),
        payment_method=Card("4242424242424242", exp_month=12, exp_year=2030, cvc="123"),
        capture_method="MANUAL",
        return_url="https://shop.example/return",
    )
    try:
        with Prism.from_env(connector) as prism:
            done = prism.checkout(customer=customer, payment=payment)
    except PrismError as error:
        print(f"{type(error).__name__} ({error.outcome}): {error}", file=sys.stderr)
        return 1
    print(f"customer: {done.connector_customer_id}, linked by {done.linked_by}")
    print(f"payment: {done.payment.connector_transaction_id}, {done.payment.status.value}")
    for result in filter(None, (done.customer, done.payment)):
        for field in result.not_sent:
            print(f"not sent: {field}")
        for one in result.discrepancies:
            print(f"otherwise than asked: {one.field} is {one.reported}, not {one.asked}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else "usage: checkout.py CONNECTOR")
