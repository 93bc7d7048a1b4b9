"""Customer profiles: created, looked up, changed, deleted, as
https://developer.authorize.net/api/reference/index.html#customer-profiles describes them.
"""

from __future__ import annotations

from typing import Any

import msgspec

from prism_authorizedotnet.account import AuthorizeNetAccount as Account
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
        self, request: CreateCustomerRequest, account: Account
    ) -> Flow[CustomerCreated]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-create-customer-profile"""
        own_id, element = request.merchant_customer_id, "createCustomerProfileRequest"
        body = yield from account.carry_out(element, own_id, CustomerMade, profile=_sent(request))
        return CustomerCreated(
            connector_customer_id=made_id(body.customer_profile_id),
            merchant_customer_id=echoed(body.ref_id),
        )

    @hookimpl
    def get_customer(self, request: GetCustomerRequest, account: Account) -> Flow[Customer]:
        """By Authorize.Net's id or by the caller's own."""
        known, own_id = request.connector_customer_id, request.merchant_customer_id
        ids = {"customerProfileId": known, "merchantCustomerId": own_id}
        found = _customer((yield from profile_of(account, **ids)))
        expect_same("merchant_customer_id", own_id, found.merchant_customer_id)
        return found

    @hookimpl
    def update_customer(self, request: UpdateCustomerRequest, account: Account) -> Flow[Customer]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-update-customer-profile,
        which empties what is not sent: the profile is asked for that first."""
        known = request.connector_customer_id
        fields = ("merchant_customer_id", "description", "email")
        given = {name: getattr(request, name) for name in fields}
        now = yield from profile_of(account, customerProfileId=known)
        expect_same("connector_customer_id", known, id_of(now.customer_profile_id))
        whole = msgspec.structs.replace(now, **{name: one for name, one in given.items() if one})
        profile = {**_sent(whole), "customerProfileId": known}
        yield from account.carry_out("updateCustomerProfileRequest", known, Done, profile=profile)
        return _customer(whole)

    @hookimpl
    def delete_customer(self, request: DeleteCustomerRequest, account: Account) -> Flow[Customer]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-delete-customer-profile"""
        known, element = request.connector_customer_id, "deleteCustomerProfileRequest"
        yield from account.carry_out(element, known, Done, customerProfileId=known)
        return Customer(connector_customer_id=known, status=CustomerStatus.DELETED)


def profile_of(account: Account, **sought: Any) -> Flow[CustomerProfile]:
    """https://developer.authorize.net/api/reference/index.html#customer-profiles-get-customer-profile"""
    asked = account.ask("getCustomerProfileRequest", changes=False, **sought)
    return (yield from account.fetch(asked, CustomerFound)).profile


def _sent(profile: CreateCustomerRequest | CustomerProfile) -> dict[str, Any]:
    """What a profile holds. Empty texts stand for nothing."""
    return {
        "merchantCustomerId": profile.merchant_customer_id or None,
        "description": profile.description or None,
        "email": profile.email or None,
    }


def _customer(profile: CustomerProfile) -> Customer:
    """The customer that a profile is."""
    return Customer(
        connector_customer_id=made_id(profile.customer_profile_id),
        merchant_customer_id=echoed(profile.merchant_customer_id),
        email=profile.email or None,
        description=profile.description or None,
    )
