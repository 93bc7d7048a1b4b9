"""3-D Secure from the payment to its end: the documented code, with Adyen's published examples."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from prism_core import (
    AsyncPrism,
    CompletePaymentRequest,
    MalformedResponse,
    PaymentStatus,
    Prism,
)

from .adyen_description import published
from .adyen_loopback import StandIn
from .adyen_samples import KEY, MERCHANT, PSP, answer, authorised, payment_request, refused

PAGE = Path(__file__).parents[3] / "docs" / "first-payment.md"
REDIRECT = {
    "resultCode": "RedirectShopper",
    "action": {
        "type": "redirect",
        "method": "GET",
        "url": "https://checkoutshopper-test.adyen.com/checkoutshopper/threeDS/redirect?MD=1",
    },
}
"""A genuine answer: it has no pspReference."""
CHALLENGE = {
    "resultCode": "ChallengeShopper",
    "action": {"type": "threeDS2", "subtype": "challenge", "token": "t"},
}


def documented() -> tuple[str, str]:
    """The two pieces of code that docs/first-payment.md shows for a customer who must
    authenticate: paying, and completing the payment."""
    _, _, section = PAGE.read_text().partition("\n## When the customer must authenticate\n")
    first, second, *_ = re.findall(r"```python\n(.*?)```", section.partition("\n## ")[0], re.S)
    return first, second


def ran(prism: Prism, returned: dict[str, str]) -> dict[str, Any]:
    """What the documented code leaves behind, where the customer came back with `returned`."""
    import prism_core

    names: dict[str, Any] = {**vars(prism_core), "prism": prism, "arrived": returned}
    first, second = documented()
    assert second.startswith("returned = {}")
    exec(first, names)
    names["begun"] = names["payment"]
    exec(second.replace("returned = {}", "returned = arrived", 1), names)
    return names


EXAMPLES = {
    "redirect": ("card-3d-secure-redirect-200", "00.redirect"),
    "native": ("card-3d-secure-2-web-200", "3d-secure-2-native"),
}
"""Adyen's examples: the answer to the payment, and what is sent for its details afterwards."""


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_documented_code_ends_in_a_payment(
    adyen: Prism, standing_in: StandIn, kind: str
) -> None:
    """docs/first-payment.md, run against the answers that Adyen publishes."""
    begun, details = EXAMPLES[kind]
    sent = published(f"post-payments-details-{details}")
    done = published("post-payments-details-00.redirect-200")
    standing_in.answer(published(f"post-payments-{begun}")).answer(done)
    names = ran(adyen, sent["details"])
    assert names["begun"].connector_transaction_id is None
    payment = names["payment"]
    assert payment.status is PaymentStatus.AUTHORIZED
    assert payment.connector_transaction_id == done["pspReference"]
    assert (payment.merchant_transaction_id, payment.discrepancies) == ("order_1003", ())
    assert standing_in.seen[1].json == sent


def test_the_documented_code_ends_in_a_payment_without_examples(
    adyen: Prism, standing_in: StandIn
) -> None:
    """The same with a genuine answer, which has no pspReference until the details are sent."""
    standing_in.answer(REDIRECT).answer({"resultCode": "Authorised", "pspReference": PSP})
    payment = ran(adyen, {"redirectResult": "X6XtfGC3!Y"})["payment"]
    assert (payment.status, payment.connector_transaction_id) == ("AUTHORIZED", PSP)
    assert payment.discrepancies == ()


@pytest.mark.anyio
async def test_an_async_payment_ends_the_same(standing_in: StandIn) -> None:
    """On asyncio and trio, with both ids as they came, a second step and then the payment."""
    standing_in.answer(REDIRECT).answer(CHALLENGE)
    standing_in.answer({"resultCode": "Authorised", "pspReference": PSP})
    url = standing_in.url
    async with AsyncPrism("adyen", api_key=KEY, merchant_account=MERCHANT, base_url=url) as prism:
        payment = await prism.payments.authorize(payment_request())
        statuses = [payment.status]
        for returned in ({"redirectResult": "X6!"}, {"threeDSResult": "eyJ0"}):
            payment = await prism.payments.complete(
                connector_transaction_id=payment.connector_transaction_id,
                merchant_transaction_id=payment.merchant_transaction_id,
                capture_method="AUTOMATIC",
                returned=returned,
            )
            statuses.append(payment.status)
    assert statuses == ["AUTHENTICATION_PENDING", "AUTHENTICATION_PENDING", "CAPTURE_INITIATED"]
    assert (payment.connector_transaction_id, payment.discrepancies) == (PSP, ())


