"""What is paid with besides cards: what the library gave, wallets, redirects and bank debits."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

import pytest

from prism_adyen.methods import from_library
from prism_core import (
    Ach,
    Address,
    ApplePay,
    Bacs,
    Becs,
    BrowserInfo,
    CustomerDetails,
    InvalidRequest,
    MitCategory,
    Money,
    OrderLine,
    PaymentMethodType,
    Prism,
    Redirect,
    SdkToken,
    Sepa,
    Token,
)
from prism_core.connector.bodies import json_body

from .adyen_loopback import StandIn
from .adyen_samples import answer, authorised, body, card, payment_request, stored_list

LIBRARY = {
    "type": "scheme",
    "encryptedCardNumber": "test_4111111111111111",
    "encryptedExpiryMonth": "test_03",
    "encryptedExpiryYear": "test_2030",
    "encryptedSecurityCode": "test_737",
    "checkoutAttemptId": "do-not-track",
}
BROWSER: dict[str, Any] = {
    "user_agent": "Mozilla/5.0",
    "accept_header": "*/*",
    "language": "en-US",
    "color_depth": 24,
    "screen_height": 1080,
    "screen_width": 1920,
    "time_zone_offset_minutes": -60,
    "java_enabled": False,
}
DEBITS = [
    Sepa(iban="NL13TEST0123456789", holder_name="A. Klaassen"),
    Ach(account_number="123456789", routing_number="011000138", holder_name="Ada"),
    Bacs(account_number="40308669", sort_code="121000", holder_name="Ada"),
    Becs(account_number="1234567", bsb_number="000000", holder_name="Ada"),
    SdkToken('{"type":"sepadirectdebit","iban":"NL13TEST0123456789","ownerName":"A. Klaassen"}'),
]


def test_what_the_library_gave_is_sent_as_it_is() -> None:
    """Nothing is added to the object of the page, nor left out."""
    assert body(payment_method=SdkToken(json.dumps(LIBRARY)))["paymentMethod"] == LIBRARY


def test_a_stored_card_of_the_library_is_told_as_one() -> None:
    """Drop-in gives a stored card with its security code: the networks are told that it is."""
    chosen = {
        "type": "scheme",
        "storedPaymentMethodId": "M5N7",
        "encryptedSecurityCode": "test_737",
    }
    sent = body(payment_method=SdkToken(json.dumps(chosen)), connector_customer_id="user_42")
    assert (sent["paymentMethod"], sent["shopperInteraction"]) == (chosen, "ContAuth")
    assert "storePaymentMethod" not in sent


@pytest.mark.parametrize(
    "text",
    [
        "tok_1234",
        "[]",
        '"scheme"',
        "{}",
        '{"type": 1}',
        '{"type":"scheme"}',
        '{"type":"scheme","encryptedCardNumber":null}',
        '{"type":"scheme","number":"4111111111111111","encryptedCardNumber":"test_4"}',
        '{"type":"scheme","cvc":"737","encryptedCardNumber":"test_4"}',
        json.dumps({"paymentMethod": LIBRARY, "browserInfo": {}}),
        '{"type":"scheme","encryptedCardNumber":"\\ud800',
    ],
)
def test_another_shape_is_refused_and_not_shown(text: str) -> None:
    """The error says what to give, and nothing of what was given."""
    with pytest.raises(InvalidRequest, match="stringify") as refused:
        body(payment_method=SdkToken(text))
    assert refused.value.field == "payment_method"
    assert "4111" not in str(refused.value)


def test_only_cards_are_stored_without_a_payment(adyen: Prism, standing_in: StandIn) -> None:
    """A bank account that the library gave is refused; of a card only what Adyen stores is sent."""
    with pytest.raises(InvalidRequest, match="stores cards"):
        adyen.payment_methods.tokenize(payment_method=DEBITS[-1], connector_customer_id="user_42")
    standing_in.answer({"id": "KHQC", "type": "scheme", "shopperReference": "user_42"}, 201)
    token = SdkToken(json.dumps(LIBRARY))
    adyen.payment_methods.tokenize(payment_method=token, connector_customer_id="user_42")
    (sent,) = standing_in.seen
    assert {*sent.json["paymentMethod"]} == {*LIBRARY} - {"checkoutAttemptId"}


def test_apples_payment_is_encoded() -> None:
    """Adyen wants the text in base64; one that is too long then is refused."""
    sent = body(payment_method=ApplePay('{"version":"EC_v1"}'))["paymentMethod"]
    assert base64.b64decode(sent["applePayToken"]) == b'{"version":"EC_v1"}'
    with pytest.raises(InvalidRequest, match="10000"):
        body(payment_method=ApplePay("x" * 7501))


@pytest.mark.parametrize("code", ["Authorised", "Received", "Pending", "PartiallyAuthorised"])
@pytest.mark.parametrize("capture", ["AUTOMATIC", "MANUAL"])
@pytest.mark.parametrize("method", DEBITS)
def test_a_debit_is_under_way_at_first(
    adyen: Prism, standing_in: StandIn, method: Any, capture: str, code: str
) -> None:
    """Whatever Adyen calls it, no bank has been asked."""
    standing_in.answer(authorised() | {"resultCode": code})
    asked = payment_request(payment_method=method, capture_method=capture)
    payment = adyen.payments.authorize(asked)
    assert (payment.status, payment.authorized_amount) == ("PENDING", None)
    assert payment.connector_transaction_id


@pytest.mark.parametrize(("kind", "status"), [("scheme", "CAPTURE_INITIATED"), ("ach", "PENDING")])
def test_a_stored_method_is_paid_with_by_its_own_type(
    adyen: Prism, standing_in: StandIn, kind: str, status: str
) -> None:
    """The type is that of the shopper's list, in a payment and in a renewal."""
    stored = {"id": "M5N7", "type": kind}
    for _ in range(2):
        standing_in.answer(stored_list("user_42", stored)).answer(authorised())
    token = payment_request(payment_method=Token("M5N7"), connector_customer_id="user_42")
    paid = adyen.payments.authorize(token)
    charged = adyen.recurring.charge(
        merchant_transaction_id="order_1001",
        amount=Money(1000, "USD"),
        connector_mandate_id="M5N7",
        connector_customer_id="user_42",
        network_transaction_id="0161",
    )
    sent = [one.json["paymentMethod"] for one in standing_in.seen[1::2]]
    assert [one["type"] for one in sent] == [kind, kind]
    assert ("networkPaymentReference" in sent[1]) == (kind == "scheme")
    assert (paid.status, charged.status) == (status, status)


