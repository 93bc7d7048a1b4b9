"""What is sent: the schema's order, names and addresses in their places, cards in profiles."""

from __future__ import annotations

import msgspec
import pytest

from prism_authorizedotnet import AuthorizeNetAccount
from prism_contract_tests.judging import Judge
from prism_contract_tests.reading import load
from prism_contract_tests.target import open_target
from prism_core import (
    ConfigurationError,
    CustomerDetails,
    GetPaymentRequest,
    HttpRequest,
    Money,
    Secret,
    Token,
)

from .authorizedotnet_samples import (
    address,
    authorizing,
    card,
    customer_request,
    payment_request,
    requests_of,
    sent,
)
from .authorizedotnet_schema import bindings, violations

needs_schema = pytest.mark.skipif(bindings() is None, reason="authorizenet is not installed")


@needs_schema
def test_the_schema_refuses_what_is_unknown_misplaced_or_too_long() -> None:
    """The judge of these tests sees an unknown element, a wrong order, and a text too long."""
    good = requests_of("create_customer", customer_request())[0].content
    assert violations(good) == []
    assert violations(good.replace(b'"email"', b'"phone"'))
    assert violations(good.replace(b'"refId":"user_42",', b"").replace(b"}}}", b'},"refId":"x"}}'))
    assert violations(good.replace(b'"user_42"', b'"user_4242424242424242"'))


@needs_schema
def test_every_exchange_sends_what_the_schema_allows(judge: Judge) -> None:
    """Each request of the published exchanges is valid by Authorize.Net's schema."""
    exchanges = load(open_target("authorizedotnet").package)
    bodies = [msgspec.json.encode(step.request.json) for one in exchanges for step in one.steps]
    judge.built += [HttpRequest("POST", "https://x.example", {}, body) for body in bodies]
    assert len(bodies) >= 30
    assert judge.verdict() == []


def test_credentials_are_the_first_child_of_every_request() -> None:
    """Authorize.Net reads the credentials first, from the body; no header holds them."""
    looked_up = GetPaymentRequest(connector_transaction_id="40000001001")
    for operation, request in (
        ("create_customer", customer_request()),
        ("authorize", payment_request()),
        ("get_payment", looked_up),
    ):
        name, credentials = next(iter(sent(operation, request).items()))
        assert (name, list(credentials)) == ("merchantAuthentication", ["name", "transactionKey"])
        assert credentials == {"name": "login_test", "transactionKey": "key_test_0000001"}
        assert "authorization" not in requests_of(operation, request)[0].headers


def test_a_customer_is_sent_with_your_id_email_and_description() -> None:
    """A profile holds these three, and the answer echoes your id."""
    made = sent("create_customer", customer_request())
    assert made["refId"] == "user_42"
    assert made["profile"] == {
        "merchantCustomerId": "user_42",
        "description": "first customer",
        "email": "ada@example.com",
    }


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Money(1, "USD"), "0.01"),
        (Money(123456789, "EUR"), "1234567.89"),
        (Money(1000, "JPY"), "1000"),
        (Money(12345, "KWD"), "12.345"),
    ],
)
def test_an_amount_is_an_exact_decimal_text(amount: Money, written: str) -> None:
    """No amount is rounded, and each has the decimals of its currency."""
    made = authorizing(amount=amount)
    assert (made["amount"], made["currencyCode"]) == (written, amount.currency)


@pytest.mark.parametrize(
    ("holder", "first", "last"),
    [
        ("Ada Lovelace", "Ada", "Lovelace"),
        ("Ada King Lovelace", "Ada King", "Lovelace"),
        ("Lovelace", None, "Lovelace"),
    ],
)
def test_a_name_in_one_line_is_split_at_its_last_space(
    holder: str, first: str | None, last: str
) -> None:
    """The card holder's and the customer's name go to the bill-to, whole."""
    by_card = authorizing(payment_method=card(holder_name=holder))["billTo"]
    by_customer = authorizing(customer=CustomerDetails(name=holder))["billTo"]
    assert by_card == by_customer
    assert (by_card.get("firstName"), by_card["lastName"]) == (first, last)


def test_an_address_has_its_names_lines_and_contact_in_the_bill_to() -> None:
    """Nothing of a billing address is dropped: its lines become one, its contact goes along."""
    billing = address(
        line2="Flat 2", line3="Rear", email="ada@example.com", phone_number="+12025550123"
    )
    assert authorizing(billing_address=billing)["billTo"] == {
        "firstName": "Ada",
        "lastName": "Lovelace",
        "address": "1 Example Street, Flat 2, Rear",
        "city": "London",
        "zip": "N1 1AA",
        "country": "GB",
        "phoneNumber": "+12025550123",
        "email": "ada@example.com",
    }


def test_a_payer_without_a_profile_has_an_email() -> None:
    """A guest's email is told in the transaction's customer."""
    made = authorizing(customer=CustomerDetails(email="ada@example.com", phone="+12025550123"))
    assert made["customer"] == {"email": "ada@example.com"}
    assert made["billTo"] == {"phoneNumber": "+12025550123"}


def test_a_card_of_a_customer_is_put_into_the_profile() -> None:
    """A card payment is linked to the profile by keeping the card there."""
    made = authorizing(connector_customer_id="900000042")
    assert made["profile"] == {"createProfile": True, "customerProfileId": "900000042"}
    assert "processingOptions" not in made
    for usage in ("ON_SESSION", "OFF_SESSION"):
        kept = authorizing(connector_customer_id="900000042", setup_future_usage=usage)
        assert kept["processingOptions"] == {"isFirstSubsequentAuth": True}


def test_a_token_is_a_payment_profile_of_the_customer() -> None:
    """Paying with a stored card sends both ids and no card."""
    made = authorizing(payment_method=Token("900000101"), connector_customer_id="900000042")
    assert made["profile"] == {
        "customerProfileId": "900000042",
        "paymentProfile": {"paymentProfileId": "900000101"},
    }
    assert "payment" not in made
    assert "billTo" not in made


def test_metadata_goes_into_user_fields() -> None:
    fields = authorizing(metadata={"cart": "7", "plan": "gold"})["userFields"]["userField"]
    assert fields == [{"name": "cart", "value": "7"}, {"name": "plan", "value": "gold"}]


def test_nothing_is_sent_that_was_not_asked_for() -> None:
    """No duplicate window and no other setting is added to a plain payment."""
    made = authorizing()
    assert list(made) == ["transactionType", "amount", "currencyCode", "payment", "order"]
    assert made["order"] == {"invoiceNumber": "order_1001"}


def test_a_wrong_currency_of_the_account_is_said_at_once() -> None:
    with pytest.raises(ConfigurationError, match="currency"):
        AuthorizeNetAccount(api_login_id="login", transaction_key=Secret("key"), currency="dollars")


def test_the_sandbox_and_production_have_addresses_of_their_own() -> None:
    """The environment decides which server is asked."""
    places: list[dict[str, str]] = [{}, {"environment": "PRODUCTION"}]
    urls = [str(requests_of("authorize", payment_request(), **one)[0].url) for one in places]
    assert urls == [
        "https://apitest.authorize.net/xml/v1/request.api",
        "https://api.authorize.net/xml/v1/request.api",
    ]
