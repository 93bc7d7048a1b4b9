"""Parts of Adyen's requests that several operations have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from prism_core import AuthenticationType, CaptureMethod, InvalidRequest, at_most, needs

_STATEMENT = re.compile(r"[A-Za-z0-9 .,'_?+*/-]{1,22}")


def capture(method: object, increments: bool | None = None) -> dict[str, Any]:
    """https://docs.adyen.com/online-payments/capture: for this payment, whatever the account's
    own settings are. https://docs.adyen.com/online-payments/adjust-authorisation: only a
    pre-authorization can be raised later, and only by hand is it captured."""
    if method is CaptureMethod.MANUAL:
        kind = {"authorisationType": "PreAuth"} if increments else {}
        return {"additionalData": {"manualCapture": "true", **kind}}
    if increments:
        raise InvalidRequest(
            "an authorization that is to be raised later needs capture_method MANUAL at Adyen",
            field="request_incremental_authorization",
        )
    return {"captureDelayHours": 0}


def authentication(auth_type: object) -> dict[str, Any] | None:
    """https://docs.adyen.com/online-payments/3d-secure/api-reference: natively, which is without a
    redirect, only with data of the shopper's browser, which no request here has."""
    if auth_type is None:
        return None
    if auth_type is not AuthenticationType.THREE_DS:
        return {"attemptAuthentication": "never"}
    redirected = {"nativeThreeDS": "disabled"}
    return {"attemptAuthentication": "always", "threeDSRequestData": redirected}


def return_url(url: str | None) -> str:
    """Where the shopper comes back to, which Adyen wants of every payment."""
    at_most(8000, "return_url", url)
    return needs("return_url", url, "with every payment")


def shopper_reference(customer_id: str | None) -> str | None:
    """The caller's own id of the shopper; whose it is, is Adyen's to keep apart."""
    if customer_id is not None and len(customer_id) < 3:
        raise InvalidRequest(
            "connector_customer_id has at least 3 characters at Adyen",
            field="connector_customer_id",
        )
    return customer_id


def statement(suffix: str | None) -> str | None:
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-shopperStatement"""
    if suffix is not None and not _STATEMENT.fullmatch(suffix):
        raise InvalidRequest(
            "statement_descriptor_suffix has up to 22 letters, digits, spaces and . , ' _ - ? + * /"
            " at Adyen",
            field="statement_descriptor_suffix",
        )
    return suffix


def metadata(given: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """The limits of https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-metadata"""
    if given and (len(given) > 20 or any(len(key) > 20 or len(given[key]) > 80 for key in given)):
        raise InvalidRequest(
            "metadata has up to 20 keys of 20 characters, with values of 80, at Adyen",
            field="metadata",
        )
    return given


def needed(customer_id: str | None, what: str) -> str:
    """The shopper, where Adyen does nothing without one."""
    return needs("connector_customer_id", shopper_reference(customer_id), f"to {what}")
