"""What Adyen's answers become: statuses, refusals, redirections, amounts and errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from prism_core import (
    Money,
    Payment,
    PaymentStatus,
    Prism,
    RedirectionData,
    UnifiedCode,
)

from .adyen_description import document, published
from .adyen_loopback import StandIn
from .adyen_samples import PSP, answer, authorised, payment_request, refused

S, U = PaymentStatus, UnifiedCode
STATUSES = {
    "Authorised": S.CAPTURE_INITIATED,
    "PartiallyAuthorised": S.PARTIALLY_AUTHORIZED,
    "Refused": S.AUTHORIZATION_FAILED,
    "Error": S.FAILURE,
    "Cancelled": S.VOIDED,
    "RedirectShopper": S.AUTHENTICATION_PENDING,
    "IdentifyShopper": S.AUTHENTICATION_PENDING,
    "ChallengeShopper": S.AUTHENTICATION_PENDING,
    "AuthenticationFinished": S.AUTHENTICATION_SUCCESSFUL,
    "Pending": S.PENDING,
    "Received": S.PENDING,
    "PresentToShopper": S.PENDING,
    "AuthenticationNotRequired": S.UNRESOLVED,
    "Success": S.UNRESOLVED,
}
"""https://docs.adyen.com/online-payments/build-your-integration/payment-result-codes"""


def paid(prism: Prism, server: StandIn, body: Any, **given: Any) -> Payment:
    """The payment that such an answer is."""
    server.answer(body)
    return prism.payments.authorize(payment_request(**given))


@pytest.mark.parametrize("code", STATUSES)
def test_each_result_code_has_its_status(adyen: Prism, standing_in: StandIn, code: str) -> None:
    """Every result code that Adyen documents is read as documented, with both ids: Adyen's comes
    with /payments/details where the shopper must act first."""
    payment = paid(adyen, standing_in, answer(code))
    assert payment.status is STATUSES[code]
    known = None if payment.status is S.AUTHENTICATION_PENDING else PSP
    assert (payment.connector_transaction_id, payment.discrepancies) == (known, ())
    assert payment.merchant_transaction_id == "order_1001"
    assert (payment.error is not None) == (code in ("Refused", "Error", "Cancelled"))


def test_every_result_code_of_the_document_is_considered() -> None:
    """Adyen's OpenAPI document names no result code that these tests do not."""
    found = document()
    if found is None:
        pytest.skip("adyen.openapi.json is not beside the repository: no request is judged by it")
    schema = found["components"]["schemas"]["PaymentResponse"]
    assert set(schema["properties"]["resultCode"]["enum"]) == set(STATUSES)


EXAMPLES = [
    *("card-direct", "card-securedfields", "enableOneClick-SF", "subscription-first-transaction"),
    *("split-balanceplatform", "card-3d-secure-2-web", "card-3d-secure-redirect"),
]


@pytest.mark.parametrize("name", EXAMPLES)
def test_adyens_own_examples_are_read(adyen: Prism, standing_in: StandIn, name: str) -> None:
    """What Adyen publishes as the answer to a payment by card is the result it stands for."""
    body = published(f"post-payments-{name}-200")
    own = body.get("merchantReference", "order_1001")
    payment = paid(adyen, standing_in, body, merchant_transaction_id=own)
    assert payment.status is STATUSES[body["resultCode"]]
    assert payment.error is None
    stored = body.get("additionalData", {}).get("tokenization.storedPaymentMethodId")
    assert payment.connector_payment_method_id == stored


@pytest.mark.parametrize("code", ["Reconsidered", "authorised", "AUTHORISED", ""])
def test_an_unknown_result_code_is_unresolved(
    adyen: Prism, standing_in: StandIn, code: str
) -> None:
    """A word that Adyen does not document is neither success nor failure."""
    assert paid(adyen, standing_in, answer(code)).status is S.UNRESOLVED