def test_a_list_of_another_shopper_pays_nothing(adyen: Prism, standing_in: StandIn) -> None:
    standing_in.answer(stored_list("user_7", {"id": "M5N7", "type": "scheme"}))
    token = payment_request(payment_method=Token("M5N7"), connector_customer_id="user_42")
    with pytest.raises(Exception, match="another connector_customer_id"):
        adyen.payments.authorize(token)
    assert [one.method for one in standing_in.seen] == ["GET"]


@pytest.mark.parametrize(
    ("kind", "part"), [("EPS", "bank_name"), ("PRZELEWY24", "bank_name"), ("BLIK", "code")]
)
def test_what_a_redirect_needs_is_asked_for(kind: str, part: str) -> None:
    with pytest.raises(InvalidRequest, match=part):
        body(payment_method=Redirect(kind))


def test_what_a_redirect_needs_of_the_request_is_asked_for() -> None:
    """Klarna the lines and the country, MB WAY the phone and the email."""
    klarna = Redirect(PaymentMethodType.KLARNA)
    line = OrderLine(product_name="Socks", amount=Money(1000, "USD"))
    for given, field in (
        ({"payment_method": Redirect("MB_WAY")}, "customer"),
        ({"payment_method": klarna}, "order_details"),
        ({"payment_method": klarna, "order_details": (line,)}, "billing_address"),
    ):
        with pytest.raises(InvalidRequest) as refused:
            body(**given)
        assert refused.value.field == field
    home = Address(country_alpha2_code="SE")
    sent = body(payment_method=klarna, order_details=(line,), billing_address=home)
    assert (sent["countryCode"], len(sent["lineItems"])) == ("SE", 1)
    ada = CustomerDetails(email="ada@example.com", phone="+12025550123")
    sent = body(payment_method=Redirect("MB_WAY"), customer=ada)["paymentMethod"]
    assert (sent["shopperEmail"], sent["telephoneNumber"]) == (ada.email, ada.phone)


