"""What clients may send: a customer, an address, a payment, an order, a mandate, and what is done
to one; `method_shapes` has the payment methods."""

from __future__ import annotations

from prism_sandbox.server.checks import (
    boolean,
    integer,
    list_of,
    object_of,
    one_of,
    text,
    text_map,
    web_url,
)
from prism_sandbox.server.method_shapes import ANY_METHOD, NEW_METHOD, PAGE_METHOD, STORABLE

_ADDRESS_LINES = (
    *("first_name", "last_name", "line1", "line2", "line3"),
    *("city", "state", "zip_code", "country", "email", "phone"),
)
_ADDRESS = object_of({}, dict.fromkeys(_ADDRESS_LINES, text()))
CUSTOMER = object_of(
    {},
    {
        "reference": text(),
        "name": text(),
        "email": text(),
        "phone": text(),
        "description": text(),
        "address": _ADDRESS,
        "metadata": text_map,
    },
)
_AMOUNT = integer(1, 999_999_999_999)
_CURRENCY = text(r"[A-Z]{3}", allowed="three upper-case letters, such as USD")
_PART = {"amount": _AMOUNT, "currency": _CURRENCY}
_ABOUT = {"reference": text(), "metadata": text_map}
_NUMBER = integer(-100_000, 100_000)
_BROWSER = object_of(
    {},
    {
        **dict.fromkeys(
            (
                *("ip_address", "user_agent", "accept_header", "accept_language", "language"),
                *("referer", "origin", "os_type", "os_version", "device_model", "device_data"),
            ),
            text(),
        ),
        **dict.fromkeys(
            ("color_depth", "screen_height", "screen_width", "time_zone_offset_minutes"), _NUMBER
        ),
        **dict.fromkeys(("java_enabled", "java_script_enabled"), boolean),
    },
)
_ACCEPTANCE = object_of(
    {"type": one_of("online", "offline")},
    {"accepted_at": integer(0, 99_999_999_999), "ip_address": text(), "user_agent": text()},
)
_AUTHENTICATION = object_of(
    {},
    dict.fromkeys(
        (
            *("eci", "cavv", "message_version", "trans_status", "ds_transaction_id"),
            *("acs_transaction_id", "threeds_server_transaction_id", "exemption_indicator"),
            "ucaf_collection_indicator",
        ),
        text(),
    ),
)
_LINE = object_of(
    {"name": text(), "quantity": integer(1, 1_000_000), "amount": integer(0, 999_999_999_999)},
    {
        "tax_amount": integer(0, 999_999_999_999),
        **dict.fromkeys(
            (
                *("tax_rate", "product_id", "description", "category", "image_url"),
                *("product_type", "tax_code", "unit"),
            ),
            text(),
        ),
    },
)
_OWN = object_of(
    {}, {"settle_seconds": integer(0, 86_400), "expires_seconds": integer(1, 31_536_000)}
)
_CIRCUMSTANCES = {
    "customer": text(),
    "person": object_of({}, dict.fromkeys(("name", "email", "phone"), text())),
    "three_d_secure": one_of("required", "none"),
    "return_url": web_url,
    "cancel_url": web_url,
    "webhook_url": web_url,
    "locale": text(),
    "description": text(),
    "billing_address": _ADDRESS,
    "browser": _BROWSER,
    "sandbox": _OWN,
    **_ABOUT,
}
"""What may be told of every payment and mandate that a customer makes."""
_PAYMENT = {
    **_CIRCUMSTANCES,
    "order_reference": text(),
    "capture": one_of("automatic", "manual"),
    "setup_future_usage": one_of("on_session", "off_session"),
    "statement_descriptor_suffix": text(),
    "order_details": list_of(_LINE, 100),
    "shipping_address": _ADDRESS,
}
_MIT = {
    "mit_category": one_of("recurring", "unscheduled", "installment", "resubmission"),
    "network_transaction_id": text(),
}
PAYMENT = object_of(
    {**_PART, "payment_method": ANY_METHOD},
    {
        **_PAYMENT,
        **_MIT,
        "off_session": boolean,
        "incremental": boolean,
        "acceptance": _ACCEPTANCE,
        "authentication": _AUTHENTICATION,
    },
)
ORDER = object_of(
    {},
    {
        **_PART,
        **_PAYMENT,
        "mode": one_of("payment", "setup"),
        "hosted": boolean,
        "payment_method_types": list_of(text(r"[a-z_]+", allowed="a type, such as card"), 50),
        "acceptance": _ACCEPTANCE,
    },
)
TOKEN = object_of({"payment_method": NEW_METHOD}, {"client_secret": text()})
CLIENT_TOKEN = object_of(
    {}, {"customer": text(), "domain": text(), "validation_url": web_url, "locale": text()}
)
CHECKOUT = object_of({"client_secret": text()}, {})
CHECKOUT_PAYMENT = object_of({"client_secret": text(), "payment_method": PAGE_METHOD}, {})

CAPTURE = object_of({}, {**_PART, **_ABOUT})
VOID = object_of({}, {"reason": text(), **_ABOUT})
INCREMENT = object_of({"amount": _AMOUNT}, {"currency": _CURRENCY, "description": text(), **_ABOUT})
REFUND = object_of({}, {**_PART, "reason": text(), **_ABOUT})

PAYMENT_METHOD = object_of(
    {"payment_method": STORABLE},
    {"customer": text(), "billing_address": _ADDRESS, **_ABOUT},
)
MANDATE = object_of(
    {"payment_method": ANY_METHOD},
    {
        **_PART,
        **_CIRCUMSTANCES,
        "acceptance": _ACCEPTANCE,
        "authentication": _AUTHENTICATION,
    },
)
CHARGE = object_of(
    _PART,
    {
        **_MIT,
        "customer": text(),
        "webhook_url": web_url,
        "order_reference": text(),
        "order_details": list_of(_LINE, 100),
        "statement_descriptor_suffix": text(),
        "description": text(),
        "sandbox": _OWN,
        **_ABOUT,
    },
)
REVOCATION = object_of({}, {"reference": text(), "customer": text()})
