"""Cards that Authorize.Net keeps: the payment profiles of a customer profile.

https://developer.authorize.net/api/reference/features/customer_profiles.html
"""

from __future__ import annotations

import re

from prism_authorizedotnet.account import AuthorizeNetAccount, expect_done, reference
from prism_authorizedotnet.parts import credit_card, digits, owner
from prism_authorizedotnet.people import bill_to
from prism_authorizedotnet.profile_shapes import (
    CustomerFound,
    Done,
    KeptCreditCard,
    PaymentProfile,
    PaymentProfileAnswer,
)
from prism_authorizedotnet.values import echoed, link, made_id
from prism_core import (
    DeletePaymentMethodRequest,
    Flow,
    ListPaymentMethodsRequest,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    StoredCard,
    TokenizeRequest,
    at_most,
    hookimpl,
)

_EXPIRY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})")
_LAST_FOUR = re.compile(r"[0-9]{4}\Z")


class Stored:
    """The operations on kept cards."""

    @hookimpl
    def tokenize(
        self, request: TokenizeRequest, account: AuthorizeNetAccount
    ) -> Flow[PaymentMethodStored]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-create-customer-payment-profile
        without validation: the issuer is asked when the card is paid with, or by
        setup_recurring."""
        method = request.payment_method
        response = yield account.ask(
            "createCustomerPaymentProfileRequest",
            refId=at_most(20, "merchant_payment_method_id", request.merchant_payment_method_id),
            customerProfileId=owner(request.connector_customer_id),
            paymentProfile={
                "billTo": bill_to(method, request.billing_address),
                "payment": credit_card(method),
            },
            validationMode="none",
        )
        body = account.decode(response, PaymentProfileAnswer)
        return PaymentMethodStored(
            connector_payment_method_id=made_id(
                "customerPaymentProfileId", body.customer_payment_profile_id
            ),
            connector_customer_id=link(body.customer_profile_id),
            merchant_payment_method_id=echoed(body.ref_id),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: AuthorizeNetAccount
    ) -> Flow[PaymentMethodList]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-get-customer-profile,
        whose answer holds all payment profiles; those with a card."""
        response = yield account.ask(
            "getCustomerProfileRequest",
            changes=False,
            customerProfileId=owner(request.connector_customer_id),
            unmaskExpirationDate=True,
        )
        profile = account.decode(response, CustomerFound).profile
        customer = made_id("customerProfileId", profile.customer_profile_id)
        return PaymentMethodList(
            payment_methods=tuple(
                _kept(one, one.payment.credit_card, customer)
                for one in profile.payment_profiles or ()
                if one.payment is not None and one.payment.credit_card is not None
            ),
            connector_customer_id=customer,
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: AuthorizeNetAccount
    ) -> Flow[PaymentMethodDeleted]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-delete-customer-payment-profile"""
        kept = digits("connector_payment_method_id", request.connector_payment_method_id)
        sent_as = reference(None, kept)
        response = yield account.ask(
            "deleteCustomerPaymentProfileRequest",
            refId=sent_as,
            customerProfileId=owner(request.connector_customer_id),
            customerPaymentProfileId=kept,
        )
        expect_done(sent_as, account.decode(response, Done).ref_id)
        return PaymentMethodDeleted(connector_payment_method_id=kept)


def _kept(profile: PaymentProfile, card: KeptCreditCard, customer: str) -> StoredCard:
    """The card of a payment profile; its expiry stands there as "2090-12", masked as "XXXX"."""
    expiry, last_four = _EXPIRY.fullmatch(card.expiration_date), _LAST_FOUR.search(card.card_number)
    return StoredCard(
        connector_payment_method_id=made_id(
            "customerPaymentProfileId", profile.customer_payment_profile_id
        ),
        connector_customer_id=customer,
        brand=card.card_type or None,
        last_four=last_four[0] if last_four is not None else None,
        exp_month=int(expiry["month"]) if expiry is not None else None,
        exp_year=int(expiry["year"]) if expiry is not None else None,
    )
