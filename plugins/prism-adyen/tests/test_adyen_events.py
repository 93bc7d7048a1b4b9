"""Webhooks: believed if Adyen signed them, and no further than Adyen signed them."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prism_adyen import connector
from prism_core import (
    ConfigurationError,
    EventKind,
    EventRejected,
    HandleEventRequest,
    InvalidRequest,
    MalformedResponse,
)
from prism_core.runtime.masking import one_line

from .adyen_samples import MERCHANT, PSP
from .adyen_webhooks import HMAC, MODIFIED, account, signed, told, webhook

MANY = settings(max_examples=150, deadline=None, database=None, derandomize=True)
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
references = st.from_regex(r"[A-Z0-9]{1,16}", fullmatch=True)


def test_adyens_own_example_is_genuine() -> None:
    """The key, the event and the signature that Adyen's libraries publish belong together."""
    key = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
    example = webhook(
        pspReference="7914073381342284",
        merchantAccountCode="TestMerchant",
        merchantReference="TestPayment-1407325143704",
        amount={"currency": "EUR", "value": 1130},
        additionalData={"hmacSignature": "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="},
    )
    event = told(json.dumps(example).encode(), account(key, "TestMerchant"))
    assert event.payment is not None
    assert str(event.payment.amount) == "11.30 EUR"


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b'{"a":"\xff"}', b"[" * 100_000, b"[]", b'{"notificationItems": []}']
)
def test_what_is_no_webhook_of_adyens_is_not_signed(body: bytes) -> None:
    """Tests that sign a body which Adyen would not send are told so."""
    with pytest.raises(InvalidRequest, match="no webhook of Adyen's"):
        connector.sign_event(HandleEventRequest(body=body, headers={}), account())


@MANY
@given(reference=texts, psp=references, value=st.integers(0, 10**12), success=st.booleans())
def test_what_adyen_signed_is_believed(reference: str, psp: str, value: int, success: bool) -> None:
    """Whatever is in it, colons in the merchant's own reference among them."""
    raw = signed(
        webhook(
            merchantReference=reference,
            pspReference=psp,
            amount={"currency": "USD", "value": value},
            success=str(success).lower(),
        )
    )
    payment = told(raw).payment
    assert payment is not None
    assert payment.amount is not None
    assert (payment.connector_transaction_id, payment.amount.minor_amount) == (psp, value)
    assert payment.merchant_transaction_id == one_line(reference)
    assert payment.status == ("AUTHORIZED" if success else "AUTHORIZATION_FAILED")


@MANY
@given(st.data())
def test_an_altered_byte_is_rejected_or_changes_nothing(data: st.DataObject) -> None:
    """Eight fields are signed: altering them is found out, and nothing else is read."""
    raw = signed(webhook())
    at = data.draw(st.integers(0, len(raw) - 1))
    altered = raw[:at] + bytes([data.draw(st.integers(0, 255))]) + raw[at + 1 :]
    with contextlib.suppress(EventRejected):
        assert told(altered) == told(raw)


def test_every_byte_may_be_altered() -> None:
    raw = signed(webhook(originalReference=""))
    genuine, rejected = told(raw), 0
    for at in range(len(raw)):
        altered = raw[:at] + (b"9" if raw[at : at + 1] != b"9" else b"8") + raw[at + 1 :]
        try:
            assert told(altered) == genuine
        except EventRejected:
            rejected += 1
    assert rejected > 200


@MANY
@given(
    field=st.sampled_from(
        ["pspReference", "originalReference", "merchantReference", "eventCode", "success"]
    ),
    value=texts,
)
def test_an_altered_field_is_rejected(field: str, value: str) -> None:
    """Another value in a signed field is another event, which Adyen did not send."""
    whole = json.loads(signed(webhook(originalReference="")))
    item = whole["notificationItems"][0]["NotificationRequestItem"]
    if item[field] == value:
        return
    item[field] = value
    with pytest.raises(EventRejected):
        told(json.dumps(whole).encode())


def test_colons_cannot_move_a_field_into_another() -> None:
    """Fields are signed with colons between them: an event that reads otherwise with the same
    colons is rejected."""
    raw = signed(webhook(merchantReference="5000:USD:CAPTURE:true:a"))
    whole = json.loads(raw)
    item = whole["notificationItems"][0]["NotificationRequestItem"]
    item.update(merchantAccountCode=f"{MERCHANT}:5000", merchantReference="USD:CAPTURE:true:a")
    with pytest.raises(EventRejected, match="colon"):
        told(json.dumps(whole).encode())


COLONS: list[dict[str, Any]] = [
    {"pspReference": f"{PSP}:1"},
    {"originalReference": "A:B"},
    {"merchantAccountCode": f"{MERCHANT}:1"},
    {"amount": {"currency": "USD:1", "value": 1000}},
    {"success": "true:1"},
]


