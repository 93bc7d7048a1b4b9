"""A subscription from sign-up to cancellation, against a sandbox that it starts itself:
`python examples/subscription.py`.

Sign-up with the first charge, a renewal, a renewal that the bank declines, and the cancellation.
With another connector's name and credentials the calls are the same.
"""

from __future__ import annotations

import sys

from prism_core import Money, Prism, SdkToken
from prism_sandbox.server import running

MONTHLY = Money(1290, "EUR")


def main() -> int:
    """Goes through a subscription's life and says what became of each step."""
    with (
        running() as url,
        Prism("sandbox", api_key="sandbox_key", base_url=url, card_numbers=False) as prism,
    ):
        customer = prism.customers.get_or_create(
            merchant_customer_id="user_42", name="Ada Lovelace", email="ada@example.com"
        )
        print(f"1. Signed up: {customer.connector_customer_id}")

        mandate = prism.recurring.setup(
            merchant_mandate_id="subscription_42",
            connector_customer_id=customer.connector_customer_id,
            payment_method=SdkToken("tok_approve"),  # what the form in your page gave
            amount=MONTHLY,
        )
        print(f"2. First charge of {MONTHLY}: mandate {mandate.status.value}")
        renew(prism, customer.connector_customer_id, mandate.connector_mandate_id, "renewal_1", 3)

        # This card lets itself be set up, and declines every renewal.
        failing = prism.recurring.setup(
            merchant_mandate_id="subscription_43",
            connector_customer_id=customer.connector_customer_id,
            payment_method=SdkToken("tok_renewal_declines"),
        )
        print(f"4. Another card, nothing charged: mandate {failing.status.value}")
        renew(prism, customer.connector_customer_id, failing.connector_mandate_id, "renewal_2", 5)

        ended = prism.recurring.revoke(
            connector_mandate_id=str(mandate.connector_mandate_id),
            connector_customer_id=customer.connector_customer_id,
        )
        print(f"6. Cancelled: mandate {ended.status.value}")
    return 0


def renew(prism: Prism, customer: str, mandate: str | None, order: str, step: int) -> None:
    """Charges once more, by the permission; a decline is a result with the reason."""
    payment = prism.recurring.charge(
        merchant_transaction_id=order,
        amount=MONTHLY,
        connector_mandate_id=str(mandate),
        connector_customer_id=customer,
    )
    why = ""
    if payment.error is not None and payment.error.unified is not None:
        guidance = payment.error.unified.user_guidance_message
        why = f" ({payment.error.unified.code.value}: {guidance})"
    print(f"{step}. Renewal {order}: {payment.status.value}{why}")


if __name__ == "__main__":
    sys.exit(main())
