"""Customer profiles: created, looked up, changed, deleted, as
https://developer.authorize.net/api/reference/index.html#customer-profiles describes them.
"""

from __future__ import annotations

from typing import Any

import msgspec

from prism_authorizedotnet.account import AuthorizeNetAccount, fitting
from prism_authorizedotnet.shapes import CustomerFound, CustomerMade, CustomerProfile, Done
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
        asked = account.ask(
            "createCustomerProfileRequest",
            refId=request.merchant_customer_id,
            profile=_profile(request),
        )
        body = yield from account.carry_out(asked, CustomerMade)
        return CustomerCreated(
            connector_customer_id=made_id("customerProfileId", body.customer_profile_id),
            merchant_customer_id=echoed(body.ref_id),
        )

    @hookimpl
    def get_customer(
        self, request: GetCustomerRequest, account: AuthorizeNetAccount
    ) -> Flow[Customer]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-get-customer-profile"""
        own_id = request.merchant_customer_id
        asked = account.ask(
            "getCustomerProfileRequest",
            changes=False,
            customerProfileId=request.connector_customer_id,
            merchantCustomerId=own_id,
        )
        found = _customer((yield from account.fetch(asked, CustomerFound)).profile)
        expect_same("merchant_customer_id", own_id, found.merchant_customer_id)
        return found

    @hookimpl
    def update_customer(
        self, request: UpdateCustomerRequest, account: AuthorizeNetAccount
    ) -> Flow[Customer]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-update-customer-profile,
        which empties what is not sent: the profile is asked for that first."""
        known = request.connector_customer_id
        fields = ("merchant_customer_id", "description", "email")
        given = {name: getattr(request, name) for name in fields}
        asked = account.ask("getCustomerProfileRequest", changes=False, customerProfileId=known)
        now = (yield from account.fetch(asked, CustomerFound)).profile
        expect_same("connector_customer_id", known, id_of(now.customer_profile_id))
        changed = {name: value for name, value in given.items() if value is not None}
        whole = msgspec.structs.replace(now, **changed)
        asked = account.ask(
            "updateCustomerProfileRequest",
            refId=fitting(known),
            profile={**_profile(whole), "customerProfileId": known},
        )
        yield from account.carry_out(asked, Done)
        return _customer(whole)

    @hookimpl
    def delete_customer(
        self, request: DeleteCustomerRequest, account: AuthorizeNetAccount
    ) -> Flow[Customer]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-delete-customer-profile"""
        known = request.connector_customer_id
        asked = account.ask(
            "deleteCustomerProfileRequest", refId=fitting(known), customerProfileId=known
        )
        yield from account.carry_out(asked, Done)
        return Customer(connector_customer_id=known, status=CustomerStatus.DELETED)


def _profile(given: CreateCustomerRequest | CustomerProfile) -> dict[str, Any]:
    """What a profile holds."""
    return {
        "merchantCustomerId": given.merchant_customer_id or None,
        "description": given.description or None,
        "email": given.email or None,
    }


def _customer(profile: CustomerProfile) -> Customer:
    """The customer that a profile is. Empty texts stand for nothing."""
    return Customer(
        connector_customer_id=made_id("customerProfileId", profile.customer_profile_id),
        merchant_customer_id=echoed(profile.merchant_customer_id),
        email=profile.email or None,
        description=profile.description or None,
    )