def test_a_browser_is_told_whole_or_not_at_all(adyen: Prism, standing_in: StandIn) -> None:
    """Adyen wants all eight. Without what a script knows, the others are named in not_sent."""
    whole = body(browser_info=BrowserInfo(**BROWSER, origin="https://shop.example"))
    assert len(whole["browserInfo"]) == 8
    assert whole["authenticationData"] == {"threeDSRequestData": {"nativeThreeDS": "preferred"}}
    some = {name: value for name, value in BROWSER.items() if name != "language"}
    with pytest.raises(InvalidRequest, match="language"):
        body(browser_info=BrowserInfo(**some))
    standing_in.answer(answer())
    few = BrowserInfo(ip_address="192.0.2.1", user_agent="Mozilla/5.0")
    paid = adyen.payments.authorize(payment_request(browser_info=few))
    assert paid.not_sent == ("browser_info.user_agent",)
    assert "browserInfo" not in standing_in.seen[0].json
    assert standing_in.seen[0].json["shopperIP"] == "192.0.2.1"


def test_a_lines_tax_is_that_of_one_piece() -> None:
    """Tax that is no multiple of the quantity, and lines in another currency, are refused."""
    line: dict[str, Any] = {"product_name": "Socks", "quantity": 2, "amount": Money(248, "USD")}
    taxed = {"total_tax_amount": Money(104, "USD"), "tax_rate": Decimal("21.5")}
    (sent,) = body(order_details=(OrderLine(**line, **taxed),))["lineItems"]
    told = ("amountExcludingTax", "taxAmount", "amountIncludingTax", "taxPercentage")
    assert [sent[name] for name in told] == [248, 52, 300, 2150]
    for change in (
        {"total_tax_amount": Money(103, "USD")},
        {"tax_rate": Decimal("21.555")},
        {"amount": Money(248, "EUR")},
    ):
        with pytest.raises(InvalidRequest) as refused:
            body(order_details=(OrderLine(**{**line, **taxed, **change}),))
        assert refused.value.field in ("order_details", "total_tax_amount")


@pytest.mark.parametrize("category", [MitCategory.INSTALLMENT_MIT, MitCategory.RESUBMISSION_MIT])
def test_what_adyen_has_no_word_for_is_refused(category: MitCategory) -> None:
    with pytest.raises(InvalidRequest) as refused:
        body(mit_category=category, connector_customer_id="user_42")
    assert refused.value.field == "mit_category"


def test_an_exemption_stands_beside_the_capture() -> None:
    """Both are additional data, and neither takes the place of the other."""
    from prism_core import AuthenticationData

    asked = AuthenticationData(exemption_indicator="lowValue")
    sent = body(payment_method=card(), authentication_data=asked, capture_method="MANUAL")
    assert sent["additionalData"] == {"manualCapture": "true", "scaExemption": "lowValue"}
    assert "mpiData" not in sent


@pytest.mark.parametrize(
    "method",
    [
        Redirect("IDEAL"),
        Redirect("BLIK", code="777123"),
        Redirect("EPS", bank_name="d8245822"),
        SdkToken('{"type":"ideal"}'),
    ],
)
def test_a_transfer_is_not_held_for_a_capture(
    adyen: Prism, standing_in: StandIn, method: Redirect | SdkToken
) -> None:
    """It takes the money at once: told as AUTHORIZED, it would be voided in vain."""
    with pytest.raises(InvalidRequest, match="at once") as caught:
        adyen.payments.authorize(payment_request(payment_method=method, capture_method="MANUAL"))
    assert (caught.value.field, standing_in.seen) == ("capture_method", [])


def test_a_page_with_a_transfer_holds_nothing(adyen: Prism, standing_in: StandIn) -> None:
    with pytest.raises(InvalidRequest, match="ideal at once"):
        adyen.payments.create_order(
            merchant_transaction_id="order_1",
            amount=Money(1000, "EUR"),
            payment_method_types=["CARD", "IDEAL"],
            capture_method="MANUAL",
            return_url="https://shop.example/back",
        )
    assert standing_in.seen == []


def test_a_librarys_object_is_passed_on_whatever_is_in_it() -> None:
    """Also numbers that Prism itself never writes."""
    more = '"risk":{"score":1.5},"list":[null,true,0.25],"left":null'
    token = SdkToken(f'{{"type":"scheme","encryptedCardNumber":"x",{more}}}')
    sent = json.loads(json_body(from_library(token)))
    assert sent == {
        "type": "scheme",
        "encryptedCardNumber": "x",
        "risk": {"score": 1.5},
        "list": [None, True, 0.25],
    }
