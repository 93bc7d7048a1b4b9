"""Card numbers where a client was opened without them: in a token or in the caller's own fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from prism_core.schema.base import Request, Schema
from prism_core.schema.payment_methods import CARD_DATA, BankDebit, passes_luhn
from prism_core.schema.secrets import Secret

# Cards begin with 2 to 6, unlike the ids of digits that some processors give.
_NUMBER = re.compile(r"(?<![0-9A-Za-z_])[2-6](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z])")


def field_with_card_number(request: Request) -> str | None:
    """The field of a request that holds a card number where none should be. A bank's account
    numbers may look like one."""
    method = getattr(request, "payment_method", None)
    if isinstance(method, Schema) and not isinstance(method, (*CARD_DATA, BankDebit)):
        secrets = (getattr(method, name) for name in method.__struct_fields__)
        texts = (one.reveal() for one in secrets if isinstance(one, Secret))
        if any(map(holds_card_number, texts)):
            return "payment_method"
    for name in ("connector_feature_data", "json", "form", "query"):
        more = getattr(request, name, None)
        if more and _in_texts(more):
            return name
    return None


def holds_card_number(text: str) -> bool:
    """Whether a text, or what it holds as JSON, has a card number in it."""
    found = (one.replace(" ", "").replace("-", "") for one in _NUMBER.findall(text))
    return any(map(passes_luhn, found)) or (text[:1] in "{[" and _in_json(text))


def _in_json(text: str) -> bool:
    try:
        return _in_texts(msgspec.json.decode(text))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False


def _in_texts(value: object) -> bool:
    return any(map(holds_card_number, _texts(value)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, (str, int)):
        yield str(value)
