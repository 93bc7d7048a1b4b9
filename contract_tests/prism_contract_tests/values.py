"""Values to try in the fields of a request: two of each part that has several."""

from __future__ import annotations

from typing import Any

from prism_core import (
    AcceptanceType,
    Address,
    AuthenticationData,
    BrowserInfo,
    CustomerAcceptance,
    Secret,
)

HOLDER = "Grace Hopper"


def _pair(begin: str) -> tuple[str, str]:
    """Two ids that differ in their last character."""
    return f"{begin}1", f"{begin}2"


ADDRESS = {
    "first_name": "Grace",
    "last_name": "Hopper",
    "line1": "17 Kitstreet",
    "line2": "Kitfloor",
    "line3": "Kitdoor",
    "city": "Kitville",
    "state": "CA",
    "zip_code": "94107",
    "country_alpha2_code": "US",
    "email": "billing@kit.example",
    "phone_number": "+14155552673",
}
"""A part of an address by its name; each differs from what exchanges usually hold."""
assert set(ADDRESS) == set(Address.__struct_fields__)
_BROWSER: dict[str, tuple[Any, Any]] = {
    "ip_address": ("203.0.113.7", "203.0.113.8"),
    "user_agent": ("Kitbrowser/1.0", "Kitbrowser/2.0"),
    "accept_header": ("text/html", "text/html,*/*"),
    "accept_language": ("de-DE", "en-GB"),
    "language": ("de-DE", "en-GB"),
    "referer": ("https://kit.example/basket", "https://kit.example/pay"),
    "origin": ("https://kit.example", "https://www.kit.example"),
    "color_depth": (24, 32),
    "screen_height": (900, 1080),
    "screen_width": (1440, 1920),
    "time_zone_offset_minutes": (-60, 300),
    "java_enabled": (True, False),
    "java_script_enabled": (True, False),
    "os_type": ("iOS", "Android"),
    "os_version": ("17", "18"),
    "device_model": ("Kitphone 1", "Kitphone 2"),
    "device_data": (Secret("kit_device_4711"), Secret("kit_device_4712")),
}
_ACCEPTANCE: dict[str, tuple[Any, Any]] = {
    "acceptance_type": (AcceptanceType.ONLINE, AcceptanceType.OFFLINE),
    "accepted_at": (1_780_000_000, 1_780_086_400),
    "ip_address": _BROWSER["ip_address"],
    "user_agent": _BROWSER["user_agent"],
}
_AUTHENTICATION: dict[str, tuple[Any, Any]] = {
    "eci": ("05", "06"),
    "cavv": (Secret("AAABBEg0VhI0VniQEjRWAAAAAAA="), Secret("AAABBEg0VhI0VniQEjRWAAAAAAB=")),
    "message_version": ("2.2.0", "2.1.0"),
    "trans_status": ("Y", "A"),
    "ds_transaction_id": _pair("c4e59ceb-a382-4d6a-bc87-385d591fa09"),
    "acs_transaction_id": _pair("f25084f0-5b16-4c0a-ae5d-b24808a95e4"),
    "threeds_server_transaction_id": _pair("d65e93c3-35ab-41ba-b307-767bfc19eae"),
    "exemption_indicator": ("lowValue", "transactionRiskAnalysis"),
    "ucaf_collection_indicator": ("2", "1"),
}
STRUCTURES: dict[type[Any], dict[str, tuple[Any, Any]]] = {
    BrowserInfo: _BROWSER,
    CustomerAcceptance: _ACCEPTANCE,
    AuthenticationData: _AUTHENTICATION,
}
"""By class: two values of each part."""
assert all({*parts} == {*kind.__struct_fields__} for kind, parts in STRUCTURES.items())
