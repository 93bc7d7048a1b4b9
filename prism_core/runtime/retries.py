"""Retries: whether a request may be sent again, and after how long."""

from __future__ import annotations

import time

from prism_core.connector.http import Failure, HttpRequest, HttpResponse
from prism_core.errors import ConnectorError, PrismError, TransportError
from prism_core.runtime.call import Call

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0


def may_repeat(call: Call, request: HttpRequest, error: PrismError) -> bool:
    """Whether it is safe to send the request again, and whether that can help."""
    if isinstance(error, TransportError) and error.outcome == "not_sent":
        return True
    if request.changes and not _is_protected(call, request, error):
        return False
    return isinstance(error, TransportError) or (
        isinstance(error, ConnectorError) and error.retryable
    )


def _is_protected(call: Call, request: HttpRequest, error: PrismError) -> bool:
    """Whether the key of a change prevents a second execution, after this error."""
    forgotten = isinstance(error, ConnectorError) and (error.status_code or 0) >= 500
    survives = call.account.keys_survive_5xx or not forgotten
    return request.idempotency_key is not None and survives


def pause_before(retries: int, reply: HttpResponse | Failure) -> float:
    """Seconds to wait: as `Retry-After` says, else longer each time, with a random part."""
    if isinstance(reply, HttpResponse):
        asked = retry_after(reply)
        if asked is not None:
            return asked
    import random  # not needed before, and slow to import

    longest = min(FIRST_PAUSE * 2.0**retries, LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing


def retry_after(reply: HttpResponse) -> float | None:
    """`Retry-After` in seconds; the header has seconds or a date (RFC 9110, section 10.2.3)."""
    asked = reply.headers.get("retry-after", "")
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    from email.utils import parsedate_to_datetime  # not needed before, and slow to import

    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
