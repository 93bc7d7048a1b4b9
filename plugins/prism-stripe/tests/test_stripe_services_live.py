"""Customers, stored cards and renewals against localstripe; Stripe's SDK reads back.

localstripe confirms no SetupIntent when it is made, knows no `setup_future_usage`, and lists a
customer's cards at another path than `/v1/customers/{customer}/payment_methods`, which is what
Stripe's SDK asks for, too; `test_stripe_services_customers.py` and
`test_stripe_services_recurring.py` have these from Stripe's documentation.
A deleted customer it forgets.
"""

from __future__ import annotations

import pytest
import stripe

from prism_core import (
    AsyncPrism,
    ConnectorError,
    CustomerCreated,
    CustomerStatus,
    MandateStatus,
    Money,
    NotFound,
    PaymentMethodStored,
    PaymentStatus,
    Prism,
    SdkToken,
    Token,
    UnifiedCode,
)

from .samples import KEY, address, card, customer_request

TWELVE = Money(1234, "EUR")


@pytest.fixture
def customer(live: Prism) -> CustomerCreated:
    """A customer at localstripe."""
    return live.customers.create(customer_request())


def kept(live: Prism, customer: CustomerCreated, number: str = "4242424242424242") -> str:
    """The id of a card that is kept for the customer."""
    made: PaymentMethodStored = live.payment_methods.tokenize(
        payment_method=card(number=number, cvc="123", holder_name="Ada"),
        connector_customer_id=customer.connector_customer_id,
        merchant_payment_method_id="card_7",
        billing_address=address(),
        metadata={"wallet": "main"},
    )
    assert made.connector_customer_id == customer.connector_customer_id
    return made.connector_payment_method_id


def test_a_customer_is_changed_and_deleted(
    live: Prism, official: stripe.StripeClient, customer: CustomerCreated
) -> None:
    """What is given is changed at Stripe and the rest stays; deleted is gone."""
    known = customer.connector_customer_id
    changed = live.customers.update(connector_customer_id=known, description="moved")
    found = live.customers.get(connector_customer_id=known)
    stored = official.v1.customers.retrieve(known)
    assert (stored.description, stored.name) == ("moved", customer_request().name)
    assert (changed.description, changed.name) == (found.description, found.name)
    assert found.merchant_customer_id == "user_42"
    gone = live.customers.delete(connector_customer_id=known)
    assert gone.status is CustomerStatus.DELETED
    with pytest.raises(NotFound):
        live.customers.get(connector_customer_id=known)


def test_a_card_is_kept_whole_for_its_customer(
    live: Prism, official: stripe.StripeClient, customer: CustomerCreated
) -> None:
    """Stripe has the card with its customer, holder, address and the caller's own id."""
    stored = official.v1.payment_methods.retrieve(kept(live, customer))
    assert stored.customer == customer.connector_customer_id
    assert stored.card is not None
    assert (stored.card.last4, stored.card.exp_month, stored.card.exp_year) == ("4242", 12, 2090)
    assert (stored.billing_details.name, stored.metadata and stored.metadata.to_dict()) == (
        "Ada",
        {"wallet": "main", "merchant_payment_method_id": "card_7"},
    )


def test_a_stored_card_pays_while_its_customer_is_there(
    live: Prism, customer: CustomerCreated
) -> None:
    """What `tokenize` gives pays; localstripe must be told its type, which a Token does not say."""
    payment = live.payments.authorize(
        merchant_transaction_id="order_1",
        amount=TWELVE,
        payment_method=SdkToken(kept(live, customer), payment_method_type="CARD"),
        connector_customer_id=customer.connector_customer_id,
    )
    assert (payment.status, payment.discrepancies) == (PaymentStatus.CHARGED, ())


