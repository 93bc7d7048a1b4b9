"""What is sent in more than one operation: the transaction, its card options, addresses, lines."""

from collections.abc import Mapping
from typing import Any

from prism_core import (
    Address,
    AuthenticationData,
    AuthenticationType,
    AuthorizeRequest,
    BrowserInfo,
    ChargeRecurringRequest,
    MitCategory,
    Money,
    OrderLine,
    SetupRecurringRequest,
    needs,
)
from prism_core.connector.values import without_nones

from .account import BraintreeAccount as Account

# https://developer.paypal.com/braintree/graphql/reference/types/payment-initiator
INITIATORS = {
    MitCategory.RECURRING_MIT: "RECURRING",
    MitCategory.UNSCHEDULED_MIT: "UNSCHEDULED",
    MitCategory.INSTALLMENT_MIT: "INSTALLMENT",
}
STORE = {"when": "ON_SUCCESSFUL_TRANSACTION"}


def address(known: Address | None) -> dict[str, str | None] | None:
    """https://developer.paypal.com/braintree/graphql/reference/types/address-input"""
    if known is None:
        return None
    return {
        "firstName": known.first_name,
        "lastName": known.last_name,
        "addressLine1": known.line1,
        "addressLine2": known.line2,
        "adminArea2": known.city,
        "adminArea1": known.state,
        "postalCode": known.zip_code,
        "countryCode": known.country_alpha2_code,
    }


def custom_fields(given: Mapping[str, str] | None) -> list[dict[str, str]] | None:
    """https://developer.paypal.com/braintree/graphql/reference/types/custom-field-input"""
    return [{"name": name, "value": value} for name, value in given.items()] if given else None


def risk(browser: BrowserInfo | None) -> dict[str, Any] | None:
    """https://developer.paypal.com/braintree/graphql/reference/types/risk-data-input"""
    if browser is None:
        return None
    return {
        "customerBrowser": browser.user_agent,
        "customerIp": browser.ip_address,
        "deviceData": browser.device_data,
    }


def line(one: OrderLine) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/transaction-line-item-input:
    `totalAmount` is quantity times `unitAmount`, with two decimals at most."""
    price, tax = one.amount, one.total_tax_amount
    return {
        "name": one.product_name,
        "kind": "DEBIT",
        "quantity": str(one.quantity),
        "unitAmount": price.to_decimal(),
        "totalAmount": Money(price.minor_amount * one.quantity, price.currency).to_decimal(),
        "taxAmount": tax.to_decimal() if tax else None,
        "unitOfMeasure": one.unit_of_measure,
        "productCode": one.product_id,
        "commodityCode": one.product_tax_code,
        "description": one.description,
        "imageUrl": one.product_img_link,
    }


def lines(request: AuthorizeRequest | ChargeRecurringRequest) -> list[dict[str, Any]] | None:
    """The lines of an order. They have two decimals at most, so that those with three are left
    out: `not_sent` names them."""
    if request.amount.exponent > 2 or request.order_details is None:
        return None
    return [line(one) for one in request.order_details]


def transaction(
    request: AuthorizeRequest | ChargeRecurringRequest, account: Account
) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/transaction-input: what every
    payment has."""
    return {
        "amount": request.amount.to_decimal(),
        "merchantAccountId": account.merchant_account(request.amount),
        "orderId": request.merchant_transaction_id,
        "customFields": custom_fields(request.metadata),
        "lineItems": lines(request),
    }


def authentication(known: AuthenticationData) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/three-d-secure-pass-through-input"""
    return {
        "eciFlag": needs("authentication_data", known.eci, "with its eci"),
        "cavv": known.cavv,
        "version": known.message_version,
        "authenticationResponse": known.trans_status,
        "directoryServerTransactionId": known.ds_transaction_id,
        "threeDSecureServerTransactionId": known.threeds_server_transaction_id,
    }


def card_options(request: AuthorizeRequest | SetupRecurringRequest) -> dict[str, Any] | None:
    """https://developer.paypal.com/braintree/graphql/reference/types/credit-card-transaction-options-input:
    what cards alone have; None if nothing of it is given."""
    secure: dict[str, Any] = {}
    if request.auth_type is AuthenticationType.THREE_DS:
        secure["required"] = True
    if request.authentication_data is not None:
        secure["passThrough"] = authentication(request.authentication_data)
    options = {
        "billingAddress": address(request.billing_address),
        "threeDSecureAuthentication": secure or None,
    }
    return without_nones(options) or None
