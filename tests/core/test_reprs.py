"""What a repr of the schema shows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rich.pretty import pretty_repr

from prism_core import (
    Address,
    AuthorizeRequest,
    CreateCustomerRequest,
    Event,
    EventKind,
    Money,
    Payment,
    PaymentStatus,
    RedirectionData,
    StoredPaymentMethod,
    Token,
    nullable,
)
from prism_core.schema.base import Schema
from prism_core.schema.secrets import MASK

from . import showing


def test_reprs_show_ids_and_hide_people() -> None:
    """A repr shows ids, amounts, statuses and where a redirect leads; names, emails, addresses,
    metadata and a redirect's query never. So it is with every way of showing."""
    customer = CreateCustomerRequest(
        merchant_customer_id="user_42",
        name="Ada Lovelace",
        email="ada@example.com",
        phone="+14155552671",
        address=Address(line1="12 Secret Street", zip_code="94107"),
        metadata={"tier": "gold-secret"},
        idempotency_key="key_1",
    )
    payment = AuthorizeRequest(
        merchant_transaction_id="order_1",
        amount=Money(1000, "USD"),
        payment_method=Token("pm_secret"),
        return_url="https://shop.example/?s=secret",
    )
    sdk = RedirectionData(sdk={"client_secret": "secret"}, uri="https://x.example/3ds?cres=secret")
    for one in (customer, payment, sdk):
        for way, text in showing.shown(one).items():
            for private in ("Ada", "ada@", "4155552671", "Street", "94107", "gold", "secret"):
                assert private not in text, way
    shown = f"{customer!r} {payment!r} {sdk!r}"
    assert "user_42" in shown
    assert "order_1" in shown
    assert "key_1" in shown
    assert "uri='https://x.example/**********'" in shown
    assert "minor_amount=1000, currency='USD'" in shown
    assert pretty_repr(customer, max_width=1000) == repr(customer)


def test_a_null_of_an_answer_is_not_in_json() -> None:
    """Before the result is finished, too: the core makes an event's id of it."""
    paid = Payment(status=PaymentStatus.CHARGED, connector_customer_id=nullable(None))
    event = Event(kind=EventKind.PAYMENT, event_type="paid", payment=paid)
    assert event.to_dict()["payment"].get("connector_customer_id", "") == ""


def test_reprs_show_what_a_developer_looks_for() -> None:
    """The kind of an event, a stored card's brand and last digits, the site of a redirect, and the
    names of what was not sent; a brand that is no name is left out."""
    kept = StoredPaymentMethod(connector_payment_method_id="pm_1", brand="visa", last_four="4242")
    assert repr(kept) == (
        "StoredPaymentMethod(brand='visa', last_four='4242', connector_payment_method_id='pm_1')"
    )
    event = Event(kind=EventKind.UNKNOWN, event_type="invoice.paid", not_sent=("phone",))
    assert "event_type='invoice.paid'" in repr(event)
    assert "not_sent=('phone',)" in repr(event)
    assert repr(RedirectionData(uri="https://x.example/3ds#cres")) == (
        "RedirectionData(uri='https://x.example/**********')"
    )
    assert repr(RedirectionData(uri="https://x.example/pay/page_token")) == (
        "RedirectionData(uri='https://x.example/**********')"
    )
    for brand in ("4242 4242 4242 4242", "x" * 31):
        assert StoredPaymentMethod(connector_payment_method_id="pm_1", brand=brand).brand is None


def test_a_field_that_is_added_later_is_private() -> None:
    """A repr fails closed: a text of a name that nobody judged is masked, in whatever it is."""

    class Later(Schema, frozen=True):
        nickname: str
        names: tuple[str, ...]
        more: Any

    for more in (b"Ada", ["Ada"], {"Ada"}, {"Ada": 1}, Decimal("1843"), object()):
        shown = f"{Later('Ada', ('Ada', 'Ada'), more)!r}"
        assert shown == f"Later(nickname='{MASK}', names=('{MASK}', '{MASK}'), more='{MASK}')"
