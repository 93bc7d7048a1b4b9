"""What the exchanges cannot show: amounts, refusals before anything is sent, answers in doubt."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Ach,
    Address,
    Conflict,
    CustomerAcceptance,
    InvalidRequest,
    MalformedResponse,
    Money,
    Prism,
    Sepa,
    Token,
)

TEN = Money(1000, "EUR")
ORDER: dict[str, Any] = {"merchant_transaction_id": "order_1001", "amount": TEN}
IBAN = "DE89370400440532013000"


def conflict(links: dict[str, str] | None = None) -> dict[str, Any]:
    said = {"reason": "idempotent_creation_conflict", "message": "Used", "links": links or {}}
    return {"type": "invalid_state", "code": 409, "message": "Used", "errors": [said]}


@pytest.mark.parametrize("currency", ["AUD", "CAD", "DKK", "EUR", "GBP", "NZD", "SEK", "USD"])
def test_amounts_are_whole_numbers_of_the_smallest_unit(
    prism: Prism, gocardless: Any, payment: Any, currency: str
) -> None:
    """https://developer.gocardless.com/api-reference/#payments-create-a-payment"""
    gocardless.tells("payments", payment(amount=1234, currency=currency), 201)
    paid = prism.payments.authorize(
        merchant_transaction_id="order_1001",
        amount=Money(1234, currency),
        payment_method=Token("MD123"),
    )
    assert (gocardless.told("payments")["amount"], str(paid.amount)) == (1234, f"12.34 {currency}")
    assert paid.status == "PENDING"