@pytest.mark.parametrize("code", ["AUTHORISATION", "REFUND", "CHARGEBACK", "RECURRING_CONTRACT"])
@pytest.mark.parametrize("fields", COLONS)
def test_a_colon_is_refused_where_a_value_is_read(code: str, fields: dict[str, Any]) -> None:
    """In each signed field but your own reference, of every event that the connector reads."""
    raw = signed(webhook(**{"originalReference": PSP, "eventCode": code, **fields}))
    with pytest.raises(EventRejected, match="colon"):
        told(raw)


@pytest.mark.parametrize("code", ["CAPTURE:1", "REPORT_AVAILABLE:1"])
def test_a_type_has_no_colon(code: str) -> None:
    """What an event is of, is read of every event."""
    with pytest.raises(EventRejected, match="colon"):
        told(signed(webhook(eventCode=code)))


def test_a_reference_with_colons_makes_no_other_event() -> None:
    """A payment's reference may have colons: its signature is no signature of an event whose type
    stands in that reference."""
    whole = json.loads(signed(webhook(merchantReference="a::b:REPORT_AVAILABLE")))
    item = whole["notificationItems"][0]["NotificationRequestItem"]
    item.update(merchantReference="a", amount={"currency": "b"}, eventCode="REPORT_AVAILABLE")
    item.update(success="1000:USD:AUTHORISATION:true")
    with pytest.raises(EventRejected, match="colon"):
        told(json.dumps(whole).encode())


@pytest.mark.parametrize("fields", [{}, *COLONS[:-1]])
def test_a_report_is_told_whatever_its_name(fields: dict[str, Any]) -> None:
    """A REPORT_AVAILABLE names a file in its pspReference, with colons; were it rejected, Adyen
    would hold back every later event."""
    name = "settlement_detail_report_2026-11-23T12:00:00.csv"
    event = told(
        signed(webhook(pspReference=name, eventCode="REPORT_AVAILABLE") | {"live": "true"})
    )
    assert (event.kind, event.event_type) == (EventKind.UNKNOWN, "REPORT_AVAILABLE")
    assert event.connector_event_id == f"{name}:REPORT_AVAILABLE:true"
    assert told(signed(webhook(eventCode="REPORT_AVAILABLE", **fields))).kind is EventKind.UNKNOWN


@pytest.mark.parametrize("secret", [f"{'ab' * 32} {HMAC}", f"{HMAC} {'ab' * 32}"])
def test_a_key_is_rotated_without_a_gap(secret: str) -> None:
    """The old key and the new one are tried both."""
    assert told(signed(webhook()), account(secret)).kind is EventKind.PAYMENT


def test_another_key_or_account_is_not_believed() -> None:
    """An event of another webhook is no event of this client's."""
    with pytest.raises(EventRejected):
        told(signed(webhook(), "ab" * 32))


KNOWN = [
    *("AUTHORISATION", "AUTHORISATION_ADJUSTMENT", "CAPTURE", "CAPTURE_FAILED", "CANCELLATION"),
    *("REFUND", "REFUND_FAILED", "REFUNDED_REVERSED", "CHARGEBACK", "RECURRING_CONTRACT"),
]


@pytest.mark.parametrize("code", KNOWN)
@pytest.mark.parametrize("other", ["OtherShop", "", None])
def test_an_event_of_another_merchant_account_is_not_believed(code: str, other: Any) -> None:
    """A webhook of the whole company tells of other shops' payments, refunds and disputes, too."""
    raw = signed(webhook(eventCode=code, merchantAccountCode=other, **MODIFIED))
    with pytest.raises(EventRejected, match="another merchant account"):
        told(raw)
    assert told(signed(webhook(eventCode=code, **MODIFIED))).kind is not EventKind.UNKNOWN


@pytest.mark.parametrize("secret", [None, "whsec_example"])
def test_without_a_usable_key_nothing_is_read(secret: str | None) -> None:
    """A client without the key, or with something else, says so."""
    with pytest.raises(ConfigurationError, match="webhook_secret"):
        told(signed(webhook()), account(secret))


@pytest.mark.parametrize("raw", [b"", b"{}", b"\xff", b'{"notificationItems": []}', b"[1]"])
def test_what_is_no_webhook_is_rejected(raw: bytes) -> None:
    """With nothing signed in it, it is nobody's."""
    with pytest.raises(EventRejected):
        told(raw)


SENSELESS: list[dict[str, Any]] = [
    {"success": "maybe"},
    {"amount": None},
    {"amount": {"currency": "QQQ", "value": 1}},
    {"amount": {"currency": "USD", "value": -1}},
    {"pspReference": " "},
    {"pspReference": ""},
    {"eventCode": "CAPTURE"},
]


@pytest.mark.parametrize("fields", SENSELESS)
def test_a_genuine_event_that_makes_no_sense_is_malformed(fields: dict[str, Any]) -> None:
    """Signed by Adyen and not as documented: nothing is concluded from it."""
    with pytest.raises(MalformedResponse):
        told(signed(webhook(**fields)))