def test_an_authorised_payment_tells_what_was_held(adyen: Prism, standing_in: StandIn) -> None:
    """Amount, network's id, and the codes of the address and security code checks."""
    body = authorised(
        networkTxReference="016153570198200",
        avsResult="4 AVS not supported for this card type",
        cvcResult="1 Matches",
    )
    payment = paid(adyen, standing_in, body, capture_method="MANUAL")
    assert payment.status is S.AUTHORIZED
    assert payment.amount == payment.authorized_amount == Money(1000, "USD")
    assert payment.captured_amount is None
    assert payment.network_transaction_id == "016153570198200"
    assert (payment.avs_code, payment.cvc_code) == ("4", "1")


def test_checks_in_words_that_have_no_code_are_left_to_the_answer(
    adyen: Prism, standing_in: StandIn
) -> None:
    """A check's result without Adyen's number makes no code."""
    payment = paid(adyen, standing_in, authorised(avsResult="Unknown", cvcResult="4711 x"))
    assert (payment.avs_code, payment.cvc_code) == (None, None)


@pytest.mark.parametrize(
    ("asked", "value"),
    [(Money(1500, "CLP"), 150000), (Money(150000, "IDR"), 1500), (Money(1500, "ISK"), 150000)],
)
def test_amounts_come_back_from_adyens_own_minor_units(
    adyen: Prism, standing_in: StandIn, asked: Money, value: int
) -> None:
    """What Adyen counts otherwise than ISO 4217 is the same money in the result."""
    payment = paid(adyen, standing_in, authorised(value, asked.currency), amount=asked)
    assert (payment.amount, payment.discrepancies) == (asked, ())


def test_another_amount_than_asked_for_is_surfaced(adyen: Prism, standing_in: StandIn) -> None:
    """A smaller or larger amount, or another currency, is in `discrepancies`."""
    for body in (authorised(900), authorised(1100), authorised(currency="EUR")):
        found = {one.field for one in paid(adyen, standing_in, body).discrepancies}
        assert found == {"amount", "authorized_amount"}


def test_a_part_that_was_authorised_is_told(adyen: Prism, standing_in: StandIn) -> None:
    """A partial authorization says how much."""
    body = {**authorised(600), "resultCode": "PartiallyAuthorised"}
    payment = paid(adyen, standing_in, body)
    assert payment.status is S.PARTIALLY_AUTHORIZED
    assert payment.authorized_amount == Money(600, "USD")


REFUSALS = {
    "2": U.DECLINED, "3": U.DECLINED, "4": U.PROCESSING_ERROR, "5": U.LOST_OR_STOLEN,
    "6": U.EXPIRED_CARD, "7": U.NOT_PERMITTED, "8": U.INCORRECT_CARD_DATA, "9": U.TRY_AGAIN_LATER,
    "10": U.NOT_PERMITTED, "12": U.INSUFFICIENT_FUNDS, "14": U.SUSPECTED_FRAUD,
    "17": U.AUTHENTICATION_FAILED, "18": U.NOT_PERMITTED, "19": U.PROCESSING_ERROR,
    "20": U.SUSPECTED_FRAUD, "21": U.PROCESSING_ERROR, "22": U.SUSPECTED_FRAUD,
    "23": U.NOT_PERMITTED, "24": U.INCORRECT_CVC, "25": U.NOT_PERMITTED, "26": U.NOT_PERMITTED,
    "27": U.DECLINED, "28": U.LIMIT_EXCEEDED, "29": U.LIMIT_EXCEEDED, "31": U.SUSPECTED_FRAUD,
    "32": U.INCORRECT_ADDRESS, "33": U.NOT_PERMITTED, "34": U.NOT_PERMITTED,
    "35": U.NOT_PERMITTED, "36": U.AUTHENTICATION_REQUIRED, "37": U.NOT_PERMITTED,
    "38": U.AUTHENTICATION_REQUIRED, "40": U.TRY_AGAIN_LATER, "41": U.AUTHENTICATION_REQUIRED,
    "43": U.NOT_PERMITTED, "44": U.NOT_PERMITTED, "45": U.NOT_PERMITTED, "46": U.NOT_PERMITTED,
    "999": U.DECLINED,
}  # fmt: skip
"""https://docs.adyen.com/development-resources/refusal-reasons"""


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_is_a_result_with_its_reason(
    adyen: Prism, standing_in: StandIn, code: str
) -> None:
    """Each refusal code has a unified one, and stands beside Adyen's own words."""
    payment = paid(adyen, standing_in, refused(code))
    assert payment.status is S.AUTHORIZATION_FAILED
    assert payment.error is not None
    assert payment.error.unified is not None
    assert payment.error.unified.code is REFUSALS[code]
    said = payment.error.connector
    assert said is not None
    assert (said.code, said.message, said.reason) == (code, "Not today", "Refused")