def test_a_stored_card_is_charged_without_its_customer(
    live: Prism, official: stripe.StripeClient, customer: CustomerCreated
) -> None:
    """A renewal off-session: Stripe has amount, customer, card and the caller's id as asked."""
    mandate = kept(live, customer)
    paid = live.recurring.charge(
        merchant_transaction_id="order_2",
        amount=TWELVE,
        connector_mandate_id=mandate,
        connector_customer_id=customer.connector_customer_id,
    )
    assert (paid.status, paid.discrepancies) == (PaymentStatus.CHARGED, ())
    stored = official.v1.payment_intents.retrieve(paid.connector_transaction_id or "")
    assert (stored.amount, stored.currency, stored.status) == (1234, "eur", "succeeded")
    assert (stored.customer, stored.payment_method) == (customer.connector_customer_id, mandate)
    assert stored.metadata.to_dict() == {"merchant_transaction_id": "order_2"}
    found = live.payments.complete(connector_transaction_id=stored.id, returned={"status": "no"})
    assert found.status is PaymentStatus.CHARGED


def test_a_declined_renewal_is_a_result(live: Prism, customer: CustomerCreated) -> None:
    """A card that can be kept and not charged."""
    paid = live.recurring.charge(
        merchant_transaction_id="order_3",
        amount=TWELVE,
        connector_mandate_id=kept(live, customer, "4000000000000341"),
        connector_customer_id=customer.connector_customer_id,
    )
    assert paid.status is PaymentStatus.AUTHORIZATION_FAILED
    assert paid.error is not None


def test_a_declined_card_is_not_kept(live: Prism, customer: CustomerCreated) -> None:
    """The issuer's decline is an error with its code, and nothing was done."""
    with pytest.raises(ConnectorError) as caught:
        kept(live, customer, "4000000000000002")
    assert (caught.value.status_code, caught.value.outcome) == (402, "rejected")
    assert caught.value.details.unified is not None
    assert caught.value.details.unified.code is UnifiedCode.DECLINED


@pytest.mark.parametrize("how", ["delete", "revoke"])
def test_a_card_given_back_is_nobodys(
    live: Prism, official: stripe.StripeClient, customer: CustomerCreated, how: str
) -> None:
    """Deleted or revoked, the card has no customer at Stripe any more."""
    method = kept(live, customer)
    if how == "delete":
        gone = live.payment_methods.delete(connector_payment_method_id=method)
        assert gone.connector_payment_method_id == method
    else:
        revoked = live.recurring.revoke(connector_mandate_id=method)
        assert (revoked.status, revoked.error) == (MandateStatus.REVOKED, None)
    assert official.v1.payment_methods.retrieve(method).customer is None


def test_the_cards_of_a_customer_are_listed(live: Prism, customer: CustomerCreated) -> None:
    """Each with its id; localstripe has no such list yet."""
    methods = {kept(live, customer), kept(live, customer)}
    try:
        listed = live.payment_methods.list(
            connector_customer_id=customer.connector_customer_id
        ).payment_methods
    except NotFound:
        pytest.skip("localstripe has no /v1/customers/{customer}/payment_methods")
    assert {one.connector_payment_method_id for one in listed} == methods


def test_a_permission_is_set_up(live: Prism, customer: CustomerCreated) -> None:
    """Without a charge; localstripe does not confirm a SetupIntent when it is made yet."""
    try:
        mandate = live.recurring.setup(
            merchant_mandate_id="m_1",
            payment_method=Token(kept(live, customer)),
            connector_customer_id=customer.connector_customer_id,
        )
    except ConnectorError:
        pytest.skip("localstripe confirms no SetupIntent when it is made")
    assert mandate.status is MandateStatus.ACTIVE


@pytest.mark.anyio
async def test_the_async_client_keeps_and_charges(localstripe: str) -> None:
    """On asyncio and trio: a customer, a stored card, a renewal, and the card given back."""
    async with AsyncPrism("stripe", api_key=KEY, base_url=localstripe) as live:
        customer = await live.customers.create(customer_request())
        stored = await live.payment_methods.tokenize(
            payment_method=card(cvc="123"),
            connector_customer_id=customer.connector_customer_id,
        )
        paid = await live.recurring.charge(
            merchant_transaction_id="order_4",
            amount=TWELVE,
            connector_mandate_id=stored.connector_payment_method_id,
            connector_customer_id=customer.connector_customer_id,
        )
        gone = await live.recurring.revoke(connector_mandate_id=stored.connector_payment_method_id)
    assert (paid.status, gone.status) == (PaymentStatus.CHARGED, MandateStatus.REVOKED)