def completing(**given: Any) -> CompletePaymentRequest:
    """A customer who came back from a redirect, to a payment known by the caller's own id."""
    whole: dict[str, Any] = {
        "merchant_transaction_id": "order_1001",
        "returned": {"redirectResult": "X6XtfGC3!Y"},
    }
    return CompletePaymentRequest(**{**whole, **given})


@pytest.mark.parametrize(
    ("body", "status", "known"),
    [
        ({"resultCode": "Authorised", "pspReference": PSP}, "AUTHORIZED", PSP),
        (answer("Authorised"), "AUTHORIZED", PSP),
        (refused("12"), "AUTHORIZATION_FAILED", PSP),
        (refused("11"), "AUTHENTICATION_FAILED", PSP),
        (CHALLENGE, "AUTHENTICATION_PENDING", None),
        ({**CHALLENGE, "pspReference": PSP}, "AUTHENTICATION_PENDING", None),
        (REDIRECT, "AUTHENTICATION_PENDING", None),
        ({"resultCode": "Authorised"}, "UNRESOLVED", None),
        ({"resultCode": "Pending", "pspReference": PSP}, "PENDING", PSP),
    ],
)
def test_your_own_id_is_enough(
    adyen: Prism, standing_in: StandIn, body: Any, status: str, known: str | None
) -> None:
    """Each answer is what it says, with Adyen's id as soon as it is the payment's."""
    standing_in.answer(body)
    done = adyen.payments.complete(completing())
    assert (done.status, done.connector_transaction_id) == (status, known)
    assert (done.merchant_transaction_id, done.discrepancies) == ("order_1001", ())


def test_adyens_id_is_enough(adyen: Prism, standing_in: StandIn) -> None:
    """A payment that had Adyen's id before is completed by it, in each of its steps."""
    by_psp = completing(merchant_transaction_id=None, connector_transaction_id=PSP)
    standing_in.answer({**CHALLENGE, "pspReference": PSP}).answer(authorised())
    for status in ("AUTHENTICATION_PENDING", "AUTHORIZED"):
        done = adyen.payments.complete(by_psp)
        assert (done.status, done.connector_transaction_id) == (status, PSP)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"connector_transaction_id": PSP},
        {"connector_transaction_id": PSP, "merchant_transaction_id": None},
    ],
)
def test_evidence_of_another_payment_pays_for_nothing(
    adyen: Prism, standing_in: StandIn, given: dict[str, Any]
) -> None:
    """Who brings what came back from a cheaper payment has not paid for this one."""
    standing_in.answer(authorised(100) | {"merchantReference": "order_7", "pspReference": "OTHER"})
    with pytest.raises(MalformedResponse, match="about another") as caught:
        adyen.payments.complete(completing(**given))
    assert (caught.value.outcome, caught.value.connector_transaction_id) == ("unknown", None)


def test_another_reference_of_adyens_is_another_payment(adyen: Prism, standing_in: StandIn) -> None:
    """Where Adyen's id was known, an answer about another one is not believed, in any step."""
    for body in (authorised(), {**CHALLENGE, "pspReference": PSP}):
        standing_in.begin()
        standing_in.answer(body)
        with pytest.raises(MalformedResponse, match="another connector_transaction_id"):
            adyen.payments.complete(completing(connector_transaction_id="OLDER"))


def test_a_null_where_an_id_was_given_is_surfaced(adyen: Prism, standing_in: StandIn) -> None:
    """An approval of no payment, told as such, is not believed, and the ids are named."""
    body = {"resultCode": "Authorised", "pspReference": None, "merchantReference": None}
    standing_in.answer(body)
    done = adyen.payments.complete(completing(connector_transaction_id=PSP))
    assert done.status is PaymentStatus.UNRESOLVED
    told = {(one.field, one.reported) for one in done.discrepancies}
    assert told == {("connector_transaction_id", "null"), ("merchant_transaction_id", "null")}


def test_a_permission_is_completed_by_its_own_id(adyen: Prism, standing_in: StandIn) -> None:
    """A setup that the customer must authenticate is completed by its merchant_mandate_id."""
    standing_in.answer(REDIRECT).answer({"resultCode": "Authorised", "pspReference": PSP})
    payment = payment_request()
    made = adyen.recurring.setup(
        merchant_mandate_id="plan_1",
        payment_method=payment.payment_method,
        connector_customer_id="user_42",
        return_url=payment.return_url,
    )
    assert (made.status, made.connector_transaction_id) == ("MANDATE_PENDING", None)
    done = adyen.payments.complete(completing(merchant_transaction_id=made.merchant_mandate_id))
    assert (done.status, done.connector_transaction_id) == ("AUTHORIZED", PSP)
