"""Adds the caller's `connector_feature_data` to the body of a processor's request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from prism_core.connector.bodies import form_body
from prism_core.connector.http import HttpRequest

_FORM = "application/x-www-form-urlencoded"
# An amount keeps its digits: 10.00 is neither 10.0 nor a float.
_BODY = msgspec.json.Decoder(dict[str, Any], float_hook=lambda said: msgspec.Raw(said.encode()))


def add_feature_data(request: HttpRequest, data: Mapping[str, Any]) -> str | None:
    """Adds fields to a body of JSON or a form; what is there already is never replaced. Returns
    what is wrong if that cannot be done."""
    if request.body[:1] == b"{":
        body = _BODY.decode(request.body)
        taken = _merged(body, data, "")
        if taken is None:
            request.body = msgspec.json.encode(body)
    elif request.headers.get("content-type") == _FORM:
        try:
            taken = _in_form(request, data)
        except TypeError:  # JSON has it, and a form has no way to write it
            return "cannot have None in a list here: the processor's request is a form"
    else:
        return "cannot be added here: the processor's request has no body for it"
    return taken and f"cannot have {taken}: Prism sends that itself; leave it out"


def _merged(body: dict[str, Any], data: Mapping[str, Any], path: str) -> str | None:
    """Adds `data` to `body`. Returns the first field that is there already."""
    for name, value in data.items():
        here = f"{path}{name}"
        if name not in body and not any(one.lower() == name.lower() for one in body):
            body[name] = value
        elif isinstance(body.get(name), dict) and isinstance(value, Mapping):
            taken = _merged(body[name], value, f"{here}.")
            if taken is not None:
                return taken
        else:
            return here
    return None


def _in_form(request: HttpRequest, data: Mapping[str, Any]) -> str | None:
    """Adds `data` to a form. Returns the first field that is there already, in whatever spelling:
    servers read a part of a value, a new entry of a list and brackets in a name as the same."""
    own = request.body.decode()
    more = form_body(data).decode()
    sent = [_path(pair) for pair in own.split("&") if pair]
    for pair in more.split("&") if more else ():
        path = _path(pair)
        if any(_is_same_field(path, one) for one in sent):
            return unquote_plus(pair.partition("=")[0])
    request.body = "&".join(filter(None, (own, more))).encode()
    return None


def _path(pair: str) -> tuple[str, ...]:
    """The names of which the name of a form's field consists."""
    name = unquote_plus(pair.partition("=")[0])
    return tuple(one.strip().lower() for one in re.findall(r"[^\[\]]+", name))


def _is_same_field(path: tuple[str, ...], sent: tuple[str, ...]) -> bool:
    """Whether one of two fields is the other or holds it, or is in a list that the other is in."""
    at = next((at for at, one in enumerate(sent) if one.isdigit()), len(sent))
    shared = min(len(path), at)
    return path[:shared] == sent[:shared]
