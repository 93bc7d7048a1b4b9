"""Reading what a client sends: the body within its size limit, then as JSON or as a form."""

from __future__ import annotations

import json
from typing import Any, NoReturn
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request

from prism_sandbox.server.errors import ApiError, invalid

MAX_BODY = 64 * 1024
# A little more is read and dropped: closing on unread bytes would lose our 413 on its way.
_MAX_DRAINED = 1024 * 1024


async def read_json(request: Request) -> Any:
    """The body as JSON that is safe to store and to send back."""
    body = await _read(request)
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        # What cannot be written back: lone surrogates, 1e999, nesting near the stack's end.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError):
        # `from None`: the original error repeats what was sent.
        raise invalid(None, "The body is not valid JSON in UTF-8.", code="invalid_json") from None
    return value


async def read_form(request: Request) -> dict[str, list[str]]:
    """The fields of an HTML form."""
    body = await _read(request)
    try:
        return parse_qs(body.decode("ascii", "replace"), max_num_fields=10)
    except ValueError:
        raise invalid(None, "The form has too many fields.") from None


async def _read(request: Request) -> bytes:
    kept = bytearray()
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= MAX_BODY:
                kept += chunk
            if size > _MAX_DRAINED:
                break
    except ClientDisconnect:
        raise invalid(None, "The client went away.") from None
    if size > MAX_BODY:
        message = f"The body is larger than {MAX_BODY} bytes."
        raise ApiError(413, "invalid_request", "body_too_large", message)
    return bytes(kept)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
