"""The circumstances of a payment: the shopper's browser, 3-D Secure that was done elsewhere, and
the lines of the order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from prism_adyen.shapes import amount_of
from prism_core import (
    AuthenticationData,
    AuthenticationType,
    BrowserInfo,
    InvalidRequest,
    Money,
    OrderLine,
)

_BROWSER = {
    "color_depth": "colorDepth",
    "screen_height": "screenHeight",
    "screen_width": "screenWidth",
    "time_zone_offset_minutes": "timeZoneOffset",
    "java_enabled": "javaEnabled",
    "language": "language",
    "accept_header": "acceptHeader",
    "user_agent": "userAgent",
}
"""What Adyen requires of a browser, by Prism's names: all of it, or no browserInfo. First is what
only a script in the page knows: without it, nothing of the others is read, nor sent."""


def browser(info: BrowserInfo | None) -> dict[str, Any]:
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-browserInfo. With the
    page's origin, 3-D Secure can be done in the page (native)."""
    if info is None:
        return {}
    told: dict[str, Any] = {"shopperIP": info.ip_address, "riskData": _risk(info)}
    if info.color_depth is None:
        return told
    known = {adyens: getattr(info, name) for name, adyens in _BROWSER.items()}
    missing = [name for name, adyens in _BROWSER.items() if known[adyens] is None]
    if missing:
        raise InvalidRequest(
            f"Adyen needs {', '.join(missing)} of browser_info beside color_depth; give all of "
            "them, or leave color_depth out",
            field="browser_info",
        )
    known["javaScriptEnabled"] = info.java_script_enabled
    return {**told, "browserInfo": known, "channel": "Web", "origin": _origin(info.origin)}


def _risk(info: BrowserInfo) -> dict[str, Any] | None:
    return None if info.device_data is None else {"clientData": info.device_data}


def _origin(origin: str | None) -> str | None:
    if origin is not None and len(origin) > 80:
        raise InvalidRequest(
            "browser_info.origin has up to 80 characters here", field="browser_info"
        )
    return origin


def authentication(
    asked: object, browser: dict[str, Any], *, by_library: bool = False
) -> dict[str, Any] | None:
    """https://docs.adyen.com/online-payments/3d-secure/native-3ds2: in the page, for which Adyen
    wants the browser and the page's origin; else on a page to which the shopper is sent. Of a
    session, Adyen's library or page decides that."""
    is_native = browser.get("origin") is not None
    how = {"threeDSRequestData": {"nativeThreeDS": "preferred" if is_native else "disabled"}}
    if asked is AuthenticationType.NO_THREE_DS:
        return {"attemptAuthentication": "never"}
    if asked is AuthenticationType.THREE_DS:
        return {"attemptAuthentication": "always", **({} if by_library else how)}
    return how if is_native else None


def authenticated(done: AuthenticationData | None) -> dict[str, Any] | None:
    """https://docs.adyen.com/online-payments/3d-secure/other-3ds-flows: what another server for
    3-D Secure found. There is one status in the request, and Adyen has two places: that of the
    directory server, which has all statuses, and that of a challenge, which has four."""
    if done is None:
        return None
    status = done.trans_status
    if status is not None and status not in tuple("ACDINRUY"):
        raise InvalidRequest(
            "authentication_data.trans_status is one of A, C, D, I, N, R, U and Y at Adyen",
            field="authentication_data",
        )
    data = {
        "cavv": done.cavv,
        "eci": done.eci,
        "dsTransID": done.ds_transaction_id,
        "threeDSVersion": done.message_version,
        "directoryResponse": status,
        "authenticationResponse": status if status in tuple("ANUY") else None,
    }
    return data if any(value is not None for value in data.values()) else None


def lines(details: Sequence[OrderLine] | None) -> list[dict[str, Any]] | None:
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-lineItems: Adyen's
    amounts are those of one piece."""
    return None if details is None else [_line(one) for one in details]


def _line(line: OrderLine) -> dict[str, Any]:
    net, tax = _value(line.amount), _tax_of_one(line)
    return {
        "id": line.product_id,
        "description": line.product_name,
        "itemCategory": line.category,
        "imageUrl": line.product_img_link,
        "quantity": line.quantity,
        "amountIncludingTax": net + (tax or 0),
        "amountExcludingTax": None if tax is None else net,
        "taxAmount": tax,
        "taxPercentage": _basis_points(line.tax_rate),
    }


def _tax_of_one(line: OrderLine) -> int | None:
    if line.total_tax_amount is None:
        return None
    one, rest = divmod(_value(line.total_tax_amount), line.quantity)
    if rest:
        raise InvalidRequest(
            "Adyen has the tax of one piece: a line's total_tax_amount must be a multiple of its "
            "quantity, or the line be split",
            field="order_details",
        )
    return one


def _value(amount: Money) -> int:
    counted = amount_of(amount)
    assert counted is not None
    return int(counted["value"])


def _basis_points(percent: Decimal | None) -> int | None:
    """A percentage in hundredths of a percent, as Adyen counts it."""
    if percent is None:
        return None
    points = percent * 100
    if points != points.to_integral_value():
        raise InvalidRequest("tax_rate has up to two decimals at Adyen", field="order_details")
    return int(points)