@pytest.mark.parametrize("code", ["11", "39", "42"])
def test_a_failed_authentication_is_told_from_a_decline(
    adyen: Prism, standing_in: StandIn, code: str
) -> None:
    """A refusal for want of 3-D Secure is AUTHENTICATION_FAILED."""
    payment = paid(adyen, standing_in, refused(code))
    assert payment.status is S.AUTHENTICATION_FAILED
    assert payment.error is not None
    assert payment.error.unified is not None
    assert payment.error.unified.code is U.AUTHENTICATION_FAILED


@pytest.mark.parametrize(
    ("raw", "code", "words", "network"),
    [
        ("05 : Do not honor", "05", "Do not honor", "05"),
        ("01: Refer to card issuer", "01", "Refer to card issuer", "01"),
        ("R1 : Revocation of Auth : all", "R1", "Revocation of Auth : all", "R1"),
        ("51", "51", None, "51"),
        ("EXPIRED", None, "EXPIRED", None),
        ("ERROR", None, "ERROR", None),
        ("DECLINED Expiry Incorrect", None, "DECLINED Expiry Incorrect", None),
        ("Refused : by the issuer", None, "Refused : by the issuer", None),
    ],
)
def test_the_issuers_own_words_are_passed_on(
    adyen: Prism,
    standing_in: StandIn,
    raw: str,
    code: str | None,
    words: str | None,
    network: str | None,
) -> None:
    """The raw reason and Mastercard's advice stand in the issuer's point of view. Words alone are
    a message: they have no code."""
    told = {"refusalReasonRaw": raw, "merchantAdviceCode": "03 : Do not try again"}
    payment = paid(adyen, standing_in, refused("2", **told))
    assert payment.error is not None
    issuer = payment.error.issuer
    assert issuer is not None
    assert issuer.network is not None
    assert (issuer.code, issuer.message) == (code, words)
    assert (issuer.network.decline_code, issuer.network.advice_code) == (network, "03")


def test_an_issuer_that_says_nothing_has_no_words(adyen: Prism, standing_in: StandIn) -> None:
    """Without a raw reason and advice there is no issuer's point of view, and no empty one."""
    payment = paid(adyen, standing_in, refused("2"))
    assert payment.error is not None
    assert payment.error.issuer is None


def test_nobody_declined_what_was_cancelled(adyen: Prism, standing_in: StandIn) -> None:
    """A cancelled payment has Adyen's reason, and a unified one only where there is one."""
    body = answer("Cancelled", refusalReason="Shopper Cancelled", refusalReasonCode="16")
    payment = paid(adyen, standing_in, body)
    assert payment.status is S.VOIDED
    assert payment.error is not None
    assert payment.error.unified is None
    assert payment.error.connector is not None
    assert payment.error.connector.code == "16"


def test_words_of_the_issuer_stand_without_advice(adyen: Prism, standing_in: StandIn) -> None:
    """The raw reason is passed on where it is all that is told, and nothing where it is empty."""
    for raw, words in (("DECLINED Expiry Incorrect",) * 2, (" ", None)):
        error = paid(adyen, standing_in, refused("2", refusalReasonRaw=raw)).error
        standing_in.begin()
        assert error is not None
        assert (error.issuer and error.issuer.message) == words


