"""What several connectors make in the same way: values of requests and results, answers of which
one member is used, signatures in a header, details of declines."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from prism_core import (
    NULL,
    Account,
    ConfigurationError,
    ConnectorDetails,
    CreateCustomerRequest,
    Declined,
    ErrorAnswer,
    EventRejected,
    HandleEventRequest,
    HttpResponse,
    InvalidRequest,
    MalformedResponse,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    PaymentMethodInfo,
    PaymentMethodType,
    PaymentStatus,
    RefundRequest,
    Secret,
    TransportError,
    UnifiedCode,
    UpdateCustomerRequest,
    codes_by_word,
    decline_details,
)
from prism_core.connector import signatures
from prism_core.connector.values import (
    full_name,
    json_in,
    kept_id,
    mandate_of_payment,
    metadata_with,
    metadata_with_id,
    split_name,
    stored_payment_method,
    stored_result,
    translated,
    two_names,
    unix_seconds,
    without_nones,
)


class Shop(Account, frozen=True, kw_only=True):
    urls = {"SANDBOX": "https://shop.example"}


class Paid(msgspec.Struct):
    id: str


ACCOUNT = Shop()
EVENT = HandleEventRequest(body=b'{"id": "evt_1"}', headers={})


def test_metadata_have_the_callers_ids() -> None:
    """An id that is not given is left out, and there is no empty object."""
    assert metadata_with({"a": "1"}, order="o_1", refund=None) == {"a": "1", "order": "o_1"}
    assert metadata_with(None, order="o_1") == {"order": "o_1"}
    assert metadata_with({}, order=None) is None
    refund = RefundRequest(
        connector_transaction_id="p", merchant_refund_id="r_1", metadata={"a": "1"}
    )
    assert metadata_with_id(refund, capture="c") == {
        "a": "1",
        "merchant_refund_id": "r_1",
        "capture": "c",
    }
    assert without_nones({"a": "", "b": None}) == {"a": ""}


@pytest.mark.parametrize(
    "metadata", [None, "order 7", 7, [], {}, {"order": 7}, {"merchant_refund_id": 7}]
)
def test_what_others_put_into_the_metadata_is_no_id(metadata: object) -> None:
    assert kept_id(metadata, "merchant_refund_id") is None


def test_an_id_in_the_metadata_comes_back() -> None:
    """A null is one for the core to compare, as everywhere else in an answer."""
    assert kept_id({"merchant_refund_id": "r_1", "more": 7}, "merchant_refund_id") == "r_1"
    assert kept_id({"merchant_refund_id": None}, "merchant_refund_id") is NULL


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", ("Ada", "Lovelace")),
        (" Ana María  Cruz ", ("Ana María", "Cruz")),
        ("Madonna", ("Madonna", None)),
    ],
)
def test_a_name_is_split_and_joined(name: str, parts: tuple[str, str | None]) -> None:
    assert split_name(name) == parts
    assert full_name(*parts) == " ".join(name.split())
    assert full_name(None, "") is None


def test_a_value_that_the_processor_has_no_word_for_is_refused() -> None:
    """With the field, and what may be given; a text counts as the member of an enumeration."""
    table = {PaymentMethodType.IDEAL: "ideal", PaymentMethodType.EPS: "eps"}
    assert translated("payment_method_types", PaymentMethodType.EPS, table) == "eps"
    assert translated("payment_method_types", "IDEAL", table) == "ideal"
    with pytest.raises(InvalidRequest, match="cannot be BLIK here; it can be IDEAL, EPS") as caught:
        translated("payment_method_types", "BLIK", table)
    assert caught.value.field == "payment_method_types"


def test_json_in_a_callers_text_is_read_or_refused() -> None:
    """The error shows nothing of it: it is a wallet's payload, say."""
    assert json_in(Secret('{"id": "a", "more": 1}'), "payment_method", Paid) == Paid("a")
    assert json_in('{"data": 1.5}', "payment_method", dict[str, Any])["data"]
    for text in ("", "pan=4111", '{"id": 3}', "[" * 9999, '"\ud800"'):
        with pytest.raises(InvalidRequest, match="payment_method") as caught:
            json_in(Secret(text), "payment_method", Paid)
        assert caught.value.field == "payment_method"
        assert caught.value.__cause__ is caught.value.__context__ is None


def test_no_customer_gets_the_last_name_of_another() -> None:
    """At a processor with two fields, one that an update does not name keeps what it had."""
    new = CreateCustomerRequest(merchant_customer_id="user_42", name="Ada")
    assert two_names(new) == ("Ada", None)
    assert two_names(msgspec.structs.replace(new, name=None)) == (None, None)
    changed = UpdateCustomerRequest(connector_customer_id="cus_1", name="Grace Hopper")
    assert two_names(changed) == ("Grace", "Hopper")
    with pytest.raises(InvalidRequest) as refused:
        two_names(msgspec.structs.replace(changed, name="Grace"))
    assert refused.value.field == "name"


def test_a_time_is_unix_seconds() -> None:
    assert unix_seconds(datetime(2026, 1, 1, tzinfo=UTC)) == 1_767_225_600
    assert unix_seconds("2026-01-01T01:00:00+01:00") == 1_767_225_600
    none = (None, 5, "", "soon", "2026-13-01T00:00:00Z")
    assert {unix_seconds(one) for one in none} == {None}


def test_a_time_without_a_zone_is_not_taken_for_this_machines() -> None:
    """A server in Tokyo and one in New York tell the same deadline of a dispute, or none."""
    assert unix_seconds(datetime(2026, 1, 1)) is unix_seconds("2026-01-01T00:00:00") is None


