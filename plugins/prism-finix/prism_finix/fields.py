"""What is sent in more than one operation: tags, names, addresses."""

from prism_core import (
    Address,
    CreateCustomerRequest,
    InvalidRequest,
    UpdateCustomerRequest,
    at_most,
)
from prism_core.connector.values import two_names

from .countries import ALPHA3

# The names of tags that are the connector's own.
RESERVED = (
    "merchant_customer_id",
    "merchant_transaction_id",
    "merchant_order_id",
    "merchant_refund_id",
    "merchant_mandate_id",
    "merchant_payment_method_id",
    "setup_future_usage",
    "description",
)


def country(alpha2: str | None) -> str | None:
    """Finix writes countries with three letters."""
    if alpha2 is None:
        return None
    if alpha2 not in ALPHA3:
        raise InvalidRequest(f"Finix has no country {alpha2}")
    return ALPHA3[alpha2]


def address(known: Address | None) -> dict[str, str | None] | None:
    """https://docs.finix.com/api/payment-instruments, `address`"""
    if known is None:
        return None
    return {
        "line1": known.line1,
        "line2": known.line2,
        "city": known.city,
        "region": known.state,
        "postal_code": known.zip_code,
        "country": country(known.country_alpha2_code),
    }


def entity(request: CreateCustomerRequest | UpdateCustomerRequest) -> dict[str, object]:
    """https://docs.finix.com/api/identities: two names of up to 20 characters, and no
    `business_type`, which would make a seller of a buyer."""
    first, last = two_names(request)
    return {
        "first_name": at_most(20, "name", first),
        "last_name": at_most(20, "name", last),
        "email": request.email,
        "phone": request.phone,
        "personal_address": address(request.address),
    }