@pytest.mark.parametrize(
    ("code", "status", "unified_"),
    [
        ("22", S.AUTHORIZATION_FAILED, U.SUSPECTED_FRAUD),
        ("20", S.AUTHORIZATION_FAILED, U.SUSPECTED_FRAUD),
        ("2", S.AUTHORIZATION_FAILED, U.DECLINED),
        ("11", S.AUTHENTICATION_FAILED, U.AUTHENTICATION_FAILED),
        ("15", S.VOIDED, None),
        ("16", S.VOIDED, None),
        (None, S.VOIDED, None),
    ],
)
def test_what_risk_rules_cancel_has_failed(
    adyen: Prism, standing_in: StandIn, code: str | None, status: S, unified_: U | None
) -> None:
    """Adyen calls it Cancelled when its risk rules stop a payment: nobody gave that payment up."""
    body = answer("Cancelled", refusalReason="FRAUD-CANCELLED", refusalReasonCode=code)
    payment = paid(adyen, standing_in, body)
    assert payment.status is status
    assert payment.error is not None
    assert (payment.error.unified and payment.error.unified.code) == unified_


def test_an_error_in_a_200_is_a_failure_of_the_processor(
    adyen: Prism, standing_in: StandIn
) -> None:
    """Result code Error is final, and its reason the processor's unless a code says otherwise."""
    payment = paid(adyen, standing_in, answer("Error", refusalReason="Acquirer Error"))
    assert payment.status is S.FAILURE
    assert not payment.status.can_still_change
    assert payment.error is not None
    assert payment.error.unified is not None
    assert payment.error.unified.code is U.PROCESSING_ERROR
    assert payment.error.connector is not None
    assert payment.error.connector.code == "Error"


URL = "https://checkoutshopper-test.adyen.com/checkoutshopper/threeDS/redirect"
FORM = {"MD": "a", "PaReq": "b"}
THREE_DS = {"type": "threeDS2", "subtype": "challenge", "token": "t", "paymentData": "d",
            "authorisationToken": "a", "paymentMethodType": "scheme"}  # fmt: skip


@pytest.mark.parametrize(
    ("action", "wanted"),
    [
        ({"type": "redirect", "method": "GET", "url": URL}, RedirectionData(uri=URL)),
        (
            {"type": "redirect", "method": "POST", "url": URL, "data": FORM},
            RedirectionData(uri=URL, form=FORM),
        ),
        (THREE_DS, RedirectionData(sdk={"action": json.dumps(THREE_DS, separators=(",", ":"))})),
        (
            {"type": "redirect", "method": "POST", "url": URL, "data": {"a": True, "b": {"c": 1}}},
            RedirectionData(uri=URL, form={"a": "true", "b": '{"c":1}'}),
        ),
        ({"type": "await", "paymentData": "d"}, RedirectionData()),
        (
            {
                "type": "voucher",
                "entity": "1",
                "reference": "2",
                "expiresAt": "soon",
                "a": {"b": 1},
            },
            RedirectionData(display={"entity": "1", "reference": "2"}),
        ),
        (
            {"type": "qrCode", "qrCodeData": "q", "expiresAt": "2026-11-28T15:00:00+01:00"},
            RedirectionData(
                display={"qrCodeData": "q"},
                sdk={
                    "action": '{"type":"qrCode","qrCodeData":"q",'
                    '"expiresAt":"2026-11-28T15:00:00+01:00"}'
                },
                expires_at=1795874400,
            ),
        ),
    ],
)
def test_where_the_shopper_must_go(
    adyen: Prism, standing_in: StandIn, action: Any, wanted: RedirectionData
) -> None:
    """A page to open, a form to post, or the action for Adyen's own library, as it names it."""
    payment = paid(adyen, standing_in, answer("RedirectShopper", action=action))
    assert payment.redirection_data == wanted
    assert payment.status.can_still_change


def test_a_payment_that_has_no_id_yet_has_none(adyen: Prism, standing_in: StandIn) -> None:
    """Before native 3-D Secure Adyen gives no pspReference; the caller's own id is there."""
    payment = paid(adyen, standing_in, {"resultCode": "IdentifyShopper", "action": THREE_DS})
    assert payment.connector_transaction_id is None
    assert payment.merchant_transaction_id == "order_1001"
