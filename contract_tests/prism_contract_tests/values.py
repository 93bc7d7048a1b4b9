"""Values to try in the fields of a request: other texts, every choice, two of each part that has
several."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any, get_args, get_type_hints

from prism_core import (
    AcceptanceType,
    Address,
    AuthenticationData,
    BrowserInfo,
    CustomerAcceptance,
    Secret,
)
from prism_core.schema.checks import Email, Identifier, Phone, Text, Url

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


def fresh(text: str) -> str:
    """Another text of the same form: its last part with other letters and digits."""
    cut = max(text.rfind("_"), text.rfind("-")) + 1
    changed = re.sub(r"[A-Za-z0-9]", _next, text[cut:])
    return text[:cut] + changed if changed != text[cut:] else f"{text}2"


def _next(match: re.Match[str]) -> str:
    character = match.group()
    if character.isdigit():
        return str(int(character) % 9 + 1)
    first = "a" if character.islower() else "A"
    return chr((ord(character) - ord(first) + 7) % 26 + ord(first))


def hint_of(kind: type[Any], field: str) -> Any:
    """The annotation of a field, without None where it is optional."""
    hint = get_type_hints(kind, include_extras=True)[field]
    members = [member for member in get_args(hint) if member is not type(None)]
    optional = type(None) in get_args(hint)
    return members[0] if optional and len(members) == 1 else hint


def words(kind: type[Any], field: str, now: Any) -> list[str] | None:
    """Texts to try in a text-like field, the best first; None for a field of another kind."""
    hint = hint_of(kind, field)
    if hint in (Text, Identifier):
        own = [fresh(now)] if isinstance(now, str) else []
        more = ["kit_4711", "KITWORD", "471147114711471"]
        return [*own, *(more if hint == Identifier else ["Kitword", "KITWORD"])]
    others = {Email: "grace@kit.example", Phone: "+14155552673", Url: "https://kit.example/back"}
    return [others[hint]] if hint in others else None


def choices(kind: type[Any], field: str) -> list[Any] | None:
    """Every value of an enumeration or yes-no field; None for a field of another kind."""
    hint = hint_of(kind, field)
    if hint is bool:
        return [True, False]
    return list(hint) if isinstance(hint, type) and issubclass(hint, Enum) else None
