"""Webhooks: believed if Adyen signed them, and no further than Adyen signed them."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prism_adyen import AdyenAccount, connector
from prism_core import (
    ConfigurationError,
    Event,
    EventKind,
    EventRejected,
    HandleEventRequest,
    MalformedResponse,
    Secret,
)

from .adyen_samples import KEY, MERCHANT, PSP

HMAC = "0011223344556677" * 4
MANY = settings(max_examples=150, deadline=None, database=None, derandomize=True)
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
references = st.from_regex(r"[A-Z0-9]{1,16}", fullmatch=True)


def account(secret: str | None = HMAC, merchant: str = MERCHANT) -> AdyenAccount:
    """The account with a webhook's key."""
    webhook = None if secret is None else Secret(secret)
    return AdyenAccount(api_key=Secret(KEY), merchant_account=merchant, webhook_secret=webhook)


def webhook(**fields: Any) -> dict[str, Any]:
    """A webhook of an authorised payment, not signed."""
    item = {
        "additionalData": {"authCode": "044925"},
        "amount": {"currency": "USD", "value": 1000},
        "eventCode": "AUTHORISATION",
        "eventDate": "2026-11-23T12:00:00+01:00",
        "merchantAccountCode": MERCHANT,
        "merchantReference": "order_1001",
        "pspReference": PSP,
        "reason": "044925:1111:12/2090",
        "success": "true",
    }
    return {
        "live": "false",
        "notificationItems": [{"NotificationRequestItem": {**item, **fields}}],
    }


def signed(whole: dict[str, Any], secret: str = HMAC) -> bytes:
    """The webhook as Adyen would send it."""
    request = HandleEventRequest(body=json.dumps(whole).encode(), headers={})
    return connector.sign_event(request, account(secret))["prism-signed-body"].encode()


def told(raw: bytes, by: AdyenAccount | None = None) -> Event:
    """What the connector makes of a body."""
    flow = connector.handle_event(HandleEventRequest(body=raw, headers={}), by or account())
    with pytest.raises(StopIteration) as ended:
        next(flow)
    event = ended.value.value
    assert isinstance(event, Event)
    return event


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
    assert payment.merchant_transaction_id == reference
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
    """The same of each byte in turn."""
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


@pytest.mark.parametrize("secret", [f"{'ab' * 32} {HMAC}", f"{HMAC} {'ab' * 32}"])
def test_a_key_is_rotated_without_a_gap(secret: str) -> None:
    """The old key and the new one are tried both."""
    assert told(signed(webhook()), account(secret)).kind is EventKind.PAYMENT


def test_another_key_or_account_is_not_believed() -> None:
    """An event of another webhook, or of another merchant account of the company, is no event of
    this client's."""
    for raw, by in (
        (signed(webhook(), "ab" * 32), account()),
        (signed(webhook()), account(merchant="OtherShop")),
    ):
        with pytest.raises(EventRejected):
            told(raw, by)


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


MODIFIED = {"originalReference": PSP, "pspReference": "PRSM2001EXAMPL82"}


@pytest.mark.parametrize(
    ("code", "success", "status"),
    [
        ("CAPTURE", "true", "CHARGED"),
        ("CAPTURE", "false", "CAPTURE_FAILED"),
        ("CAPTURE_FAILED", "true", "CAPTURE_FAILED"),
        ("CAPTURE_FAILED", "false", "UNRESOLVED"),
        ("CANCELLATION", "true", "VOIDED"),
        ("CANCELLATION", "false", "VOID_FAILED"),
        ("AUTHORISATION_ADJUSTMENT", "true", "AUTHORIZED"),
        ("AUTHORISATION_ADJUSTMENT", "false", "AUTHORIZED"),
    ],
)
def test_a_change_tells_of_its_payment(code: str, success: str, status: str) -> None:
    """Its payment is the one that it changed; a reference of the change is not the payment's."""
    raw = signed(webhook(eventCode=code, success=success, **MODIFIED))
    payment = told(raw).payment
    assert payment is not None
    assert (payment.status, payment.connector_transaction_id) == (status, PSP)
    assert payment.merchant_transaction_id is None


def test_a_refused_adjustment_leaves_the_authorization_as_it_was() -> None:
    """The payment is not over, the amount that was refused is not authorized, and why is told."""
    raw = signed(webhook(eventCode="AUTHORISATION_ADJUSTMENT", success="false", **MODIFIED))
    payment = told(raw).payment
    assert payment is not None
    assert not payment.status.is_final
    assert payment.authorized_amount is None
    assert payment.error is not None


@pytest.mark.parametrize(
    ("code", "success", "status"),
    [
        ("REFUND", "true", "REFUND_SUCCESS"),
        ("REFUND", "false", "REFUND_FAILURE"),
        ("REFUND_FAILED", "true", "REFUND_FAILURE"),
        ("REFUNDED_REVERSED", "true", "REFUND_FAILURE"),
        ("REFUNDED_REVERSED", "false", "REFUND_MANUAL_REVIEW"),
    ],
)
def test_a_refund_is_seen_to_end(code: str, success: str, status: str) -> None:
    """By the id that refunding gave, with its payment's beside it."""
    refund = told(signed(webhook(eventCode=code, success=success, **MODIFIED))).refund
    assert refund is not None
    assert refund.status == status
    assert (refund.connector_refund_id, refund.connector_transaction_id) == (
        MODIFIED["pspReference"],
        PSP,
    )


def test_an_outcome_that_changes_is_another_event() -> None:
    """The id is the same each time an event is sent, and another where it now succeeded."""
    first, again = told(signed(webhook())), told(signed(webhook(eventDate="2027-01-01")))
    assert first.connector_event_id == again.connector_event_id
    assert told(signed(webhook(success="false"))).connector_event_id != first.connector_event_id


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


def test_an_event_of_another_kind_is_no_error() -> None:
    """A word that the connector does not know is UNKNOWN, of any merchant account."""
    raw = signed(webhook(eventCode="REPORT_AVAILABLE", merchantAccountCode="Company", success="x"))
    assert (told(raw).kind, told(raw).event_type) == (EventKind.UNKNOWN, "REPORT_AVAILABLE")
