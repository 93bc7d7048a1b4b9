"""Orders: sessions that the shopper pays on Adyen's page (hosted), or in the shop's page with
Drop-in or Components (embedded); and what the library needs before there is a payment.
https://docs.adyen.com/online-payments/build-your-integration/sessions-flow"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from prism_adyen.account import AdyenAccount as Account
from prism_adyen.answers import payment
from prism_adyen.circumstances import authentication, lines
from prism_adyen.customers import delivery, shopper
from prism_adyen.methods import can_be_held, types_of
from prism_adyen.shapes import MethodsOffered, SessionBody, SessionResult, amount_of, money_of
from prism_core import (
    CaptureMethod,
    ClientToken,
    ConnectorDetails,
    CreateClientTokenRequest,
    CreateOrderRequest,
    ErrorDetails,
    Flow,
    FutureUsage,
    InvalidRequest,
    MalformedResponse,
    Payment,
    PaymentStatus,
    RedirectionData,
    SetupRecurringRequest,
    UnifiedCode,
    codes_by_word,
    hookimpl,
    needs,
    nullable,
    unified_error,
)
from prism_core.connector.values import unix_seconds

# https://docs.adyen.com/api-explorer/Checkout/71/get/sessions/(sessionId)#responses-200-status.
# Refused is said after too many tries, and ends a session, as expired does. Of canceled, that is
# not said: the session stays open until it expires. https://github.com/Adyen/adyen-web/issues/2373
# says of tries that one refusal ends nothing.
_STATUS = codes_by_word({
    PaymentStatus.PAYMENT_METHOD_AWAITED: "active canceled",
    PaymentStatus.PENDING: "paymentPending",
    PaymentStatus.EXPIRED: "refused expired",
})  # fmt: skip
_WHY = {"refused": UnifiedCode.DECLINED, "canceled": None}


class Orders:
    """The operations on orders, for the connector to inherit."""

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: Account) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/sessions"""
        can_be_held(request.capture_method, *(types_of(request.payment_method_types) or ()))
        parts = {
            "amount": amount_of(request.amount),
            **in_session(request, account),
            **_captured(request),
            **_stored(request),
            "shopperStatement": request.statement_descriptor_suffix,
            "deliveryAddress": delivery(request.shipping_address),
            "merchantOrderReference": request.merchant_order_id,
            "lineItems": lines(request.order_details),
        }
        body = yield from account.fetch(account.post("/v71/sessions", json=parts), SessionBody)
        return Payment(
            status=PaymentStatus.PAYMENT_METHOD_AWAITED,
            connector_order_id=body.id,
            merchant_transaction_id=nullable(body.reference),
            connector_customer_id=nullable(body.shopper_reference),
            amount=money_of(body.amount),
            redirection_data=opened(body, request, account),
        )

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/paymentMethods: the methods that the
        library can offer, as its configuration wants them."""
        kind = request.payment_method_type
        json = {
            "merchantAccount": account.merchant_account,
            "amount": amount_of(request.amount),
            "allowedPaymentMethods": types_of(kind and [kind]),
            "shopperLocale": request.locale,
            "shopperReference": request.connector_customer_id,
            "channel": "Web",
        }
        asked = account.post("/v71/paymentMethods", json=json, changes=False)
        response = yield asked
        account.decode(response, MethodsOffered)
        text = msgspec.json.format(response.body, indent=-1).decode()
        return ClientToken(sdk={**account.for_library(), "paymentMethodsResponse": text})


def in_session(
    request: CreateOrderRequest | SetupRecurringRequest, account: Account
) -> dict[str, Any]:
    """What the sessions of payments and of permissions share."""
    account.check_orders()
    bill, seen = request.billing_address, request.browser_info
    return {
        "merchantAccount": account.merchant_account,
        "reference": request.reference,
        "mode": "hosted" if request.hosted else "embedded",
        "channel": "Web",
        "shopperReference": request.connector_customer_id,
        "returnUrl": request.return_url,
        "allowedPaymentMethods": types_of(request.payment_method_types),
        "authenticationData": authentication(request.auth_type, {}, by_library=True),
        "countryCode": None if bill is None else bill.country_alpha2_code,
        "shopperLocale": request.locale,
        "shopperIP": None if seen is None else seen.ip_address,  # Adyen's page sees the rest
        "metadata": request.metadata,
        **shopper(request.customer, bill),
    }


def opened(
    body: SessionBody, request: CreateOrderRequest | SetupRecurringRequest, account: Account
) -> RedirectionData:
    """The page, or what Drop-in is configured with: `session: {id, sessionData}` and the key."""
    ends = unix_seconds(body.expires_at)
    if request.hosted:
        if body.url is None:
            raise MalformedResponse("the answer has no url of the page")
        return RedirectionData(uri=body.url, expires_at=ends)
    if body.session_data is None:
        raise MalformedResponse("the answer has no sessionData for the page")
    sdk = {"id": body.id, "sessionData": body.session_data, **account.for_library()}
    return RedirectionData(sdk=sdk, expires_at=ends)


def _captured(request: CreateOrderRequest) -> dict[str, Any]:
    if request.capture_method is CaptureMethod.MANUAL:
        return {"additionalData": {"manualCapture": "true"}}
    return {"captureDelayHours": 0}


def _stored(request: CreateOrderRequest) -> dict[str, Any]:
    """https://docs.adyen.com/online-payments/tokenization/sessions-flow"""
    usage = request.setup_future_usage
    if usage is None:
        return {}
    needs("connector_customer_id", request.connector_customer_id, "to store a payment method")
    is_away = usage is FutureUsage.OFF_SESSION
    return kept("UnscheduledCardOnFile" if is_away else "CardOnFile")


def kept(model: str) -> dict[str, Any]:
    """That the method is stored when the session is paid."""
    return {
        "storePaymentMethodMode": "enabled",
        "shopperInteraction": "Ecommerce",
        "recurringProcessingModel": model,
    }


def ask_session(
    account: Account, order: str | None, returned: Mapping[str, str]
) -> Flow[SessionResult]:
    """https://docs.adyen.com/api-explorer/Checkout/71/get/sessions/(sessionId): Adyen answers only
    with the result that the library or the return URL got."""
    result = returned.get("sessionResult")
    if result is None:
        raise InvalidRequest(
            "returned has no sessionResult, which Adyen adds to the return URL of its page, and "
            "gives to onPaymentCompleted and onPaymentFailed in yours",
            field="returned",
        )
    asked = account.get("/v71/sessions/{}?sessionResult={}", order, result)
    return account.fetch(asked, SessionResult)


def of_session(found: SessionResult, capture: CaptureMethod) -> Payment:
    """The payment of a session. Completed without a payment, or with several, is not believed: the
    webhooks tell of each."""
    status = _STATUS.get(found.status, PaymentStatus.UNRESOLVED)
    order, own = nullable(found.id), nullable(found.reference)
    if found.status in ("completed", "paymentPending"):
        paid = payment(found.as_payment(), capture)
        status = paid.status if found.status == "completed" else status
        return msgspec.structs.replace(
            paid, status=status, connector_order_id=order, merchant_transaction_id=own
        )
    error = None
    if found.status in _WHY:
        why = _WHY[found.status]
        said = ConnectorDetails(code=found.status)
        error = ErrorDetails(unified=unified_error(why) if why else None, connector=said)
    return Payment(
        status=status, connector_order_id=order, merchant_transaction_id=own, error=error
    )
