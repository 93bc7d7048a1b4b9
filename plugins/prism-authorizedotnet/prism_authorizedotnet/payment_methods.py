"""Stored cards and bank accounts: the payment profiles of a customer profile.

https://developer.authorize.net/api/reference/features/customer_profiles.html
"""

from __future__ import annotations

from prism_authorizedotnet.account import AuthorizeNetAccount as Account
from prism_authorizedotnet.customers import profile_of
from prism_authorizedotnet.methods import payment
from prism_authorizedotnet.parts import bill_to
from prism_authorizedotnet.shapes import Done, PaymentProfileMade
from prism_authorizedotnet.shown import stored
from prism_authorizedotnet.values import echoed, link, made_id
from prism_core import (
    Ach,
    DeletePaymentMethodRequest,
    Flow,
    ListPaymentMethodsRequest,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    SetupRecurringRequest,
    TokenizeRequest,
    hookimpl,
)


class PaymentMethods:
    """The operations on stored payment methods."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """Without validation: the issuer is asked when the card is paid with, or by
        setup_recurring."""
        body = yield from store(request, request.payment_method, account, "none")
        return PaymentMethodStored(
            connector_payment_method_id=made_id(body.customer_payment_profile_id),
            connector_customer_id=link(body.customer_profile_id),
            merchant_payment_method_id=echoed(body.ref_id),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """A customer's profile holds all payment profiles."""
        known = request.connector_customer_id
        profile = yield from profile_of(account, customerProfileId=known, unmaskExpirationDate=True)
        customer = made_id(profile.customer_profile_id)
        found = [stored(one, customer) for one in profile.payment_profiles or ()]
        return PaymentMethodList(
            payment_methods=tuple(one for one in found if one is not None),
            connector_customer_id=customer,
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """The customer's payment profile is deleted."""
        known = request.connector_payment_method_id
        yield from delete(account, request.connector_customer_id, known)
        return PaymentMethodDeleted(connector_payment_method_id=known)


def store(
    request: TokenizeRequest | SetupRecurringRequest, method: object, account: Account, mode: str
) -> Flow[PaymentProfileMade]:
    """https://developer.authorize.net/api/reference/index.html#customer-profiles-create-customer-payment-profile:
    a payment method put in a customer's profile."""
    accepted = getattr(request, "customer_acceptance", None) if isinstance(method, Ach) else None
    asked = account.ask(
        "createCustomerPaymentProfileRequest",
        refId=request.reference,
        customerProfileId=request.connector_customer_id,
        paymentProfile={"billTo": bill_to(request), "payment": payment(method, accepted)},
        validationMode=mode,
    )
    return account.fetch(asked, PaymentProfileMade)


def delete(account: Account, customer: str | None, known: str) -> Flow[Done]:
    """https://developer.authorize.net/api/reference/index.html#customer-profiles-delete-customer-payment-profile"""
    ids = {"customerProfileId": customer, "customerPaymentProfileId": known}
    return account.carry_out("deleteCustomerPaymentProfileRequest", known, Done, **ids)
