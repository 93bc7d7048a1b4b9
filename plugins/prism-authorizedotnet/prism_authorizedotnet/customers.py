"""Customer profiles: created, looked up, changed, deleted, as
https://developer.authorize.net/api/reference/index.html#customer-profiles describes them.
"""

from __future__ import annotations

from prism_authorizedotnet.account import AuthorizeNetAccount, expect_done, reference
from prism_authorizedotnet.parts import digits
from prism_authorizedotnet.profile_shapes import (
    CustomerFound,
    CustomerProfile,
    Done,
    ProfileAnswer,
)
from prism_authorizedotnet.values import echoed, id_of, made_id
from prism_core import (
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    CustomerStatus,
    DeleteCustomerRequest,
    Flow,
    GetCustomerRequest,
    UpdateCustomerRequest,
    at_most,
    expect_same,
    hookimpl,
)


class Customers:
    """The operations on customers."""

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: AuthorizeNetAccount
    ) -> Flow[CustomerCreated]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-create-customer-profile"""
        own_id = at_most(20, "merchant_customer_id", request.merchant_customer_id)
        response = yield account.ask(
            "createCustomerProfileRequest",
            refId=own_id,
            profile={
                "merchantCustomerId": own_id,
                "description": at_most(255, "description", request.description),
                "email": at_most(255, "email", request.email),
            },
        )
        body = account.decode(response, ProfileAnswer)
        expect_done(own_id, body.ref_id)
        return CustomerCreated(
            connector_customer_id=made_id("customerProfileId", body.customer_profile_id),
            merchant_customer_id=echoed(body.ref_id),
        )

    @hookimpl
    def get_customer(
        self, request: GetCustomerRequest, account: AuthorizeNetAccount
    ) -> Flow[Customer]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-get-customer-profile"""
        known = request.connector_customer_id
        sought = {
            "customerProfileId": digits("connector_customer_id", known) if known else None,
            "merchantCustomerId": at_most(20, "merchant_customer_id", request.merchant_customer_id),
        }
        response = yield account.ask("getCustomerProfileRequest", changes=False, **sought)
        found = _customer(account.decode(response, CustomerFound).profile)
        expect_same(
            "merchant_customer_id", request.merchant_customer_id, found.merchant_customer_id
        )
        return found

    @hookimpl
    def update_customer(
        self, request: UpdateCustomerRequest, account: AuthorizeNetAccount
    ) -> Flow[Customer]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-update-customer-profile,
        which empties what is not sent: the profile is asked for that first."""
        known = digits("connector_customer_id", request.connector_customer_id)
        given = {
            "merchantCustomerId": at_most(20, "merchant_customer_id", request.merchant_customer_id),
            "description": at_most(255, "description", request.description),
            "email": at_most(255, "email", request.email),
        }
        response = yield account.ask(
            "getCustomerProfileRequest", changes=False, customerProfileId=known
        )
        now = account.decode(response, CustomerFound).profile
        expect_same("connector_customer_id", known, id_of(now.customer_profile_id))
        sent_as = reference(None, known)
        whole = CustomerProfile(
            customer_profile_id=now.customer_profile_id,
            merchant_customer_id=given["merchantCustomerId"] or now.merchant_customer_id or None,
            description=given["description"] or now.description or None,
            email=given["email"] or now.email or None,
        )
        response = yield account.ask(
            "updateCustomerProfileRequest",
            refId=sent_as,
            profile={
                "merchantCustomerId": whole.merchant_customer_id,
                "description": whole.description,
                "email": whole.email,
                "customerProfileId": known,
            },
        )
        expect_done(sent_as, account.decode(response, Done).ref_id)
        return _customer(whole)

    @hookimpl
    def delete_customer(
        self, request: DeleteCustomerRequest, account: AuthorizeNetAccount
    ) -> Flow[Customer]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-delete-customer-profile"""
        known = digits("connector_customer_id", request.connector_customer_id)
        sent_as = reference(None, known)
        response = yield account.ask(
            "deleteCustomerProfileRequest", refId=sent_as, customerProfileId=known
        )
        expect_done(sent_as, account.decode(response, Done).ref_id)
        return Customer(connector_customer_id=known, status=CustomerStatus.DELETED)


def _customer(profile: CustomerProfile) -> Customer:
    """The customer that a profile is. Empty texts stand for nothing."""
    return Customer(
        connector_customer_id=made_id("customerProfileId", profile.customer_profile_id),
        merchant_customer_id=echoed(profile.merchant_customer_id),
        email=profile.email or None,
        description=profile.description or None,
    )
