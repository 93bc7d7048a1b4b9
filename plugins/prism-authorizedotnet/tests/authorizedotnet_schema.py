"""Authorize.Net's XML schema as the judge of JSON bodies: JSON order is element order.

The schema comes as the bindings in its own SDK (`authorizenet` on PyPI, not for Python 3.13), which
let any element pass wherever the schema ends: that is turned off, so that an element which the
schema does not have, or has elsewhere, is refused.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

import msgspec

NAMESPACE = "AnetApi/xml/v1/schema/AnetApiSchema.xsd"


@cache
def bindings() -> ModuleType | None:
    """The schema's bindings, or None where they are not installed."""
    try:
        from authorizenet import apicontractsv1
        from pyxb.binding import content
    except ImportError:
        return None
    content.Wildcard.matches = lambda *_: False
    logging.getLogger("pyxb").setLevel(logging.CRITICAL)  # the exception says it all
    found: ModuleType = apicontractsv1
    return found


def violations(body: bytes) -> list[str]:
    """What the schema does not allow in a request's body. There must be bindings."""
    import pyxb

    schema = bindings()
    assert schema is not None
    try:
        schema.CreateFromDocument(as_xml(body))
    except pyxb.ValidationError as problem:
        return [f"{type(problem).__name__}: {problem}"]
    return []


def judged(method: str, url: str, headers: Mapping[str, str], body: bytes) -> list[str]:
    """What the schema does not allow about a request: its body says it all."""
    return violations(body)


def as_xml(body: bytes) -> str:
    """A JSON body as the XML that Authorize.Net makes of it."""
    ((name, children),) = msgspec.json.decode(body).items()
    return f'<{name} xmlns="{NAMESPACE}">{_content(children)}</{name}>'


def _content(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(
            f"<{name}>{_content(one)}</{name}>"
            for name, entry in value.items()
            for one in (entry if isinstance(entry, list) else [entry])
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    # XML 1.0 has no such characters; Authorize.Net has no word on what it makes of them.
    return escape(str(value)).replace("\ufffe", "?").replace("\uffff", "?")
