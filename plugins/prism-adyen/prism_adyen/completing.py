"""Completing a payment after 3-D Secure, as
https://docs.adyen.com/online-payments/3d-secure/redirect-3ds2 describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from prism_adyen.account import AdyenAccount
from prism_adyen.answers import PaymentBody, payment
from prism_core import (
    CaptureMethod,
    CompletePaymentRequest,
    Flow,
    InvalidRequest,
    Payment,
    at_most,
    hookimpl,
    told,
)

# https://docs.adyen.com/api-explorer/Checkout/71/post/payments/details#request-details: those that
# cards come back with, and how long they may be.
_DETAILS = {
    "redirectResult": 20000,
    "payload": 20000,
    "threeDSResult": 50000,
    "threeds2.fingerprint": 100000,
    "threeds2.challengeResult": 50000,
    "MD": 20000,
    "PaRes": 20000,
}


class Completing:
    """The operation, for the connector to inherit."""

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: AdyenAccount) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/details

        Adyen finds the payment by what came back with the customer, who may bring that of another,
        cheaper payment. The core compares both ids with those that the answer tells."""
        at_most(64, "idempotency_key", request.idempotency_key)
        response = yield account.post(
            "/v71/payments/details",
            json=_evidence(request.returned),
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, PaymentBody)
        # Whether the capture follows by itself, only the caller knows: AUTHORIZED is true of both.
        found = payment(body, request.capture_method or CaptureMethod.MANUAL)
        if request.connector_transaction_id is None:
            return found
        return msgspec.structs.replace(found, connector_transaction_id=told(body.psp_reference))


def _evidence(returned: Mapping[str, str]) -> dict[str, Any]:
    """What came back, passed on under Adyen's own names; what the return URL had besides is the
    caller's."""
    details = {name: returned[name] for name in _DETAILS if name in returned}
    if not details:
        raise InvalidRequest(
            f"returned has none of {', '.join(_DETAILS)}, one of which Adyen sends back with the "
            "customer",
            field="returned",
        )
    for name, value in details.items():
        if len(value) > _DETAILS[name]:
            raise InvalidRequest(f"{name} has up to {_DETAILS[name]} characters", field="returned")
    data = returned.get("paymentData")
    if data is not None and len(data) > 200000:
        raise InvalidRequest("paymentData has up to 200000 characters", field="returned")
    return {"details": details, "paymentData": data}
