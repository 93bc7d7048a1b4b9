"""Adds the caller's `connector_feature_data` to the body of a processor's request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from prism_core.connector.http import HttpRequest, form_body

_FORM = "application/x-www-form-urlencoded"


def add_feature_data(request: HttpRequest, data: Mapping[str, Any]) -> str | None:
    """Adds fields to a body of JSON or a form; what is there already is never replaced. Returns
    what is wrong if that cannot be done."""
    if request.body[:1] == b"{":
        body = msgspec.json.decode(request.body)
        taken = _merged(body, data, "")
        if taken is None:
            request.body = msgspec.json.encode(body)
    elif request.headers.get("content-type") == _FORM:
        taken = _in_form(request, data)
    else:
        return "cannot be added here: the processor's request has no body for it"
    return taken and f"cannot have {taken}: Prism sends that itself; leave it out"


def _merged(body: dict[str, Any], data: Mapping[str, Any], path: str) -> str | None:
    """Adds `data` to `body`. Returns the first field that is there already."""
    for name, value in data.items():
        here = f"{path}{name}"
        if name not in body:
            body[name] = value
        elif isinstance(body[name], dict) and isinstance(value, Mapping):
            taken = _merged(body[name], value, f"{here}.")
            if taken is not None:
                return taken
        else:
            return here
    return None


def _in_form(request: HttpRequest, data: Mapping[str, Any]) -> str | None:
    own = request.body.decode()
    more = form_body(data).decode()
    names = {pair.partition("=")[0] for pair in own.split("&")}
    for pair in more.split("&"):
        name = pair.partition("=")[0]
        if name in names:
            return unquote_plus(name)
    request.body = "&".join(filter(None, (own, more))).encode()
    return None
