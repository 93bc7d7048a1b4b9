"""Pages: Authorize.Net's own, where the customer pays, and what Accept.js needs in the shop's.

https://developer.authorize.net/api/reference/features/accept-hosted.html
"""

from __future__ import annotations

from typing import Any

import msgspec

from prism_authorizedotnet import parts
from prism_authorizedotnet.account import AuthorizeNetAccount as Account
from prism_authorizedotnet.account import expect_answer_to, transaction
from prism_authorizedotnet.shapes import HostedPage, MerchantDetails
from prism_authorizedotnet.values import echoed, needed
from prism_core import (
    CaptureMethod,
    ClientToken,
    CreateClientTokenRequest,
    CreateOrderRequest,
    Flow,
    InvalidRequest,
    Mandate,
    MandateStatus,
    Payment,
    PaymentMethodType,
    PaymentStatus,
    RedirectionData,
    SetupRecurringRequest,
    hookimpl,
)
from prism_core.connector.values import without_nones

_OFFERS = {
    PaymentMethodType.CARD: "showCreditCard",
    PaymentMethodType.ACH: "showBankAccount",
}


class Orders:
    """The operations that open a page."""

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: Account) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#accept-suite-get-an-accept-payment-page:
        a token, which the customer's browser posts to the page within 15 minutes. Nothing is
        payable without it, and there is no lookup of an order: it is known by its invoice number,
        which is the caller's own id."""
        _needs_hosted(hosted=request.hosted)
        own_id, customer = request.merchant_transaction_id, request.connector_customer_id
        manual = request.capture_method is CaptureMethod.MANUAL
        if manual and PaymentMethodType.ACH in (request.payment_method_types or ()):
            problem = "a bank account is debited at once, and not authorized: capture AUTOMATIC"
            raise InvalidRequest(problem, field="capture_method")
        wanted = transaction(
            "authOnlyTransaction" if manual else "authCaptureTransaction",
            **parts.amount_fields(request.amount),
            profile={"customerProfileId": customer} if customer else None,
            order={"invoiceNumber": own_id, "description": request.description},
            lineItems=parts.line_items(request.order_details, request.amount),
            customer=parts.payer(request),
            billTo=parts.bill_to(request),
            shipTo=parts.ship_to(request.shipping_address),
            userFields=parts.user_fields(request.metadata),
        )
        asked = account.ask(
            "getHostedPaymentPageRequest",
            refId=own_id,
            transactionRequest=wanted,
            hostedPaymentSettings={"setting": _settings(request)},
        )
        page = yield from account.fetch(asked, HostedPage)
        expect_answer_to(own_id, page)
        return Payment(
            status=PaymentStatus.PAYMENT_METHOD_AWAITED,
            connector_order_id=echoed(page.ref_id),
            merchant_transaction_id=echoed(page.ref_id),
            redirection_data=_posted_to(account, "payment/payment", page),
        )

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://developer.authorize.net/api/reference/features/acceptjs.html: the merchant's
        public key, and the login that it belongs to; Accept.js wants both in the page."""
        asked = account.ask("getMerchantDetailsRequest", changes=False)
        merchant = yield from account.fetch(asked, MerchantDetails)
        key = needed("publicClientKey: make one in the Merchant Interface", merchant.client_key)
        return ClientToken(sdk={"apiLoginID": account.api_login_id, "clientKey": key})


def profile_page(request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
    """https://developer.authorize.net/api/reference/index.html#customer-profiles-get-accept-customer-profile-page:
    a token of the page where the customer puts a payment method in the profile. Which one it is,
    the event customer.paymentProfile.created tells; the issuer is asked on the page."""
    _needs_hosted(hosted=request.hosted)
    if request.amount is not None:
        problem = "the page stores a payment method and charges nothing: charge it afterwards"
        raise InvalidRequest(problem, field="amount")
    settings = [_setting("hostedProfileReturnUrl", request.return_url or "")]
    if request.payment_method_types is not None:
        shown = [name for name, wanted in _offered(request).items() if wanted]
        only = shown[0] if len(shown) == 1 else "showAll"
        settings.append(_setting("hostedProfilePaymentOptions", only))
    asked = account.ask(
        "getHostedProfilePageRequest",
        refId=request.merchant_mandate_id,
        customerProfileId=request.connector_customer_id,
        hostedProfileSettings={"setting": [one for one in settings if one["settingValue"]]},
    )
    page = yield from account.fetch(asked, HostedPage)
    expect_answer_to(request.merchant_mandate_id, page)
    return Mandate(
        status=MandateStatus.MANDATE_PENDING,
        merchant_mandate_id=echoed(page.ref_id),
        redirection_data=_posted_to(account, "customer/addPayment", page),
    )


def _needs_hosted(*, hosted: bool) -> None:
    if not hosted:
        problem = "Authorize.Net has its own page only: for yours, payment_methods."
        raise InvalidRequest(f"{problem}create_client_token and Accept.js", field="hosted")


def _posted_to(account: Account, page: str, answer: HostedPage) -> RedirectionData:
    """A page that the customer's browser opens by posting the token to it."""
    token = needed("token", answer.token or None)
    return RedirectionData(uri=f"{account.pages}/{page}", form={"token": token})


def _settings(request: CreateOrderRequest) -> list[dict[str, str]]:
    """How the page looks. It sends the customer back itself if it knows where."""
    back = {"showReceipt": request.return_url is None, "url": request.return_url}
    options: dict[str, Any] = {
        "hostedPaymentReturnOptions": {**back, "cancelUrl": request.cancel_url},
    }
    if request.payment_method_types is not None:
        options["hostedPaymentPaymentOptions"] = _offered(request)
    return [_setting(name, value) for name, value in options.items()]


def _offered(request: CreateOrderRequest | SetupRecurringRequest) -> dict[str, bool]:
    wanted = request.payment_method_types or ()
    other = next((one for one in wanted if one not in _OFFERS), None)
    if other is not None:
        problem = f"Authorize.Net's page offers CARD and ACH, not {other}"
        raise InvalidRequest(problem, field="payment_method_types")
    return {name: kind in wanted for kind, name in _OFFERS.items()}


def _setting(name: str, value: dict[str, Any] | str) -> dict[str, str]:
    """A setting of a page; most values are JSON objects as texts."""
    if not isinstance(value, str):
        value = msgspec.json.encode(without_nones(value)).decode()
    return {"settingName": name, "settingValue": value}