def test_a_stored_payment_method_has_what_is_known_about_it() -> None:
    """Nothing at all may be known but its id."""
    known = stored_payment_method(PaymentMethodInfo(brand="visa"), "pm_1", "cus_1")
    assert (known.brand, known.connector_payment_method_id) == ("visa", "pm_1")
    assert known.connector_customer_id == "cus_1"
    assert stored_payment_method(None, "pm_1", None).brand is None
    made = stored_result(known, "mine")
    assert (made.payment_method, made.connector_customer_id) == (known, "cus_1")
    assert (made.connector_payment_method_id, made.merchant_payment_method_id) == ("pm_1", "mine")


def test_a_mandate_tells_what_its_first_payment_tells() -> None:
    """But for its status, and for what the connector gives besides."""
    paid = Payment(
        status=PaymentStatus.CHARGED,
        connector_transaction_id="pay_1",
        merchant_transaction_id="mine",
        connector_customer_id="cus_1",
        amount=Money(100, "EUR"),
    )
    given = mandate_of_payment(paid, MandateStatus.ACTIVE, connector_mandate_id="card_1")
    assert given == Mandate(
        status=MandateStatus.ACTIVE,
        connector_mandate_id="card_1",
        merchant_mandate_id="mine",
        connector_transaction_id="pay_1",
        connector_customer_id="cus_1",
        amount=Money(100, "EUR"),
    )


def test_details_of_a_decline_are_in_our_words_and_the_processors() -> None:
    """A code that is not in the table is a decline, or what the connector says."""
    table = codes_by_word({UnifiedCode.EXPIRED_CARD: "54 33"})
    why = decline_details(table, "54", "Expired", "do not try again")
    assert why.unified is not None
    assert why.unified.code is UnifiedCode.EXPIRED_CARD
    assert why.connector == ConnectorDetails(
        code="54", message="Expired", reason="do not try again"
    )
    for code, other in [(None, UnifiedCode.DECLINED), ("59", UnifiedCode.SUSPECTED_FRAUD)]:
        unknown = decline_details(table, code, other=other).unified
        assert unknown is not None
        assert unknown.code is other


@pytest.mark.parametrize(("shape", "value"), [(Paid, '{"id": "p_1"}'), (list[int], "[1]")])
def test_one_member_of_an_answer_is_decoded(shape: type[object], value: str) -> None:
    """Under the processor's own name; without it the answer is none."""
    answer = HttpResponse(200, {}, f'{{"paid-object": {value}, "more": 1}}'.encode())
    found = ACCOUNT.decode(answer, shape, member="paid-object")
    assert (
        found
        == answer.decode(shape, member="paid-object")
        == msgspec.json.decode(value, type=shape)
    )
    assert answer.decode(shape, member="other") is None
    with pytest.raises(MalformedResponse, match="missing required field `other`"):
        ACCOUNT.decode(answer, shape, member="other")


def played(answer: HttpResponse | Exception, **options: Any) -> Paid:
    """What a fetch gives for this answer."""
    flow = ACCOUNT.fetch(ACCOUNT.get("/"), Paid, **options)
    next(flow)
    with pytest.raises(StopIteration) as end:
        flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
    found: Paid = end.value.value
    return found


def test_an_error_after_a_payment_names_it() -> None:
    """The payment exists, although the flow's later request failed."""
    for payment in ("pay_1", None):
        lost = TransportError("lost", outcome="unknown")
        with pytest.raises(TransportError):
            played(lost, payment=payment)
        assert lost.connector_transaction_id == payment
    with pytest.raises(MalformedResponse) as caught:
        played(HttpResponse(200, {}, b"<html>"), payment="pay_1")
    assert caught.value.connector_transaction_id == "pay_1"


def test_a_decline_is_decoded_where_it_is_asked_for() -> None:
    answer = HttpResponse(402, {}, b'{"payment": {"id": "pay_1"}}')
    declined = Declined(ErrorAnswer(), answer)
    assert played(declined, declined=True, member="payment") == Paid("pay_1")
    with pytest.raises(Declined):
        played(declined, member="payment")


def test_the_body_of_a_webhook_is_decoded() -> None:
    assert ACCOUNT.decode_body(b'\xef\xbb\xbf{"id": "evt_1"}', Paid) == Paid("evt_1")
    with pytest.raises(MalformedResponse, match="the body is no Paid"):
        ACCOUNT.decode_body(b"[]", Paid)


@pytest.mark.parametrize("encoding", ["hex", "base64"])
@pytest.mark.parametrize("message", [None, b"https://shop.example/hook and the body"])
def test_a_signature_in_a_header_is_verified(encoding: Any, message: bytes | None) -> None:
    """While secrets are rotated, both are accepted; another secret or message is not."""
    options: dict[str, Any] = {"encoding": encoding, "message": message}
    old = signatures.signed_header(EVENT, "X-Signature", Secret("old"), **options)
    event = HandleEventRequest(body=EVENT.body, headers=old)
    signatures.verify_header(event, "x-signature", Secret("new old"), **options)
    for wrong in ({"secret": Secret("new")}, {"message": b"another"}, {"request": EVENT}):
        given = {"request": event, "secret": Secret("old"), **options, **wrong}
        with pytest.raises(EventRejected):
            signatures.verify_header(header="X-Signature", **given)
    with pytest.raises(ConfigurationError, match="webhook_secret"):
        signatures.verify_header(event, "X-Signature", None)
    with pytest.raises(ConfigurationError, match="webhook_secret"):
        signatures.signed_header(event, "X-Signature", None)