@pytest.mark.parametrize("amount", [Money(1000, "JPY"), Money(1000, "KWD"), Money(1000, "CHF")])
def test_currencies_without_a_scheme_are_refused(
    prism: Prism, gocardless: Any, amount: Money
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(**{**ORDER, "amount": amount}, payment_method=Token("MD123"))
    assert refused.value.field == "amount"
    assert not gocardless.requests


def test_a_repeated_key_finds_what_it_made(prism: Prism, gocardless: Any, payment: Any) -> None:
    """A lost answer, the same request again, and a 409 that names the payment: one payment."""
    gocardless.tells("error", {"type": "gocardless", "code": 500, "message": "Uh-oh!"}, 500)
    gocardless.tells("error", conflict({"conflicting_resource_id": "PM123"}), 409)
    gocardless.tells("payments", payment())
    paid = prism.payments.authorize(**ORDER, payment_method=Token("MD123"))
    assert (paid.connector_transaction_id, paid.status) == ("PM123", "PENDING")
    first, second, third = gocardless.requests
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert (third.method, third.url.path) == ("GET", "/payments/PM123")


def test_a_lookup_that_finds_another_object_is_no_answer(
    prism: Prism, gocardless: Any, payment: Any
) -> None:
    """Neither after a repeated key, nor before a debit."""
    gocardless.tells("error", conflict({"conflicting_resource_id": "PM123"}), 409)
    gocardless.tells("payments", payment(id="PM124"))
    with pytest.raises(MalformedResponse) as doubt:
        prism.payments.authorize(**ORDER, payment_method=Token("MD123"))
    assert doubt.value.outcome == "unknown"
    gocardless.tells("mandates", {"id": "MD9", "status": "active", "links": {"customer": "CU123"}})
    with pytest.raises(MalformedResponse):
        prism.payments.authorize(
            **ORDER, payment_method=Token("MD123"), connector_customer_id="CU123"
        )
    assert gocardless.requests[-1].method == "GET"


def test_a_repeated_key_with_another_mandate_is_told(
    prism: Prism, gocardless: Any, payment: Any
) -> None:
    """The first debit is returned, which is on the mandate given then."""
    gocardless.tells("error", conflict({"conflicting_resource_id": "PM123"}), 409)
    gocardless.tells("payments", payment(links={"mandate": "MD122"}))
    paid = prism.payments.authorize(**ORDER, payment_method=Token("MD123"), idempotency_key="k")
    assert [found.field for found in paid.discrepancies] == ["payment_method"]


def test_a_key_whose_payment_is_not_named_is_in_doubt(prism: Prism, gocardless: Any) -> None:
    gocardless.tells("error", conflict(), 409)
    with pytest.raises(Conflict) as doubt:
        prism.payments.authorize(**ORDER, payment_method=Token("MD123"))
    assert doubt.value.outcome == "unknown"


def test_an_id_in_another_error_is_not_looked_up(prism: Prism, gocardless: Any) -> None:
    said = {"reason": "mandate_is_inactive", "links": {"new_mandate": "MD124"}}
    problem = {"type": "invalid_state", "code": 422, "message": "Ended", "errors": [said]}
    gocardless.tells("error", problem, 422)
    with pytest.raises(Conflict) as refused:
        prism.payments.authorize(**ORDER, payment_method=Token("MD123"))
    assert (refused.value.outcome, len(gocardless.requests)) == ("rejected", 1)


def test_a_mandate_of_another_customer_is_not_charged(prism: Prism, gocardless: Any) -> None:
    body = {"id": "MD123", "status": "active", "links": {"customer": "CU999"}}
    gocardless.tells("mandates", body)
    with pytest.raises(Exception, match="another connector_customer_id"):
        prism.payments.authorize(
            **ORDER, payment_method=Token("MD123"), connector_customer_id="CU123"
        )
    assert [one.method for one in gocardless.requests] == ["GET"]


def test_a_bank_account_needs_its_customer(prism: Prism, gocardless: Any) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(**ORDER, payment_method=Sepa(IBAN, "Ada Lovelace"))
    assert refused.value.field == "connector_customer_id"
    assert not gocardless.requests


@pytest.mark.parametrize("acceptance", [None, CustomerAcceptance(user_agent="Example")])
def test_ach_needs_the_address_from_which_the_customer_agreed(
    prism: Prism, gocardless: Any, acceptance: CustomerAcceptance | None
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(
            merchant_transaction_id="order_1001",
            amount=Money(1000, "USD"),
            payment_method=Ach("000123456789", "026073150", "Ada Lovelace"),
            connector_customer_id="CU123",
            customer_acceptance=acceptance,
        )
    assert refused.value.field == "customer_acceptance"
    assert not gocardless.requests


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("hosted", {"hosted": False}),
        ("amount", {"amount": Money(1000, "USD")}),
        (
            "payment_method_types",
            {"payment_method_types": ["SEPA", "BACS"], "setup_future_usage": "OFF_SESSION"},
        ),
    ],
)
def test_pages_that_gocardless_has_not(
    prism: Prism, gocardless: Any, field: str, given: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.create_order(**{**ORDER, **given})
    assert refused.value.field == field
    assert not gocardless.requests


@pytest.mark.parametrize(
    ("field", "given"),
    [("hosted", {"amount": TEN, "hosted": False}), ("amount", {"amount": Money(1000, "USD")})],
)
def test_mandates_with_a_payment_that_gocardless_has_not(
    prism: Prism, gocardless: Any, field: str, given: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.recurring.setup(merchant_mandate_id="subscription_77", **given)
    assert refused.value.field == field
    assert not gocardless.requests


def test_a_refund_in_another_currency_is_refused(
    prism: Prism, gocardless: Any, payment: Any
) -> None:
    gocardless.tells("payments", payment(status="paid_out"))
    with pytest.raises(InvalidRequest):
        prism.payments.refund(
            connector_transaction_id="PM123",
            merchant_refund_id="refund_1",
            amount=Money(400, "GBP"),
        )
    assert [one.method for one in gocardless.requests] == ["GET"]


@pytest.mark.parametrize(
    ("name", "address", "sent"),
    [
        ("Ada Lovelace", None, {"given_name": "Ada", "family_name": "Lovelace"}),
        ("Ada King Noel", None, {"given_name": "Ada King", "family_name": "Noel"}),
        ("Example", None, {"company_name": "Example"}),
        (
            None,
            Address(first_name="Ada", last_name="Lovelace"),
            {"given_name": "Ada", "family_name": "Lovelace"},
        ),
    ],
)
def test_a_name_is_a_person_or_a_company(
    prism: Prism, gocardless: Any, name: str | None, address: Address | None, sent: dict[str, str]
) -> None:
    gocardless.tells("customers", {"id": "CU123"}, 201)
    prism.customers.create(merchant_customer_id="user_42", name=name, address=address)
    metadata = {"merchant_customer_id": "user_42"}
    assert gocardless.told("customers") == {**sent, "metadata": metadata}


def test_an_update_leaves_no_part_of_another_name(prism: Prism, gocardless: Any) -> None:
    """What is not sent stays there: a new first name would stand before another's last name."""
    gocardless.tells("customers", {"id": "CU123", "given_name": "Ada", "family_name": "Lovelace"})
    with pytest.raises(InvalidRequest, match="old name would stay") as refused:
        prism.customers.update(connector_customer_id="CU123", name="Grace")
    assert refused.value.field == "name"
    for half in (Address(first_name="Grace"), Address(last_name="Hopper")):
        with pytest.raises(InvalidRequest, match="give first and last name"):
            prism.customers.update(connector_customer_id="CU123", address=half)
    assert [one.method for one in gocardless.requests] == ["GET"]


def test_a_company_can_have_another_name(prism: Prism, gocardless: Any) -> None:
    """One word is a company's name, and replaces the old one."""
    gocardless.tells("customers", {"id": "CU123", "company_name": "Example"})
    gocardless.tells("customers", {"id": "CU123", "company_name": "Sample"})
    changed = prism.customers.update(connector_customer_id="CU123", name="Sample")
    assert gocardless.told("customers") == {"company_name": "Sample"}
    assert changed.name == "Sample"
