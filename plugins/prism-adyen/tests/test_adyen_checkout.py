"""Adyen keeps no customers and looks nothing up: what works all the same, and what says so."""

from __future__ import annotations

import pytest

from prism_contract_tests.judging import Judge
from prism_core import (
    AsyncPrism,
    ConfigurationError,
    CreateCustomerRequest,
    GetPaymentRequest,
    InvalidRequest,
    PaymentStatus,
    Prism,
    Token,
    UnsupportedOperation,
)

from .adyen_loopback import StandIn
from .adyen_samples import (
    ACCOUNT,
    BACK,
    KEY,
    MERCHANT,
    authorised,
    built,
    payment_request,
)

CUSTOMER = CreateCustomerRequest(
    merchant_customer_id="user_42",
    name="Ada Lovelace",
    email="ada@example.com",
    phone="+12025550123",
)
LIVE = "https://1797a841fbb37ca7-AdyenDemo-checkout-live.adyenpayments.com/checkout/v71/payments"


def test_a_checkout_is_one_payment_linked_by_your_own_reference(
    adyen: Prism, standing_in: StandIn
) -> None:
    """`Prism.checkout` authorizes with the shopper's reference, name, email and phone, and its
    result says what it is linked by."""
    standing_in.answer(authorised(shopperReference="user_42"))
    done = adyen.checkout(customer=CUSTOMER, payment=payment_request(capture_method="MANUAL"))
    assert (done.linked_by, done.connector_customer_id) == ("merchant_customer_id", "user_42")
    assert done.customer is None
    assert done.payment.status is PaymentStatus.AUTHORIZED
    assert done.payment.connector_customer_id == "user_42"
    assert done.payment.discrepancies == ()
    (sent,) = standing_in.seen
    assert sent.path == "/v71/payments"
    assert sent.json["shopperReference"] == "user_42"
    assert sent.json["shopperName"] == {"firstName": "Ada", "lastName": "Lovelace"}
    assert sent.json["shopperEmail"] == "ada@example.com"
    assert sent.json["telephoneNumber"] == "+12025550123"


@pytest.mark.anyio
async def test_an_async_checkout_is_the_same(standing_in: StandIn) -> None:
    """On asyncio and trio the checkout is one payment as well."""
    standing_in.answer(authorised())
    url = standing_in.url
    async with AsyncPrism("adyen", api_key=KEY, merchant_account=MERCHANT, base_url=url) as prism:
        done = await prism.checkout(customer=CUSTOMER, payment=payment_request())
    assert (done.linked_by, done.payment.status) == ("merchant_customer_id", "CAPTURE_INITIATED")
    assert [one.json["shopperReference"] for one in standing_in.seen] == ["user_42"]


def test_a_payment_that_is_linked_to_nobody_is_not_called_linked(
    adyen: Prism, standing_in: StandIn
) -> None:
    """Where Adyen's answer has no shopper, `linked_by` claims none, and the payment says so."""
    standing_in.answer(authorised(shopperReference=None))
    done = adyen.checkout(customer=CUSTOMER, payment=payment_request())
    assert done.linked_by is None
    (found,) = done.payment.discrepancies
    assert (found.field, found.reported) == ("connector_customer_id", "null")


def test_creating_a_customer_is_not_pretended(adyen: Prism, standing_in: StandIn) -> None:
    """`customers.create` raises and says what to do instead; nothing is sent."""
    with pytest.raises(UnsupportedOperation, match="shopperReference"):
        adyen.customers.create(CUSTOMER)
    assert standing_in.seen == []


def test_looking_up_a_payment_is_not_pretended(adyen: Prism, standing_in: StandIn) -> None:
    """`payments.get` raises and says what to do instead; nothing is sent."""
    for asked in (
        GetPaymentRequest(connector_transaction_id="PSP"),
        GetPaymentRequest(merchant_transaction_id="order_1001"),
    ):
        with pytest.raises(UnsupportedOperation, match=r"webhook.*same idempotency_key"):
            adyen.payments.get(asked)
    assert standing_in.seen == []


def test_a_description_is_reported_as_not_sent(adyen: Prism, standing_in: StandIn) -> None:
    """Adyen has no place for a description: the payment is made, and the result says so."""
    standing_in.answer(authorised())
    payment = adyen.payments.authorize(payment_request(description="Order 1001"))
    assert payment.not_sent == ("description",)
    assert "Order 1001" not in standing_in.seen[0].body.decode()


def test_the_sandbox_is_one_address() -> None:
    """SANDBOX needs no prefix: every merchant's test endpoint is the same."""
    assert built(payment_request()).url == "https://checkout-test.adyen.com/v71/payments"
    assert built(payment_request()).headers["x-api-key"] == KEY


def test_the_live_address_has_the_merchants_prefix(judge: Judge) -> None:
    """PRODUCTION sends to the merchant's own live endpoint."""
    live = {"environment": "PRODUCTION", "live_prefix": "1797a841fbb37ca7-AdyenDemo"}
    assert built(payment_request(), **live).url == LIVE
    judge.built.clear()  # the document has the test address alone


@pytest.mark.parametrize(
    "prefix",
    [
        *("evil.example/", "evil.example#", "evil.example?", "a@evil.example/x", "a:b@c"),
        *("a.b", "a/b", "a\\b", "a b", "a%2eb", "-a", "a-", "a_b", "ä", "a" * 49, "//evil.example"),
    ],
)
def test_a_prefix_cannot_lead_to_another_host(prefix: str) -> None:
    """What could not be part of Adyen's host name is refused, with what to give instead."""
    with pytest.raises(ConfigurationError, match="Developers > API URLs"):
        Prism(
            "adyen",
            api_key=KEY,
            merchant_account=MERCHANT,
            environment="PRODUCTION",
            live_prefix=prefix,
        )


def test_production_without_a_prefix_says_where_adyen_shows_it() -> None:
    """A missing prefix is named, with an example and the page of the Customer Area."""
    with pytest.raises(ConfigurationError, match=r"live_prefix, such as .*-AdyenDemo"):
        Prism("adyen", api_key=KEY, merchant_account=MERCHANT, environment="PRODUCTION")


def test_a_merchant_account_is_needed() -> None:
    """Credentials that are missing are listed."""
    with pytest.raises(ConfigurationError, match="missing: merchant_account"):
        Prism("adyen", api_key=KEY)


def test_an_account_shows_no_key() -> None:
    assert KEY not in repr(ACCOUNT)


def test_a_token_needs_its_shopper(adyen: Prism, standing_in: StandIn) -> None:
    """A stored card is paid with for the shopper that it was stored for: without, nothing is
    sent."""
    with pytest.raises(InvalidRequest) as caught:
        adyen.payments.authorize(payment_request(payment_method=Token("M5N7TQ4TG5PFWR50")))
    assert (caught.value.field, standing_in.seen) == ("connector_customer_id", [])
    assert BACK not in str(caught.value)
